// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/attention_training.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/training/weight_gradients.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>
#include <utility>

namespace timestep {

namespace {

// A tile of affinities and its gradients, 64 KiB each, stay in the second-level cache.
constexpr int tileQueries = 64;
constexpr int tileKeys = 256;

std::size_t area(int rows, int columns) { return product({ rows, columns }); }

} // namespace

/// Numbers of floats: one place for what is allocated and what is announced.
struct AttentionTraining::Sizes
{
    std::size_t keyRows, valueColumns, queries, tile, packed, mixed;

    explicit Sizes(const PlanShape& shape)
        : keyRows(packedSize(shape.steps, shape.headWidth()))
        , valueColumns(packedSize(shape.headWidth(), shape.steps))
        , queries(packedSize(tileQueries, shape.headWidth()))
        , tile(area(tileQueries, tileKeys))
        , packed(packedSize(shape.steps, 3 * shape.width))
        , mixed(area(shape.steps, roundUpToLanes(shape.width)))
    {
    }
    std::size_t ofLane() const
    {
        return keyRows + valueColumns + 2 * queries + 2 * tile + packed + mixed + tileQueries;
    }
};

/// Scratch of a lane.
struct AttentionTraining::Lane
{
    float* keyRows; // K of a head, (T, d) packed
    float* valueColumns; // Vᵀ of a head, (d, T) packed
    float* queries; // of a tile, (64, d) packed
    float* mixedGradients; // of a tile and head, (64, d) packed
    float* affinities; // (64, tile of keys)
    float* scoreGradients; // (64, tile of keys)
    float* packed; // (T, 3D): gradients of what weights put out, packed
    float* mixedGradient; // (T, D): of what the heads mixed
    float* sums; // (64): Σ p∘dp of each query
};

/// Some queries of one head and row.
struct AttentionTraining::Tile
{
    int layer, row, head;
    IndexRange queries;
    const Worker& worker;
};

std::size_t AttentionTraining::bytesNeeded(const Plan& plan, int lanes)
{
    const PlanShape& s = plan.shape();
    const std::size_t positions = product({ s.rows, s.steps, s.width });
    const std::size_t floats
        = SubBatchGradients::floatsNeeded(plan, AttentionGradientLayout(s).size())
        + static_cast<std::size_t>(std::max(s.layers - 1, 0)) * positions
        + 3 * static_cast<std::size_t>(s.layers) * positions
        + static_cast<std::size_t>(lanes) * Sizes(s).ofLane();
    return AttentionComputation::bytesNeeded(plan, lanes) + floats * sizeof(float);
}

AttentionTraining::AttentionTraining(
    const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_setup(setup)
    , m_headWidth(plan.shape().headWidth())
    , m_layout(plan.shape())
    , m_forward(plan, setup.forward, lanes, account)
    , m_gradients(plan, m_layout.size(), account)
    , m_outputGradient(
          product({ std::max(m_shape.layers - 1, 0), m_shape.rows, m_shape.steps, m_shape.width }),
          account)
    , m_queryKeyValue(
          product({ 3, m_shape.layers, m_shape.rows, m_shape.steps, m_shape.width }), account)
    , m_scratch(static_cast<std::size_t>(lanes) * Sizes(m_shape).ofLane(), account)
{
    assert(m_shape.training && m_shape.bareLayer && setup.backward != nullptr);
}

void AttentionTraining::run(const Operation& operation, const Worker& worker) noexcept
{
    switch (operation.kind) {
    case OperationKind::BlockBackward:
        backThroughLayer(operation, worker);
        break;
    case OperationKind::WeightGradients:
        addWeightGradients(operation, worker);
        break;
    case OperationKind::Reduction:
        m_gradients.reduce(operation.parameters);
        break;
    default:
        m_forward.run(operation, worker);
    }
}

bool AttentionTraining::backThroughLayer(const Operation& operation, const Worker& worker) noexcept
{
    for (int row = operation.rows.begin; row < operation.rows.end; ++row)
        if (!backThroughRow(operation.layer, row, worker))
            return false;
    return true;
}

bool AttentionTraining::backThroughRow(int layer, int row, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    const PackedAttentionLayerBackward& weights
        = (*m_setup.backward)[static_cast<std::size_t>(layer)];
    const int width = m_shape.width;
    Product mixed; // from the output to what the heads mixed
    mixed.a = outputGradient(layer, row);
    mixed.aStride = static_cast<std::size_t>(width);
    mixed.b = weights.projection.view();
    mixed.columns = width;
    mixed.rows = m_shape.steps;
    mixed.c = lane(worker.lane).mixedGradient;
    mixed.cStride = static_cast<std::size_t>(width);
    if (!multiplyPolled(kernels, mixed, worker))
        return false;
    for (int head = 0; head < m_shape.heads; ++head)
        if (!backThroughHead(layer, row, head, worker))
            return false;
    Product input; // from queries, keys and values to what they were made of
    input.a = queryKeyValueGradient(layer, row);
    input.aStride = area(3, width);
    input.b = weights.queryKeyValue.view();
    input.columns = width;
    input.rows = m_shape.steps;
    input.c = layer > 0
        ? m_outputGradient.data() + product({ layer - 1, m_shape.rows, m_shape.steps, width })
            + product({ row, m_shape.steps, width })
        : m_setup.inputGradient + product({ row, m_shape.steps, width });
    input.cStride = static_cast<std::size_t>(width);
    return multiplyPolled(kernels, input, worker);
}

bool AttentionTraining::backThroughHead(int layer, int row, int head, const Worker& worker) noexcept
{
    const int steps = m_shape.steps;
    packKeysAndValues(layer, row, head, worker.lane);
    float* gradient = queryKeyValueGradient(layer, row) + head * m_headWidth;
    for (int t = 0; t < steps; ++t, gradient += area(3, m_shape.width)) {
        std::fill_n(gradient + m_shape.width, m_headWidth, 0.0F);
        std::fill_n(gradient + 2 * m_shape.width, m_headWidth, 0.0F);
    }
    for (int query = 0; query < steps; query += tileQueries) {
        const Tile tile { layer, row, head, { query, std::min(query + tileQueries, steps) },
            worker };
        packQueries(tile);
        const int seen = m_shape.causal ? tile.queries.end : steps;
        for (int key = 0; key < seen; key += tileKeys)
            if (!backThroughTile(tile, { key, std::min(key + tileKeys, seen) }))
                return false;
    }
    return true;
}

/// The other way round than the forward pass has them: keys as rows, values as columns.
void AttentionTraining::packKeysAndValues(int layer, int row, int head, int lane) noexcept
{
    const int steps = m_shape.steps;
    const Panels byPosition = Panels::ofKeys(steps);
    const Panels byNumber = Panels::ofKeys(m_headWidth);
    const float* keys = m_forward.memory().keys(layer, row, head).data;
    const float* values = m_forward.memory().values(layer, row, head, { 0, steps }).data;
    const Lane scratch = this->lane(lane);
    for (int t = 0; t < steps; ++t) {
        const std::size_t stride = static_cast<std::size_t>(byPosition.width(byPosition.at(t)));
        const float* key = keys + packedIndex(m_headWidth, byPosition, 0, t);
        float* value = scratch.valueColumns + packedIndex(m_headWidth, byPosition, 0, t);
        for (int i = 0; i < m_headWidth; ++i, key += stride, value += stride) {
            scratch.keyRows[packedIndex(steps, byNumber, t, i)] = *key;
            *value = values[packedIndex(steps, byNumber, t, i)];
        }
    }
}

/// And their gradients, Σ p∘dp = mixed · gradient of mixed of each.
void AttentionTraining::packQueries(const Tile& tile) noexcept
{
    const Lane scratch = lane(tile.worker.lane);
    const Panels panels = Panels::ofKeys(m_headWidth);
    // The forward pass keeps them times log₂ e ÷ √d.
    const float scale = std::sqrt(static_cast<float>(m_headWidth)) * std::numbers::ln2_v<float>;
    for (int t = tile.queries.begin; t < tile.queries.end; ++t) {
        const int place = t - tile.queries.begin;
        const int first = tile.head * m_headWidth;
        const float* query = m_forward.memory().query(tile.layer, tile.row, t) + first;
        const float* mixed = m_forward.memory().mixed(tile.layer, tile.row, t) + first;
        const float* gradient = scratch.mixedGradient + area(t, m_shape.width) + first;
        packRow(gradient, m_headWidth, tileQueries, panels, place, scratch.mixedGradients);
        float sum = 0;
        for (int i = 0; i < m_headWidth; ++i) {
            scratch.queries[packedIndex(tileQueries, panels, place, i)] = scale * query[i];
            sum += mixed[i] * gradient[i];
        }
        scratch.sums[place] = sum;
    }
}

bool AttentionTraining::backThroughTile(const Tile& tile, IndexRange keys) noexcept
{
    recomputeAffinities(tile, keys);
    scoreGradients(tile, keys);
    handOut(tile, keys);
    return !tile.worker.stop.stop_requested();
}

/// exp(score − log Σ exp), exact zeros where masked.
void AttentionTraining::recomputeAffinities(const Tile& tile, IndexRange keys) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    const Lane scratch = lane(tile.worker.lane);
    Product p;
    p.a = m_forward.memory().query(tile.layer, tile.row, tile.queries.begin)
        + tile.head * m_headWidth;
    p.aStride = static_cast<std::size_t>(m_shape.width);
    p.b = m_forward.memory().keys(tile.layer, tile.row, tile.head);
    p.firstColumn = keys.begin;
    p.columns = roundUpToLanes(keys.count());
    p.rows = tile.queries.count();
    p.c = scratch.affinities;
    p.cStride = tileKeys;
    kernels.multiply(p);
    const float* logSums = m_forward.memory().logSumExp(tile.layer, tile.head, tile.row);
    for (int t = tile.queries.begin; t < tile.queries.end; ++t) {
        float* shares = scratch.affinities + area(t - tile.queries.begin, tileKeys);
        const int seen
            = m_shape.causal ? std::clamp(t + 1 - keys.begin, 0, keys.count()) : keys.count();
        kernels.powersOfTwo(shares, shares, static_cast<std::size_t>(seen),
            logSums[t] * std::numbers::log2e_v<float>);
        std::fill(shares + seen, shares + p.columns, 0.0F);
    }
}

/// p∘(dp − Σ p∘dp) ÷ √d, where dp = V · gradient of mixed.
void AttentionTraining::scoreGradients(const Tile& tile, IndexRange keys) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    const Lane scratch = lane(tile.worker.lane);
    Product p;
    p.a = scratch.mixedGradient + area(tile.queries.begin, m_shape.width) + tile.head * m_headWidth;
    p.aStride = static_cast<std::size_t>(m_shape.width);
    p.b = { scratch.valueColumns, m_headWidth, m_headWidth, 0, Panels::ofKeys(m_shape.steps) };
    p.firstColumn = keys.begin;
    p.columns = roundUpToLanes(keys.count());
    p.rows = tile.queries.count();
    p.c = scratch.scoreGradients;
    p.cStride = tileKeys;
    kernels.multiply(p);
    const float scale = 1.0F / std::sqrt(static_cast<float>(m_headWidth));
    for (int i = 0; i < tile.queries.count(); ++i)
        kernels.scoreGradients(scratch.affinities + area(i, tileKeys),
            scratch.scoreGradients + area(i, tileKeys), static_cast<std::size_t>(p.columns),
            scratch.sums[i], scale);
}

