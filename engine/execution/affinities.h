// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"
#include "engine/model/attention_mask.h"

#include <cstddef>
#include <vector>

namespace timestep {

struct HeadIndex
{
    int layer = 0;
    int head = 0;
    bool operator==(const HeadIndex&) const = default;
};

/// A rectangle of one head's affinities, and where it goes.
struct AffinityTile
{
    IndexRange queries, keys;
    float* shares = nullptr; // (queries, keys), exact zeros where masked
    std::size_t stride = 0; // floats from one query to the next
    /// (queries, keys), where wanted: log₂ of the shares, also of those too small for a float.
    /// Where masked it means nothing.
    float* logarithms = nullptr;
};

/// The affinities of one row: for each layer and head softmax(Q Kᵀ/√d), T x T. Nothing here holds a
/// whole matrix unless it must: any rectangle can be had, the same bits however it is cut.
/// Immutable, so any threads may read at once.
class Affinities
{
public:
    Affinities(const Affinities&) = delete;
    Affinities& operator=(const Affinities&) = delete;
    virtual ~Affinities() = default;

    int layers() const { return m_layers; } // L
    int heads() const { return m_heads; } // A, of each layer
    int tokens() const { return m_tokens; } // T
    const AttentionMask& mask() const { return m_mask; }
    /// Keys that a query, or any of some queries, may see.
    IndexRange seenBy(int query) const { return m_mask.keysSeenBy(query, m_tokens); }
    IndexRange seenBy(IndexRange queries) const { return m_mask.keysSeenBy(queries, m_tokens); }

    virtual void read(HeadIndex head, const AffinityTile& tile) const noexcept = 0;

    /// What softmax was applied to, q·k ÷ √d, of every pair of the tile, also of those that are
    /// masked, in place of the shares. False, and nothing done: queries and keys are not kept.
    virtual bool readScores(HeadIndex, const AffinityTile&) const noexcept { return false; }
    /// ‖v‖ of the value of each key (T); empty: not kept.
    virtual std::vector<float> valueNorms(HeadIndex) const { return {}; }

    float share(HeadIndex head, int query, int key) const;
    std::vector<float> row(HeadIndex head, int query) const; // (T)

protected:
    Affinities(int layers, int heads, int tokens, const AttentionMask& mask);

private:
    const int m_layers, m_heads, m_tokens;
    const AttentionMask m_mask;
};

} // namespace timestep
