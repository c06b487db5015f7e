// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_computation.h"

#include "engine/execution/polled_multiply.h"
#include "engine/kernels/lane_sum.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace timestep {

namespace {

constexpr float log2e = 1.44269504F;

} // namespace

/// Some positions of one row, and who works on them.
struct AttentionComputation::Tile
{
    int row;
    IndexRange positions; // at most AttentionMemory::tilePositions
    const Worker& worker;
};

AttentionComputation::AttentionComputation(
    const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_setup(setup)
    , m_headWidth(m_shape.width / std::max(m_shape.heads, 1))
    , m_memory(plan, lanes, account)
{
    assert(setup.weights->width == m_shape.width && setup.input.width == m_shape.width);
    assert(m_shape.firstStep == 0 || m_shape.newSteps() == 1);
    assert(lanes == 1 || plan.cut().positionsPerBlock % laneCount == 0); // whole packs of keys
}

std::size_t AttentionComputation::bytesNeeded(const Plan& plan, int lanes)
{
    return AttentionMemory::bytesNeeded(plan, lanes);
}

void AttentionComputation::run(const Operation& operation, const Worker& worker) noexcept
{
    for (int row = operation.rows.begin; row < operation.rows.end; ++row)
        for (int begin = operation.steps.begin; begin < operation.steps.end;
             begin += AttentionMemory::tilePositions) {
            const int end = std::min(begin + AttentionMemory::tilePositions, operation.steps.end);
            if (!runTile(operation, { row, { begin, end }, worker }, worker))
                return;
        }
}

bool AttentionComputation::runTile(
    const Operation& operation, const Tile& tile, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    const int first = tile.positions.begin;
    switch (operation.kind) {
    case OperationKind::KeysValues:
        if (m_shape.bareLayer)
            return makeQueriesKeysValues(0, tile, m_setup.input.at(tile.row, first));
        readInput(tile);
        return makeQueriesKeysValues(0, tile, m_memory.residual(tile.row, first));
    case OperationKind::Attend:
        for (int head = operation.heads.begin; head < operation.heads.end; ++head)
            if (!attend(layer, tile, head, m_memory.mixed(tile.row, first)))
                return false;
        return true;
    case OperationKind::Combine:
        return finishLayer(layer, tile, m_memory.mixed(tile.row, first));
    default:
        for (int head = 0; head < m_shape.heads; ++head)
            if (!attend(layer, tile, head, m_memory.mixedTile(worker.lane)))
                return false;
        return finishLayer(layer, tile, m_memory.mixedTile(worker.lane));
    }
}

void AttentionComputation::readInput(const Tile& tile) noexcept
{
    for (int position = tile.positions.begin; position < tile.positions.end; ++position) {
        const float* embedding = m_setup.input.at(tile.row, position);
        const Eigen::Index place = std::min<Eigen::Index>(position, m_setup.positions->rows() - 1);
        const float* offset = m_setup.positions->row(place).data();
        float* x = m_memory.residual(tile.row, position);
        for (int i = 0; i < m_shape.width; ++i)
            x[i] = embedding[i] + offset[i];
    }
}

bool AttentionComputation::makeQueriesKeysValues(
    int layer, const Tile& tile, const float* x) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    if (!m_shape.bareLayer) {
        float* normal = m_memory.narrow(tile.worker.lane);
        normalize(tile, x, plain.attentionNormGain, plain.attentionNormBias, normal);
        x = normal;
    }
    float* queryKeyValue = m_memory.wide(tile.worker.lane);
    if (!multiply(tile, x, m_setup.weights->layers[layer].queryKeyValue, plain.queryKeyValueBias,
            queryKeyValue))
        return false;
    scatter(layer, tile, queryKeyValue);
    return true;
}

void AttentionComputation::scatter(int layer, const Tile& tile, const float* queryKeyValue) noexcept
{
    const int width = m_shape.width;
    const int first = tile.positions.begin;
    // Scores are wanted divided by √d and to base 2: cheapest done once, to the queries.
    const float scale = log2e / std::sqrt(static_cast<float>(m_headWidth));
    for (int i = 0; i < tile.positions.count(); ++i) {
        const float* from = queryKeyValue + static_cast<std::ptrdiff_t>(i) * 3 * width;
        float* query = m_memory.query(tile.row, first + i);
        for (int j = 0; j < width; ++j)
            query[j] = scale * from[j];
    }
    for (int head = 0; head < m_shape.heads; ++head)
        for (int i = 0; i < tile.positions.count(); ++i) {
            const float* key = queryKeyValue + (3 * i + 1) * width + head * m_headWidth;
            m_memory.putKey(layer, tile.row, head, first + i, key);
            m_memory.putValue(layer, tile.row, head, first + i, key + width);
        }
}

IndexRange AttentionComputation::keysSeenBy(IndexRange queries) const noexcept
{
    return { 0, m_shape.causal ? queries.end : m_shape.steps };
}