/// To values, keys and queries.
void AttentionTraining::handOut(const Tile& tile, IndexRange keys) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    const Lane scratch = lane(tile.worker.lane);
    const Panels panels = Panels::ofKeys(m_headWidth);
    const std::size_t stride = area(3, m_shape.width);
    float* gradient = queryKeyValueGradient(tile.layer, tile.row) + tile.head * m_headWidth;

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
    kernels.multiply(p);

    p.a = scratch.scoreGradients; // dSᵀ · Q
    p.b.data = scratch.queries;
    p.c -= m_shape.width;
    p.start = p.c;
    kernels.multiply(p);

    p.aStride = tileKeys; // dS · K
    p.aDepthStride = 1;
    p.b = { scratch.keyRows, keys.count(), m_shape.steps, keys.begin, panels };
    p.rows = tile.queries.count();
    p.c = gradient + area(tile.queries.begin, 3 * m_shape.width);
    p.start = keys.begin > 0 ? p.c : nullptr;
    kernels.multiply(p);
}

bool AttentionTraining::addWeightGradients(
    const Operation& operation, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    const int width = m_shape.width;
    for (int row = operation.rows.begin; row < operation.rows.end; ++row) {
        float* gradients = m_gradients.ofRow(row);
        const bool first = m_gradients.isFirstRow(row);
        if (!addProduct(m_forward.memory().mixed(layer, row, 0), outputGradient(layer, row), width,
                gradients + m_layout.projection(layer), gradients + m_layout.projectionBias(layer),
                first, worker)
            || !addProduct(inputOf(layer, row), queryKeyValueGradient(layer, row), 3 * width,
                gradients + m_layout.queryKeyValue(layer),
                gradients + m_layout.queryKeyValueBias(layer), first, worker))
            return false;
    }
    return true;
}

