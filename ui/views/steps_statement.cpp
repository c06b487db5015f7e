// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_statement.h"

#include "ui/views/steps_figures.h"
#include "ui/views/trace_statement.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Steps", text); }

QString rangeText(const QString& one, const QString& several, int first, int last)
{
    return first == last ? one.arg(countNumber(first))
                         : several.arg(countNumber(first), countNumber(last));
}

QString stepsText(const StepsModel& model, int first, int last)
{
    return model.plan->shape().kind == ModelKind::Attention
        ? rangeText(tr("position %1"), tr("positions %1–%2"), first, last)
        : rangeText(tr("step %1"), tr("steps %1–%2"), first, last);
}

QString stepCountText(const StepsModel& model)
{
    const int steps = model.grid.steps();
    if (model.plan->shape().kind == ModelKind::Lstm)
        return steps == 1 ? tr("1 step") : tr("%1 steps").arg(countNumber(steps));
    return steps == 1 ? tr("1 position") : tr("%1 positions").arg(countNumber(steps));
}

/// Operations of one kind and layer.
struct Group
{
    OperationKind kind;
    int layer;
    int first; // step
    int last;
    int count;
};

std::vector<Group> grouped(const Plan& plan, const std::vector<int>& indices)
{
    std::vector<Group> groups;
    for (const int index : indices) {
        const Operation& operation = plan.operations()[std::size_t(index)];
        const int step = operation.steps.begin;
        const auto known = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
            return group.kind == operation.kind && group.layer == operation.layer
                && (step == group.last || step == group.last + 1);
        });
        if (known == groups.end()) {
            groups.push_back({ operation.kind, operation.layer, step, step, 1 });
        } else {
            known->last = step;
            ++known->count;
        }
    }
    return groups;
}

/// What a part of a split step is called: "slice 2 of 4", "head 3", "heads 0–1"; empty for a whole.
QString partText(const StepsModel& model, int index)
{
    const Operation& operation = model.plan->operations()[std::size_t(index)];
    if (operation.heads.count() > 0)
        return rangeText(
            tr("head %1"), tr("heads %1–%2"), operation.heads.begin, operation.heads.end - 1);
    const StepsPlace& place = model.grid.place(index);
    const int parts = model.grid.tiers(place.strip, place.step)[std::size_t(place.tier)].parts;
    if (parts <= 1 || model.grid.isTail(place.step))
        return {};
    return tr("slice %1 of %2").arg(countNumber(place.part + 1), countNumber(parts));
}

/// What is done on the way back, of %1.
QString backText(const StepsModel& model, OperationKind kind)
{
    if (kind == OperationKind::WeightGradients)
        return tr("gradients of the weights at %1");
    if (model.plan->shape().kind == ModelKind::Lstm)
        return kind == OperationKind::RecurrentBackward ? tr("gradients of the gates of %1")
                                                        : tr("gradients of the input of %1");
    return kind == OperationKind::BlockBackward ? tr("gradients of %1")
                                                : tr("gradients of the input of %1");
}

