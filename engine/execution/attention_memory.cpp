// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_memory.h"

#include "engine/execution/product_of_sizes.h"

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

// A layer's keys and values are done with once the layer above has its own, except where blocks of
// positions run ahead: a query-block plan whose mask hides anything may be in any two layers at
// once. What later positions look at is kept of every layer; with a window also what they no longer
// look at.
int layersKeptOf(const Plan& plan)
{
    if (plan.shape().firstStep > 0 || plan.shape().training)
        return plan.shape().layers;
    const bool overlap = plan.cut().strategy == Strategy::QueryBlock
        && plan.shape().mask() != AttentionMask { false, 0 };
    return overlap ? plan.shape().layers : std::min(plan.shape().layers, 2);
}

// Queries and what heads mixed are done with once the layer is, but for the way back.
int activationsKeptOf(const PlanShape& shape) { return shape.training ? shape.layers : 1; }

constexpr int scoresSize = std::max(
    AttentionMemory::groupQueries * AttentionMemory::tileKeys, 2 * AttentionMemory::fewQueriesKeys);

std::size_t onlineSoftmaxSize(const PlanShape& shape)
{
    return scoresSize
        + product(
            { AttentionMemory::tilePositions, 1 + laneCount + roundUpToLanes(shape.headWidth()) });
}

// Positions whose queries and residuals exist at once: all that are computed, or a tile of those
// that are given while they are.
int positionsAtOnce(const PlanShape& shape)
{
    return shape.firstStep > 0 ? AttentionMemory::tilePositions : shape.steps;
}

std::size_t scratchOfLane(const PlanShape& shape)
{
    return product({ AttentionMemory::tilePositions, 6, roundUpToLanes(shape.width) })
        + onlineSoftmaxSize(shape);
}

} // namespace

/// Numbers of floats: one place for what is allocated and what is announced.
struct AttentionMemory::Sizes
{
    std::size_t residual, query, mixed, layerInput, normalized, inverseDeviation, expanded, keys,
        values, logSumExp, scratch;

    Sizes(const Plan& plan, int lanes)
    {
        const PlanShape& s = plan.shape();
        const int d = s.headWidth();
        const std::size_t heads = product({ layersKeptOf(plan), s.rows, s.heads });
        const std::size_t positions = product({ s.rows, positionsAtOnce(s), s.width });
        query = static_cast<std::size_t>(activationsKeptOf(s)) * positions;
        residual = s.bareLayer ? 0 : positions;
        mixed = plan.cut().strategy == Strategy::Head || s.training ? query : 0;
        layerInput = s.training && s.bareLayer && s.layers > 1
            ? static_cast<std::size_t>(s.layers - 1) * positions
            : 0;
        const bool wholeTraining = s.training && !s.bareLayer;
        const int norms = wholeTraining ? finalNormOf(s.layers) + 1 : 0;
        normalized = static_cast<std::size_t>(norms) * positions;
        inverseDeviation = product({ norms, s.rows, s.steps });
        expanded = wholeTraining ? product({ s.layers, 4 }) * positions : 0;
        keys = heads * packedSize(d, s.steps);
        values = heads * packedSize(s.steps, d);
        logSumExp = product({ s.layers, s.heads, s.rows, s.steps });
        scratch = static_cast<std::size_t>(lanes) * scratchOfLane(s);
    }
};

std::size_t AttentionMemory::bytesNeeded(const Plan& plan, int lanes)
{
    const Sizes s(plan, lanes);
    return (s.residual + s.query + s.mixed + s.layerInput + s.normalized + s.inverseDeviation
               + s.expanded + s.keys + s.values + s.logSumExp + s.scratch)
        * sizeof(float);
}

