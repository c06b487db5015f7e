// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_lanes.h"

#include "engine/measurement/lane_states.h"
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

Stretch breakOf(const LaneInterval& interval)
{
    Stretch stretch;
    stretch.phase = interval.state == LaneState::WaitingForCore ? TrainingPhase::Late
                                                                : TrainingPhase::Waiting;
    stretch.begin = interval.beginNs;
    stretch.end = interval.endNs;
    stretch.processor = stretch.end - stretch.begin;
    stretch.operations = 1;
    return stretch;
}

std::vector<Stretch> stretchesOf(
    const TracedTrainingStep& step, const std::vector<LaneInterval>& intervals)
{
    std::vector<Stretch> stretches;
    for (const LaneInterval& interval : intervals) {
        if (interval.state != LaneState::Work) {
            if (interval.endNs - interval.beginNs >= shortestBreakNs)
                stretches.push_back(breakOf(interval));
            continue;
        }
        const Span& span = step.trace.spans[static_cast<std::size_t>(interval.span)];
        const Stretch next
            = stretchOf(span, step.plan->operations()[static_cast<std::size_t>(span.operation)]);
        if (!stretches.empty() && stretches.back().takes(next)) {
            stretches.back().end = next.end;
            stretches.back().processor += next.processor;
            ++stretches.back().operations;
        } else {
            stretches.push_back(next);
        }
    }
    return stretches;
}

LaneRow laneRow(const TracedTrainingStep& step, const std::vector<LaneInterval>& intervals,
    int worker, std::int64_t end)
{
    LaneRow row;
    row.name = TrainingLanes::tr("worker %1").arg(worker + 1);
    std::int64_t busy = 0;
    for (const Stretch& stretch : stretchesOf(step, intervals)) {
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
    const std::int64_t end = runEndNs(step.trace);
    group.duration = static_cast<double>(end) * 1e-6;
    group.caption = TrainingLanes::tr("step %1 · %2 · %3")
                        .arg(countNumber(step.number), msText(group.duration),
                            splitText(kind, *step.plan, course));
    std::vector<std::vector<LaneInterval>> lanes = laneStates(*step.plan, step.trace);
    lanes.resize(std::max(lanes.size(), static_cast<std::size_t>(course.threads)));
    for (std::size_t worker = 0; worker < lanes.size(); ++worker)
        group.rows.push_back(laneRow(step, lanes[worker], static_cast<int>(worker), end));
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
