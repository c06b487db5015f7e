// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/sweep_columns.h"

#include "engine/measurement/csv_field.h"
#include "engine/measurement/point_quality.h"

#include <array>
#include <charconv>
#include <cmath>

namespace timestep {

namespace {

using Value = decltype(SweepColumn::value);

std::int64_t whole(std::size_t bytes) { return static_cast<std::int64_t>(bytes); }

std::string realField(double value)
{
    // Flops are whole numbers, and shown as such.
    const bool wholeNumber = std::abs(value) >= 1e5 && value == std::round(value);
    std::array<char, 64> text {};
    const auto written = std::to_chars(text.data(), text.data() + text.size(), value,
        wholeNumber ? std::chars_format::fixed : std::chars_format::general, wholeNumber ? 0 : 8);
    return { text.data(), written.ptr };
}

std::string fieldText(const Value& value)
{
    if (const auto* text = std::get_if<std::string>(&value))
        return csvField(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value))
        return std::to_string(*number);
    if (const auto* real = std::get_if<double>(&value))
        return realField(*real);
    if (const auto* answer = std::get_if<bool>(&value))
        return *answer ? "yes" : "no";
    return {};
}

} // namespace

std::string computeName(const SweepCell& cell)
{
    if (cell.model)
        return cell.model->name;
    switch (cell.compute) {
    case SweepCell::Compute::Lstm:
        return "lstm";
    case SweepCell::Compute::Attention:
        return "attention";
    case SweepCell::Compute::AttentionCausal:
        return "attention-causal";
    }
    return {};
}

std::string_view passName(SweepCell::Pass pass)
{
    return pass == SweepCell::Pass::Inference ? "inference"
        : pass == SweepCell::Pass::Training   ? "training"
                                              : "generation";
}

std::vector<SweepColumn> sweepColumns(const SweepPoint& point)
{
    const SweepCell& cell = point.cell;
    const auto ofMedian = [&point](double bound) { // of too few repeats there is no interval
        return hasMedianInterval(point) ? Value(bound) : Value();
    };
    return {
        { "compute", computeName(cell) },
        { "pass", std::string(passName(cell.pass)) },
        { "strategy", std::string(strategyName(cell.strategy)) },
        { "length", std::int64_t(cell.length) },
        { "batch", std::int64_t(cell.batch) },
        { "sub_batches", std::int64_t(cell.subBatches) },
        { "width", std::int64_t(cell.width) },
        { "heads", std::int64_t(cell.heads) },
        { "layers", std::int64_t(cell.layers) },
        { "threads", std::int64_t(cell.threads) },
        { "kernel", point.kernel },
        { "repeats", std::int64_t(point.repeats) },
        { "median_ms", point.medianMs },
        { "min_ms", point.minMs },
        { "p90_ms", point.p90Ms },
        { "gflops", point.gflops },
        { "peak_gflops", point.peakGflops },
        { "flops", point.flops },
        { "parameters", point.parameters },
        { "state_bytes", whole(point.stateBytes) },
        { "peak_bytes", whole(point.peakBytes) },
        { "speedup_bound", point.speedUpBound },
        { "max_error", std::isfinite(point.maxError) ? Value(point.maxError) : Value() },
        { "lower_quartile_ms", point.lowerQuartileMs },
        { "upper_quartile_ms", point.upperQuartileMs },
        { "median_lower_ms", ofMedian(point.lowerMedianMs) },
        { "median_upper_ms", ofMedian(point.upperMedianMs) },
        { "disturbed_repeats", std::int64_t(point.disturbed) },
        { "disturbed", mostlyDisturbed(point) },
        { "read_gbps", point.readGBps },
    };
}

std::string sweepCsv(const std::vector<SweepPoint>& points)
{
    std::string csv;
    const auto addLine = [&csv](const std::vector<SweepColumn>& columns, auto field) {
        for (const SweepColumn& column : columns) {
            csv += field(column);
            csv += &column == &columns.back() ? '\n' : ',';
        }
    };
    addLine(sweepColumns(SweepPoint()), [](const SweepColumn& column) { return column.name; });
    for (const SweepPoint& point : points)
        addLine(
            sweepColumns(point), [](const SweepColumn& column) { return fieldText(column.value); });
    return csv;
}

} // namespace timestep
