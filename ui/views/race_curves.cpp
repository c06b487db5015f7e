// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_curves.h"

#include "ui/models/number_text.h"
#include "ui/models/sweep_point_model.h"
#include "ui/session/race_plan.h"
#include "ui/views/race_memory_curves.h"
#include "ui/views/race_planned_curves.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

namespace timestep {

namespace {

struct Curve
{
    Q_DECLARE_TR_FUNCTIONS(RaceCurves)
};

QString runsText(const SweepPoint& point)
{
    const QString runs = Curve::tr("%1 runs").arg(point.repeats);
    return point.disturbed == 0
        ? runs
        : Curve::tr("%1, %2 of them disturbed by other programs").arg(runs).arg(point.disturbed);
}

QString hoverText(RaceLine line, const SweepPoint& point)
{
    return Curve::tr("%1, %2 tokens, rows: %3, %4\n%5, middle half %6, %7\n%8")
        .arg(raceLineText(line), countNumber(point.cell.length))
        .arg(point.cell.batch)
        .arg(cutText(point))
        .arg(durationText(point.medianMs, 4),
            durationRangeText(point.lowerQuartileMs, point.upperQuartileMs, 4), runsText(point))
        .arg(Curve::tr("%1 GFLOP at %2 GFLOP/s: share of the measured peak of %4: %3")
                 .arg(point.flops / 1e9, 0, 'g', 3)
                 .arg(point.gflops, 0, 'g', 3)
                 .arg(shareOfPeakText(point))
                 .arg(point.peakGflops, 0, 'g', 3));
}

bool isSpeedUp(RacePicture picture)
{
    return picture == RacePicture::SpeedUpOfRows || picture == RacePicture::SpeedUpOfOne
        || picture == RacePicture::SpeedUpOfSubBatches;
}

bool isMemory(RacePicture picture)
{
    return picture == RacePicture::ReadingMemory || picture == RacePicture::TrainingMemory;
}

bool isAgainstRows(RacePicture picture)
{
    return picture == RacePicture::LatencyOfManyRows || picture == RacePicture::ThroughputOfManyRows
        || picture == RacePicture::PeakShareOfManyRows;
}

bool isAgainstSubBatches(RacePicture picture)
{
    return picture == RacePicture::TimeOfSubBatches || picture == RacePicture::SpeedUpOfSubBatches;
}

int xOf(RacePicture picture, const SweepCell& cell)
{
    if (isAgainstSubBatches(picture))
        return cell.subBatches;
    if (isAgainstRows(picture))
        return cell.batch;
    return isSpeedUp(picture) ? cell.threads : cell.length;
}

/// Where a picture may have dots, ascending.
std::vector<int> placesOf(const RaceRequest& request, RacePicture picture)
{
    if (isAgainstSubBatches(picture))
        return raceSubBatchCounts(request);
    if (isAgainstRows(picture))
        return raceRowCounts(request);
    return isSpeedUp(picture) ? request.threadCounts : raceLengths(request);
}

/// What the speed-ups of a line are against: one thread, or one sub-batch.
const SweepPoint* unsplit(const std::vector<RacePoint>& points, RacePicture picture, RaceLine line)
{
    const RaceLine alone = line == RaceLine::HiddenSplit ? RaceLine::Lstm : line;
    for (const RacePoint& race : points)
        if (race.isAt({ picture, alone }) && xOf(picture, race.point.cell) == 1)
            return &race.point;
    return nullptr;
}

/// Tokens of all rows that a run computes.
double tokensOf(const SweepCell& cell)
{
    return double(cell.batch) * (cell.pass == SweepCell::Pass::Generation ? 1 : cell.length);
}

/// What is drawn for a run of so many milliseconds.
double heightOf(RacePicture picture, const SweepPoint& point, double ms, const SweepPoint* alone)
{
    if (isSpeedUp(picture))
        return alone->medianMs / ms;
    if (isMemory(picture))
        return static_cast<double>(point.peakBytes);
    if (picture == RacePicture::ThroughputOfManyRows)
        return 1000 * tokensOf(point.cell) / ms;
    if (picture == RacePicture::PeakShareOfManyRows)
        return std::min(1.0, point.flops / (ms * 1e6) / point.peakGflops); // the fastest runs
    return ms;
}

/// What is drawn, before what was measured.
QString heightText(RacePicture picture, const SweepPoint& point, double height)
{
    if (picture == RacePicture::SpeedUpOfSubBatches)
        return Curve::tr("%1 times as fast as in one sub-batch").arg(height, 0, 'f', 2);
    if (isSpeedUp(picture))
        return Curve::tr("%1 times as fast as on one thread").arg(height, 0, 'f', 2);
    if (isMemory(picture))
        return Curve::tr("%1 bytes allocated, without weights, input and output; of these must be "
                         "kept: %2")
            .arg(countNumber(qint64(point.peakBytes)), countNumber(qint64(point.stateBytes)));
    if (picture == RacePicture::ThroughputOfManyRows)
        return Curve::tr("%1 tokens a second").arg(numberLocale().toString(height, 'f', 0));
    return {};
}

std::optional<RaceDot> dotOf(
    RacePicture picture, RaceLine line, const SweepPoint& point, const SweepPoint* alone)
{
    if (isSpeedUp(picture) && !alone)
        return std::nullopt;
    if (picture == RacePicture::PeakShareOfManyRows && !shareOfPeak(point))
        return std::nullopt; // told in words (raceFigures)
    const auto height = [&](double ms) { return heightOf(picture, point, ms, alone); };
    const double fast = height(point.lowerQuartileMs);
    const double slow = height(point.upperQuartileMs);
    RaceDot dot;
    dot.x = xOf(picture, point.cell);
    dot.y = height(point.medianMs);
    dot.lower = std::min(fast, slow);
    dot.upper = std::max(fast, slow);
    // A speed-up rests on two medians: the interval of one says too little of it.
    if (hasMedianInterval(point) && !mostlyDisturbed(point) && !isSpeedUp(picture)) {
        std::tie(dot.lowerMedian, dot.upperMedian)
            = std::minmax({ height(point.lowerMedianMs), height(point.upperMedianMs) });
    }
    dot.disturbed
        = !isMemory(picture) && (mostlyDisturbed(point) || (alone && mostlyDisturbed(*alone)));
    QStringList lines { heightText(picture, point, dot.y), hoverText(line, point) };
    lines.removeAll(QString());
    dot.text = lines.join(QLatin1Char('\n'));
    return dot;
}

/// Points come in the order of their cells; a cell of two pictures may come before its neighbours.
void joinNeighbours(RaceCurve& curve, const std::vector<int>& places)
{
    std::sort(curve.dots.begin(), curve.dots.end(),
        [](const RaceDot& left, const RaceDot& right) { return left.x < right.x; });
    for (std::size_t dot = 1; dot < curve.dots.size(); ++dot) {
        const auto next = std::find(places.begin(), places.end(), curve.dots[dot].x);
        curve.dots[dot].joined
            = next != places.begin() && next != places.end() && next[-1] == curve.dots[dot - 1].x;
    }
}

RaceCurve measuredCurve(const RaceMeasurement& measurement, RacePicture picture, RaceLine line)
{
    // The plans of speed-ups and the formulas of bytes have names of their own.
    const bool named = !isMemory(picture)
        && (!isSpeedUp(picture) || picture == RacePicture::SpeedUpOfSubBatches);
    RaceCurve curve { line, false, named ? raceLineText(line) : QString(), {} };
    const SweepPoint* alone = unsplit(measurement.points, picture, line);
    for (const RacePoint& race : measurement.points) {
        if (!race.isAt({ picture, line }))
            continue;
        if (auto dot = dotOf(picture, line, race.point, alone))
            curve.dots.push_back(*std::move(dot));
    }
    joinNeighbours(curve, placesOf(measurement.request, picture));
    return curve;
}

} // namespace

std::vector<RaceCurve> raceCurves(const RaceMeasurement& measurement, RacePicture picture)
{
    std::vector<RaceCurve> curves;
    if (isMemory(picture))
        curves = memoryFormulas(measurement.request, picture);
    for (const PlannedLine& line : measurement.lines) {
        if (line.picture == picture)
            curves.push_back(plannedCurve(line));
        if (picture == RacePicture::SpeedUpOfSubBatches && line.picture == picture)
            curves.back().label.clear(); // told by the dots
    }
    for (RaceLine line : { RaceLine::Lstm, RaceLine::HiddenSplit, RaceLine::Attention })
        curves.push_back(measuredCurve(measurement, picture, line));
    return curves;
}

QString raceLineText(RaceLine line)
{
    switch (line) {
    case RaceLine::Lstm:
        return Curve::tr("LSTM");
    case RaceLine::Attention:
        return Curve::tr("attention");
    case RaceLine::HiddenSplit:
        return Curve::tr("LSTM, hidden units split");
    case RaceLine::StoredAffinities:
        return Curve::tr("attention, affinities stored");
    }
    return {};
}

double leastOf(const std::vector<RaceCurve>& curves, double most)
{
    double least = most;
    for (const RaceCurve& curve : curves)
        for (const RaceDot& dot : curve.dots)
            while (dot.lower < least && dot.lower > 0)
                least /= 2;
    return least;
}

std::vector<double> powersAround(double from, double to, double base)
{
    // A hair of tolerance, so that 1000 is a power of 10 in spite of rounding.
    constexpr double hair = 1e-9;
    const double first = std::floor(std::log(from) / std::log(base) + hair);
    const double last = std::ceil(std::log(to) / std::log(base) - hair);
    std::vector<double> powers;
    for (double exponent = first; exponent <= std::max(last, first + 1); ++exponent)
        powers.push_back(std::pow(base, exponent));
    return powers;
}

} // namespace timestep
