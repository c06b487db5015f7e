// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/state_bytes.h"

#include "engine/execution/text_layers.h"

#include <algorithm>

namespace timestep {

namespace {

/// Any product of sizes fits: the largest shapes reach 10¹⁵.
template <typename... Sizes>
std::size_t product(Sizes... sizes)
{
    return (static_cast<std::size_t>(sizes) * ...);
}

} // namespace

std::size_t lstmStateBytes(const PlanShape& shape)
{
    return product(8, shape.layers, shape.rows, shape.width);
}

std::size_t keyValueBytes(const PlanShape& shape)
{
    const bool bounded = shape.causal && shape.attentionWindow > 0;
    const int positions = bounded ? std::min(shape.steps, shape.attentionWindow) : shape.steps;
    return product(8, shape.layers, shape.rows, positions, shape.width);
}

std::size_t storedAffinityBytes(const PlanShape& shape)
{
    return product(4, shape.layers, shape.heads, shape.rows, shape.steps, shape.steps);
}

std::size_t tiledAffinityBytes(const PlanShape& shape)
{
    return product(4, shape.layers, shape.heads, shape.rows, shape.steps);
}

std::size_t activationBytes(const PlanShape& shape)
{
    if (shape.kind == ModelKind::Lstm)
        return product(4, shape.layers, shape.rows, shape.steps, 6, shape.width);
    if (shape.bareLayer)
        return product(4, shape.layers, shape.rows, shape.steps, 4 * shape.width + shape.heads)
            + product(4, std::max(shape.layers - 1, 0), shape.rows, shape.steps, shape.width);
    return product(4, shape.layers, shape.rows, shape.steps, 10 * shape.width + shape.heads + 2)
        + product(4, shape.rows, shape.steps, shape.width + 1);
}

std::size_t stateBytes(const PlanShape& shape)
{
    if (shape.training)
        return activationBytes(shape);
    return shape.kind == ModelKind::Lstm ? lstmStateBytes(shape) : keyValueBytes(shape);
}

std::size_t stateBytesOfText(const ModelShape& model, int steps)
{
    return stateBytes(planShapeOf(model, steps, 1, true));
}

} // namespace timestep
