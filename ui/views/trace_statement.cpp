// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_statement.h"

#include "engine/measurement/critical_path.h"
#include "ui/models/number_text.h"
#include "ui/session/selection.h"
#include "ui/views/lane_look.h"
#include "ui/views/trace_runs.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

struct Statement
{
    Q_DECLARE_TR_FUNCTIONS(TraceStatement)
};

constexpr int mostNamed = 3; // of the spans that one needed

QString rangeText(IndexRange range)
{
    return range.count() == 1 ? QString::number(range.begin)
                              : QStringLiteral("%1–%2").arg(range.begin).arg(range.end - 1);
}

QString counted(qint64 count, const QString& one, const QString& several)
{
    return count == 1 ? one : several.arg(countNumber(count));
}

QString percent(double share)
{
    const double hundredths = 100 * share;
    const bool small = hundredths > 0 && hundredths < 0.95;
    const bool nearlyAll = hundredths > 99 && hundredths < 99.95;
    return Statement::tr("%1 %").arg(
        numberLocale().toString(hundredths, 'f', small || nearlyAll ? 1 : 0));
}

QString kindText(OperationKind kind)
{
    switch (kind) {
    case OperationKind::InputHalf:
        return Statement::tr("input half");
    case OperationKind::RecurrentHalf:
        return Statement::tr("recurrent half");
    case OperationKind::KeysValues:
        return Statement::tr("queries, keys, values");
    case OperationKind::Attend:
        return Statement::tr("attend");
    case OperationKind::Combine:
        return Statement::tr("combine");
    case OperationKind::Block:
        return Statement::tr("block");
    default: {
        const std::string_view name = operationName(kind);
        return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    }
    }
}

bool isAttention(const TracedGroup& group) { return group.kind == ModelKind::Attention; }

QString stepsText(const TracedGroup& group, IndexRange steps)
{
    if (isAttention(group))
        return steps.count() == 1 ? Statement::tr("position %1").arg(rangeText(steps))
                                  : Statement::tr("positions %1").arg(rangeText(steps));
    return steps.count() == 1 ? Statement::tr("step %1").arg(rangeText(steps))
                              : Statement::tr("steps %1").arg(rangeText(steps));
}

QString namedRows(IndexRange rows)
{
    return rows.count() == 1 ? Statement::tr("row %1").arg(rangeText(rows))
                             : Statement::tr("rows %1").arg(rangeText(rows));
}

/// How the rows, or more than the rows, were cut.
QString cutText(const TracedGroup& group)
{
    const Cut& cut = group.plan.cut();
    const QString subBatches
        = counted(cut.subBatches, Statement::tr("1 sub-batch"), Statement::tr("%1 sub-batches"));
    const QString within = group.rows == 1 ? QString() : QStringLiteral(", ") + subBatches;
    switch (cut.strategy) {
    case Strategy::HiddenSplit:
        return counted(cut.slices, Statement::tr("1 slice of the hidden units"),
                   Statement::tr("hidden units in %1 slices"))
            + within;
    case Strategy::LayerWavefront:
        return Statement::tr("layers one behind the other") + within;
    case Strategy::Head:
        return Statement::tr("split by heads") + within;
    case Strategy::QueryBlock:
        return Statement::tr("blocks of positions") + within;
    case Strategy::Sequential:
        return Statement::tr("in one piece");
    default:
        return subBatches;
    }
}

/// "layer 1, steps 0–15, rows 0–7" and what else was split.
QStringList partsOf(const TracedGroup& group, const Operation& operation)
{
    QStringList parts;
    if (group.plan.shape().layers > 1)
        parts << Statement::tr("layer %1").arg(operation.layer + 1);
    parts << stepsText(group, operation.steps);
    if (group.rows > 1)
        parts << namedRows(operation.rows);
    if (operation.heads.count() > 0)
        parts << (operation.heads.count() == 1
                ? Statement::tr("head %1").arg(operation.heads.begin + 1)
                : Statement::tr("heads %1–%2")
                      .arg(operation.heads.begin + 1)
                      .arg(operation.heads.end));
    const bool split = group.plan.cut().slices > 1;
    if (split && operation.units.count() > 0 && !isAttention(group))
        parts << Statement::tr("units %1").arg(rangeText(operation.units));
    return parts;
}

