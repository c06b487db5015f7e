// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/sweep_point_model.h"

#include "ui/models/number_text.h"

namespace timestep {

QString cutText(const SweepPoint& point)
{
    const std::string_view name = strategyName(point.cell.strategy);
    QString strategy = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    if (point.cell.subBatches > 1)
        strategy += QStringLiteral(" × %1").arg(point.cell.subBatches);
    return point.cell.threads == 1
        ? SweepPointModel::tr("%1 on 1 thread").arg(strategy)
        : SweepPointModel::tr("%1 on %2 threads").arg(strategy).arg(point.cell.threads);
}

QString shareOfPeakText(const SweepPoint& point)
{
    const std::optional<double> share = shareOfPeak(point);
    return share ? QString::number(*share, 'f', 2) : SweepPointModel::tr("not known");
}

void SweepPointModel::setPoints(const std::vector<RacePoint>& points)
{
    // Points only come while a race goes on; a new race begins with none.
    const auto count = static_cast<int>(points.size());
    const int before = rowCount();
    if (count < before) {
        beginResetModel();
        m_points = points;
        endResetModel();
        return;
    }
    if (count > before)
        beginInsertRows({}, before, count - 1);
    m_points = points;
    if (count > before)
        endInsertRows();
    if (before > 0)
        emit dataChanged(index(0, 0), index(before - 1, ColumnCount - 1));
}

int SweepPointModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_points.size());
}

int SweepPointModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SweepPointModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    if (role == Qt::DisplayRole)
        return text(m_points[index.row()], index.column());
    if (role == Qt::ToolTipRole && index.column() == ShareOfPeak) {
        const SweepPoint& point = m_points[index.row()].point;
        return shareOfPeak(point)
            ? QString()
            : tr("It would be more than all: other programs had the cores whenever the peak was "
                 "measured.");
    }
    if (role == Qt::TextAlignmentRole && index.column() > Cut)
        return int(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

QVariant SweepPointModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return QAbstractTableModel::headerData(section, orientation, role);
    switch (section) {
    case Model:
        return tr("model");
    case Cut:
        return tr("cut");
    case Tokens:
        return tr("tokens");
    case Rows:
        return tr("rows");
    case Median:
        return tr("median");
    case MiddleHalf:
        return tr("middle half");
    case Arithmetic:
        return tr("GFLOP");
    case ShareOfPeak:
        return tr("share of peak");
    case Repeats:
        return tr("runs");
    default:
        return {};
    }
}

QString SweepPointModel::text(const RacePoint& race, int column) const
{
    const SweepPoint& point = race.point;
    switch (column) {
    case Model:
        return race.places.front().line == RaceLine::Attention ? tr("attention") : tr("LSTM");
    case Cut:
        return cutText(point);
    case Tokens:
        return QString::number(point.cell.length);
    case Rows:
        return QString::number(point.cell.batch);
    case Median:
        return durationText(point.medianMs, 4);
    case MiddleHalf:
        return durationRangeText(point.lowerQuartileMs, point.upperQuartileMs, 4);
    case Arithmetic:
        return QString::number(point.flops / 1e9, 'g', 4);
    case ShareOfPeak:
        return shareOfPeakText(point);
    case Repeats:
        return point.disturbed == 0
            ? QString::number(point.repeats)
            : tr("%1, %2 disturbed").arg(point.repeats).arg(point.disturbed);
    default:
        return {};
    }
}

} // namespace timestep

#include "moc_sweep_point_model.cpp"
