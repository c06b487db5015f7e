// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_computation.h"

#include "engine/execution/polled_multiply.h"
#include "engine/kernels/lane_sum.h"
#include "engine/model/dropout_places.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <numbers>

namespace timestep {

/// What is worked on together, at most AttentionMemory::tilePositions, so that weights are read
/// once for all of it: some positions of one row, or one position of some rows. And who works on
/// it.
struct AttentionComputation::Tile
{
    int row; // the first
    int rows; // 1 where there are several positions
    IndexRange positions;
    const Worker& worker;

    int count() const { return rows * positions.count(); }
    int rowAt(int i) const { return rows > 1 ? row + i : row; }
    int positionAt(int i) const { return rows > 1 ? positions.begin : positions.begin + i; }
};

struct AttentionComputation::Norm
{
    int number; // in the order in which a position meets them
    const RowVector<float>& gain; // (D)
    const RowVector<float>& bias; // (D)
};

AttentionComputation::AttentionComputation(
    const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_setup(setup)
    , m_headWidth(m_shape.headWidth())
    , m_memory(plan, lanes, account)
{
    assert(setup.weights->width == m_shape.width && setup.input.width == m_shape.width);
    assert(m_shape.firstStep == 0 || m_shape.newSteps() == 1);
    assert(setup.dropout == nullptr || (m_shape.training && !m_shape.bareLayer));
    assert(lanes == 1 || plan.cut().positionsPerBlock % laneCount == 0); // whole packs of keys
}

std::size_t AttentionComputation::bytesNeeded(const Plan& plan, int lanes)
{
    return AttentionMemory::bytesNeeded(plan, lanes);
}

void AttentionComputation::run(const Operation& operation, const Worker& worker) noexcept
{
    constexpr int most = AttentionMemory::tilePositions;
    const int rows = operation.steps.count() == 1 ? most : 1;
    for (int row = operation.rows.begin; row < operation.rows.end; row += rows)
        for (int begin = operation.steps.begin; begin < operation.steps.end; begin += most) {
            const int end = std::min(begin + most, operation.steps.end);
            const int rowsHere = std::min(rows, operation.rows.end - row);
            if (!runTile(operation, { row, rowsHere, { begin, end }, worker }, worker))
                return;
        }
}

bool AttentionComputation::runTile(
    const Operation& operation, const Tile& tile, const Worker& worker) noexcept
{
    const int layer = operation.layer;
    const int first = tile.positions.begin;
    const std::size_t width = static_cast<std::size_t>(m_shape.width);
    const IndexRange allHeads { 0, m_shape.heads };
    switch (operation.kind) {
    case OperationKind::KeysValues:
        if (m_shape.bareLayer)
            return makeQueriesKeysValues(0, tile, m_setup.input.at(tile.row, first),
                tile.rows > 1 ? width * m_setup.input.steps : width);
        readInput(tile);
        return makeQueriesKeysValues(0, tile, attentionNorm(0, tile), width);
    case OperationKind::Attend:
        return attendHeads(layer, tile, operation.heads, m_memory.mixed(layer, tile.row, first),
            mixedStride(tile));
    case OperationKind::Combine:
        return finishLayer(layer, tile, m_memory.mixed(layer, tile.row, first), mixedStride(tile));
    default:
        float* mixed = m_shape.training ? m_memory.mixed(layer, tile.row, first)
                                        : m_memory.mixedTile(worker.lane);
        const std::size_t stride = m_shape.training ? mixedStride(tile) : width;
        return attendHeads(layer, tile, allHeads, mixed, stride)
            && finishLayer(layer, tile, mixed, stride);
    }
}

/// From one of the tile's mixed vectors (D) to the next, where all positions have theirs.
std::size_t AttentionComputation::mixedStride(const Tile& tile) const noexcept
{
    return tile.rows > 1 ? m_memory.rowStride() : static_cast<std::size_t>(m_shape.width);
}

void AttentionComputation::readInput(const Tile& tile) noexcept
{
    for (int j = 0; j < tile.count(); ++j) {
        const int position = tile.positionAt(j);
        const float* embedding = m_setup.input.at(tile.rowAt(j), position);
        const Eigen::Index place = std::min<Eigen::Index>(position, m_setup.positions->rows() - 1);
        const float* offset = m_setup.positions->row(place).data();
        float* x = m_memory.residual(tile.rowAt(j), position);
        for (int i = 0; i < m_shape.width; ++i)
            x[i] = embedding[i] + offset[i];
        if (m_setup.dropout != nullptr)
            m_setup.dropout->apply(
                dropoutOfEmbedding, tile.rowAt(j), position, { 0, m_shape.width }, x, x);
    }
}

/// (tile, D), in the lane's narrow scratch.
const float* AttentionComputation::attentionNorm(int layer, const Tile& tile) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    float* normal = m_memory.narrow(tile.worker.lane);
    normalizeTile(
        tile, { attentionNormOf(layer), plain.attentionNormGain, plain.attentionNormBias }, normal);
    return normal;
}

bool AttentionComputation::makeQueriesKeysValues(
    int layer, const Tile& tile, const float* x, std::size_t stride) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    float* queryKeyValue = m_memory.wide(tile.worker.lane);
    if (!multiply(tile, x, stride, m_setup.weights->layers[layer].queryKeyValue,
            plain.queryKeyValueBias, queryKeyValue, 3 * static_cast<std::size_t>(m_shape.width)))
        return false;
    scatter(layer, tile, queryKeyValue);
    return true;
}