/// What the first row reads, counted from 1 as beside the text: steps count from 0. Empty where
/// the run does not say.
QString readsText(const TracedRun& run, const Operation& operation)
{
    const IndexRange window = run.request.window;
    if (window.count() <= 0 || operation.steps.count() <= 0)
        return {};
    const PinnedWork work { window, operation.steps, operation.rows };
    const int first = work.token(operation.steps.begin, operation.rows.begin);
    const int last = work.token(operation.steps.end - 1, operation.rows.begin);
    const QString row = operation.rows.count() == 1
        ? Statement::tr("row %1").arg(operation.rows.begin)
        : Statement::tr("row %1, the first of them,").arg(operation.rows.begin);
    if (first == last)
        return Statement::tr("%1 reads token %2").arg(row, countNumber(first + 1));
    QString tokens = QStringLiteral("%1–%2").arg(
        countNumber(first + 1), countNumber(last < first ? window.end : last + 1));
    if (last < first) // it wraps round
        tokens += last == window.begin
            ? Statement::tr(" and %1").arg(countNumber(last + 1))
            : Statement::tr(" and %1–%2").arg(countNumber(window.begin + 1), countNumber(last + 1));
    return Statement::tr("%1 reads tokens %2").arg(row, tokens);
}

} // namespace

QString modelTitle(ModelKind kind)
{
    return kind == ModelKind::Lstm ? Statement::tr("LSTM") : Statement::tr("Attention");
}

QString threadName(std::size_t lane) { return Statement::tr("thread %1").arg(lane + 1); }

QString laneRows(const TracedGroup& group, const LaneTimeline& lane)
{
    std::optional<IndexRange> rows;
    for (const LaneInterval& interval : lane.intervals()) {
        if (interval.state != LaneState::Work)
            continue;
        const IndexRange these = group.operationOf(interval.span).rows;
        if (rows && !(*rows == these))
            return {};
        rows = these;
    }
    return rows && rows->count() < group.rows ? namedRows(*rows) : QString();
}

QString groupCaption(const TracedRun& run, const TracedGroup& group, bool kept)
{
    const int cores = run.request.cores;
    const LaneTotals totals = group.totals();
    const bool outnumbered = static_cast<int>(group.lanes.size()) > cores;
    QStringList parts;
    if (kept)
        parts << Statement::tr("run %1").arg(run.number);
    parts << rowsText(group.rows) + QStringLiteral(", ") + cutText(group)
            + Statement::tr(" on %1").arg(threadsText(static_cast<int>(group.lanes.size())))
            + (outnumbered ? counted(cores, Statement::tr(", 1 core"), Statement::tr(", %1 cores"))
                           : QString());
    parts << traceMs(static_cast<double>(group.endNs) * 1e-6);
    parts << Statement::tr("%1 busy %2")
                 .arg(cores == 1 || group.lanes.size() == 1 ? Statement::tr("core")
                                                            : Statement::tr("cores"),
                     percent(totals.coresBusy(cores)));
    if (group.tries > 1)
        parts << Statement::tr("least disturbed of %1").arg(group.tries);
    return parts.join(QStringLiteral(" · "));
}

QString pathText(const TracedGroup& group)
{
    const QString text = Statement::tr("critical path %1 of %2")
                             .arg(traceMs(static_cast<double>(group.pathNs) / nsPerMs),
                                 traceMs(static_cast<double>(group.endNs) / nsPerMs));
    return group.pathTime == SpanTime::Wall ? text : text + Statement::tr(" (processor time)");
}