bool AttentionComputation::attend(int layer, const Tile& tile, int head, float* mixed) noexcept
{
    const OnlineSoftmax state = m_memory.onlineSoftmax(tile.worker.lane);
    const int count = tile.positions.count();
    std::fill_n(state.largest, count, -std::numeric_limits<float>::infinity());
    std::fill_n(state.laneSums, count * laneCount, 0.0F);
    std::fill_n(state.mixed, static_cast<std::size_t>(count) * state.mixedStride, 0.0F);

    // A tile of keys and values is read from afar once and then met by all queries. What none of a
    // group may see is neither read nor computed.
    const int tileKeys = count <= 2 ? AttentionMemory::fewQueriesKeys : AttentionMemory::tileKeys;
    const int end = keysSeenBy(tile.positions).end;
    for (int key = 0; key < end; key += tileKeys) {
        for (int query = tile.positions.begin; query < tile.positions.end;
             query += AttentionMemory::groupQueries) {
            const IndexRange queries { query,
                std::min(query + AttentionMemory::groupQueries, tile.positions.end) };
            const IndexRange keys { key, std::min(key + tileKeys, keysSeenBy(queries).end) };
            if (keys.count() > 0)
                meetKeys(layer, tile, head, queries, keys);
            if (tile.worker.stop.stop_requested())
                return false;
        }
    }
    finishQueries(layer, tile, head, mixed);
    if (m_setup.recording != nullptr && tile.row == 0)
        record(layer, tile, head);
    return true;
}

void AttentionComputation::meetKeys(
    int layer, const Tile& tile, int head, IndexRange queries, IndexRange keys) noexcept
{
    const OnlineSoftmax state = m_memory.onlineSoftmax(tile.worker.lane);
    const int first = queries.begin - tile.positions.begin;
    const int stride = roundUpToLanes(keys.count());
    scoreKeys(layer, tile, head, queries, keys, state.scores);
    for (int begin = keys.begin; begin < keys.end; begin += AttentionMemory::tileKeys) {
        const IndexRange part { begin, std::min(begin + AttentionMemory::tileKeys, keys.end) };
        SoftmaxTile softmax;
        softmax.scores = state.scores + (begin - keys.begin);
        softmax.scoresStride = static_cast<std::size_t>(stride);
        softmax.rows = queries.count();
        softmax.keys = roundUpToLanes(part.count());
        softmax.visible = (m_shape.causal ? queries.begin + 1 : m_shape.steps) - begin;
        softmax.visibleMore = m_shape.causal ? 1 : 0;
        softmax.largest = state.largest + first;
        softmax.laneSums = state.laneSums + first * laneCount;
        softmax.mixed = state.mixed + static_cast<std::ptrdiff_t>(first) * state.mixedStride;
        softmax.mixedStride = state.mixedStride;
        m_setup.kernels->softmaxTile(softmax);
        mixValues(layer, tile, head, queries, part, softmax.scores, stride);
    }
}

void AttentionComputation::scoreKeys(int layer, const Tile& tile, int head, IndexRange queries,
    IndexRange keys, float* scores) noexcept
{
    // Whole packs of keys save a ragged end. Blocks of positions are whole packs, too: nobody else
    // writes them; what is beyond the keys wanted is not visible.
    Product product;
    product.a = m_memory.query(tile.row, queries.begin) + head * m_headWidth;
    product.aStride = static_cast<std::size_t>(m_shape.width);
    product.b = m_memory.keys(layer, tile.row, head);
    product.firstColumn = keys.begin;
    product.columns = roundUpToLanes(keys.count());
    product.rows = queries.count();
    product.c = scores;
    product.cStride = static_cast<std::size_t>(product.columns);
    m_setup.kernels->multiply(product);
}

void AttentionComputation::mixValues(int layer, const Tile& tile, int head, IndexRange queries,
    IndexRange keys, const float* weights, int weightsStride) noexcept
{
    const OnlineSoftmax state = m_memory.onlineSoftmax(tile.worker.lane);
    // The exact zeros of masked keys leave a chain as it is.
    Product product;
    product.a = weights;
    product.aStride = static_cast<std::size_t>(weightsStride);
    product.b = m_memory.values(layer, tile.row, head, keys);
    product.columns = m_headWidth;
    product.rows = queries.count();
    product.c = state.mixed
        + static_cast<std::ptrdiff_t>(queries.begin - tile.positions.begin) * state.mixedStride;
    product.cStride = static_cast<std::size_t>(state.mixedStride);
    product.start = product.c;
    product.startStride = product.cStride;
    m_setup.kernels->multiply(product);
}

void AttentionComputation::finishQueries(
    int layer, const Tile& tile, int head, float* mixed) noexcept
{
    const OnlineSoftmax state = m_memory.onlineSoftmax(tile.worker.lane);
    float* logSum = m_memory.logSumExp(layer, head, tile.row) + tile.positions.begin;
    for (int i = 0; i < tile.positions.count(); ++i) {
        const float sum = foldLanes(state.laneSums + i * laneCount);
        const float inverse = sum == 0 ? 0.0F : 1.0F / sum;
        const float* from = state.mixed + static_cast<std::ptrdiff_t>(i) * state.mixedStride;
        float* to = mixed + static_cast<std::ptrdiff_t>(i) * m_shape.width + head * m_headWidth;
        for (int j = 0; j < m_headWidth; ++j)
            to[j] = inverse * from[j];
        logSum[i] = (state.largest[i] + std::log2(sum)) / log2e;
    }
}

