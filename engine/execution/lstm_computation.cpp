// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/lstm_computation.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/model/dropout_places.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

namespace timestep {

namespace {

/// Before its nonlinearity: every table of kernels makes a gate of exactly 1 of it.
constexpr float openGate = 100;

ForcedForgetGates forcedBy(const LstmIntervention* intervention, int units)
{
    return intervention != nullptr ? ForcedForgetGates(*intervention, units) : ForcedForgetGates();
}

/// Where a unit's input gate stands in a row of interleaved gates; the others follow, laneCount
/// apart.
int gatesOfUnit(int unit) { return 4 * (unit - unit % laneCount) + unit % laneCount; }

} // namespace

LstmComputation::Sizes::Sizes(const Plan& plan, int lanes)
    : units(roundUpToLanes(plan.shape().width))
{
    const PlanShape& shape = plan.shape();
    const Cut& cut = plan.cut();
    blockSteps = cut.grain == Grain::Fine ? 1 : std::min(cut.stepsPerChunk, shape.newSteps());
    for (const IndexRange rows : subBatchRows(shape.rows, cut.subBatches))
        largestSubBatch = std::max(largestSubBatch, rows.count());

    // A block of gates lives from an input half to the recurrent half after it in the same task.
    // Each sub-batch has one; in a wavefront, where tasks of one sub-batch overlap, each lane.
    const bool wavefront = cut.strategy == Strategy::LayerWavefront;
    const int blockRows = wavefront ? lanes * largestSubBatch : shape.rows;
    gates = shape.training ? product({ shape.layers, shape.rows, shape.steps, 4 * units })
                           : product({ blockRows, blockSteps, 4 * units });
    gathered = product({ lanes, blockSteps, largestSubBatch, gatheredWidth(shape) });
    const int states = shape.training ? shape.steps : shape.firstStep > 0 ? 2 : 1; // given and new
    cell = product({ states, shape.layers, shape.rows, units });
    for (int layer = 0; layer < shape.layers; ++layer) {
        // The layer above reads a chunk while, at the earliest, the next one is written. A
        // wavefront orders nothing after the reading, so there every step is kept.
        const bool read = layer + 1 < shape.layers;
        const bool all = shape.training || (read && wavefront);
        const int kept = all ? std::max(shape.steps, 2) : read ? 2 * blockSteps : 2;
        hiddenSlots.push_back(static_cast<std::size_t>(kept));
        hidden.push_back(product({ shape.rows, kept, units }));
    }
}

std::size_t LstmComputation::bytesNeeded(const Plan& plan, int lanes)
{
    const Sizes sizes(plan, lanes);
    std::size_t floats
        = sizes.gates + sizes.gathered + sizes.cell + static_cast<std::size_t>(sizes.units);
    for (const std::size_t count : sizes.hidden)
        floats += count;
    return floats * sizeof(float);
}

LstmComputation::LstmComputation(const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_cut(plan.cut())
    , m_setup(setup)
    , m_sizes(plan, lanes)
    , m_forced(forcedBy(setup.intervention, plan.shape().width))
    , m_gates(m_sizes.gates, account)
    , m_gathered(m_sizes.gathered, account)
    , m_cell(m_sizes.cell, account)
    , m_start(static_cast<std::size_t>(m_sizes.units), account)
{
    assert(setup.weights->width == m_shape.width && setup.input.width == m_shape.inputWidth);
    assert(m_shape.firstStep == 0 || m_shape.newSteps() == 1);
    assert(m_shape.dropout == (setup.dropout != nullptr) && (!m_shape.dropout || m_shape.training));
    assert(setup.intervention == nullptr || !m_shape.training);
    for (const std::size_t count : m_sizes.hidden)
        m_hidden.push_back(std::make_unique<CountedFloats>(count, account));
}

void LstmComputation::run(const Operation& operation, const Worker& worker) noexcept
{
    if (operation.kind == OperationKind::InputHalf) {
        inputHalf(operation, worker);
        return;
    }
    for (int step = operation.steps.begin; step < operation.steps.end; ++step)
        if (!recurrentStep(operation, step, worker))
            return;
}

bool LstmComputation::inputHalf(const Operation& operation, const Worker& worker) noexcept
{
    const PackedLstmLayer& layer = m_setup.weights->layers[operation.layer];
    const IndexRange units = unitsOf(operation);
    Product p;
    p.b = layer.input.view();
    p.rows = operation.steps.count() * operation.rows.count();
    p.aStride = static_cast<std::size_t>(inputStride(operation.layer));
    if (gathersInput(operation.layer)) {
        gatherInput(operation, gathered(worker.lane));
        p.a = gathered(worker.lane);
    } else {
        // A block begins at a multiple of its length, so its slots follow each other.
        p.a = hidden(operation.layer - 1, operation.steps.begin, operation.rows);
    }
    p.firstColumn = 4 * units.begin;
    p.columns = 4 * units.count();
    p.start = layer.bias.data() + p.firstColumn;
    p.c = gates(operation, operation.steps.begin, worker) + p.firstColumn;
    p.cStride = product({ 4, m_sizes.units });
    return multiplyPolled(*m_setup.kernels, p, worker);
}

float* LstmComputation::gathered(int lane) noexcept
{
    return m_gathered.data()
        + product({ lane, m_sizes.blockSteps, m_sizes.largestSubBatch, gatheredWidth(m_shape) });
}

int LstmComputation::gatheredWidth(const PlanShape& shape)
{
    return shape.dropout && shape.layers > 1
        ? std::max(shape.inputWidth, roundUpToLanes(shape.width))
        : shape.inputWidth;
}

void LstmComputation::gatherInput(const Operation& operation, float* to) noexcept
{
    const int layer = operation.layer;
    const auto width = static_cast<std::size_t>(inputStride(layer));
    for (int step = operation.steps.begin; step < operation.steps.end; ++step)
        for (int row = operation.rows.begin; row < operation.rows.end; ++row, to += width) {
            const float* from = layer == 0 ? m_setup.input.at(row, step)
                                           : hidden(layer - 1, step, operation.rows)
                    + static_cast<std::size_t>(row - operation.rows.begin) * width;
            if (m_setup.dropout != nullptr)
                m_setup.dropout->apply(
                    dropoutOfLayerInput(layer), row, step, { 0, inputStride(layer) }, from, to);
            else
                std::memcpy(to, from, width * sizeof(float));
        }
}

bool LstmComputation::recurrentStep(
    const Operation& operation, int step, const Worker& worker) noexcept
{
    const IndexRange units = unitsOf(operation);
    float* block = gates(operation, step, worker);
    Product p;
    p.b = m_setup.weights->layers[operation.layer].recurrent.view();
    p.rows = operation.rows.count();
    if (readsStepBefore(operation.layer, step)) {
        p.a = hidden(operation.layer, step - 1, operation.rows);
        p.aStride = static_cast<std::size_t>(m_sizes.units);
    } else {
        p.a = m_start.data();
        p.aStride = 0;
    }
    p.firstColumn = 4 * units.begin;
    p.columns = 4 * units.count();
    p.c = block + p.firstColumn;
    p.cStride = product({ 4, m_sizes.units });
    p.start = p.c;
    p.startStride = p.cStride;
    if (!multiplyPolled(*m_setup.kernels, p, worker))
        return false;
    pointwiseStep(operation, step, block);
    deliver(operation, step);
    return true;
}

bool LstmComputation::readsStepBefore(int layer, int step) const noexcept
{
    return step > 0
        && (m_setup.intervention == nullptr || !m_setup.intervention->cuts(layer, step));
}

void LstmComputation::pointwiseStep(const Operation& operation, int step, float* block) noexcept
{
    const IndexRange units = unitsOf(operation);
    const int layer = operation.layer;
    const int firstRow = operation.rows.begin;
    const std::size_t unitCount = static_cast<std::size_t>(m_sizes.units);
    if (step == 0 || step == m_shape.firstStep || m_shape.training)
        beginCells(operation, step);
    forceForgetGates(operation, step, block);

    LstmStep pointwise;
    pointwise.gates = block + 4 * units.begin;
    pointwise.gatesStride = 4 * unitCount;
    pointwise.cell = cell(layer, step, operation.rows) + units.begin;
    pointwise.cellStride = unitCount;
    pointwise.hidden = hidden(layer, step, operation.rows) + units.begin;
    pointwise.hiddenStride = unitCount;
    pointwise.rows = operation.rows.count();
    pointwise.units = units.count();
    const bool recorded = m_setup.recording != nullptr && firstRow == 0;
    pointwise.keepGates = recorded || m_shape.training;
    m_setup.kernels->lstmStep(pointwise);
    if (recorded)
        record(operation, step, block);
}

/// A forced gate multiplies the state here, and the kernel's own factor becomes 1: so every value
/// is what it says to the last bit, which no pre-activation would give.
void LstmComputation::forceForgetGates(const Operation& operation, int step, float* block) noexcept
{
    const float* forced = m_forced.at(operation.layer, step); // (H)
    if (forced == nullptr)
        return;
    const IndexRange units = unitsOf(operation);
    float* state = cell(operation.layer, step, operation.rows);
    for (int row = 0; row < operation.rows.count(); ++row) {
        for (int unit = units.begin; unit < std::min(units.end, m_shape.width); ++unit)
            if (forced[unit] != ForcedForgetGates::computed) {
                state[unit] *= forced[unit];
                block[gatesOfUnit(unit) + laneCount] = openGate;
            }
        state += m_sizes.units;
        block += product({ 4, m_sizes.units });
    }
}

/// What is given, or kept, stays as it is: so a step after given ones can be run any number of
/// times.
void LstmComputation::beginCells(const Operation& operation, int step) noexcept
{
    const IndexRange units = unitsOf(operation);
    float* state = cell(operation.layer, step, operation.rows) + units.begin;
    const float* before
        = step > 0 ? cell(operation.layer, step - 1, operation.rows) + units.begin : nullptr;
    for (int row = 0; row < operation.rows.count(); ++row, state += m_sizes.units) {
        if (before == nullptr) {
            std::fill_n(state, units.count(), 0.0F);
        } else {
            std::copy_n(before, units.count(), state);
            before += m_sizes.units;
        }
    }
}

void LstmComputation::record(const Operation& operation, int step, const float* block) noexcept
{
    const IndexRange units = unitsOf(operation);
    const int layer = operation.layer;
    Recording& recording = *m_setup.recording;
    GateRecording& gate = recording.gates[layer];
    const float* state = cell(layer, step, operation.rows);
    const float* output = hidden(layer, step, operation.rows);
    const float* forced = m_forced.at(layer, step);
    for (int unit = units.begin; unit < std::min(units.end, m_shape.width); ++unit) {
        const float* g = block + gatesOfUnit(unit);
        const bool computed = forced == nullptr || forced[unit] == ForcedForgetGates::computed;
        gate.input(step, unit) = g[0];
        gate.forget(step, unit) = computed ? g[laneCount] : forced[unit];
        gate.candidate(step, unit) = g[2 * laneCount];
        gate.output(step, unit) = g[3 * laneCount];
        recording.cell[layer](step, unit) = state[unit];
        recording.hidden[layer](step, unit) = output[unit];
    }
}

void LstmComputation::deliver(const Operation& operation, int step) noexcept
{
    if (operation.layer + 1 < m_shape.layers || step < m_shape.firstStep)
        return;
    const IndexRange units = unitsOf(operation);
    const int count = std::max(0, std::min(units.end, m_shape.width) - units.begin);
    const float* from = hidden(operation.layer, step, operation.rows) + units.begin;
    const int rowsEnd = std::min(operation.rows.end, m_setup.output.rows);
    for (int row = operation.rows.begin; row < rowsEnd; ++row, from += m_sizes.units)
        std::memcpy(m_setup.output.data + product({ row, m_shape.newSteps(), m_shape.width })
                + product({ step - m_shape.firstStep, m_shape.width }) + units.begin,
            from, static_cast<std::size_t>(count) * sizeof(float));
}

float* LstmComputation::gates(const Operation& operation, int step, const Worker& worker) noexcept
{
    if (m_shape.training)
        return keptGates(operation.layer, step, operation.rows);
    const bool perLane = m_cut.strategy == Strategy::LayerWavefront;
    const int firstRow = perLane ? worker.lane * m_sizes.largestSubBatch : operation.rows.begin;
    return m_gates.data()
        + (product({ firstRow, m_sizes.blockSteps })
              + product({ step % m_sizes.blockSteps, operation.rows.count() }))
        * product({ 4, m_sizes.units });
}

float* LstmComputation::hidden(int layer, int step, IndexRange rows) noexcept
{
    const std::size_t slots = m_sizes.hiddenSlots[static_cast<std::size_t>(layer)];
    const std::size_t slot = static_cast<std::size_t>(step) % slots;
    return m_hidden[static_cast<std::size_t>(layer)]->data()
        + (rows.begin * slots + slot * rows.count()) * m_sizes.units;
}

float* LstmComputation::cell(int layer, int step, IndexRange rows) noexcept
{
    if (m_shape.training)
        return m_cell.data()
            + (product({ layer, m_shape.rows, m_shape.steps })
                  + product({ rows.begin, m_shape.steps }) + product({ step, rows.count() }))
            * m_sizes.units;
    const int given = step < m_shape.firstStep ? m_shape.layers : 0;
    return m_cell.data() + (product({ given + layer, m_shape.rows }) + rows.begin) * m_sizes.units;
}

float* LstmComputation::keptGates(int layer, int step, IndexRange rows) noexcept
{
    return m_gates.data()
        + (product({ layer, m_shape.rows, m_shape.steps }) + product({ rows.begin, m_shape.steps })
              + product({ step, rows.count() }))
        * product({ 4, m_sizes.units });
}

const float* LstmComputation::keptCell(int layer, int step, IndexRange rows) noexcept
{
    return cell(layer, step, rows);
}

const float* LstmComputation::keptHidden(int layer, int step, IndexRange rows) noexcept
{
    return hidden(layer, step, rows);
}

IndexRange LstmComputation::unitsOf(const Operation& operation) const noexcept
{
    if (operation.units.count() == 0)
        return { 0, m_sizes.units };
    // Units are computed in groups of 16, and a group by the slice that its first unit is in:
    // slices finer than that have nothing to do.
    return { roundUpToLanes(operation.units.begin), roundUpToLanes(operation.units.end) };
}

bool LstmComputation::finite() const
{
    return std::all_of(m_cell.data(), m_cell.data() + m_cell.count(),
        [](float value) { return std::isfinite(value); });
}

const float* LstmComputation::givenHidden(int step)
{
    return hidden(m_shape.layers - 1, step, { 0, 1 });
}

} // namespace timestep
