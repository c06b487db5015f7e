// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/execution/plan.h"
#include "engine/kernels/aligned_floats.h"
#include "engine/kernels/kernels.h"

namespace timestep {

/// Affinities kept as the queries, the keys and one number a query, O(T) of memory, and computed
/// again where they are looked at, with the kernels of the run:
///   2^(q·k − log₂ Σ 2^(q·k)),
/// which is exactly what the run's online softmax came to. The run fills it in; then it is
/// immutable.
class RecomputedAffinities final : public Affinities
{
public:
    RecomputedAffinities(const PlanShape& shape, const Kernels& kernels);
    static std::size_t bytesNeeded(const PlanShape& shape);

    void read(HeadIndex head, const AffinityTile& tile) const noexcept override;
    bool readScores(HeadIndex head, const AffinityTile& tile) const noexcept override;
    std::vector<float> valueNorms(HeadIndex head) const override;

    // Filled in during the run, each position by the operation that computes it.
    /// `query` (D), heads beside each other: times log₂e ÷ √d.
    void putQuery(int layer, int position, const float* query) noexcept;
    void putKey(HeadIndex head, int position, const float* key) noexcept; // (d)
    /// Of the value (d) only its length is kept.
    void putValue(HeadIndex head, int position, const float* value) noexcept;
    /// log₂ Σ 2^score over the keys that the query sees.
    void putLogSum(HeadIndex head, int position, float logSum) noexcept;

private:
    std::size_t at(HeadIndex head) const;
    std::size_t keysAt(HeadIndex head) const;
    std::size_t positionsAt(HeadIndex head) const;
    std::size_t queryAt(HeadIndex head, int position) const;
    void score(HeadIndex head, IndexRange queries, IndexRange keys, float* scores) const noexcept;

    const Kernels& m_kernels;
    const int m_width; // D
    const int m_headWidth; // d = D ÷ A
    AlignedFloats m_queries; // (L, T, D)
    AlignedFloats m_keys; // (L, A) of packed (d, T)
    AlignedFloats m_logSums; // (L, A, T)
    AlignedFloats m_valueNorms; // (L, A, T)
};

} // namespace timestep