void AttentionComputation::scatter(int layer, const Tile& tile, const float* queryKeyValue) noexcept
{
    const int width = m_shape.width;
    // Scores are wanted divided by √d and to base 2: cheapest done once, to the queries.
    const float scale = std::numbers::log2e_v<float> / std::sqrt(static_cast<float>(m_headWidth));
    for (int i = 0; i < tile.count(); ++i) {
        const float* from = queryKeyValue + static_cast<std::ptrdiff_t>(i) * 3 * width;
        float* query = m_memory.query(layer, tile.rowAt(i), tile.positionAt(i));
        for (int j = 0; j < width; ++j)
            query[j] = scale * from[j];
        if (m_setup.affinities != nullptr && tile.rowAt(i) == 0)
            m_setup.affinities->putQuery(layer, tile.positionAt(i), query);
    }
    for (int head = 0; head < m_shape.heads; ++head)
        for (int i = 0; i < tile.count(); ++i) {
            const float* key = queryKeyValue + (3 * i + 1) * width + head * m_headWidth;
            m_memory.putKey(layer, tile.rowAt(i), head, tile.positionAt(i), key);
            m_memory.putValue(layer, tile.rowAt(i), head, tile.positionAt(i), key + width);
            if (m_setup.affinities != nullptr && tile.rowAt(i) == 0) {
                m_setup.affinities->putKey({ layer, head }, tile.positionAt(i), key);
                m_setup.affinities->putValue({ layer, head }, tile.positionAt(i), key + width);
            }
        }
}

/// Rows have nothing to look at in each other.
bool AttentionComputation::attendHeads(
    int layer, const Tile& tile, IndexRange heads, float* mixed, std::size_t stride) noexcept
{
    for (int row = tile.row; row < tile.row + tile.rows; ++row, mixed += stride)
        for (int head = heads.begin; head < heads.end; ++head)
            if (!attend(layer, { row, 1, tile.positions, tile.worker }, head, mixed))
                return false;
    return true;
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
    const AttentionMask mask = m_shape.mask();
    const IndexRange all = mask.keysSeenBy(tile.positions, m_shape.steps);
    for (int key = all.begin / tileKeys * tileKeys; key < all.end; key += tileKeys) {
        for (int query = tile.positions.begin; query < tile.positions.end;
             query += AttentionMemory::groupQueries) {
            const IndexRange queries { query,
                std::min(query + AttentionMemory::groupQueries, tile.positions.end) };
            const IndexRange seen = mask.keysSeenBy(queries, m_shape.steps);
            // Whole packs of keys: sums run in as many lanes.
            const IndexRange keys { std::max(key, seen.begin / laneCount * laneCount),
                std::min(key + tileKeys, seen.end) };
            if (keys.count() > 0)
                meetKeys(layer, tile, head, queries, keys);
            if (tile.worker.stop.stop_requested())
                return false;
        }
    }
    finishQueries(layer, tile, head, mixed);
    return true;
}

