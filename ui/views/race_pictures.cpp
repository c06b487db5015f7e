// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_pictures.h"

#include "ui/models/number_text.h"
#include "ui/session/race_plan.h"

#include <QCoreApplication>

#include <algorithm>

namespace timestep {

namespace {

struct Picture
{
    Q_DECLARE_TR_FUNCTIONS(RacePictures)
};

constexpr int MostWorkers = 4096;

/// Every `factor`-th power from `from` to `to`.
std::vector<double> powers(double from, double to, double factor)
{
    std::vector<double> ticks;
    for (double tick = from; tick <= to; tick *= factor)
        ticks.push_back(tick);
    return ticks;
}

std::vector<double> numbers(const std::vector<int>& values)
{
    return { values.begin(), values.end() };
}

/// What takes the time: "Time" of reading, "Training step", "One token more".
QString timeTitle(SweepCell::Pass pass)
{
    switch (pass) {
    case SweepCell::Pass::Inference:
        return Picture::tr("Time");
    case SweepCell::Pass::Training:
        return Picture::tr("Training step");
    case SweepCell::Pass::Generation:
        return Picture::tr("One token more");
    }
    return {};
}

QString measuredMeaning() { return Picture::tr("measured: median, band: middle half"); }

QString tokensLabel(SweepCell::Pass pass)
{
    return pass == SweepCell::Pass::Generation ? Picture::tr("tokens there")
                                               : Picture::tr("tokens");
}

/// "32 tokens", "after 32 tokens" where one is being written.
QString lengthText(const RaceRequest& request)
{
    const QString length = countNumber(request.speedUpLength);
    return request.pass == SweepCell::Pass::Generation ? Picture::tr("after %1 tokens").arg(length)
                                                       : Picture::tr("%1 tokens").arg(length);
}

/// Why it is that length: what a plot of one length answers who asks.
QString whyThisLength(const RaceRequest& request)
{
    const auto tokens = static_cast<int>(request.text.size()); // not known of what was opened
    const int longest = longestSpeedUpLength(request.rows);
    const QString length = countNumber(request.speedUpLength);
    if (tokens > 0 && request.speedUpLength == speedUpLength(tokens, request.rows)
        && tokens <= request.speedUpLength)
        return Picture::tr("Measured and planned at one length, %1 tokens: the power of two that "
                           "holds the text of %2. \"Speed-ups: longest\" above takes %3.")
            .arg(length, countNumber(tokens), countNumber(longest));
    if (request.speedUpLength == longest)
        return Picture::tr("Measured and planned at one length, %1 tokens: the longest of which "
                           "all rows can be planned position by position.")
            .arg(length);
    return Picture::tr("Measured and planned at one length, %1 tokens.").arg(length);
}

RacePictureLook timeAgainstLength(const RaceRequest& request, int rows)
{
    return { Picture::tr("%1, %2").arg(timeTitle(request.pass), rowsText(rows)), measuredMeaning(),
        {}, tokensLabel(request.pass), Picture::tr("ms"), numbers(raceLengths(request)),
        RaceUnit::Milliseconds, RaceOvertaking::LowerIsFaster };
}

RacePictureLook speedUpAgainstWorkers(const RaceRequest& request, int rows)
{
    return { Picture::tr("Speed-up, %1, %2").arg(rowsText(rows), lengthText(request)),
        Picture::tr("dashed: plan, not measured"), whyThisLength(request), Picture::tr("workers"),
        Picture::tr("times"), powers(1, MostWorkers, 4), RaceUnit::Number, RaceOvertaking::NotTold,
        true };
}

RacePictureLook againstRows(const RaceRequest& request, const QString& title,
    const QString& meaning, const QString& yLabel, RaceOvertaking overtaking,
    RaceUnit unit = RaceUnit::Number)
{
    return { title, meaning, whyThisLength(request), Picture::tr("rows"), yLabel,
        numbers(raceRowCounts(request)), unit, overtaking };
}

RacePictureLook memoryAgainstLength(
    const RaceRequest& request, const QString& title, const QString& meaning)
{
    return { Picture::tr("%1, %2").arg(title, rowsText(request.rows)), meaning, {},
        Picture::tr("tokens"), Picture::tr("bytes"), powers(16, LongestFormulaLength, 4),
        RaceUnit::Bytes, RaceOvertaking::LowerIsLess, true };
}

} // namespace

std::vector<RacePicture> racePictures(const RaceRequest& request)
{
    switch (request.question) {
    case RaceQuestion::Length:
        if (request.rows == 1)
            return { RacePicture::TimeOfOne, RacePicture::SpeedUpOfOne };
        return { RacePicture::TimeOfRows, RacePicture::SpeedUpOfRows, RacePicture::TimeOfOne,
            RacePicture::SpeedUpOfOne };
    case RaceQuestion::Rows:
        return { RacePicture::LatencyOfManyRows, RacePicture::ThroughputOfManyRows,
            RacePicture::PeakShareOfManyRows };
    case RaceQuestion::SubBatches:
        return { RacePicture::TimeOfSubBatches, RacePicture::SpeedUpOfSubBatches };
    case RaceQuestion::Memory:
        return { RacePicture::ReadingMemory, RacePicture::TrainingMemory };
    }
    return {};
}

RacePictureLook lookOf(const RaceRequest& request, RacePicture picture)
{
    const QString length = lengthText(request);
    const QString threads = threadsText(request.threads);
    switch (picture) {
    case RacePicture::TimeOfRows:
        return timeAgainstLength(request, request.rows);
    case RacePicture::TimeOfOne:
        return timeAgainstLength(request, 1);
    case RacePicture::SpeedUpOfRows:
        return speedUpAgainstWorkers(request, request.rows);
    case RacePicture::SpeedUpOfOne:
        return speedUpAgainstWorkers(request, 1);
    case RacePicture::LatencyOfManyRows:
        return againstRows(request, Picture::tr("Latency, %1, %2").arg(length, threads),
            Picture::tr("until the last row is done"), Picture::tr("ms"),
            RaceOvertaking::LowerIsFaster, RaceUnit::Milliseconds);
    case RacePicture::ThroughputOfManyRows:
        return againstRows(request, Picture::tr("Throughput, %1, %2").arg(length, threads),
            Picture::tr("over all rows"), Picture::tr("tokens a second"),
            RaceOvertaking::HigherIsFaster);
    case RacePicture::PeakShareOfManyRows:
        return againstRows(request, Picture::tr("One core: share of its peak, %1").arg(length),
            Picture::tr("weights that few rows share are read again and again"), {},
            RaceOvertaking::NotTold, RaceUnit::Percent);
    case RacePicture::TimeOfSubBatches:
        return { Picture::tr("%1, %2, %3, %4")
                     .arg(timeTitle(request.pass), rowsText(request.rows), length, threads),
            measuredMeaning(), whyThisLength(request), Picture::tr("sub-batches"),
            Picture::tr("ms"), numbers(raceSubBatchCounts(request)), RaceUnit::Milliseconds,
            RaceOvertaking::LowerIsFaster };
    case RacePicture::SpeedUpOfSubBatches:
        return { Picture::tr("Speed-up, %1, %2, %3").arg(rowsText(request.rows), length, threads),
            Picture::tr("dashed: plan, not measured"), whyThisLength(request),
            Picture::tr("sub-batches"), Picture::tr("times"),
            numbers(raceSubBatchCounts(request)) };
    case RacePicture::ReadingMemory:
        return memoryAgainstLength(request, Picture::tr("Memory of reading"),
            Picture::tr("dashed: kept for the next token, by formula; dots: allocated to read"));
    case RacePicture::TrainingMemory:
        return memoryAgainstLength(request, Picture::tr("Memory of a training step"),
            Picture::tr("dashed: kept for the way back, by formula; dots: all that was allocated"));
    case RacePicture::Writing:
        break;
    }
    return {};
}

std::vector<double> yTicksOf(RacePicture picture, const std::vector<RaceCurve>& curves)
{
    double from = 0;
    double to = 0;
    for (const RaceCurve& curve : curves) {
        for (const RaceDot& dot : curve.dots) {
            from = from > 0 ? std::min(from, dot.lower) : dot.lower;
            to = std::max(to, dot.upper);
        }
    }
    const bool any = from > 0;
    switch (picture) {
    case RacePicture::SpeedUpOfRows:
    case RacePicture::SpeedUpOfOne:
        return powers(1, MostWorkers, 8);
    case RacePicture::SpeedUpOfSubBatches:
        return powersAround(any ? std::min(from, 1.0) : 1, any ? std::max(to, 2.0) : 4, 2);
    case RacePicture::PeakShareOfManyRows:
        return powersAround(any ? std::min(from, 0.5) : 0.1, any ? std::max(to, 1.0) : 1, 2);
    case RacePicture::ReadingMemory:
    case RacePicture::TrainingMemory:
        return any ? powersAround(from, to, 1000) : powers(1e3, 1e9, 1000);
    default:
        return any ? powersAround(from, to, 10) : powers(1, 1000, 10);
    }
}

QString passText(SweepCell::Pass pass)
{
    switch (pass) {
    case SweepCell::Pass::Inference:
        return Picture::tr("reading");
    case SweepCell::Pass::Training:
        return Picture::tr("training");
    case SweepCell::Pass::Generation:
        return Picture::tr("writing");
    }
    return {};
}

} // namespace timestep
