// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/execution/strategy.h"
#include "engine/model/model_shape.h"

#include <span>
#include <vector>

namespace timestep {

/// The computation that is cut: sizes only, no weights.
struct PlanShape
{
    ModelKind kind = ModelKind::Lstm;
    int layers = 1; // L
    int width = 0; // H or D
    int inputWidth = 0; // I of the first layer (LSTM)
    int heads = 0; // A (attention)
    int steps = 0; // T
    int rows = 0; // B
    bool causal = true; // attention: a position looks at itself and what precedes
    bool bareLayer = false; // attention: four projections and scaled products, no norms, no MLP
};

/// Fine: single steps and positions, as pictures show them. Executed: chunks of steps and blocks of
/// positions, as the executor runs them.
enum class Grain { Fine, Executed };

struct Cut
{
    Strategy strategy = Strategy::SubBatch; // not Auto
    Grain grain = Grain::Fine;
    int subBatches = 1; // S; rows of a sub-batch are consecutive, the last may have fewer
    int slices = 1; // hidden-split: parts the hidden units are cut into
    int stepsPerChunk = 16; // executed grain, LSTM: bounds the memory of the hoisted input halves
    int positionsPerBlock = 64; // executed grain, attention
};

/// Indices [begin, end) of operations.
struct OperationRange
{
    int begin = 0;
    int end = 0;
};

/// What must be computed and what each operation must wait for: necessity, as against the trace.
/// Operations are in an order in which they could run one by one: needs point backwards only.
/// Needs are few ranges of operations, so that T positions that each look at T keys take O(T) memory.
class Plan
{
public:
    const PlanShape& shape() const;
    const Cut& cut() const;
    std::span<const Operation> operations() const;
    std::span<const OperationRange> needs(int operation) const;
    int taskCount() const;
};

/// Throws Error for a strategy that does not suit the kind of model.
Plan makePlan(const PlanShape& shape, const Cut& cut);

/// Rows [begin, end) of each of S sub-batches of B rows: as even as it goes, larger ones first.
std::vector<IndexRange> subBatchRows(int rows, int subBatches);

} // namespace timestep
