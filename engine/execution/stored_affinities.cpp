// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stored_affinities.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

int headsOf(const StoredAffinities::Matrices& matrices)
{
    return matrices.empty() ? 0 : static_cast<int>(matrices[0].size());
}

int tokensOf(const StoredAffinities::Matrices& matrices)
{
    return headsOf(matrices) == 0 ? 0 : static_cast<int>(matrices[0][0].rows());
}

} // namespace

StoredAffinities::StoredAffinities(Matrices matrices, const AttentionMask& mask)
    : Affinities(static_cast<int>(matrices.size()), headsOf(matrices), tokensOf(matrices), mask)
    , m_matrices(std::move(matrices))
{
}

void StoredAffinities::read(HeadIndex head, const AffinityTile& tile) const noexcept
{
    const Matrix<float>& matrix
        = m_matrices[static_cast<std::size_t>(head.layer)][static_cast<std::size_t>(head.head)];
    for (int query = tile.queries.begin; query < tile.queries.end; ++query) {
        const int first = std::clamp(seenBy(query).begin, tile.keys.begin, tile.keys.end);
        const int end = std::clamp(seenBy(query).end, first, tile.keys.end);
        const float* from = matrix.row(query).data();
        const std::size_t place
            = static_cast<std::size_t>(query - tile.queries.begin) * tile.stride;
        float* shares = tile.shares + place;
        std::fill_n(shares, tile.keys.count(), 0.0F);
        std::copy(from + first, from + end, shares + (first - tile.keys.begin));
        if (tile.logarithms != nullptr)
            std::transform(from + first, from + end,
                tile.logarithms + place + (first - tile.keys.begin),
                [](float share) { return std::log2(share); });
    }
}

} // namespace timestep
