// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/sub_batch_gradients.h"

#include "engine/execution/plan_builder.h"
#include "engine/execution/product_of_sizes.h"

#include <algorithm>
#include <array>

namespace timestep {

SubBatchGradients::SubBatchGradients(const Plan& plan, int parameters, MemoryAccount& account)
    : m_subBatches(plan.cut().subBatches)
    , m_parameters(parameters)
    , m_gradients(floatsNeeded(plan, parameters), account)
{
    const std::vector<IndexRange> subBatches = subBatchRows(plan.shape().rows, m_subBatches);
    for (std::size_t i = 0; i < subBatches.size(); ++i)
        m_subBatchOfRow.insert(m_subBatchOfRow.end(),
            static_cast<std::size_t>(subBatches[i].count()), static_cast<int>(i));
}

std::size_t SubBatchGradients::floatsNeeded(const Plan& plan, int parameters)
{
    return product({ plan.cut().subBatches, parameters });
}

float* SubBatchGradients::ofRow(int row) noexcept
{
    return ofSubBatch(m_subBatchOfRow[static_cast<std::size_t>(row)]);
}

bool SubBatchGradients::isFirstRow(int row) const noexcept
{
    const auto index = static_cast<std::size_t>(row);
    return row == 0 || m_subBatchOfRow[index] != m_subBatchOfRow[index - 1];
}

float* SubBatchGradients::ofSubBatch(int subBatch) noexcept
{
    return m_gradients.data() + product({ subBatch, m_parameters });
}

// Sub-batch after sub-batch for a few parameters at a time, which stay in the first-level cache.
constexpr int parametersAtOnce = 2048;

void SubBatchGradients::reduce(IndexRange parameters, std::span<const int> order) noexcept
{
    for (const IndexRange part : partsOfSize(parameters, parametersAtOnce)) {
        if (!order.empty()) {
            reduceInOrder(part, order);
            continue;
        }
        float* sum = ofSubBatch(0);
        for (int subBatch = 1; subBatch < m_subBatches; ++subBatch) {
            const float* addend = ofSubBatch(subBatch);
            for (int i = part.begin; i < part.end; ++i)
                sum[i] += addend[i];
        }
    }
}

/// The first of them may be any: its sum is put together aside.
void SubBatchGradients::reduceInOrder(IndexRange part, std::span<const int> order) noexcept
{
    std::array<float, parametersAtOnce> sum {};
    const float* first = ofSubBatch(order.front());
    std::copy(first + part.begin, first + part.end, sum.begin());
    for (const int subBatch : order.subspan(1)) {
        const float* addend = ofSubBatch(subBatch) + part.begin;
        for (int i = 0; i < part.count(); ++i)
            sum[static_cast<std::size_t>(i)] += addend[i];
    }
    std::copy_n(sum.begin(), part.count(), ofSubBatch(0) + part.begin);
}

} // namespace timestep