QString groupText(const StepsModel& model, const Group& group, const Operation& seenFrom)
{
    const bool ownStep = group.first == seenFrom.steps.begin && group.last == group.first
        && group.layer == seenFrom.layer;
    const QString steps = stepsText(model, group.first, group.last);
    const bool split = group.count > group.last - group.first + 1;
    QString text;
    switch (group.kind) {
    case OperationKind::InputHalf:
        text = ownStep ? tr("its input half") : tr("input half of %1").arg(steps);
        break;
    case OperationKind::KeysValues:
        text = tr("keys and values of %1").arg(steps);
        break;
    case OperationKind::Attend:
        text = ownStep ? tr("its heads") : tr("heads of %1").arg(steps);
        break;
    case OperationKind::RecurrentHalf:
        if (ownStep)
            text = split ? tr("its recurrent halves") : tr("its recurrent half");
        else
            text = split ? tr("all slices of %1").arg(steps) : steps;
        break;
    case OperationKind::Combine:
        text = ownStep ? tr("joining them") : steps;
        break;
    case OperationKind::Block:
        text = ownStep ? tr("its own block") : steps;
        break;
    case OperationKind::RecurrentBackward:
    case OperationKind::BlockBackward:
    case OperationKind::InputBackward:
    case OperationKind::WeightGradients:
        text = backText(model, group.kind).arg(steps);
        break;
    case OperationKind::Reduction:
        text = tr("sum over the sub-batches");
        break;
    case OperationKind::Loss:
        text = tr("the loss of %1").arg(steps);
        break;
    case OperationKind::EmbeddingGradients:
        text = tr("gradients of the embedding");
        break;
    case OperationKind::GradientNorm:
        text = tr("length of all gradients");
        break;
    case OperationKind::Update:
        text = tr("change of the weights");
        break;
    case OperationKind::Averaging:
        text = tr("mean of the copies");
        break;
    }
    if (group.layer != seenFrom.layer && model.grid.layers() > 1)
        text += tr(" of %1").arg(layerText(group.layer));
    return text;
}

/// What follows the steps: "slice 2 of 4 of the sum of all sub-batches' gradients, layer 1".
QString tailText(const StepsModel& model, int index)
{
    const Operation& operation = model.plan->operations()[std::size_t(index)];
    const StepsPlace& place = model.grid.place(index);
    const int parts = model.grid.tiers(place.strip, place.step).front().parts;
    const int slice = place.strip / model.grid.layers() * parts + place.part;
    const QString what = operation.kind == OperationKind::Reduction
        ? tr("the sum of all sub-batches' gradients")
        : operation.kind == OperationKind::GradientNorm ? tr("the length of all gradients")
                                                        : tr("the update of the weights");
    QString text
        = tr("slice %1 of %2 of %3")
              .arg(countNumber(slice + 1), countNumber(parts * model.grid.subBatches()), what);
    if (model.grid.layers() > 1)
        text += tr(", %1").arg(layerText(operation.layer));
    return text;
}

QString subjectText(const StepsModel& model, std::span<const QString> labels, int index)
{
    const Operation& operation = model.plan->operations()[std::size_t(index)];
    const int step = operation.steps.begin;
    if (model.grid.isTail(model.grid.place(index).step))
        return tailText(model, index);
    QString subject = stepsText(model, step, step);
    if (operation.rows.begin > 0)
        subject = tr("%1 of %2").arg(subject, rowsText(operation.rows));
    else if (step < int(labels.size()))
        subject += tr(" “%1”").arg(labels[std::size_t(step)]);
    if (model.grid.layers() > 1)
        subject = layerText(operation.layer) + QStringLiteral(", ") + subject;
    if (operation.kind == OperationKind::InputHalf)
        subject = tr("input half of %1").arg(subject);
    else if (operation.kind == OperationKind::KeysValues)
        subject = tr("keys and values of %1").arg(subject);
    else if (goesBack(operation.kind))
        subject = backText(model, operation.kind).arg(subject);
    const QString part = partText(model, index);
    return part.isEmpty() ? subject : tr("%1 of %2").arg(part, subject);
}

/// Which keys and values a position waits for.
QString keysText(const AttentionMask& mask)
{
    const QString window = countNumber(mask.window);
    if (mask.window > 0)
        return mask.causal ? tr("the last %1 bars up to its own").arg(window)
                           : tr("the bars less than %1 away").arg(window);
    return mask.causal ? tr("the bars up to its own") : tr("all bars");
}

QString moreUnits(double units)
{
    const QString number = ratioNumber(units);
    return number == QLatin1String("1") ? tr("1 more unit") : tr("%1 more units").arg(number);
}

