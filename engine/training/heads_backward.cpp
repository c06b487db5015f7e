// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/heads_backward.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/kernels/lane_sum.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace timestep {

namespace {

// A tile of affinities and its gradients, 64 KiB each, stay in the second-level cache.
constexpr int tileQueries = 64;
constexpr int tileKeys = 256;

std::size_t area(int rows, int columns) { return product({ rows, columns }); }

/// Σ a·b in 16 lanes and one fold, as the kernels sum.
float dot(const float* a, const float* b, int count)
{
    float lanes[laneCount] = {};
    int i = 0;
    for (; i + laneCount <= count; i += laneCount)
        for (int lane = 0; lane < laneCount; ++lane)
            lanes[lane] += a[i + lane] * b[i + lane];
    for (int lane = 0; i < count; ++i, ++lane)
        lanes[lane] += a[i] * b[i];
    return foldLanes(lanes);
}

} // namespace

/// Numbers of floats: one place for what is allocated and what is announced.
struct HeadsBackward::Sizes
{
    std::size_t keyRows, valueColumns, queries, tile, scaledQuery;

    explicit Sizes(const PlanShape& shape)
        : keyRows(packedSize(shape.steps, shape.headWidth()))
        , valueColumns(packedSize(shape.headWidth(), shape.steps))
        , queries(packedSize(tileQueries, shape.headWidth()))
        , tile(area(tileQueries, tileKeys))
        , scaledQuery(static_cast<std::size_t>(roundUpToLanes(shape.headWidth())))
    {
    }
    std::size_t ofLane() const
    {
        return keyRows + valueColumns + 2 * queries + 2 * tile + tileQueries + scaledQuery;
    }
};

/// Scratch of a lane.
struct HeadsBackward::Lane
{
    float* keyRows; // K of a head, (T, d) packed
    float* valueColumns; // Vᵀ of a head, (d, T) packed
    float* queries; // of a tile, (64, d) packed
    float* mixedGradients; // of a tile and head, (64, d) packed
    float* affinities; // (64, tile of keys)
    float* scoreGradients; // (64, tile of keys)
    float* sums; // (64): Σ p∘dp of each query
    float* scaledQuery; // (d)
};

/// One head of one row, and its columns of the gradients.
struct HeadsBackward::Head
{
    int layer, row, head;
    const float* mixedGradient; // (T, d), D apart
    float* queryKeyValueGradient; // (T, 3, d), 3D and D apart
    const Worker& worker;
};

/// Some queries of a head.
struct HeadsBackward::Tile
{
    const Head& of;
    IndexRange queries;
    IndexRange seen; // keys that any of them looks at, from a whole pack of 16 on
};

std::size_t HeadsBackward::floatsNeeded(const PlanShape& shape, int lanes)
{
    return static_cast<std::size_t>(lanes) * Sizes(shape).ofLane();
}

HeadsBackward::HeadsBackward(const PlanShape& shape, const Kernels& kernels,
    AttentionMemory& forward, int lanes, MemoryAccount& account)
    : m_shape(shape)
    , m_kernels(kernels)
    , m_forward(forward)
    , m_headWidth(shape.headWidth())
    , m_scratch(floatsNeeded(shape, lanes), account)
{
}

bool HeadsBackward::run(int layer, int row, const float* mixedGradient,
    float* queryKeyValueGradient, const Worker& worker) noexcept
{
    for (int head = 0; head < m_shape.heads; ++head) {
        const int first = head * m_headWidth;
        if (!runHead(
                { layer, row, head, mixedGradient + first, queryKeyValueGradient + first, worker }))
            return false;
    }
    return true;
}

bool HeadsBackward::runHead(const Head& head) noexcept
{
    const int steps = m_shape.steps;
    packKeysAndValues(head);
    float* gradient = head.queryKeyValueGradient;
    for (int t = 0; t < steps; ++t, gradient += area(3, m_shape.width)) {
        std::fill_n(gradient + m_shape.width, m_headWidth, 0.0F);
        std::fill_n(gradient + 2 * m_shape.width, m_headWidth, 0.0F);
    }
    for (int query = 0; query < steps; query += tileQueries) {
        const Tile tile = tileOf(head, { query, std::min(query + tileQueries, steps) });
        packQueries(tile);
        for (int key = tile.seen.begin; key < tile.seen.end; key += tileKeys)
            if (!runTile(tile, { key, std::min(key + tileKeys, tile.seen.end) }))
                return false;
    }
    return true;
}

