// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"

#include <cstdint>
#include <string_view>

namespace timestep {

/// The closed list of what a plan is made of, and of what a trace shows.
enum class OperationKind : std::uint8_t
{
    InputHalf, // LSTM: x·Wx + b of some steps; waits for the layer below, never for its neighbour
    RecurrentHalf, // LSTM: h·Wh and the gates; waits for its input half and for the step before
    KeysValues, // attention: queries, keys and values of the first layer; waits for nothing
    Attend, // attention, strategy head: softmax(QKᵀ/√d)·V of some heads
    Combine, // attention, strategy head: joins the heads; the rest of the block
    Block, // attention: the whole block of some positions, next layer's keys and values included
    RecurrentBackward, // LSTM: gradients of the gates; waits for the step after, in any layer above
    BlockBackward, // attention: a block's gradients, from its output to its input; in a fine plan
                   // to its queries, keys and values
    InputBackward, // LSTM: what the gates' gradients hand to the layer below, or to the input; in a
                   // fine plan of attention, what those of queries, keys and values do
    WeightGradients, // what some steps add to the gradients of a layer's weights
    Reduction, // some of the parameters' gradients, summed over the sub-batches
    Loss, // predictions of some positions and their cross-entropy; in training, its way back to
          // hidden states and head
    EmbeddingGradients, // of some tokens and positions, summed over all that read them
    GradientNorm, // squares of some of the gradients, summed
    Update, // some of the parameters, changed and packed anew; waits for the whole norm
    Averaging, // some of the parameters of separate copies, which become their mean
};

std::string_view operationName(OperationKind kind); // "input-half", "recurrent-half", …

/// One node of a plan: which numbers are computed, what it costs, which task it belongs to.
struct Operation
{
    OperationKind kind = OperationKind::InputHalf;
    int layer = 0;
    IndexRange steps; // positions in time
    IndexRange rows; // of the batch
    IndexRange heads; // attention, where heads are split
    IndexRange units; // hidden units of an LSTM, where they are split; of an input-backward those
                      // of the layer below, or numbers of the input
    IndexRange parameters; // of what follows the way back
    double flops = 0;
    int task = 0; // operations of one task run one after the other on one worker
};

} // namespace timestep
