// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/influence_walk.h"
#include "engine/execution/kept_attention.h"
#include "engine/execution/packed_backward.h"

#include <vector>

namespace timestep {

/// Back through attention's blocks, target after target. A target's gradient begins at one position
/// only: the last block's feed-forward is walked for that position, all targets of a walk together,
/// and its attention has one query. Below, all positions that the target sees take part, as the
/// rows of large products.
class AttentionInfluence final : public InfluenceWalk
{
public:
    /// References must outlive this.
    AttentionInfluence(const AttentionWeights<float>& plain,
        const std::vector<PackedAttentionLayerBackward>& packed, const Kernels& kernels,
        KeptAttention kept, int heads);

    int targetsAtOnce() const override;
    const float* hidden(int position) const override;
    std::size_t hiddenStride() const override;
    bool walk(IndexRange targets, const float* gradients, const Worker& worker,
        double* norms) const override;

private:
    struct Scratch;
    struct Rows;
    struct OneQuery;
    struct Block;
    bool feedForward(std::size_t layer, const Rows& rows, const Worker& worker, Scratch& s) const;
    bool walkTarget(int target, const float* residual, const float* mixed, const Worker& worker,
        Scratch& s) const;
    bool attendOnce(int target, const float* mixed, const Worker& worker, Scratch& s) const;
    bool scoreOnce(int target, const float* mixed, const Worker& worker, OneQuery& query) const;
    bool projectOnce(int target, const float* mixed, const OneQuery& query, const Worker& worker,
        float* projected) const;
    bool attend(std::size_t layer, int positions, const Worker& worker, Scratch& s) const;
    bool attendHead(std::size_t layer, int head, const QueryBlocks& blocks, const Worker& worker,
        Scratch& s) const;
    void packMixed(const Block& block, Scratch& s) const;
    bool scoreBlock(const Block& block, const Worker& worker, Scratch& s) const;
    bool handToKeysAndValues(const Block& block, const Worker& worker, Scratch& s) const;
    bool handToQueries(const Block& block, const Worker& worker, Scratch& s) const;
    bool multiply(
        const float* a, const PackedMatrix& b, int rows, const Worker& worker, float* c) const;
    void normalize(const KeptNorm& norm, const RowVector<float>& gain, IndexRange positions,
        const float* gradient, float* inputGradient) const;

    const AttentionWeights<float>& m_plain;
    const std::vector<PackedAttentionLayerBackward>& m_packed;
    const Kernels& m_kernels;
    const KeptAttention m_kept;
    const int m_heads; // A
    const int m_width; // D
    const int m_headWidth; // d
    const float m_scale; // 1 ÷ √d
};

} // namespace timestep
