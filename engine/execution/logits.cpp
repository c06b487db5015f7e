// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/logits.h"

#include "engine/execution/polled_multiply.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int logitRows = 64; // positions whose logits are computed together

} // namespace

std::optional<Matrix<float>> logitsOf(
    const PackedModel& model, const float* hidden, int steps, std::stop_token stop)
{
    const Worker worker { 0, stop };
    Matrix<float> logits(steps, model.head().columns());
    for (int first = 0; first < steps; first += logitRows) {
        Product p;
        p.aStride = static_cast<std::size_t>(model.head().depth());
        p.a = hidden + static_cast<std::size_t>(first) * p.aStride;
        p.b = model.head().view();
        p.columns = model.head().columns();
        p.rows = std::min(logitRows, steps - first);
        p.start = model.headBias();
        p.c = logits.row(first).data();
        p.cStride = static_cast<std::size_t>(p.columns);
        if (!multiplyPolled(model.kernels(), p, worker))
            return std::nullopt;
    }
    if (!logits.allFinite())
        throw notFinite(*model.model());
    return logits;
}

Error notFinite(const Model& model)
{
    return Error("model \"" + model.name
        + "\" computed numbers that are not finite on this text, so nothing after them means "
          "anything; its weights are damaged or far too large: load another model");
}

} // namespace timestep
