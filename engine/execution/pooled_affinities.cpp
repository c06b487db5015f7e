// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/pooled_affinities.h"

#include "engine/kernels/aligned_floats.h"

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

// 256 KiB: read from the second-level cache by the pooler that follows, and done in a fraction of
// a millisecond, so that nobody waits for a stop.
constexpr int tileQueries = 32;
constexpr int tileKeys = 2048;

IndexRange common(IndexRange a, IndexRange b)
{
    const int begin = std::max(a.begin, b.begin);
    return { begin, std::max(begin, std::min(a.end, b.end)) };
}

/// Pixels whose cells are all before `cell`.
std::size_t pixelsBefore(const std::vector<IndexRange>& ranges, int cell)
{
    return static_cast<std::size_t>(
        std::partition_point(ranges.begin(), ranges.end(),
            [cell](const IndexRange& range) { return range.end <= cell; })
        - ranges.begin());
}

/// From the first cell under any pixel to the last.
IndexRange spanOf(const std::vector<IndexRange>& ranges)
{
    return ranges.empty() ? IndexRange() : IndexRange { ranges.front().begin, ranges.back().end };
}

void scaleRows(const AffinityTile& tile, std::span<const float> scale)
{
    for (int query = tile.queries.begin; query < tile.queries.end; ++query) {
        float* shares
            = tile.shares + static_cast<std::size_t>(query - tile.queries.begin) * tile.stride;
        for (int k = 0; k < tile.keys.count(); ++k)
            shares[k] *= scale[static_cast<std::size_t>(query)];
    }
}

} // namespace

AffinityPooler::AffinityPooler(
    const Affinities& affinities, CellsUnderPixels cells, Pooling pooling)
    : m_affinities(affinities)
    , m_cells(std::move(cells))
    , m_pooling(pooling)
    , m_pooled(Matrix<float>::Constant(std::ssize(m_cells.lines), std::ssize(m_cells.columns),
          pooling == Pooling::Mean ? 0 : nothingPooled))
{
}

void AffinityPooler::add(const AffinityTile& tile)
{
    const bool sums = m_pooling == Pooling::Mean;
    const auto into = [sums](float& pooled, float share) {
        pooled = sums ? pooled + share : std::max(pooled, share);
    };
    const std::size_t firstColumn = pixelsBefore(m_cells.columns, tile.keys.begin);
    for (std::size_t line = pixelsBefore(m_cells.lines, tile.queries.begin);
         line < m_cells.lines.size() && m_cells.lines[line].begin < tile.queries.end; ++line) {
        const IndexRange queries = common(m_cells.lines[line], tile.queries);
        if (queries.count() == 0 || (line > 0 && m_cells.lines[line] == m_cells.lines[line - 1]))
            continue; // the same pixels as above
        // First the cells under a line of pixels are joined column by column, one pass over
        // contiguous memory, then the columns under each pixel.
        m_joined.assign(static_cast<std::size_t>(tile.keys.count()), sums ? 0 : nothingPooled);
        float* joined = m_joined.data();
        for (int query = queries.begin; query < queries.end; ++query) {
            const float* shares
                = tile.shares + static_cast<std::size_t>(query - tile.queries.begin) * tile.stride;
            const IndexRange keys = common(tile.keys, m_affinities.seenBy(query));
            const IndexRange seen { keys.begin - tile.keys.begin, keys.end - tile.keys.begin };
            if (sums)
                for (int k = seen.begin; k < seen.end; ++k)
                    joined[k] += shares[k];
            else
                for (int k = seen.begin; k < seen.end; ++k)
                    joined[k] = std::max(joined[k], shares[k]);
        }
        float* pixels = m_pooled.row(static_cast<Eigen::Index>(line)).data();
        const IndexRange seen = common(tile.keys, m_affinities.seenBy(queries));
        for (std::size_t column = firstColumn;
             column < m_cells.columns.size() && m_cells.columns[column].begin < seen.end;
             ++column) {
            const IndexRange keys = common(m_cells.columns[column], seen);
            for (int key = keys.begin; key < keys.end; ++key)
                into(pixels[column], joined[key - tile.keys.begin]);
        }
    }
}

Matrix<float> AffinityPooler::pixels() const
{
    Matrix<float> pixels = m_pooled;
    for (std::size_t line = 0; line < m_cells.lines.size(); ++line) {
        const auto row = static_cast<Eigen::Index>(line);
        if (line > 0 && m_cells.lines[line] == m_cells.lines[line - 1]) {
            pixels.row(row) = pixels.row(row - 1);
            continue;
        }
        if (m_pooling == Pooling::Largest)
            continue;
        for (std::size_t column = 0; column < m_cells.columns.size(); ++column) {
            const int cells = cellsUnder(line, column);
            float& pixel = pixels(row, static_cast<Eigen::Index>(column));
            pixel = cells > 0 ? pixel / static_cast<float>(cells) : nothingPooled;
        }
    }
    return pixels;
}

int AffinityPooler::cellsUnder(std::size_t line, std::size_t column) const
{
    int cells = 0;
    for (int query = m_cells.lines[line].begin; query < m_cells.lines[line].end; ++query)
        cells += common(m_cells.columns[column], m_affinities.seenBy(query)).count();
    return cells;
}

std::optional<Matrix<float>> pooledAffinities(const Affinities& affinities, HeadIndex head,
    CellsUnderPixels cells, Pooling pooling, std::span<const float> scale,
    const std::stop_token& stop)
{
    const IndexRange queries = spanOf(cells.lines);
    const IndexRange keys = spanOf(cells.columns);
    AffinityPooler pooler(affinities, std::move(cells), pooling);
    AlignedFloats shares(static_cast<std::size_t>(std::min(tileQueries, queries.count()))
        * static_cast<std::size_t>(std::min(tileKeys, keys.count())));
    for (int query = queries.begin; query < queries.end; query += tileQueries) {
        AffinityTile tile;
        tile.queries = { query, std::min(query + tileQueries, queries.end) };
        tile.shares = shares.data();
        const IndexRange seen = common(keys, affinities.seenBy(tile.queries));
        for (int key = seen.begin; key < seen.end; key += tileKeys) {
            if (stop.stop_requested())
                return std::nullopt;
            tile.keys = { key, std::min(key + tileKeys, seen.end) };
            tile.stride = static_cast<std::size_t>(tile.keys.count());
            affinities.read(head, tile);
            if (!scale.empty())
                scaleRows(tile, scale);
            pooler.add(tile);
        }
    }
    return pooler.pixels();
}

} // namespace timestep