/// Of y = x W + b over the positions of a row: xᵀ · dy to the weights, Σ dy to the bias. `input`
/// (T, D), `gradient` (T, columns).
bool AttentionTraining::addProduct(const float* input, const float* gradient, int columns,
    float* weights, float* bias, bool first, const Worker& worker) noexcept
{
    const Kernels& kernels = *m_setup.forward.kernels;
    WeightGradient of;
    of.input = input;
    of.inputStride = static_cast<std::size_t>(m_shape.width);
    of.inputs = m_shape.width;
    of.outputGradient = packRows(gradient, static_cast<std::size_t>(columns), m_shape.steps,
        columns, lane(worker.lane).packed);
    of.outputs = columns;
    of.gradient = weights;
    of.isFirst = first;
    return addWeightGradient(kernels, of, worker)
        && addBiasGradient(kernels, of.outputGradient, columns, bias, first, worker);
}

AttentionTraining::Lane AttentionTraining::lane(int number) noexcept
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
        .packed = take(sizes.packed),
        .mixedGradient = take(sizes.mixed),
        .sums = take(tileQueries) };
}

float* AttentionTraining::queryKeyValueGradient(int layer, int row) noexcept
{
    return m_queryKeyValue.data()
        + product({ 3, layer, m_shape.rows, m_shape.steps, m_shape.width })
        + product({ 3, row, m_shape.steps, m_shape.width });
}

