// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_lanes.h"

#include "ui/models/number_text.h"
#include "ui/views/theme.h"

#include <QCoreApplication>

#include <algorithm>

namespace timestep {

namespace {

struct TrainingLanes
{
    Q_DECLARE_TR_FUNCTIONS(TrainingLanes)
};

/// Operations of one part of the step that follow each other within it are one span on screen.
constexpr std::int64_t shortestBreakNs = 20'000;

QString rangeText(IndexRange range)
{
    return range.count() == 1 ? QString::number(range.begin)
                              : QStringLiteral("%1–%2").arg(range.begin).arg(range.end - 1);
}

QString msText(double ms)
{
    return TrainingLanes::tr("%1 ms").arg(numberLocale().toString(ms, 'f', ms < 10 ? 2 : 1));
}

/// Spans of a lane that are drawn as one.
struct Stretch
{
    TrainingPhase phase = TrainingPhase::Forward;
    IndexRange rows, units;
    std::int64_t begin = 0, end = 0, processor = 0; // ns
    int operations = 0;
    bool averages = false;

    bool takes(const Stretch& next) const
    {
        return phase == next.phase && rows == next.rows && units == next.units
            && averages == next.averages && next.begin - end < shortestBreakNs;
    }
};

Stretch stretchOf(const Span& span, const Operation& operation)
{
    Stretch stretch;
    stretch.phase = trainingPhase(operation.kind);
    stretch.rows = operation.rows;
    // Of a way back that hands on to a layer below, units are that layer's.
    if (operation.kind == OperationKind::RecurrentHalf
        || operation.kind == OperationKind::RecurrentBackward)
        stretch.units = operation.units;
    stretch.averages = operation.kind == OperationKind::Averaging;
    stretch.begin = span.beginNs;
    stretch.end = span.endNs;
    stretch.processor = span.cpuNs;
    stretch.operations = 1;
    return stretch;
}

/// What it worked on: "rows 0–7", "units 0–63".
QString partText(const Stretch& stretch, int allRows)
{
    if (stretch.phase == TrainingPhase::Reduction || stretch.phase == TrainingPhase::Update)
        return {}; // some of the parameters
    if (stretch.units.count() > 0 && stretch.rows.count() == allRows)
        return TrainingLanes::tr("units %1").arg(rangeText(stretch.units));
    if (stretch.rows.count() > 0)
        return TrainingLanes::tr("rows %1").arg(rangeText(stretch.rows));
    return {};
}

QString nameOf(const Stretch& stretch)
{
    return stretch.averages ? TrainingLanes::tr("averaging") : phaseName(stretch.phase);
}

QString detailOf(const Stretch& stretch, const QString& part, int worker)
{
    QStringList lines { TrainingLanes::tr("worker %1: %2").arg(worker + 1).arg(nameOf(stretch)) };
    if (!part.isEmpty())
        lines.front() += QStringLiteral(", ") + part;
    const std::int64_t wall = stretch.end - stretch.begin;
    const double ms = static_cast<double>(wall) * 1e-6;
    lines.append(stretch.operations == 1
            ? msText(ms)
            : TrainingLanes::tr("%1 in %2 operations").arg(msText(ms)).arg(stretch.operations));
    const double waited = static_cast<double>(wall - stretch.processor) * 1e-6;
    if (waited > 0.1 * ms && waited > 0.05)
        lines.append(TrainingLanes::tr("%1 of it waiting for a core").arg(msText(waited)));
    return lines.join(QLatin1Char('\n'));
}

bool works(TrainingPhase phase)
{
    return phase != TrainingPhase::Waiting && phase != TrainingPhase::Late;
}

LaneSpan laneSpan(const Stretch& stretch, int allRows, int worker)
{
    const QString part = partText(stretch, allRows);
    LaneSpan span;
    span.begin = static_cast<double>(stretch.begin) * 1e-6;
    span.end = static_cast<double>(stretch.end) * 1e-6;
    span.style = static_cast<int>(stretch.phase);
    span.detail = detailOf(stretch, part, worker);
    if (!works(stretch.phase))
        return span;
    span.label
        = part.isEmpty() ? nameOf(stretch) : QStringLiteral("%1, %2").arg(nameOf(stretch), part);
    span.shortLabel = part;
    return span;
}

/// When an operation had all it needs, of those that ran.
std::vector<std::int64_t> readyTimes(const Plan& plan, const Trace& trace)
{
    std::vector<std::int64_t> ends(plan.operations().size(), 0);
    for (const Span& span : trace.spans)
        ends[static_cast<std::size_t>(span.operation)] = span.endNs;
    std::vector<std::int64_t> ready(ends.size(), 0);
    for (const Span& span : trace.spans) {
        std::int64_t& at = ready[static_cast<std::size_t>(span.operation)];
        for (const OperationRange& range : plan.needs(span.operation))
            for (int need = range.begin; need < range.end; ++need)
                at = std::max(at, ends[static_cast<std::size_t>(need)]);
    }
    return ready;
}

/// The breaks of all workers, by what they were for.
class Breaks
{
public:
    Breaks(const Plan& plan, const Trace& trace)
        : m_ready(readyTimes(plan, trace))
    {
        std::vector<bool> seen(static_cast<std::size_t>(plan.taskCount()), false);
        m_first.resize(plan.operations().size(), false);
        for (std::size_t i = 0; i < plan.operations().size(); ++i) {
            const auto task = static_cast<std::size_t>(plan.operations()[i].task);
            m_first[i] = !seen[task];
            seen[task] = true;
        }
        for (const Span& span : trace.spans) {
            const auto operation = static_cast<std::size_t>(span.operation);
            if (m_first[operation] && span.beginNs > m_ready[operation])
                m_readyTasks.push_back({ m_ready[operation], span.beginNs });
        }
        mergeReadyTasks();
    }