/// What it reads of the layer below, where that layer is not in the plan; empty: nothing.
QString needInLayerBelow(const StepsModel& model, int index)
{
    const Operation& operation = model.plan->operations()[std::size_t(index)];
    const bool readsInput
        = operation.kind == OperationKind::InputHalf || operation.kind == OperationKind::KeysValues;
    if (model.layersBelow == 0 || operation.layer > 0 || !readsInput)
        return {};
    const int step = operation.steps.begin;
    return tr("%1 of %2, taken as done")
        .arg(stepsText(model, step, step), layerText(model.layersBelow - 1));
}

/// What waits for it in the layer above, where that layer is not in the plan; empty: nothing.
QString unblockedInLayerAbove(const StepsModel& model, int index)
{
    const Operation& operation = model.plan->operations()[std::size_t(index)];
    const QString layer = layerText(model.layersBelow + model.grid.layers());
    const int step = operation.steps.begin;
    if (model.layersAbove == 0 || operation.layer + 1 < model.grid.layers())
        return {};
    switch (operation.kind) {
    case OperationKind::RecurrentHalf:
        return tr("input half of %1 of %2").arg(stepsText(model, step, step), layer);
    case OperationKind::Block:
    case OperationKind::Combine: {
        const PlanShape& shape = model.plan->shape();
        const IndexRange readers = shape.mask().queriesSeeing(step, shape.steps);
        return tr("%1 of %2").arg(stepsText(model, readers.begin, readers.end - 1), layer);
    }
    case OperationKind::InputHalf:
    case OperationKind::KeysValues:
    case OperationKind::Attend:
    case OperationKind::RecurrentBackward:
    case OperationKind::BlockBackward:
    case OperationKind::InputBackward:
    case OperationKind::WeightGradients:
    case OperationKind::Reduction:
    case OperationKind::Loss:
    case OperationKind::EmbeddingGradients:
    case OperationKind::GradientNorm:
    case OperationKind::Update:
    case OperationKind::Averaging:
        break;
    }
    return {};
}

/// Operations of the plan, and what is not in it.
QString allOf(const StepsModel& model, const std::vector<int>& operations, int seenFrom,
    const QString& elsewhere)
{
    if (elsewhere.isEmpty())
        return operationsText(model, operations, seenFrom);
    if (operations.empty())
        return elsewhere;
    return tr("%1 and %2").arg(operationsText(model, operations, seenFrom), elsewhere);
}

/// The needs that keep it waiting. Of those not done, the chain says more than the input half,
/// which could be done at any time.
std::vector<int> blockersOf(const StepsModel& model, int index, double time)
{
    const auto operations = model.plan->operations();
    std::vector<int> inputs;
    std::vector<int> others;
    for (const OperationRange range : model.plan->needs(index)) {
        for (int need = range.begin; need < range.end; ++need) {
            if (model.times.state(need, time) == OperationState::Done)
                continue;
            const bool input = operations[std::size_t(need)].kind == OperationKind::InputHalf;
            (input ? inputs : others).push_back(need);
        }
    }
    return others.empty() ? inputs : others;
}

/// Of a real run: when, and how long after all it needs was done.
QString measuredText(const StepsModel& model, const QString& subject, int index)
{
    const StepsTimes& times = model.times;
    const auto ms = [&](double units) { return traceMs(units * model.msPerUnit); };
    const double waited = std::max(0.0, times.begin(index) - times.ready(index));
    return tr("%1: thread %2 from %3 to %4; had to wait %5, then waited %6 more")
        .arg(subject, countNumber(times.worker(index) + 1), ms(times.begin(index)),
            ms(times.end(index)), ms(times.ready(index)), ms(waited));
}

