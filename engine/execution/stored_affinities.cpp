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

StoredAffinities::StoredAffinities(Matrices matrices, bool causal)
    : Affinities(static_cast<int>(matrices.size()), headsOf(matrices), tokensOf(matrices), causal)
    , m_matrices(std::move(matrices))
{
}

void StoredAffinities::read(HeadIndex head, const AffinityTile& tile) const noexcept
{
    const Matrix<float>& matrix
        = m_matrices[static_cast<std::size_t>(head.layer)][static_cast<std::size_t>(head.head)];
    for (int query = tile.queries.begin; query < tile.queries.end; ++query) {
        const int seen = std::clamp(seenBy(query), tile.keys.begin, tile.keys.end);
        const float* from = matrix.row(query).data();
        const std::size_t place
            = static_cast<std::size_t>(query - tile.queries.begin) * tile.stride;
        float* shares = tile.shares + place;
        std::copy(from + tile.keys.begin, from + seen, shares);
        std::fill(shares + (seen - tile.keys.begin), shares + tile.keys.count(), 0.0F);
        if (tile.logarithms != nullptr)
            std::transform(from + tile.keys.begin, from + seen, tile.logarithms + place,
                [](float share) { return std::log2(share); });
    }
}

} // namespace timestep
