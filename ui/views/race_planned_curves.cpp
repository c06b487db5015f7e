// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_planned_curves.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Planned
{
    Q_DECLARE_TR_FUNCTIONS(RaceCurves)
};

/// About the same: what a label may call equal.
bool about(double ratio) { return ratio > 0.8 && ratio < 1.25; }

QString times(double ratio) { return QString::number(ratio, 'f', ratio < 9.95 ? 1 : 0); }

/// What limits the line, in the terms of the shape, from the plan's own number.
QString limitText(const PlannedLine& line)
{
    const bool rows = line.picture == RacePicture::SpeedUpOfRows;
    switch (line.line) {
    case RaceLine::HiddenSplit:
        return Planned::tr("LSTM, hidden units: a barrier a step");
    case RaceLine::Lstm:
        if (!rows)
            return about(line.most)
                ? Planned::tr("LSTM, sub-batches: one row, one task")
                : Planned::tr("LSTM, sub-batches: at most %1").arg(times(line.most));
        return Planned::tr("LSTM: %1 times the rows").arg(times(line.most / line.rows));
    case RaceLine::Attention: {
        const double positions = double(line.length) * line.rows;
        const QString limit = rows ? Planned::tr("rows × length") : Planned::tr("the length");
        if (line.length == 1) // one is being written
            return Planned::tr("attention: %1 times the rows").arg(times(line.most / line.rows));
        // One row is cut in one way each: attention by positions, not by heads or units, too.
        const QString name
            = rows ? Planned::tr("attention: %1") : Planned::tr("attention, positions: %1");
        return about(line.most / positions)
            ? name.arg(limit)
            : name.arg(Planned::tr("%1 × %2").arg(times(line.most / positions), limit));
    }
    case RaceLine::StoredAffinities:
        break;
    }
    return {};
}

} // namespace

RaceCurve plannedCurve(const PlannedLine& line)
{
    RaceCurve curve { line.line, true, limitText(line), {} };
    for (const PlannedSpeedUp& point : line.points) {
        RaceDot dot;
        dot.x = point.count;
        dot.y = dot.lower = dot.upper = dot.lowerMedian = dot.upperMedian = point.speedUp;
        dot.joined = true;
        curve.dots.push_back(dot);
    }
    return curve;
}

} // namespace timestep
