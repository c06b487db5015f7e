// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/input_gradients.h"

#include "engine/execution/product_of_sizes.h"

#include <algorithm>

namespace timestep {

namespace {

void add(const float* from, int count, float* to) noexcept
{
    for (int i = 0; i < count; ++i)
        to[i] += from[i];
}

} // namespace

void addInputGradients(const PlanShape& shape, const ParameterLayout& layout,
    const InputGradients& inputs, IndexRange parameters) noexcept
{
    const int width = shape.inputWidth;
    const auto readers = [&](int row, int step) { // (I)
        return inputs.gradient
            + (product({ row, shape.steps }) + static_cast<std::size_t>(step))
            * static_cast<std::size_t>(width);
    };
    for (int position = 0; position < shape.ends.positions; ++position) {
        if (!parameters.contains(layout.positions() + position * width))
            continue;
        float* sum = inputs.positions + product({ position, width });
        std::fill_n(sum, width, 0.0F);
        for (int row = 0; row < shape.rows && position < shape.steps; ++row)
            add(readers(row, position), width, sum);
    }
    for (int token = 0; token < shape.ends.vocabulary && !shape.ends.tied; ++token)
        if (parameters.contains(layout.embedding() + token * width))
            std::fill_n(inputs.embedding + product({ token, width }), width, 0.0F);
    for (int row = 0; row < shape.rows; ++row)
        for (int step = 0; step < shape.steps; ++step) {
            const int token = static_cast<int>(
                inputs.tokens[product({ row, shape.steps }) + static_cast<std::size_t>(step)]);
            if (parameters.contains(layout.embedding() + token * width))
                add(readers(row, step), width, inputs.embedding + product({ token, width }));
        }
}

} // namespace timestep
