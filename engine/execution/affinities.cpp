// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/affinities.h"

namespace timestep {

Affinities::Affinities(int layers, int heads, int tokens, const AttentionMask& mask)
    : m_layers(layers)
    , m_heads(heads)
    , m_tokens(tokens)
    , m_mask(mask)
{
}

float Affinities::share(HeadIndex head, int query, int key) const
{
    float share = 0;
    read(head, { .queries = { query, query + 1 }, .keys = { key, key + 1 }, .shares = &share });
    return share;
}

std::vector<float> Affinities::row(HeadIndex head, int query) const
{
    std::vector<float> shares(static_cast<std::size_t>(m_tokens));
    read(head,
        { .queries = { query, query + 1 }, .keys = { 0, m_tokens }, .shares = shares.data() });
    return shares;
}

} // namespace timestep