void AttentionComputation::meetKeys(
    int layer, const Tile& tile, int head, IndexRange queries, IndexRange keys) noexcept
{
    const OnlineSoftmax state = m_memory.onlineSoftmax(tile.worker.lane);
    const int first = queries.begin - tile.positions.begin;
    const int stride = roundUpToLanes(keys.count());
    scoreKeys(layer, tile, head, queries, keys, state.scores);
    IndexRange part { keys.begin, keys.begin };
    while (part.end < keys.end) {
        constexpr int most = AttentionMemory::tileKeys;
        part = { part.end, std::min((part.end / most + 1) * most, keys.end) };
        SoftmaxTile softmax;
        softmax.scores = state.scores + (part.begin - keys.begin);
        softmax.scoresStride = static_cast<std::size_t>(stride);
        softmax.rows = queries.count();
        softmax.keys = roundUpToLanes(part.count());
        softmax.visible = (m_shape.causal ? queries.begin + 1 : m_shape.steps) - part.begin;
        softmax.visibleMore = m_shape.causal ? 1 : 0;
        if (m_shape.attentionWindow > 0) {
            hideKeys(queries, part, softmax.scores, softmax.scoresStride);
            softmax.visible = softmax.keys;
            softmax.visibleMore = 0;
        }
        softmax.largest = state.largest + first;
        softmax.laneSums = state.laneSums + first * laneCount;
        softmax.mixed = state.mixed + static_cast<std::ptrdiff_t>(first) * state.mixedStride;
        softmax.mixedStride = state.mixedStride;
        m_setup.kernels->softmaxTile(softmax);
        mixValues(layer, tile, head, queries, part, softmax.scores, stride);
    }
}

/// What a window or the end of the keys hides scores −∞, which weighs exactly nothing.
void AttentionComputation::hideKeys(
    IndexRange queries, IndexRange keys, float* scores, std::size_t stride) const noexcept
{
    constexpr float nothing = -std::numeric_limits<float>::infinity();
    const int count = roundUpToLanes(keys.count());
    for (int query = queries.begin; query < queries.end; ++query, scores += stride) {
        const IndexRange seen = m_shape.mask().keysSeenBy(query, m_shape.steps);
        const int first = std::clamp(seen.begin - keys.begin, 0, count);
        const int end = std::clamp(seen.end - keys.begin, 0, count);
        std::fill(scores, scores + first, nothing);
        std::fill(scores + end, scores + count, nothing);
    }
}

void AttentionComputation::scoreKeys(int layer, const Tile& tile, int head, IndexRange queries,
    IndexRange keys, float* scores) noexcept
{
    // Whole packs of keys save a ragged end. Blocks of positions are whole packs, too: nobody else
    // writes them; what is beyond the keys wanted is not visible.
    Product product;
    product.a = m_memory.query(layer, tile.row, queries.begin) + head * m_headWidth;
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
        const float logSum2 = state.largest[i] + std::log2(sum);
        logSum[i] = logSum2 / std::numbers::log2e_v<float>;
        if (m_setup.affinities != nullptr && tile.row == 0)
            m_setup.affinities->putLogSum({ layer, head }, tile.positionAt(i), logSum2);
    }
}

bool AttentionComputation::finishLayer(
    int layer, const Tile& tile, const float* mixed, std::size_t stride) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    const std::size_t width = static_cast<std::size_t>(m_shape.width);
    const bool last = layer + 1 == m_shape.layers;
    float* projected = m_memory.narrow(tile.worker.lane);
    if (!multiply(tile, mixed, stride, m_setup.weights->layers[layer].projection,
            plain.projectionBias, projected, width))
        return false;

    if (m_shape.bareLayer) {
        if (!last && m_shape.training)
            for (int i = 0; i < tile.count(); ++i)
                std::copy_n(projected + i * width, width,
                    m_memory.layerInput(layer + 1, tile.rowAt(i), tile.positionAt(i)));
        if (!last)
            return makeQueriesKeysValues(layer + 1, tile, projected, width);
        for (int i = 0; i < tile.count(); ++i)
            if (float* output = outputOf(tile, i))
                std::memcpy(output, projected + i * width, width * sizeof(float));
        return true;
    }

    addToResiduals(tile, dropoutOfProjection(layer), projected);
    if (!feedForward(layer, tile))
        return false;
    if (!last)
        return makeQueriesKeysValues(layer + 1, tile, attentionNorm(layer + 1, tile), width);
    for (int i = 0; i < tile.count(); ++i) {
        float* x = m_memory.residual(tile.rowAt(i), tile.positionAt(i));
        float* output = outputOf(tile, i);
        normalize({ finalNormOf(m_shape.layers), *m_setup.finalNormGain, *m_setup.finalNormBias },
            tile.rowAt(i), tile.positionAt(i), output != nullptr ? output : x);
    }
    return true;
}

