// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/timed_passes.h"

#include "engine/execution/bare_layer.h"
#include "engine/execution/model_forward.h"
#include "engine/execution/text_layers.h"
#include "engine/training/bare_training.h"
#include "engine/training/model_layers_training.h"

#include <cassert>

namespace timestep {

namespace {

PlanShape bareShapeOf(const SweepCell& cell)
{
    PlanShape shape;
    const bool lstm = cell.compute == SweepCell::Compute::Lstm;
    shape.kind = lstm ? ModelKind::Lstm : ModelKind::Attention;
    shape.layers = cell.layers;
    shape.width = cell.width;
    shape.inputWidth = cell.width;
    shape.heads = lstm ? 0 : cell.heads;
    shape.steps = cell.length;
    shape.rows = cell.batch;
    shape.causal = cell.compute != SweepCell::Compute::Attention;
    shape.bareLayer = true;
    return shape;
}

/// The text again and again, up to T tokens.
std::vector<TokenId> repeated(const std::vector<TokenId>& text, int length)
{
    assert(!text.empty());
    std::vector<TokenId> tokens(static_cast<std::size_t>(length));
    for (std::size_t step = 0; step < tokens.size(); ++step)
        tokens[step] = text[step % text.size()];
    return tokens;
}

} // namespace

PlanShape shapeOf(const SweepCell& cell)
{
    PlanShape shape = cell.model ? planShapeOf(cell.model->shape, cell.length, cell.batch, true)
                                 : bareShapeOf(cell);
    shape.training = cell.pass == SweepCell::Pass::Training;
    if (cell.pass == SweepCell::Pass::Generation) {
        shape.firstStep = cell.length;
        shape.steps = cell.length + 1;
        shape.causal = true;
    }
    return shape;
}

TimedPasses::TimedPasses(const Kernels& kernels, std::uint64_t seed)
    : m_kernels(kernels)
    , m_seed(seed)
{
}

std::shared_ptr<TimedPass> TimedPasses::passFor(const SweepCell& cell)
{
    std::weak_ptr<TimedPass>& known = m_passes[Key(cell.model.get(), cell.pass, cell.compute,
        cell.length, cell.batch, cell.width, cell.heads, cell.layers)];
    std::shared_ptr<TimedPass> pass = known.lock();
    if (!pass) {
        const PlanShape shape = shapeOf(cell);
        if (cell.model && shape.training)
            pass = std::make_shared<ModelLayersTraining>(
                cell.model, repeated(cell.text, shape.steps), cell.batch, m_kernels, m_seed);
        else if (cell.model)
            pass = std::make_shared<ModelForward>(
                packed(cell.model), repeated(cell.text, shape.steps), cell.batch, shape.firstStep);
        else if (shape.training)
            pass = std::make_shared<BareTraining>(shape, m_kernels, m_seed);
        else
            pass = std::make_shared<BareLayer>(shape, m_kernels, m_seed);
        known = pass;
    }
    return pass;
}

std::size_t TimedPasses::inputOutputBytes(const SweepCell& cell)
{
    // Numbers on both sides of a layer; of a model the positions and row 0's last hidden states.
    const PlanShape shape = shapeOf(cell);
    const bool oneRow = cell.model && !shape.training;
    const std::size_t rows = oneRow ? 1 : static_cast<std::size_t>(cell.batch);
    const std::size_t positions = static_cast<std::size_t>(shape.steps) + shape.newSteps();
    const int passes = shape.training ? 2 : 1; // in training there is a gradient of each
    return passes * rows * positions * static_cast<std::size_t>(cell.width) * sizeof(float);
}

const PackedModel& TimedPasses::packed(const ModelPointer& model)
{
    std::unique_ptr<PackedModel>& packed = m_packed[model.get()];
    if (!packed)
        packed = std::make_unique<PackedModel>(model, m_kernels);
    return *packed;
}

} // namespace timestep