QString stateText(const StepsModel& model, const QString& subject, int index, double time)
{
    if (model.measured())
        return measuredText(model, subject, index);
    const StepsTimes& times = model.times;
    const QString begin = unitsNumber(times.begin(index));
    const QString end = unitsNumber(times.end(index));
    const QString worker = countNumber(times.worker(index) + 1);
    switch (times.state(index, time)) {
    case OperationState::Done:
        return tr("%1: done, by worker %2 from %3 to %4").arg(subject, worker, begin, end);
    case OperationState::Running:
        return tr("%1: worker %2, begins at %3, ends at %4").arg(subject, worker, begin, end);
    case OperationState::NoFreeWorker:
        return tr("%1: ready, but no free worker for %2")
            .arg(subject, moreUnits(times.begin(index) - time));
    case OperationState::Waiting:
        break;
    }
    const std::vector<int> blockers = blockersOf(model, index, time);
    const bool chain = std::any_of(blockers.begin(), blockers.end(),
        [&](int need) { return times.state(need, time) == OperationState::Waiting; });
    const bool several = model.plan->operations()[std::size_t(index)].heads.count() > 1;
    const QString pattern = several
        ? (chain ? tr("%1 wait for %2, and so on: %3") : tr("%1 wait for %2: %3"))
        : (chain ? tr("%1 waits for %2, and so on: %3") : tr("%1 waits for %2: %3"));
    return pattern.arg(
        subject, operationsText(model, blockers, index), moreUnits(times.begin(index) - time));
}

/// Where the text is being written, what both wait for is their token.
QString writtenExplanationOf(const StepsModel& model)
{
    const QString whole = model.grid.layers() > 1
        ? tr("; large: the rest of each layer, which waits for the layer above it")
        : QString();
    return model.plan->shape().kind == ModelKind::Lstm
        ? tr("small bar: input half, waits for the step before: its token is chosen from it")
            + whole
        : tr("small bar: keys and values, wait for the position before: their token is chosen from "
             "it")
            + whole;
}

/// Forward above, back below.
QString trainingExplanationOf(const StepsModel& model)
{
    const bool summed = model.grid.subBatches() > 1;
    const QString after
        = summed ? tr(" · then sum, norm and update") : tr(" · then norm and update");
    if (model.plan->shape().kind == ModelKind::Lstm)
        return tr("above: reading, waits for its left neighbour · below: gradients, wait for the "
                  "right one; bars: of input, of weights")
            + after;
    return tr("above: reading, waits for %1 · below: gradients, wait for no neighbour; bars: of "
              "input, of weights")
               .arg(keysText(model.plan->shape().mask()))
        + after;
}

} // namespace

QString StepsStatement::text() const
{
    QStringList lines { state, needs, unblocks };
    lines.removeAll(QString());
    return lines.join(u'\n');
}

QString explanationOf(const StepsModel& model)
{
    const bool layered = model.grid.layers() > 1;
    const Strategy strategy = model.plan->cut().strategy;
    if (model.plan->shape().beingWritten)
        return writtenExplanationOf(model);
    if (model.plan->shape().training)
        return trainingExplanationOf(model);
    if (model.plan->shape().kind == ModelKind::Lstm) {
        const QString input = layered ? tr("small bar: input half, waits for the layer above it")
            : model.layersBelow > 0   ? tr("small bar: input half, waits for nothing else")
                                      : tr("small bar: input half, waits for nothing");
        const QString recurrent = strategy == Strategy::HiddenSplit
            ? tr("large: recurrent half; line: barrier, all slices wait for all of the left "
                 "neighbour")
            : tr("large: recurrent half, waits for its left neighbour");
        const QString overlap = !layered       ? QString()
            : strategy == Strategy::Sequential ? tr(" · one worker: layers do not overlap")
                                               : tr(" · layers overlap, a step behind each other");
        return input + tr(" · ") + recurrent + overlap;
    }
    const QString keys = keysText(model.plan->shape().mask());
    const QString position = strategy == Strategy::Head
        ? tr("middle: heads, wait for %1 · large: joining the heads").arg(keys)
        : tr("large: the position, waits for %1").arg(keys);
    const QString bar = model.layersBelow > 0
        ? tr("small bar: keys and values, wait for nothing else · ")
        : tr("small bar: keys and values, wait for nothing · ");
    return layered ? bar + position + tr(", in the layer above") : bar + position;
}

