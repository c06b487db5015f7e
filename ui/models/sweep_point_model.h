// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QAbstractTableModel>

#include <vector>

namespace timestep {

/// "sub-batch × 4 on 2 threads": how a point was computed.
QString cutText(const SweepPoint& point);

/// "0.87"; "not known", where the peak was measured too low.
QString shareOfPeakText(const SweepPoint& point);

/// The points of a race as a table: times, spread, arithmetic, share of the measured peak.
class SweepPointModel : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column
    {
        Model,
        Cut,
        Tokens,
        Rows,
        Median,
        MiddleHalf,
        Arithmetic,
        ShareOfPeak,
        Repeats,
        ColumnCount,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setPoints(const std::vector<RacePoint>& points);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const RacePoint& point, int column) const;

    std::vector<RacePoint> m_points;
};

} // namespace timestep
