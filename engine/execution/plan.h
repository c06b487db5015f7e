// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/execution/strategy.h"
#include "engine/model/attention_mask.h"
#include "engine/model/model_shape.h"

#include <span>
#include <vector>

namespace timestep {

/// What a language model has around its layers. Without a vocabulary the layers are alone: nothing
/// is predicted; in training the gradient of their output is given, and nothing is updated.
struct LanguageEnds
{
    int vocabulary = 0; // V
    int positions = 0; // rows of attention's table; 0: none, or sinusoids
    bool tied = true; // the head is the embedding
};

/// The computation that is cut: sizes only, no weights.
struct PlanShape
{
    ModelKind kind = ModelKind::Lstm;
    int layers = 1; // L
    int width = 0; // H or D
    int inputWidth = 0; // I of the first layer (LSTM)
    int heads = 0; // A (attention)
    int steps = 0; // T
    /// Steps before it are given: their states, keys and values are there, nothing of them is
    /// computed. 0 reads a text, T − 1 writes one token more. Attention must be causal beyond 0:
    /// what is given cannot have looked at what comes.
    int firstStep = 0;
    int rows = 0; // B
    /// Fine grain, causal: the text is being written, and each token is chosen from what the last
    /// layer made of the one before. Needs that follow from others are left out: what an attention
    /// position looks at is there before its token is.
    bool beingWritten = false;
    /// Fine grain, LSTM: the step that begins without the one before it, in every layer, and hands
    /// no gradients back to it; 0: none. What it computes then is something else.
    int brokenLink = 0;
    bool causal = true; // attention: a position looks at itself and what precedes
    int attentionWindow = 0; // W of the sliding window (attention_mask.h); 0: no such window
    /// Forward and back again: the gradients of all weights and of the input, summed over the rows.
    bool training = false;
    bool dropout = false; // in training: numbers are dropped (dropout_places.h)
    /// Fine grain, in training of layers alone: their parameters are changed besides, as those of
    /// whole models always are.
    bool updatesLayers = false;
    LanguageEnds ends {}; // of whole models that are trained or judged
    bool bareLayer = false; // attention: four projections and scaled products, no norms, no MLP

    int newSteps() const { return steps - firstStep; } // those that are computed
    int headWidth() const { return heads > 0 ? width / heads : width; } // d
    AttentionMask mask() const { return { causal, attentionWindow }; }
};

/// Fine: single steps and positions, as pictures show them. Executed: chunks of steps and blocks of
/// positions, as the executor runs them.
enum class Grain
{
    Fine,
    Executed
};

struct Cut
{
    Strategy strategy = Strategy::SubBatch; // not Auto
    Grain grain = Grain::Fine;
    int subBatches
        = 1; // S, at most B; 1 for sequential. Every other strategy cuts its sub-batches further
    /// Hidden-split: parts of the hidden units; head: groups of heads; 0: as many as there are. In
    /// training at most one for every 16 units: products with the weights the other way round take
    /// whole groups of them.
    int slices = 0;
    int stepsPerChunk = 16; // executed grain, LSTM: bounds the memory of the hoisted input halves
    /// Executed grain, attention. On several threads a multiple of 16: keys are packed 16 beside
    /// each other, and two operations must not share a pack.
    int positionsPerBlock = 64;
    /// Executed grain, attention, sequential and sub-batch: rows that go through all layers before
    /// the next ones begin, so that what a row keeps is met again while it is near; 0: all.
    int rowsTogether = 0;
};

/// Indices [begin, end) of operations.
struct OperationRange
{
    int begin = 0;
    int end = 0;
};

/// What must be computed and what each operation must wait for: necessity, as against the trace.
/// Operations are in an order in which they could run one by one: needs point backwards only.
/// Needs are few ranges of operations, so that T positions that each look at T keys take O(T)
/// memory; they are what the numbers demand: that operations of one task keep their order goes
/// without saying. Of a sum over steps, what is added first is no demand of the numbers: fine plans
/// leave its order open, executed ones fix it, so that its bits are always the same. Fine plans
/// take attention's way back position by position, too, which is executed a layer at a time.
///
/// Executed plans put into one task: sequential and sub-batch, a whole sub-batch; hidden-split, a
/// slice of units over all steps; layer-wavefront, a chunk of steps of one layer, in training one
/// forward and one back; head and query-block, one operation; in training, besides, each slice of a
/// sum over the sub-batches.
/// Tasks are numbered in the order of their first operations.
///
/// Chunks and blocks end at multiples of their size, so a plan that begins later cuts at the same
/// places as one of the whole text.
class Plan
{
public:
    const PlanShape& shape() const { return m_shape; }
    const Cut& cut() const { return m_cut; } // with the sub-batches and slices there really are
    std::span<const Operation> operations() const { return m_operations; }
    std::span<const OperationRange> needs(int operation) const
    {
        const int* first = m_firstNeed.data() + operation;
        return { m_needs.data() + first[0], m_needs.data() + first[1] };
    }
    int taskCount() const { return m_taskCount; }

private:
    friend class PlanBuilder;
    PlanShape m_shape;
    Cut m_cut;
    std::vector<Operation> m_operations;
    std::vector<OperationRange> m_needs; // of operation i: m_firstNeed[i] … m_firstNeed[i + 1] − 1
    std::vector<int> m_firstNeed { 0 };
    int m_taskCount = 0;
};

/// Throws Error for a strategy that does not suit the kind of model, for one that does not train
/// it, and for a wavefront of one step after given ones.
Plan makePlan(const PlanShape& shape, const Cut& cut);

/// Rows [begin, end) of each of S sub-batches of B rows: as even as it goes, larger ones first.
std::vector<IndexRange> subBatchRows(int rows, int subBatches);

/// Hidden units of each slice of hidden-split: as even as it goes in multiples of 16, the width
/// that packed weights interleave their gates by; single units where there are more slices than
/// that.
std::vector<IndexRange> unitSlices(int units, int slices);

} // namespace timestep