QString shortExplanationOf(const StepsModel& model)
{
    if (model.plan->shape().training)
        return model.plan->shape().kind == ModelKind::Lstm
            ? tr("above: reading, left to right · below: back again, right to left")
            : tr("above: reading · below: back again · cut by rows alone");
    if (model.plan->shape().kind == ModelKind::Lstm)
        return tr("small bar: input half · large: recurrent half");
    if (model.plan->cut().strategy == Strategy::Head)
        return tr("small bar: keys and values · middle: heads · large: joining them");
    return tr("small bar: keys and values · large: the position");
}

QString layerText(int layer) { return tr("layer %1").arg(countNumber(layer + 1)); }

QString rowsText(const IndexRange& rows)
{
    return rangeText(tr("row %1"), tr("rows %1–%2"), rows.begin, rows.end - 1);
}

QString operationsText(const StepsModel& model, const std::vector<int>& operations, int seenFrom)
{
    const Operation& from = model.plan->operations()[std::size_t(seenFrom)];
    QStringList texts;
    for (const Group& group : grouped(*model.plan, operations))
        texts.append(groupText(model, group, from));
    return texts.isEmpty() ? tr("nothing") : texts.join(tr(" and "));
}

StepsStatement statementOf(const StepsModel& model, std::span<const QString> labels, int operation,
    const StepsRelations& relations, double time)
{
    return { stateText(model, subjectText(model, labels, operation), operation, time),
        tr("needs %1")
            .arg(allOf(model, relations.needs, operation, needInLayerBelow(model, operation))),
        tr("unblocks %1")
            .arg(allOf(
                model, relations.unblocks, operation, unblockedInLayerAbove(model, operation))) };
}

namespace {

QString summaryOfModel(const StepsModel& model, const QString& name, double time)
{
    int counts[4] = {};
    const int operations = int(model.plan->operations().size());
    for (int i = 0; i < operations; ++i)
        ++counts[int(model.times.state(i, time))];
    const auto count = [&](OperationState state) { return countNumber(counts[int(state)]); };
    QString what = model.grid.subBatches() == 1
        ? tr("1 sub-batch")
        : tr("%1 sub-batches").arg(countNumber(model.grid.subBatches()));
    if (model.grid.layers() > 1)
        what += tr(" in %1 layers").arg(countNumber(model.grid.layers()));
    const QString state
        = tr("of %1 operations %2 are done, %3 run, %4 wait for others, %5 for a free worker")
              .arg(countNumber(operations), count(OperationState::Done),
                  count(OperationState::Running), count(OperationState::Waiting),
                  count(OperationState::NoFreeWorker));
    return tr("%1: %2 of %3; %4.").arg(name, what, stepCountText(model), state);
}

} // namespace

QString summaryOf(const StepsPicture& picture, double time)
{
    return (picture.measured() ? tr("Real run at %1. %2 %3") : tr("Plan at %1. %2 %3"))
        .arg(unitsText(time), summaryOfModel(picture.models[0], tr("LSTM"), time),
            summaryOfModel(picture.models[1], tr("Attention"), time));
}

StepsStatement statementOfSteps(
    const StepsModel& model, int strip, int firstStep, int lastStep, double time)
{
    const StepsStrip& cells = model.grid.strips()[std::size_t(strip)];
    const StepsTier& tier = cells.tiers.back();
    int done = 0;
    int running = 0;
    int all = 0;
    for (int step = firstStep; step <= lastStep; ++step) {
        for (int part = 0; part < tier.parts; ++part) {
            const int operation = tier.operation(step, part);
            if (operation < 0)
                continue;
            const OperationState state = model.times.state(operation, time);
            ++all;
            done += state == OperationState::Done ? 1 : 0;
            running += state == OperationState::Running ? 1 : 0;
        }
    }
    const QString steps = stepsText(model, firstStep, lastStep);
    return { tr("%1, %2: %3 of %4 done, %5 running")
                 .arg(steps, rowsText(cells.rows), countNumber(done), countNumber(all),
                     countNumber(running)),
        {}, {} };
}

} // namespace timestep
