// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/counted_floats.h"
#include "engine/execution/operation.h"
#include "engine/execution/plan.h"

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
    void reduce(IndexRange parameters) noexcept;
    const float* sum() const { return m_gradients.data(); }

private:
    float* ofSubBatch(int subBatch) noexcept;

    int m_subBatches;
    int m_parameters;
    std::vector<int> m_subBatchOfRow; // B
    CountedFloats m_gradients; // (S, parameters)
};

} // namespace timestep