QString runLine(const TracedRun& run)
{
    const Settings& settings = run.request.settings;
    const auto name = [](Strategy strategy) {
        const std::string_view text = strategyName(strategy);
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    };
    const QString strategies = settings.lstmStrategy == settings.attentionStrategy
        ? name(settings.lstmStrategy)
        : QStringLiteral("%1 / %2").arg(
            name(settings.lstmStrategy), name(settings.attentionStrategy));
    QString times;
    if (run.groups.size() >= 2)
        times = Statement::tr(" · LSTM %1, attention %2")
                    .arg(traceMs(static_cast<double>(run.groups[0].endNs) * 1e-6),
                        traceMs(static_cast<double>(run.groups[1].endNs) * 1e-6));
    return Statement::tr("run %1: %2, %3 tokens, %4, %5 on %6")
               .arg(run.number)
               .arg(rowsText(settings.rows), countNumber(qint64(run.request.tokens.size())),
                   counted(std::min(settings.subBatches, settings.rows),
                       Statement::tr("1 sub-batch"), Statement::tr("%1 sub-batches")),
                   strategies, threadsText(settings.threads))
        + times;
}

QString operationText(const TracedGroup& group, int span)
{
    const Operation& operation = group.operationOf(span);
    return kindText(operation.kind) + QStringLiteral(", ")
        + partsOf(group, operation).join(QStringLiteral(", "));
}

QStringList spanLabels(const TracedGroup& group, int span)
{
    const Operation& operation = group.operationOf(span);
    const QStringList parts = partsOf(group, operation);
    const QString kind = kindText(operation.kind);
    const bool layered = group.plan.shape().layers > 1;
    const QString layer = Statement::tr("L%1").arg(operation.layer + 1);
    QStringList brief;
    if (operation.heads.count() > 0)
        brief << Statement::tr("h%1").arg(
            rangeText({ operation.heads.begin + 1, operation.heads.end + 1 }));
    const QString steps = rangeText(operation.steps);
    brief << (isAttention(group) ? QStringLiteral("q%1").arg(steps) : steps);
    const QString where = brief.join(QLatin1Char(' '));
    const QString longWhere = stepsText(group, operation.steps);

    QStringList labels { operationText(group, span),
        kind + QLatin1Char('\n') + parts.join(QStringLiteral(", ")),
        parts.join(QStringLiteral(", ")) };
    if (layered)
        labels << QStringLiteral("%1, %2\n%3").arg(kind, layer, longWhere)
               << QStringLiteral("%1, %2").arg(layer, longWhere)
               << QStringLiteral("%1\n%2").arg(layer, longWhere)
               << QStringLiteral("%1 %2").arg(layer, where)
               << QStringLiteral("%1\n%2").arg(layer, where) << layer;
    else
        labels << QStringLiteral("%1\n%2").arg(kind, longWhere) << longWhere << where
               << brief.last();
    return labels;
}

QString totalsText(const LaneTotals& totals, int cores)
{
    QStringList parts;
    for (const LaneState state : { LaneState::Work, LaneState::WaitingForCore,
             LaneState::WaitingForNeeds, LaneState::Barrier, LaneState::NothingToDo }) {
        if (totals.share(state) >= 0.0005 || state == LaneState::Work)
            parts << QStringLiteral("%1 %2").arg(stateName(state), percent(totals.share(state)));
    }
    const bool one = cores == 1 || totals.lanes == 1;
    parts << Statement::tr("%1 busy %2")
                 .arg(one ? Statement::tr("core") : Statement::tr("cores"),
                     percent(totals.coresBusy(cores)));
    return Statement::tr("%1: %2").arg(
        traceMs(totals.lengthNs / nsPerMs), parts.join(QStringLiteral(" · ")));
}

QStringList spanLines(const ShownGroup& shown, int index)
{
    const TracedGroup& group = shown.group();
    const Span& span = group.trace.spans[static_cast<std::size_t>(index)];
    const double wall = static_cast<double>(span.endNs - span.beginNs) / nsPerMs;
    const double waited = wall - static_cast<double>(span.cpuNs) / nsPerMs;
    QStringList lines { QStringLiteral("%1, %2: %3")
                            .arg(shown.title, threadName(static_cast<std::size_t>(span.lane)),
                                operationText(group, index)) };
    QString times = Statement::tr("%1, from %2 on")
                        .arg(traceMs(wall), traceMs(static_cast<double>(span.beginNs) / nsPerMs));
    if (waited > 0.02 * wall)
        times += Statement::tr("; %1 of it waiting for a core (when is not recorded)")
                     .arg(traceMs(waited));
    lines << times;
    if (const QString reads = readsText(*shown.run, group.operationOf(index)); !reads.isEmpty())
        lines << reads;
    const std::vector<int> needed
        = neededSpans(group.plan, group.trace, group.spanOfOperation, index);
    if (needed.empty())
        return lines << Statement::tr("needed nothing");
    // Those that were done last are what it waited for.
    std::vector<int> latest = needed;
    const std::size_t named = std::min(latest.size(), std::size_t(mostNamed));
    std::partial_sort(
        latest.begin(), latest.begin() + std::ptrdiff_t(named), latest.end(), [&](int a, int b) {
            return group.trace.spans[std::size_t(a)].endNs
                > group.trace.spans[std::size_t(b)].endNs;
        });
    QStringList names;
    for (std::size_t i = 0; i < named; ++i)
        names << operationText(group, latest[i]);
    if (needed.size() > named)
        names << Statement::tr("%1 more").arg(countNumber(qint64(needed.size() - named)));
    return lines << Statement::tr("needed %1").arg(names.join(QStringLiteral("; ")));
}