    /// What a worker did from `begin` on until it began `next` (null: until the step ended).
    void add(std::int64_t begin, std::int64_t end, const Span* next, std::vector<Stretch>& to) const
    {
        if (next && !m_first[static_cast<std::size_t>(next->operation)]) {
            const std::int64_t ready
                = std::clamp(m_ready[static_cast<std::size_t>(next->operation)], begin, end);
            addOne(TrainingPhase::Waiting, begin, ready, to);
            addOne(TrainingPhase::Late, ready, end, to);
            return;
        }
        for (const Interval& task : m_readyTasks)
            addOne(TrainingPhase::Late, std::max(begin, task.begin), std::min(end, task.end), to);
    }

private:
    struct Interval
    {
        std::int64_t begin = 0, end = 0; // ns
    };

    void mergeReadyTasks()
    {
        std::sort(m_readyTasks.begin(), m_readyTasks.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
        std::vector<Interval> merged;
        for (const Interval& task : m_readyTasks) {
            if (!merged.empty() && task.begin <= merged.back().end)
                merged.back().end = std::max(merged.back().end, task.end);
            else
                merged.push_back(task);
        }
        m_readyTasks = std::move(merged);
    }

    static void addOne(
        TrainingPhase phase, std::int64_t begin, std::int64_t end, std::vector<Stretch>& to)
    {
        if (end - begin < shortestBreakNs)
            return;
        Stretch stretch;
        stretch.phase = phase;
        stretch.begin = begin;
        stretch.end = end;
        stretch.processor = end - begin;
        stretch.operations = 1;
        to.push_back(stretch);
    }

    std::vector<std::int64_t> m_ready; // of each operation
    std::vector<bool> m_first; // of its task
    std::vector<Interval> m_readyTasks; // when some task could have been begun
};

std::vector<Stretch> stretchesOf(
    const TracedTrainingStep& step, const Breaks& breaks, int worker, std::int64_t end)
{
    std::vector<Stretch> stretches;
    std::int64_t free = 0; // from here on
    for (const Span& span : step.trace.spans) {
        if (span.lane != worker)
            continue;
        const Stretch next
            = stretchOf(span, step.plan->operations()[static_cast<std::size_t>(span.operation)]);
        if (!stretches.empty() && stretches.back().takes(next)) {
            stretches.back().end = next.end;
            stretches.back().processor += next.processor;
            ++stretches.back().operations;
        } else {
            breaks.add(free, next.begin, &span, stretches);
            stretches.push_back(next);
        }
        free = next.end;
    }
    breaks.add(free, end, nullptr, stretches);
    return stretches;
}

LaneRow laneRow(const TracedTrainingStep& step, const Breaks& breaks, int worker, std::int64_t end)
{
    LaneRow row;
    row.name = TrainingLanes::tr("worker %1").arg(worker + 1);
    std::int64_t busy = 0;
    for (const Stretch& stretch : stretchesOf(step, breaks, worker, end)) {
        row.spans.push_back(laneSpan(stretch, step.plan->shape().rows, worker));
        busy += works(stretch.phase) ? stretch.end - stretch.begin : 0;
    }
    if (end > 0)
        row.detail = TrainingLanes::tr("busy %1 %").arg(100 * busy / end);
    return row;
}

QString subBatchesText(int subBatches)
{
    return subBatches == 1 ? TrainingLanes::tr("one sub-batch")
                           : TrainingLanes::tr("%1 sub-batches").arg(subBatches);
}

/// How the step was split.
QString splitText(ModelKind kind, const Plan& plan, const TrainingCourse& course)
{
    const int subBatches = std::min(course.subBatches, course.rows);
    switch (course.way) {
    case TrainingWay::DataParallel:
        break;
    case TrainingWay::AveragedCopies:
        return TrainingLanes::tr("%1 copies").arg(subBatches);
    case TrainingWay::HiddenUnits:
    case TrainingWay::Layers:
        if (kind == ModelKind::Attention)
            return TrainingLanes::tr("by rows all the same: %1").arg(subBatchesText(subBatches));
        return course.way == TrainingWay::Layers
            ? TrainingLanes::tr("layers one behind the other")
            : TrainingLanes::tr("hidden units in %1 slices").arg(plan.cut().slices);
    }
    return subBatchesText(subBatches);
}

LaneGroup laneGroup(ModelKind kind, const TracedTrainingStep& step, const TrainingCourse& course)
{
    LaneGroup group;
    group.kind = kind;
    group.title
        = kind == ModelKind::Lstm ? TrainingLanes::tr("LSTM") : TrainingLanes::tr("Attention");
    std::int64_t end = 0;
    for (const Span& span : step.trace.spans)
        end = std::max(end, span.endNs);
    group.duration = static_cast<double>(end) * 1e-6;
    group.caption = TrainingLanes::tr("step %1 · %2 · %3")
                        .arg(countNumber(step.number), msText(group.duration),
                            splitText(kind, *step.plan, course));
    const Breaks breaks(*step.plan, step.trace);
    const int workers = std::max(course.threads, static_cast<int>(step.trace.lanes.size()));
    for (int worker = 0; worker < workers; ++worker)
        group.rows.push_back(laneRow(step, breaks, worker, end));
    return group;
}

} // namespace

TrainingPhase trainingPhase(OperationKind kind)
{
    switch (kind) {
    case OperationKind::Loss:
        return TrainingPhase::Loss;
    case OperationKind::RecurrentBackward:
    case OperationKind::BlockBackward:
    case OperationKind::InputBackward:
        return TrainingPhase::Backward;
    case OperationKind::WeightGradients:
    case OperationKind::EmbeddingGradients:
        return TrainingPhase::WeightGradients;
    case OperationKind::Reduction:
    case OperationKind::Averaging:
        return TrainingPhase::Reduction;
    case OperationKind::GradientNorm:
    case OperationKind::Update:
        return TrainingPhase::Update;
    default:
        return TrainingPhase::Forward;
    }
}

QString phaseName(TrainingPhase phase)
{
    switch (phase) {
    case TrainingPhase::Forward:
        return TrainingLanes::tr("forward");
    case TrainingPhase::Loss:
        return TrainingLanes::tr("loss");
    case TrainingPhase::Backward:
        return TrainingLanes::tr("backward");
    case TrainingPhase::WeightGradients:
        return TrainingLanes::tr("weight gradients");
    case TrainingPhase::Reduction:
        return TrainingLanes::tr("summing");
    case TrainingPhase::Update:
        return TrainingLanes::tr("update");
    case TrainingPhase::Waiting:
        return TrainingLanes::tr("waits for another");
    case TrainingPhase::Late:
        return TrainingLanes::tr("ready, no core yet");
    }
    return {};
}

/// What the model computes is in its colour, what consolidates it is not.
LaneLook trainingLook(int phase, ModelKind kind, const Theme& theme)
{
    const Theme::ModelColors& colors = kind == ModelKind::Lstm ? theme.lstm : theme.attention;
    switch (static_cast<TrainingPhase>(phase)) {
    case TrainingPhase::Forward:
        return { colors.running, {}, colors.runningText, Qt::NoBrush };
    case TrainingPhase::Loss:
        return { colors.done, colors.text, theme.text, Qt::Dense6Pattern };
    case TrainingPhase::Backward:
        return { colors.running, colors.runningText, colors.runningText, Qt::BDiagPattern };
    case TrainingPhase::WeightGradients:
        return { colors.done, colors.text, theme.text, Qt::FDiagPattern };
    case TrainingPhase::Reduction:
        return { theme.text, {}, theme.window, Qt::NoBrush };
    case TrainingPhase::Update:
        return { theme.field, theme.secondaryText, theme.text, Qt::VerPattern };
    case TrainingPhase::Waiting:
        return { theme.window, theme.secondaryText, theme.text, Qt::Dense7Pattern };
    case TrainingPhase::Late:
        return { theme.window, theme.bracket, theme.text, Qt::BDiagPattern };
    }
    return {};
}

LanesPicture trainingLanes(const TracedTrainingStep* lstm, const TracedTrainingStep* attention,
    const TrainingCourse& course)
{
    LanesPicture picture;
    if (lstm)
        picture.groups.push_back(laneGroup(ModelKind::Lstm, *lstm, course));
    if (attention)
        picture.groups.push_back(laneGroup(ModelKind::Attention, *attention, course));
    for (const TrainingPhase phase : { TrainingPhase::Forward, TrainingPhase::Loss,
             TrainingPhase::Backward, TrainingPhase::WeightGradients, TrainingPhase::Reduction,
             TrainingPhase::Update, TrainingPhase::Waiting, TrainingPhase::Late })
        picture.legend.push_back({ static_cast<int>(phase),
            phase == TrainingPhase::Reduction && course.way == TrainingWay::AveragedCopies
                ? TrainingLanes::tr("averaging")
                : phaseName(phase) });
    return picture;
}

} // namespace timestep