/// Where the last hidden state (D) of the tile's i-th position goes; null: nowhere.
float* AttentionComputation::outputOf(const Tile& tile, int i) const noexcept
{
    const int newPosition = tile.positionAt(i) - m_shape.firstStep;
    if (tile.rowAt(i) >= m_setup.output.rows || newPosition < 0)
        return nullptr;
    return m_setup.output.data
        + (static_cast<std::size_t>(tile.rowAt(i)) * m_shape.newSteps() + newPosition)
        * m_shape.width;
}

bool AttentionComputation::feedForward(int layer, const Tile& tile) noexcept
{
    const AttentionLayerWeights<float>& plain = (*m_setup.weights->plain)[layer];
    const PackedAttentionLayer& packed = m_setup.weights->layers[layer];
    const std::size_t width = static_cast<std::size_t>(m_shape.width);
    const bool keeps = m_shape.training;
    float* narrow = m_memory.narrow(tile.worker.lane);
    float* wide = m_memory.wide(tile.worker.lane);
    float* expanded = keeps ? m_memory.expanded(layer, tile.row, tile.positions.begin) : wide;
    const std::size_t stride = 4 * (keeps ? mixedStride(tile) : width);
    normalizeTile(tile,
        { feedForwardNormOf(layer), plain.feedForwardNormGain, plain.feedForwardNormBias }, narrow);
    if (!multiply(tile, narrow, width, packed.expand, plain.expandBias, expanded, stride))
        return false;
    for (int i = 0; i < tile.count(); ++i)
        m_setup.kernels->gelu(expanded + i * stride, wide + i * 4 * width, 4 * width);
    if (!multiply(tile, wide, 4 * width, packed.contract, plain.contractBias, narrow, width))
        return false;
    addToResiduals(tile, dropoutOfContraction(layer), narrow);
    return true;
}

/// addend: (tile, D); what is dropped of it becomes zero
void AttentionComputation::addToResiduals(
    const Tile& tile, int dropoutPlace, float* addend) noexcept
{
    for (int i = 0; i < tile.count(); ++i, addend += m_shape.width) {
        if (m_setup.dropout != nullptr)
            m_setup.dropout->apply(dropoutPlace, tile.rowAt(i), tile.positionAt(i),
                { 0, m_shape.width }, addend, addend);
        float* x = m_memory.residual(tile.rowAt(i), tile.positionAt(i));
        for (int k = 0; k < m_shape.width; ++k)
            x[k] += addend[k];
    }
}

bool AttentionComputation::multiply(const Tile& tile, const float* a, std::size_t stride,
    const PackedMatrix& b, const RowVector<float>& bias, float* c, std::size_t cStride) noexcept
{
    Product p;
    p.a = a;
    p.aStride = stride;
    p.b = b.view();
    p.columns = b.columns();
    p.rows = tile.count();
    p.start = bias.data();
    p.c = c;
    p.cStride = cStride;
    return multiplyPolled(*m_setup.kernels, p, tile.worker);
}

void AttentionComputation::normalizeTile(const Tile& tile, const Norm& norm, float* y) noexcept
{
    for (int i = 0; i < tile.count(); ++i, y += m_shape.width)
        normalize(norm, tile.rowAt(i), tile.positionAt(i), y);
}

void AttentionComputation::normalize(const Norm& norm, int row, int position, float* y) noexcept
{
    const NormActivations kept
        = m_shape.training ? m_memory.norm(norm.number, row, position) : NormActivations {};
    m_setup.kernels->layerNorm({ .x = m_memory.residual(row, position),
        .gain = norm.gain.data(),
        .bias = norm.bias.data(),
        .y = y,
        .count = m_shape.width,
        .epsilon = m_setup.epsilon,
        .normalized = kept.normalized,
        .inverseDeviation = kept.inverseDeviation });
}

/// Where nobody takes it away, the last norm leaves it in the residual stream.
const float* AttentionComputation::givenHidden(int step) { return m_memory.residual(0, step); }

bool AttentionComputation::finite() const
{
    const CountedFloats& x = m_memory.residuals();
    return std::all_of(
        x.data(), x.data() + x.count(), [](float value) { return std::isfinite(value); });
}

} // namespace timestep