QStringList momentLines(const ShownGroup& shown, const LaneMoment& moment, double msPerPixel)
{
    const TracedGroup& group = shown.group();
    const LaneTimeline& lane = group.lanes[moment.lane];
    const QString where = QStringLiteral("%1, %2").arg(shown.title, threadName(moment.lane));
    const double ns = moment.ms * nsPerMs;
    const std::size_t index = lane.firstEndingAfter(ns);
    const auto intervals = lane.intervals();
    const double pixel = msPerPixel * nsPerMs;
    if (index < intervals.size()) {
        const LaneInterval& interval = intervals[index];
        const auto begin = static_cast<double>(interval.beginNs);
        const auto end = static_cast<double>(interval.endNs);
        const std::size_t next = lane.firstEndingAfter(ns + pixel, index);
        const int spans = lane.spansBetween(index, std::min(next + 1, intervals.size()));
        if (end - begin < LaneRun::thinnest * pixel && begin < ns + pixel) {
            const LaneTotals totals = lane.totals(ns, ns + pixel);
            return { spans == 1 ? Statement::tr("%1: a span too small to be drawn").arg(where)
                                : Statement::tr("%1: %2 spans too small to be drawn each; zoom in")
                                      .arg(where, countNumber(spans)),
                totalsText(totals, 1).section(QStringLiteral(" · "), 0, -2) };
        }
        if (begin <= ns && interval.state == LaneState::Work)
            return spanLines(shown, interval.span);
        if (begin <= ns) {
            QStringList lines { Statement::tr("%1: %2 for %3")
                                    .arg(where, stateName(interval.state),
                                        traceMs((end - begin) / nsPerMs)) };
            if (interval.span >= 0)
                lines << Statement::tr("before %1").arg(operationText(group, interval.span));
            return lines;
        }
    }
    if (ns >= static_cast<double>(group.endNs))
        return {};
    return { Statement::tr("%1: nothing to do").arg(where) };
}

QString pictureDescription(const TraceScene& scene)
{
    QStringList lines;
    for (const ShownGroup& shown : scene.groups) {
        const TracedGroup& group = shown.group();
        lines << Statement::tr("%1, %2. %3. %4 spans, the critical path %5 in %6 of them.")
                     .arg(shown.title, shown.caption,
                         totalsText(group.totals(), shown.run->request.cores),
                         countNumber(qint64(group.trace.spans.size())),
                         traceMs(static_cast<double>(group.pathNs) / nsPerMs),
                         countNumber(qint64(group.criticalPath.size())));
    }
    if (scene.groups.empty())
        return scene.emptyText;
    return lines.join(QLatin1Char('\n'));
}

QString tickText(double ms, int decimals)
{
    return Statement::tr("%1 ms").arg(numberLocale().toString(ms, 'f', decimals));
}

int traceDecimals(double ms)
{
    if (ms >= 99.95)
        return 0;
    return ms >= 9.995 ? 1 : ms >= 0.9995 ? 2 : 3;
}

QString traceMs(double ms)
{
    if (ms < 0.0995)
        return Statement::tr("%1 µs").arg(
            numberLocale().toString(1000 * ms, 'f', ms < 0.00995 ? 1 : 0));
    return durationText(ms, 3);
}

} // namespace timestep
