// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_computation.h"

#include "engine/execution/polled_multiply.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace timestep {

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
    for (int i = 0; i < tile.positions.count(); ++i)
        std::memcpy(m_memory.query(tile.row, first + i), queryKeyValue + i * 3 * width,
            static_cast<std::size_t>(width) * sizeof(float));
    for (int head = 0; head < m_shape.heads; ++head)
        for (int i = 0; i < tile.positions.count(); ++i) {
            const float* key = queryKeyValue + (3 * i + 1) * width + head * m_headWidth;
            m_memory.putKey(layer, tile.row, head, first + i, key);
            m_memory.putValue(layer, tile.row, head, first + i, key + width);
        }
}

bool AttentionComputation::attend(int layer, const Tile& tile, int head, float* mixed) noexcept
{
    // Groups end at multiples of their size: so does what they read of the keys.
    constexpr int size = AttentionMemory::groupQueries;
    for (int begin = tile.positions.begin; begin < tile.positions.end;) {
        const int end = std::min((begin / size + 1) * size, tile.positions.end);
        float* to = mixed + static_cast<std::size_t>(begin - tile.positions.begin) * m_shape.width
            + head * m_headWidth;
        if (!attendGroup(layer, tile, head, { begin, end }, to))
            return false;
        begin = end;
    }
    return true;
}

bool AttentionComputation::attendGroup(
    int layer, const Tile& tile, int head, IndexRange queries, float* mixed) noexcept
{
    // What none of these queries may see is neither read nor computed.
    const int keys = m_shape.causal ? queries.end : m_shape.steps;
    const int paddedKeys = roundUpToLanes(keys);
    // Padded columns save a ragged end, but only where no other operation can be writing them.
    const bool padded = keys == m_shape.steps;
    float* scores = m_memory.scores(tile.worker.lane);

    Product score;
    score.a = m_memory.query(tile.row, queries.begin) + head * m_headWidth;
    score.aStride = static_cast<std::size_t>(m_shape.width);
    score.b = m_memory.keys(layer, tile.row, head);
    score.columns = padded ? paddedKeys : keys;
    score.rows = queries.count();
    score.c = scores;
    score.cStride = static_cast<std::size_t>(paddedKeys);
    if (!multiplyPolled(*m_setup.kernels, score, tile.worker))
        return false;

    weigh(layer, tile, head, queries, keys);

    // The exact zeros of masked keys leave a chain as it is.
    Product mix;
    mix.a = scores;
    mix.aStride = static_cast<std::size_t>(paddedKeys);
    mix.b = m_memory.values(layer, tile.row, head, { 0, keys });
    mix.columns = m_headWidth;
    mix.rows = queries.count();
    mix.c = mixed;
    mix.cStride = static_cast<std::size_t>(m_shape.width);
    return multiplyPolled(*m_setup.kernels, mix, tile.worker);
}

void AttentionComputation::weigh(
    int layer, const Tile& tile, int head, IndexRange queries, int keys) noexcept
{
    const int paddedKeys = roundUpToLanes(keys);
    const float scale = 1.0F / std::sqrt(static_cast<float>(m_headWidth));
    float* logSum = m_memory.logSumExp(layer, head, tile.row);
    for (int query = queries.begin; query < queries.end; ++query) {
        float* row = m_memory.scores(tile.worker.lane)
            + static_cast<std::size_t>(query - queries.begin) * paddedKeys;
        const int visible = m_shape.causal ? query + 1 : keys;
        logSum[query] = m_setup.kernels->softmax(row, visible, paddedKeys, scale);
        if (m_setup.recording != nullptr && tile.row == 0)
            std::memcpy(m_setup.recording->affinity[layer][head].row(query).data(), row,
                static_cast<std::size_t>(keys) * sizeof(float));
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
    const bool delivered = last && tile.row < m_setup.output.rows;
    float* output = delivered ? m_setup.output.data
            + (static_cast<std::size_t>(tile.row) * m_shape.steps + tile.positions.begin)
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