AttentionMemory::AttentionMemory(const Plan& plan, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_headWidth(plan.shape().headWidth())
    , m_positions(positionsAtOnce(plan.shape()))
    , m_layersKept(layersKeptOf(plan))
    , m_activationsKept(activationsKeptOf(plan.shape()))
    , m_residual(Sizes(plan, lanes).residual, account)
    , m_query(Sizes(plan, lanes).query, account)
    , m_mixed(Sizes(plan, lanes).mixed, account)
    , m_layerInput(Sizes(plan, lanes).layerInput, account)
    , m_normalized(Sizes(plan, lanes).normalized, account)
    , m_inverseDeviation(Sizes(plan, lanes).inverseDeviation, account)
    , m_expanded(Sizes(plan, lanes).expanded, account)
    , m_keys(Sizes(plan, lanes).keys, account)
    , m_values(Sizes(plan, lanes).values, account)
    , m_logSumExp(Sizes(plan, lanes).logSumExp, account)
    , m_scratch(Sizes(plan, lanes).scratch, account)
{
}

std::size_t AttentionMemory::placeOf(int row, int position) const
{
    return static_cast<std::size_t>(row) * rowStride()
        + product({ position % m_positions, m_shape.width });
}

std::size_t AttentionMemory::rowStride() const { return product({ m_positions, m_shape.width }); }

float* AttentionMemory::residual(int row, int position)
{
    return m_residual.data() + placeOf(row, position);
}

float* AttentionMemory::query(int layer, int row, int position)
{
    return m_query.data() + layerAt(layer % m_activationsKept) + placeOf(row, position);
}

float* AttentionMemory::mixed(int layer, int row, int position)
{
    return m_mixed.data() + layerAt(layer % m_activationsKept) + placeOf(row, position);
}

float* AttentionMemory::layerInput(int layer, int row, int position)
{
    return m_layerInput.data() + layerAt(layer - 1) + placeOf(row, position);
}

NormActivations AttentionMemory::norm(int number, int row, int position)
{
    return { m_normalized.data() + layerAt(number) + placeOf(row, position),
        m_inverseDeviation.data() + product({ number, m_shape.rows, m_shape.steps })
            + product({ row, m_shape.steps }) + position };
}

float* AttentionMemory::expanded(int layer, int row, int position)
{
    return m_expanded.data() + 4 * (layerAt(layer) + placeOf(row, position));
}

std::size_t AttentionMemory::layerAt(int layer) const
{
    return static_cast<std::size_t>(layer) * product({ m_shape.rows, m_positions, m_shape.width });
}

std::size_t AttentionMemory::keysAt(int layer, int row, int head) const
{
    return (product({ layer % m_layersKept, m_shape.rows, m_shape.heads })
               + product({ row, m_shape.heads }) + static_cast<std::size_t>(head))
        * packedSize(m_headWidth, m_shape.steps);
}

std::size_t AttentionMemory::valuesAt(int layer, int row, int head) const
{
    return (product({ layer % m_layersKept, m_shape.rows, m_shape.heads })
               + product({ row, m_shape.heads }) + static_cast<std::size_t>(head))
        * packedSize(m_shape.steps, m_headWidth);
}

PackedView AttentionMemory::keys(int layer, int row, int head) const
{
    return { m_keys.data() + keysAt(layer, row, head), m_headWidth, m_headWidth, 0,
        Panels::ofKeys(m_shape.steps) };
}

void AttentionMemory::putKey(int layer, int row, int head, int position, const float* key)
{
    packColumn(key, m_headWidth, Panels::ofKeys(m_shape.steps), position,
        m_keys.data() + keysAt(layer, row, head));
}

PackedView AttentionMemory::values(int layer, int row, int head, IndexRange positions) const
{
    return { m_values.data() + valuesAt(layer, row, head), positions.count(), m_shape.steps,
        positions.begin, Panels::ofKeys(m_headWidth) };
}

void AttentionMemory::putValue(int layer, int row, int head, int position, const float* value)
{
    packRow(value, m_headWidth, m_shape.steps, Panels::ofKeys(m_headWidth), position,
        m_values.data() + valuesAt(layer, row, head));
}

const float* AttentionMemory::logSumExp(int layer, int head, int row) const
{
    return m_logSumExp.data() + product({ layer, m_shape.heads, m_shape.rows, m_shape.steps })
        + product({ head, m_shape.rows, m_shape.steps }) + product({ row, m_shape.steps });
}

float* AttentionMemory::logSumExp(int layer, int head, int row)
{
    return const_cast<float*>(std::as_const(*this).logSumExp(layer, head, row));
}

float* AttentionMemory::narrow(int lane)
{
    return m_scratch.data() + static_cast<std::size_t>(lane) * scratchOfLane(m_shape);
}

float* AttentionMemory::wide(int lane)
{
    return narrow(lane) + product({ tilePositions, roundUpToLanes(m_shape.width) });
}

float* AttentionMemory::mixedTile(int lane)
{
    return narrow(lane) + product({ tilePositions, 5, roundUpToLanes(m_shape.width) });
}

OnlineSoftmax AttentionMemory::onlineSoftmax(int lane)
{
    OnlineSoftmax state;
    state.mixedStride = roundUpToLanes(m_headWidth);
    state.scores = narrow(lane) + product({ tilePositions, 6, roundUpToLanes(m_shape.width) });
    state.laneSums = state.scores + scoresSize;
    state.mixed = state.laneSums + product({ tilePositions, laneCount });
    state.largest = state.mixed + product({ tilePositions, state.mixedStride });
    return state;
}

} // namespace timestep
