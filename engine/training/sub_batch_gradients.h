// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/operation.h"
#include "engine/execution/plan.h"

#include <span>
#include <vector>

namespace timestep {

/// The gradients that each sub-batch sums for itself, and their sum: that of the first, to which a
/// reduction adds the others in their order.
class SubBatchGradients
{
public:
    /// `parameters`: floats of one sub-batch.
    SubBatchGradients(const Plan& plan, int parameters, MemoryAccount& account);

    static std::size_t floatsNeeded(const Plan& plan, int parameters);

    /// Of the sub-batch that a row belongs to.
    float* ofRow(int row) noexcept;
    /// Whether a row is the first of its sub-batch: its gradients are put there, others are added.
    bool isFirstRow(int row) const noexcept;
    int subBatchOf(int row) const noexcept
    {
        return m_subBatchOfRow[static_cast<std::size_t>(row)];
    }
    /// `order`: S sub-batches; empty: from the first to the last.
    void reduce(IndexRange parameters, std::span<const int> order = {}) noexcept;
    const float* sum() const { return m_gradients.data(); }

private:
    float* ofSubBatch(int subBatch) noexcept;
    void reduceInOrder(IndexRange parameters, std::span<const int> order) noexcept;

    int m_subBatches;
    int m_parameters;
    std::vector<int> m_subBatchOfRow; // B
    CountedFloats m_gradients; // (S, parameters)
};

} // namespace timestep
