// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/starting_gradients.h"

#include "engine/execution/polled_multiply.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

PackedMatrix packHead(const Model& model)
{
    return std::visit(
        [](const auto& weights) {
            const Matrix<float>& head = weights.outputHead();
            return PackedMatrix(static_cast<int>(head.rows()), static_cast<int>(head.cols()),
                [&](int k, int column) { return head(k, column); });
        },
        model.weights);
}

/// Turns logits (V), the largest of which is `largest`, into (one-hot − p) ÷ (1 − p of the target)
/// and returns what it was divided by. 1 − p is the sum of all the others, so that nothing cancels
/// where the model is sure.
double throughSoftmax(
    float* logits, std::size_t target, double largest, std::vector<double>& others)
{
    const double ofTarget = std::exp(logits[target] - largest);
    double sum = 0;
    for (std::size_t id = 0; id < others.size(); ++id) {
        others[id] = id == target ? 0 : std::exp(logits[id] - largest);
        sum += others[id];
    }
    for (std::size_t id = 0; id < others.size(); ++id)
        logits[id] = sum == 0 ? 0 : static_cast<float>(-others[id] / sum);
    logits[target] = sum == 0 ? 0 : 1;
    return sum / (ofTarget + sum);
}

} // namespace

HeadBackward::HeadBackward(const PackedModel& model)
    : m_model(model)
    , m_head(packHead(*model.model()))
{
}

bool HeadBackward::start(const float* hidden, std::size_t stride, int rows,
    std::span<const TokenId> targets, const Worker& worker, StartingGradients& result) const
{
    const auto vocabulary = static_cast<std::size_t>(m_head.depth());
    AlignedFloats logits(static_cast<std::size_t>(rows) * vocabulary);
    Product forward;
    forward.a = hidden;
    forward.aStride = stride;
    forward.b = m_model.head().view();
    forward.columns = m_head.depth();
    forward.rows = rows;
    forward.start = m_model.headBias();
    forward.c = logits.data();
    forward.cStride = vocabulary;
    if (!multiplyPolled(m_model.kernels(), forward, worker))
        return false;

    result.targets.clear();
    result.scales.clear();
    std::vector<double> others(vocabulary);
    for (int row = 0; row < rows; ++row) {
        float* begin = logits.data() + static_cast<std::size_t>(row) * vocabulary;
        const float* best = std::max_element(begin, begin + vocabulary);
        const auto target = targets.empty()
            ? static_cast<std::size_t>(best - begin)
            : static_cast<std::size_t>(targets[static_cast<std::size_t>(row)]);
        result.targets.push_back(static_cast<TokenId>(target));
        result.scales.push_back(throughSoftmax(begin, target, *best, others));
    }

    result.rows = AlignedFloats(
        static_cast<std::size_t>(rows) * static_cast<std::size_t>(m_head.columns()));
    Product back;
    back.a = logits.data();
    back.aStride = vocabulary;
    back.b = m_head.view();
    back.columns = m_head.columns();
    back.rows = rows;
    back.c = result.rows.data();
    back.cStride = static_cast<std::size_t>(m_head.columns());
    return multiplyPolled(m_model.kernels(), back, worker);
}

} // namespace timestep