HeadsBackward::Tile HeadsBackward::tileOf(const Head& head, IndexRange queries) const noexcept
{
    const IndexRange seen = m_shape.mask().keysSeenBy(queries, m_shape.steps);
    return { head, queries, { seen.begin / laneCount * laneCount, seen.end } };
}

/// The other way round than the forward pass has them: keys as rows, values as columns.
void HeadsBackward::packKeysAndValues(const Head& head) noexcept
{
    const int steps = m_shape.steps;
    const Panels byPosition = Panels::ofKeys(steps);
    const Panels byNumber = Panels::ofKeys(m_headWidth);
    const float* keys = m_forward.keys(head.layer, head.row, head.head).data;
    const float* values = m_forward.values(head.layer, head.row, head.head, { 0, steps }).data;
    const Lane scratch = lane(head.worker.lane);
    for (int t = 0; t < steps; ++t) {
        const std::size_t stride = static_cast<std::size_t>(byPosition.width(byPosition.at(t)));
        const float* key = keys + packedIndex(m_headWidth, byPosition, 0, t);
        float* value = scratch.valueColumns + packedIndex(m_headWidth, byPosition, 0, t);
        for (int first = 0; first < m_headWidth; first += byNumber.wide) {
            const std::size_t place = packedIndex(steps, byNumber, t, first);
            const std::size_t count
                = static_cast<std::size_t>(std::min(byNumber.wide, m_headWidth - first));
            for (std::size_t i = 0; i < count; ++i, key += stride, value += stride) {
                scratch.keyRows[place + i] = *key;
                *value = values[place + i];
            }
        }
    }
}

/// And their gradients, Σ p∘dp = mixed · gradient of mixed of each.
void HeadsBackward::packQueries(const Tile& tile) noexcept
{
    const Head& of = tile.of;
    const Lane scratch = lane(of.worker.lane);
    const Panels panels = Panels::ofKeys(m_headWidth);
    // The forward pass keeps them times log₂ e ÷ √d.
    const float scale = std::sqrt(static_cast<float>(m_headWidth)) * std::numbers::ln2_v<float>;
    for (int t = tile.queries.begin; t < tile.queries.end; ++t) {
        const int place = t - tile.queries.begin;
        const int first = of.head * m_headWidth;
        const float* query = m_forward.query(of.layer, of.row, t) + first;
        const float* mixed = m_forward.mixed(of.layer, of.row, t) + first;
        const float* gradient = of.mixedGradient + area(t, m_shape.width);
        packRow(gradient, m_headWidth, tileQueries, panels, place, scratch.mixedGradients);
        for (int i = 0; i < m_headWidth; ++i)
            scratch.scaledQuery[i] = scale * query[i];
        packRow(scratch.scaledQuery, m_headWidth, tileQueries, panels, place, scratch.queries);
        scratch.sums[place] = dot(mixed, gradient, m_headWidth);
    }
}

bool HeadsBackward::runTile(const Tile& tile, IndexRange keys) noexcept
{
    recomputeAffinities(tile, keys);
    scoreGradients(tile, keys);
    handOut(tile, keys);
    return !tile.of.worker.stop.stop_requested();
}

