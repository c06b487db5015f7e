// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_curves.h"

#include "ui/models/sweep_point_model.h"
#include "ui/session/race_plan.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

struct Curve
{
    Q_DECLARE_TR_FUNCTIONS(RaceCurves)
};

QString nameOf(RaceLine line)
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

QString runsText(const SweepPoint& point)
{
    const QString runs = Curve::tr("%1 runs").arg(point.repeats);
    return point.disturbed == 0
        ? runs
        : Curve::tr("%1, %2 of them disturbed by other programs").arg(runs).arg(point.disturbed);
}

QString hoverText(RaceLine line, const SweepPoint& point)
{
    return Curve::tr("%1, %2 tokens, rows: %3, %4\n%5 ms, middle half %6 to %7, %8\n%9")
        .arg(nameOf(line), QLocale().toString(point.cell.length))
        .arg(point.cell.batch)
        .arg(cutText(point))
        .arg(millisecondsText(point.medianMs, 4), millisecondsText(point.lowerQuartileMs, 4),
            millisecondsText(point.upperQuartileMs, 4), runsText(point))
        .arg(Curve::tr("%1 GFLOP at %2 GFLOP/s: share of the measured peak of %4: %3")
                 .arg(point.flops / 1e9, 0, 'g', 3)
                 .arg(point.gflops, 0, 'g', 3)
                 .arg(shareOfPeakText(point))
                 .arg(point.peakGflops, 0, 'g', 3));
}

/// About the same: what a label may call equal.
bool about(double ratio) { return ratio > 0.8 && ratio < 1.25; }

QString times(double ratio) { return QString::number(ratio, 'f', ratio < 9.95 ? 1 : 0); }

/// What limits the line, in the terms of the shape, from the plan's own number.
QString limitText(const PlannedLine& line)
{
    const bool rows = line.picture == RacePicture::SpeedUpOfRows;
    switch (line.line) {
    case RaceLine::HiddenSplit:
        return Curve::tr("LSTM, hidden units: a barrier a step");
    case RaceLine::Lstm:
        if (!rows)
            return about(line.most)
                ? Curve::tr("LSTM, sub-batches: nothing to split")
                : Curve::tr("LSTM, sub-batches: at most %1").arg(times(line.most));
        return Curve::tr("LSTM: %1 times the rows").arg(times(line.most / line.rows));
    case RaceLine::Attention: {
        const double positions = double(line.length) * line.rows;
        const QString limit = rows ? Curve::tr("rows × length") : Curve::tr("the length");
        return about(line.most / positions)
            ? Curve::tr("attention: %1").arg(limit)
            : Curve::tr("attention: %1 × %2").arg(times(line.most / positions)).arg(limit);
    }
    case RaceLine::StoredAffinities:
        break;
    }
    return {};
}

const SweepPoint* onOneThread(
    const std::vector<RacePoint>& points, RacePicture picture, RaceLine line)
{
    const RaceLine alone = line == RaceLine::HiddenSplit ? RaceLine::Lstm : line;
    for (const RacePoint& race : points)
        if (race.isAt({ picture, alone }) && race.point.cell.threads == 1)
            return &race.point;
    return nullptr;
}

RaceCurve planned(const PlannedLine& line)
{
    RaceCurve curve { line.line, true, limitText(line), {} };
    for (const PlannedSpeedUp& point : line.points)
        curve.dots.push_back(
            { double(point.count), point.speedUp, point.speedUp, point.speedUp, true, {} });
    return curve;
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

} // namespace

std::vector<RaceCurve> timeCurves(
    const RaceRequest& request, const std::vector<RacePoint>& points, RacePicture picture)
{
    const std::vector<int> lengths = raceLengths(request);
    std::vector<RaceCurve> curves;
    for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
        RaceCurve curve { line, false, nameOf(line), {} };
        for (const RacePoint& race : points) {
            const SweepPoint& point = race.point;
            if (race.isAt({ picture, line }))
                curve.dots.push_back({ double(point.cell.length), point.medianMs,
                    point.lowerQuartileMs, point.upperQuartileMs, false, hoverText(line, point) });
        }
        joinNeighbours(curve, lengths);
        curves.push_back(std::move(curve));
    }
    return curves;
}

std::vector<RaceCurve> speedUpCurves(const RaceRequest& request,
    const std::vector<RacePoint>& points, const std::vector<PlannedLine>& lines,
    RacePicture picture)
{
    std::vector<RaceCurve> curves;
    for (const PlannedLine& line : lines)
        if (line.picture == picture)
            curves.push_back(planned(line));
    for (RaceLine line : { RaceLine::Lstm, RaceLine::HiddenSplit, RaceLine::Attention }) {
        RaceCurve curve { line, false, {}, {} };
        const SweepPoint* alone = onOneThread(points, picture, line);
        for (const RacePoint& race : points) {
            const SweepPoint& point = race.point;
            if (!alone || !race.isAt({ picture, line }))
                continue;
            const double speedUp = alone->medianMs / point.medianMs;
            curve.dots.push_back(
                { double(point.cell.threads), speedUp, alone->medianMs / point.upperQuartileMs,
                    alone->medianMs / point.lowerQuartileMs, false,
                    Curve::tr("%1 times as fast as on one thread\n%2")
                        .arg(speedUp, 0, 'f', 2)
                        .arg(hoverText(line, point)) });
        }
        joinNeighbours(curve, request.threadCounts);
        curves.push_back(std::move(curve));
    }
    return curves;
}

double speedUpAxisBegin(const std::vector<RaceCurve>& curves)
{
    double begin = 1;
    for (const RaceCurve& curve : curves)
        for (const RaceDot& dot : curve.dots)
            while (dot.lower < begin && dot.lower > 0)
                begin /= 2;
    return begin;
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
