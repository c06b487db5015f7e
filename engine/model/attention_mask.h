// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"

#include <algorithm>

namespace timestep {

/// Which keys a query looks at: one range of them, whose ends never go back from one query to the
/// next. A sliding window lets it look at its own key and at those less than W positions away
/// (Beltagy, Peters and Cohan, "Longformer", arXiv:2004.05150, section 3.1; Jiang et al., "Mistral
/// 7B", arXiv:2310.06825, section 2). A window belongs to causal attention, where position q sees
/// keys max(0, q − W + 1) … q; with causal off it reaches as far ahead as back, |q − k| < W.
struct AttentionMask
{
    bool causal = true; // itself and what precedes
    int window = 0; // W; 0: keys at any distance
    bool operator==(const AttentionMask&) const = default;

    /// Of T keys.
    IndexRange keysSeenBy(int query, int keys) const
    {
        const int ahead = causal ? 1 : window > 0 ? window : keys - query;
        return { window > 0 ? std::max(query - window + 1, 0) : 0, std::min(query + ahead, keys) };
    }
    /// By at least one of some queries.
    IndexRange keysSeenBy(IndexRange queries, int keys) const
    {
        return { keysSeenBy(queries.begin, keys).begin, keysSeenBy(queries.end - 1, keys).end };
    }
    /// Those of T queries that look at a key.
    IndexRange queriesSeeing(int key, int queries) const
    {
        const int last = window > 0 ? std::min(key + window, queries) : queries;
        return { causal ? key : keysSeenBy(key, queries).begin, last };
    }
    /// How often one of some queries looks at one of T keys.
    double pairs(IndexRange queries, int keys) const;
};

} // namespace timestep
