// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/run_line.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <algorithm>

namespace timestep {

namespace {

struct Line
{
    Q_DECLARE_TR_FUNCTIONS(RunLine)
};

QString counted(qint64 count, const QString& one, const QString& several)
{
    return count == 1 ? one : several.arg(countNumber(count));
}

/// How the rows, or more than the rows, were cut.
QString cutText(const Cut& cut)
{
    const QString subBatches
        = counted(cut.subBatches, Line::tr("1 sub-batch"), Line::tr("%1 sub-batches"));
    if (cut.strategy == Strategy::SubBatch)
        return subBatches;
    const std::string_view name = strategyName(cut.strategy);
    const QString strategy = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    return cut.strategy == Strategy::Sequential
        ? strategy
        : QStringLiteral("%1, %2").arg(strategy, subBatches);
}

} // namespace

QString allRowsLine(const Run& run)
{
    if (!run.lstm || !run.attention || run.lstm->trace.lanes.empty())
        return {};
    const QString rows = counted(run.rows, Line::tr("1 row"), Line::tr("%1 rows"));
    const std::size_t lanes
        = std::max(run.lstm->trace.lanes.size(), run.attention->trace.lanes.size());
    const QString threads
        = counted(static_cast<qint64>(lanes), Line::tr("1 thread"), Line::tr("%1 threads"));
    const QString lstmCut = cutText(run.lstm->plan.cut());
    const QString attentionCut = cutText(run.attention->plan.cut());
    const QString lstmTime = durationText(run.lstm->milliseconds, 3);
    const QString attentionTime = durationText(run.attention->milliseconds, 3);
    const QString times = lstmCut == attentionCut
        ? Line::tr("%1, %2 on %3: LSTM %4, attention %5")
              .arg(rows, lstmCut, threads, lstmTime, attentionTime)
        : Line::tr("%1 on %2: LSTM (%3) %4, attention (%5) %6")
              .arg(rows, threads, lstmCut, lstmTime, attentionCut, attentionTime);
    return Line::tr("%1 (one run, measured; Race repeats and compares)").arg(times);
}

} // namespace timestep