const float* AttentionTraining::outputGradient(int layer, int row) const noexcept
{
    const std::size_t place = product({ row, m_shape.steps, m_shape.width });
    if (layer + 1 == m_shape.layers)
        return m_setup.outputGradient + place;
    return m_outputGradient.data() + product({ layer, m_shape.rows, m_shape.steps, m_shape.width })
        + place;
}

const float* AttentionTraining::inputOf(int layer, int row) noexcept
{
    return layer > 0 ? m_forward.memory().layerInput(layer, row, 0)
                     : m_setup.forward.input.at(row, 0);
}

std::vector<AttentionLayerWeights<float>> attentionGradients(
    const PlanShape& shape, const float* gradients)
{
    const AttentionGradientLayout layout(shape);
    const int width = shape.width;
    std::vector<AttentionLayerWeights<float>> layers(static_cast<std::size_t>(shape.layers));
    for (int layer = 0; layer < shape.layers; ++layer) {
        AttentionLayerWeights<float>& found = layers[static_cast<std::size_t>(layer)];
        using Rows = Eigen::Map<const Matrix<float>>;
        using Row = Eigen::Map<const RowVector<float>>;
        found.queryKeyValue = Rows(gradients + layout.queryKeyValue(layer), width, 3 * width);
        found.queryKeyValueBias = Row(gradients + layout.queryKeyValueBias(layer), 3 * width);
        found.projection = Rows(gradients + layout.projection(layer), width, width);
        found.projectionBias = Row(gradients + layout.projectionBias(layer), width);
    }
    return layers;
}

} // namespace timestep
