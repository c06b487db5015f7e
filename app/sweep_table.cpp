// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/sweep_table.h"

#include "app/machine.h"
#include "engine/resource_folder.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace timestep {

namespace {

using Json = nlohmann::ordered_json;

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

/// The columns of the CSV in their order; what is not known is null.
Json columns(const SweepPoint& point)
{
    const SweepCell& cell = point.cell;
    return Json {
        { "compute", computeName(cell) },
        { "pass", "inference" },
        { "strategy", strategyName(cell.strategy) },
        { "length", cell.length },
        { "batch", cell.batch },
        { "sub_batches", cell.subBatches },
        { "width", cell.width },
        { "heads", cell.heads },
        { "layers", cell.layers },
        { "threads", cell.threads },
        { "kernel", point.kernel },
        { "repeats", point.repeats },
        { "median_ms", point.medianMs },
        { "min_ms", point.minMs },
        { "p90_ms", point.p90Ms },
        { "gflops", point.gflops },
        { "peak_gflops", point.peakGflops },
        { "flops", point.flops },
        { "parameters", point.parameters },
        { "state_bytes", point.stateBytes },
        { "peak_bytes", point.peakBytes },
        { "speedup_bound", point.speedUpBound },
        { "max_error", std::isfinite(point.maxError) ? Json(point.maxError) : Json() },
    };
}

std::string number(double value, std::chars_format format, int precision)
{
    std::array<char, 64> text {};
    const auto written
        = std::to_chars(text.data(), text.data() + text.size(), value, format, precision);
    return { text.data(), written.ptr };
}

std::string csvField(const Json& value)
{
    if (value.is_null())
        return {};
    if (value.is_number_float()) {
        const double real = value.get<double>();
        // Flops are whole numbers, and shown as such.
        return std::abs(real) >= 1e5 && real == std::round(real)
            ? number(real, std::chars_format::fixed, 0)
            : number(real, std::chars_format::general, 8);
    }
    if (!value.is_string())
        return value.dump();
    std::string text = value.get<std::string>();
    if (text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    for (std::size_t quote = text.find('"'); quote != std::string::npos;
         quote = text.find('"', quote + 2))
        text.insert(quote, 1, '"');
    return '"' + text + '"';
}

std::vector<std::string> textHead()
{
    return { "compute", "strategy", "length", "rows", "sub-batches", "threads", "median ms",
        "95 % interval", "GFLOP", "GFLOP/s", "of peak", "tokens/s", "bound", "error", "disturbed" };
}

std::vector<std::string> textLine(const SweepPoint& point)
{
    const auto fixed
        = [](double value, int digits) { return number(value, std::chars_format::fixed, digits); };
    const SweepCell& cell = point.cell;
    const double tokens = 1e3 * cell.length * cell.batch / point.medianMs;
    return { computeName(cell), std::string(strategyName(cell.strategy)),
        std::to_string(cell.length), std::to_string(cell.batch), std::to_string(cell.subBatches),
        std::to_string(cell.threads), fixed(point.medianMs, 3),
        fixed(point.lowerMedianMs, 3) + " – " + fixed(point.upperMedianMs, 3),
        fixed(point.flops / 1e9, 3), fixed(point.gflops, 1),
        fixed(100 * point.gflops / point.peakGflops, 0) + " %", fixed(tokens, 0),
        fixed(point.speedUpBound, 2),
        std::isfinite(point.maxError) ? number(point.maxError, std::chars_format::scientific, 1)
                                      : "not compared",
        std::to_string(point.disturbed) + " of " + std::to_string(point.repeats) };
}

/// Letters on screen, not bytes.
std::size_t letters(const std::string& text)
{
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(),
        [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

} // namespace

std::string sweepCsv(const std::vector<SweepPoint>& points)
{
    std::string csv;
    const auto addLine = [&csv](const Json& row, bool names) {
        std::string line;
        for (const auto& [name, value] : row.items())
            line += (line.empty() ? "" : ",") + (names ? name : csvField(value));
        csv += line + '\n';
    };
    addLine(columns(SweepPoint()), true);
    for (const SweepPoint& point : points)
        addLine(columns(point), false);
    return csv;
}

std::string sweepJson(const std::vector<SweepPoint>& points)
{
    Json array = Json::array();
    const Json machine { { "processor", processorName() }, { "cores", processorCores() },
        { "version", programVersion() } };
    for (const SweepPoint& point : points) {
        Json object = columns(point);
        object["lower_quartile_ms"] = point.lowerQuartileMs;
        object["upper_quartile_ms"] = point.upperQuartileMs;
        object["median_interval_ms"] = { point.lowerMedianMs, point.upperMedianMs };
        object["disturbed_repeats"] = point.disturbed;
        object["machine"] = machine;
        array.push_back(std::move(object));
    }
    return array.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string sweepText(const std::vector<SweepPoint>& points)
{
    std::vector<std::vector<std::string>> lines { textHead() };
    std::transform(points.begin(), points.end(), std::back_inserter(lines), textLine);
    std::vector<std::size_t> widths(lines.front().size());
    for (const std::vector<std::string>& line : lines)
        for (std::size_t column = 0; column < line.size(); ++column)
            widths[column] = std::max(widths[column], letters(line[column]));
    std::string text;
    for (const std::vector<std::string>& line : lines) {
        for (std::size_t column = 0; column < line.size(); ++column) {
            const std::string padding(widths[column] - letters(line[column]), ' ');
            const bool words = column < 2;
            text += (column > 0 ? "  " : "")
                + (words ? line[column] + padding : padding + line[column]);
        }
        text += '\n';
    }
    return text;
}

} // namespace timestep
