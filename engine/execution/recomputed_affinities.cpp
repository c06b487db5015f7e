// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/recomputed_affinities.h"

#include "engine/execution/product_of_sizes.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <numeric>

namespace timestep {

namespace {

// Scores that are computed together: two tiles of eight rows, and columns enough to hide the
// latency of a multiply-add also where there is a single row. 48 KiB, on the reader's own stack.
constexpr int tileQueries = 16;
constexpr int tileKeys = 768;

std::size_t queriesSize(const PlanShape& s) { return product({ s.layers, s.steps, s.width }); }

std::size_t keysSize(const PlanShape& s)
{
    return product({ s.layers, s.heads }) * packedSize(s.headWidth(), s.steps);
}

std::size_t positionsSize(const PlanShape& s) { return product({ s.layers, s.heads, s.steps }); }

} // namespace

RecomputedAffinities::RecomputedAffinities(const PlanShape& shape, const Kernels& kernels)
    : Affinities(shape.layers, shape.heads, shape.steps, shape.mask())
    , m_kernels(kernels)
    , m_width(shape.width)
    , m_headWidth(shape.headWidth())
    , m_queries(queriesSize(shape))
    , m_keys(keysSize(shape))
    , m_logSums(positionsSize(shape))
    , m_valueNorms(positionsSize(shape))
{
    assert(shape.firstStep == 0); // else queries are missing
}

std::size_t RecomputedAffinities::bytesNeeded(const PlanShape& shape)
{
    return (queriesSize(shape) + keysSize(shape) + 2 * positionsSize(shape)) * sizeof(float);
}

void RecomputedAffinities::read(HeadIndex head, const AffinityTile& tile) const noexcept
{
    alignas(64) float scores[tileQueries * tileKeys];
    const float* logSums = m_logSums.data() + positionsAt(head);
    const auto place = [&](int query, int key) {
        return static_cast<std::size_t>(query - tile.queries.begin) * tile.stride
            + static_cast<std::size_t>(key - tile.keys.begin);
    };
    for (int query = tile.queries.begin; query < tile.queries.end; query += tileQueries) {
        const IndexRange queries { query, std::min(query + tileQueries, tile.queries.end) };
        const IndexRange seen = seenBy(queries);
        for (int key = tile.keys.begin; key < tile.keys.end;) {
            // From whole packs of sixteen keys on, as the kernel wants them.
            const int first = key / laneCount * laneCount;
            const IndexRange keys { key, std::min(first + tileKeys, tile.keys.end) };
            const IndexRange scored { first, std::clamp(seen.end, first, keys.end) };
            const auto stride = static_cast<std::size_t>(roundUpToLanes(scored.count()));
            if (key < seen.end && keys.end > seen.begin)
                score(head, queries, scored, scores);
            for (int q = queries.begin; q < queries.end; ++q) {
                const int begin = std::clamp(seenBy(q).begin, key, keys.end);
                const int end = std::clamp(seenBy(q).end, begin, keys.end);
                const auto count = static_cast<std::size_t>(end - begin);
                const float* from = scores + static_cast<std::size_t>(q - queries.begin) * stride
                    + (begin - first);
                float* shares = tile.shares + place(q, key);
                std::fill(shares, shares + (begin - key), 0.0F);
                m_kernels.powersOfTwo(from, shares + (begin - key), count, logSums[q]);
                std::fill(shares + (end - key), shares + keys.count(), 0.0F);
                if (tile.logarithms == nullptr)
                    continue;
                float* logarithms = tile.logarithms + place(q, begin);
                for (std::size_t i = 0; i < count; ++i)
                    logarithms[i] = from[i] - logSums[q];
            }
            key = keys.end;
        }
    }
}

bool RecomputedAffinities::readScores(HeadIndex head, const AffinityTile& tile) const noexcept
{
    alignas(64) float scores[tileQueries * tileKeys];
    for (int query = tile.queries.begin; query < tile.queries.end; query += tileQueries) {
        const IndexRange queries { query, std::min(query + tileQueries, tile.queries.end) };
        for (int key = tile.keys.begin; key < tile.keys.end;) {
            const int first = key / laneCount * laneCount; // as above
            const IndexRange keys { key, std::min(first + tileKeys, tile.keys.end) };
            score(head, queries, { first, keys.end }, scores);
            const auto stride = static_cast<std::size_t>(roundUpToLanes(keys.end - first));
            for (int q = queries.begin; q < queries.end; ++q) {
                const float* from
                    = scores + static_cast<std::size_t>(q - queries.begin) * stride + (key - first);
                float* to = tile.shares
                    + static_cast<std::size_t>(q - tile.queries.begin) * tile.stride
                    + static_cast<std::size_t>(key - tile.keys.begin);
                // The queries are kept for powers of two.
                for (int k = 0; k < keys.count(); ++k)
                    to[k] = std::numbers::ln2_v<float> * from[k];
            }
            key = keys.end;
        }
    }
    return true;
}

std::vector<float> RecomputedAffinities::valueNorms(HeadIndex head) const
{
    const float* first = m_valueNorms.data() + positionsAt(head);
    return { first, first + tokens() };
}

void RecomputedAffinities::score(
    HeadIndex head, IndexRange queries, IndexRange keys, float* scores) const noexcept
{
    Product product;
    product.a = m_queries.data() + queryAt(head, queries.begin);
    product.aStride = static_cast<std::size_t>(m_width);
    product.b
        = { m_keys.data() + keysAt(head), m_headWidth, m_headWidth, 0, Panels::ofKeys(tokens()) };
    product.firstColumn = keys.begin;
    product.columns = roundUpToLanes(keys.count());
    product.rows = queries.count();
    product.c = scores;
    product.cStride = static_cast<std::size_t>(product.columns);
    m_kernels.multiply(product);
}

void RecomputedAffinities::putQuery(int layer, int position, const float* query) noexcept
{
    std::copy_n(query, m_width, m_queries.data() + queryAt({ layer, 0 }, position));
}

void RecomputedAffinities::putKey(HeadIndex head, int position, const float* key) noexcept
{
    packColumn(key, m_headWidth, Panels::ofKeys(tokens()), position, m_keys.data() + keysAt(head));
}

void RecomputedAffinities::putValue(HeadIndex head, int position, const float* value) noexcept
{
    m_valueNorms.data()[positionsAt(head) + static_cast<std::size_t>(position)]
        = std::sqrt(std::inner_product(value, value + m_headWidth, value, 0.0F));
}

void RecomputedAffinities::putLogSum(HeadIndex head, int position, float logSum) noexcept
{
    m_logSums.data()[positionsAt(head) + static_cast<std::size_t>(position)] = logSum;
}

std::size_t RecomputedAffinities::at(HeadIndex head) const
{
    return product({ head.layer, heads() }) + static_cast<std::size_t>(head.head);
}

std::size_t RecomputedAffinities::keysAt(HeadIndex head) const
{
    return at(head) * packedSize(m_headWidth, tokens());
}

std::size_t RecomputedAffinities::positionsAt(HeadIndex head) const
{
    return at(head) * static_cast<std::size_t>(tokens());
}

std::size_t RecomputedAffinities::queryAt(HeadIndex head, int position) const
{
    return product({ head.layer, tokens(), m_width }) + product({ position, m_width })
        + product({ head.head, m_headWidth });
}

} // namespace timestep