void AttentionComputation::record(int layer, const Tile& tile, int head) noexcept
{
    const OnlineSoftmax state = m_memory.onlineSoftmax(tile.worker.lane);
    const float* logSum = m_memory.logSumExp(layer, head, 0);
    Matrix<float>& affinity = m_setup.recording->affinity[layer][head];
    for (int query = tile.positions.begin; query < tile.positions.end; ++query) {
        const int seen = keysSeenBy({ query, query + 1 }).end;
        for (int key = 0; key < seen; key += AttentionMemory::fewQueriesKeys) {
            const IndexRange keys { key, std::min(key + AttentionMemory::fewQueriesKeys, seen) };
            scoreKeys(layer, tile, head, { query, query + 1 }, keys, state.scores);
            m_setup.kernels->powersOfTwo(state.scores, affinity.row(query).data() + key,
                static_cast<std::size_t>(keys.count()), logSum[query] * log2e);
        }
    }
}

bool AttentionComputation::finishLayer(int layer, const Tile& tile, const float* mixed) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    const bool last = layer + 1 == m_shape.layers;
    float* projected = m_memory.narrow(tile.worker.lane);
    if (!multiply(tile, mixed, m_setup.weights->layers[layer].projection, plain.projectionBias,
            projected))
        return false;

    const std::size_t size = static_cast<std::size_t>(tile.positions.count())
        * static_cast<std::size_t>(m_shape.width);
    const int newPosition = tile.positions.begin - m_shape.firstStep;
    const bool delivered = last && tile.row < m_setup.output.rows && newPosition >= 0;
    float* output = delivered ? m_setup.output.data
            + (static_cast<std::size_t>(tile.row) * m_shape.newSteps() + newPosition)
                * m_shape.width
                              : nullptr;
    if (m_shape.bareLayer) {
        if (delivered)
            std::memcpy(output, projected, size * sizeof(float));
        return last || makeQueriesKeysValues(layer + 1, tile, projected);
    }

    float* x = m_memory.residual(tile.row, tile.positions.begin);
    for (std::size_t i = 0; i < size; ++i)
        x[i] += projected[i];
    if (!feedForward(layer, tile))
        return false;
    if (!last)
        return makeQueriesKeysValues(layer + 1, tile, x);
    normalize(tile, x, *m_setup.finalNormGain, *m_setup.finalNormBias, delivered ? output : x);
    return true;
}

bool AttentionComputation::feedForward(int layer, const Tile& tile) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    const PackedAttentionLayer& packed = m_setup.weights->layers[layer];
    const std::size_t size = static_cast<std::size_t>(tile.positions.count())
        * static_cast<std::size_t>(m_shape.width);
    float* x = m_memory.residual(tile.row, tile.positions.begin);
    float* narrow = m_memory.narrow(tile.worker.lane);
    float* wide = m_memory.wide(tile.worker.lane);
    normalize(tile, x, plain.feedForwardNormGain, plain.feedForwardNormBias, narrow);
    if (!multiply(tile, narrow, packed.expand, plain.expandBias, wide))
        return false;
    m_setup.kernels->gelu(wide, wide, 4 * size);
    if (!multiply(tile, wide, packed.contract, plain.contractBias, narrow))
        return false;
    for (std::size_t i = 0; i < size; ++i)
        x[i] += narrow[i];
    return true;
}

bool AttentionComputation::multiply(const Tile& tile, const float* a, const PackedMatrix& b,
    const RowVector<float>& bias, float* c) noexcept
{
    Product p;
    p.a = a;
    p.aStride = static_cast<std::size_t>(b.depth());
    p.b = b.view();
    p.columns = b.columns();
    p.rows = tile.positions.count();
    p.start = bias.data();
    p.c = c;
    p.cStride = static_cast<std::size_t>(b.columns());
    return multiplyPolled(*m_setup.kernels, p, tile.worker);
}

void AttentionComputation::normalize(const Tile& tile, const float* x, const RowVector<float>& gain,
    const RowVector<float>& bias, float* y) noexcept
{
    const std::size_t width = static_cast<std::size_t>(m_shape.width);
    for (int i = 0; i < tile.positions.count(); ++i, x += width, y += width)
        m_setup.kernels->layerNorm(
            { x, gain.data(), bias.data(), y, m_shape.width, m_setup.epsilon });
}

bool AttentionComputation::finite() const
{
    const CountedFloats& x = m_memory.residuals();
    return std::all_of(
        x.data(), x.data() + x.count(), [](float value) { return std::isfinite(value); });
}

} // namespace timestep
