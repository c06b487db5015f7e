// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/pooled_scores.h"

#include "engine/kernels/aligned_floats.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace timestep {

namespace {

// As for affinities: 256 KiB stay in the second-level cache, and a stop never waits for long.
constexpr int tileQueries = 32;
constexpr int tileKeys = 2048;
constexpr float none = std::numeric_limits<float>::quiet_NaN();

/// A comparison with `none` is false, so that any number replaces it and it replaces none.
void takeFarther(float& farthest, float score)
{
    if (!(std::abs(score) <= std::abs(farthest)) && !std::isnan(score))
        farthest = score;
}

/// The scores of some queries joined key by key: contiguous passes over a tile at a time.
class JoinedScores
{
public:
    JoinedScores(const Affinities& affinities, HeadIndex head, ScorePairs pairs, IndexRange keys)
        : m_affinities(affinities)
        , m_head(head)
        , m_pairs(pairs)
        , m_keys(keys)
        , m_tile(std::size_t(tileQueries) * tileKeys)
        , m_joined(static_cast<std::size_t>(keys.count()))
    {
    }

    float at(int key) const { return m_joined[static_cast<std::size_t>(key - m_keys.begin)]; }

    bool join(IndexRange queries, const std::stop_token& stop)
    {
        std::fill(m_joined.begin(), m_joined.end(), none);
        for (int query = queries.begin; query < queries.end; query += tileQueries)
            for (int key = m_keys.begin; key < m_keys.end; key += tileKeys) {
                const AffinityTile tile { { query, std::min(query + tileQueries, queries.end) },
                    { key, std::min(key + tileKeys, m_keys.end) }, m_tile.data(), tileKeys };
                if (stop.stop_requested() || !m_affinities.readScores(m_head, tile))
                    return false;
                add(tile);
            }
        return true;
    }

private:
    void add(const AffinityTile& tile)
    {
        for (int query = tile.queries.begin; query < tile.queries.end; ++query) {
            const IndexRange seen
                = m_pairs == ScorePairs::Seen ? m_affinities.seenBy(query) : tile.keys;
            const float* scores
                = tile.shares + static_cast<std::size_t>(query - tile.queries.begin) * tile.stride;
            const int end = std::min(seen.end, tile.keys.end);
            for (int key = std::max(seen.begin, tile.keys.begin); key < end; ++key)
                takeFarther(m_joined[static_cast<std::size_t>(key - m_keys.begin)],
                    scores[key - tile.keys.begin]);
        }
    }

    const Affinities& m_affinities;
    const HeadIndex m_head;
    const ScorePairs m_pairs;
    const IndexRange m_keys;
    AlignedFloats m_tile;
    std::vector<float> m_joined;
};

} // namespace

std::optional<Matrix<float>> pooledScores(const Affinities& affinities, HeadIndex head,
    const CellsUnderPixels& cells, ScorePairs pairs, const std::stop_token& stop)
{
    Matrix<float> pixels
        = Matrix<float>::Constant(std::ssize(cells.lines), std::ssize(cells.columns), none);
    if (pixels.size() == 0)
        return pixels;
    JoinedScores joined(
        affinities, head, pairs, { cells.columns.front().begin, cells.columns.back().end });
    for (std::size_t line = 0; line < cells.lines.size(); ++line) {
        const auto y = static_cast<Eigen::Index>(line);
        if (line > 0 && cells.lines[line] == cells.lines[line - 1]) {
            pixels.row(y) = pixels.row(y - 1);
            continue;
        }
        if (!joined.join(cells.lines[line], stop))
            return std::nullopt;
        for (std::size_t column = 0; column < cells.columns.size(); ++column)
            for (int key = cells.columns[column].begin; key < cells.columns[column].end; ++key)
                takeFarther(pixels(y, static_cast<Eigen::Index>(column)), joined.at(key));
    }
    return pixels;
}

} // namespace timestep