/// exp(score − log Σ exp), exact zeros where masked.
void HeadsBackward::recomputeAffinities(const Tile& tile, IndexRange keys) noexcept
{
    const Head& of = tile.of;
    const Lane scratch = lane(of.worker.lane);
    Product p;
    p.a = m_forward.query(of.layer, of.row, tile.queries.begin) + of.head * m_headWidth;
    p.aStride = static_cast<std::size_t>(m_shape.width);
    p.b = m_forward.keys(of.layer, of.row, of.head);
    p.firstColumn = keys.begin;
    p.columns = roundUpToLanes(keys.count());
    p.rows = tile.queries.count();
    p.c = scratch.affinities;
    p.cStride = tileKeys;
    m_kernels.multiply(p);
    const float* logSums = m_forward.logSumExp(of.layer, of.head, of.row);
    for (int t = tile.queries.begin; t < tile.queries.end; ++t) {
        float* shares = scratch.affinities + area(t - tile.queries.begin, tileKeys);
        const IndexRange seen = m_shape.mask().keysSeenBy(t, m_shape.steps);
        const int first = std::clamp(seen.begin - keys.begin, 0, keys.count());
        const int end = std::clamp(seen.end - keys.begin, first, keys.count());
        std::fill(shares, shares + first, 0.0F);
        m_kernels.powersOfTwo(shares + first, shares + first, static_cast<std::size_t>(end - first),
            logSums[t] * std::numbers::log2e_v<float>);
        std::fill(shares + end, shares + p.columns, 0.0F);
    }
}

/// p∘(dp − Σ p∘dp) ÷ √d, where dp = V · gradient of mixed.
void HeadsBackward::scoreGradients(const Tile& tile, IndexRange keys) noexcept
{
    const Lane scratch = lane(tile.of.worker.lane);
    Product p;
    p.a = tile.of.mixedGradient + area(tile.queries.begin, m_shape.width);
    p.aStride = static_cast<std::size_t>(m_shape.width);
    p.b = { scratch.valueColumns, m_headWidth, m_headWidth, 0, Panels::ofKeys(m_shape.steps) };
    p.firstColumn = keys.begin;
    p.columns = roundUpToLanes(keys.count());
    p.rows = tile.queries.count();
    p.c = scratch.scoreGradients;
    p.cStride = tileKeys;
    m_kernels.multiply(p);
    const float scale = 1.0F / std::sqrt(static_cast<float>(m_headWidth));
    for (int i = 0; i < tile.queries.count(); ++i)
        m_kernels.scoreGradients(scratch.affinities + area(i, tileKeys),
            scratch.scoreGradients + area(i, tileKeys), static_cast<std::size_t>(p.columns),
            scratch.sums[i], scale);
}

/// To values, keys and queries.
void HeadsBackward::handOut(const Tile& tile, IndexRange keys) noexcept
{
    const Lane scratch = lane(tile.of.worker.lane);
    const Panels panels = Panels::ofKeys(m_headWidth);
    const std::size_t stride = area(3, m_shape.width);
    float* gradient = tile.of.queryKeyValueGradient;

    Product p; // Pᵀ · gradient of mixed
    p.a = scratch.affinities;
    p.aStride = 1;
    p.aDepthStride = tileKeys;
    p.b = { scratch.mixedGradients, tile.queries.count(), tileQueries, 0, panels };
    p.columns = m_headWidth;
    p.rows = keys.count();
    p.c = gradient + area(keys.begin, 3 * m_shape.width) + 2 * m_shape.width;
    p.cStride = stride;
    p.start = p.c;
    p.startStride = stride;
    m_kernels.multiply(p);

    p.a = scratch.scoreGradients; // dSᵀ · Q
    p.b.data = scratch.queries;
    p.c -= m_shape.width;
    p.start = p.c;
    m_kernels.multiply(p);

    p.aStride = tileKeys; // dS · K
    p.aDepthStride = 1;
    p.b = { scratch.keyRows, keys.count(), m_shape.steps, keys.begin, panels };
    p.rows = tile.queries.count();
    p.c = gradient + area(tile.queries.begin, 3 * m_shape.width);
    p.start = keys.begin > tile.seen.begin ? p.c : nullptr;
    m_kernels.multiply(p);
}

HeadsBackward::Lane HeadsBackward::lane(int number) noexcept
{
    const Sizes sizes(m_shape);
    float* next = m_scratch.data() + static_cast<std::size_t>(number) * sizes.ofLane();
    const auto take = [&next](std::size_t count) { return std::exchange(next, next + count); };
    return { .keyRows = take(sizes.keyRows),
        .valueColumns = take(sizes.valueColumns),
        .queries = take(sizes.queries),
        .mixedGradients = take(sizes.queries),
        .affinities = take(sizes.tile),
        .scoreGradients = take(sizes.tile),
        .sums = take(tileQueries),
        .scaledQuery = take(sizes.scaledQuery) };
}

} // namespace timestep
