// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <cstddef>

namespace timestep {

// What a model must keep in memory beside its weights, its input and its output, in bytes of fp32,
// by the formulas of the documentation: what the mathematics needs, whatever the engine allocates.

/// Hidden and cell state of every layer and row: 8·L·B·H, whatever the length.
std::size_t lstmStateBytes(const PlanShape& shape);

/// Keys and values of every position, layer and row, 8·L·B·T·D; of causal attention with a window
/// of W only of the last ones, 8·L·B·min(T, W)·D.
std::size_t keyValueBytes(const PlanShape& shape);

/// All affinities, where they are stored: 4·L·A·B·T².
std::size_t storedAffinityBytes(const PlanShape& shape);

/// The log-sum-exp of every position and head, from which any affinity can be had again: 4·L·A·B·T.
std::size_t tiledAffinityBytes(const PlanShape& shape);

/// What a training step keeps of every step on the way forward for the way back, both growing with
/// T: of an LSTM four gates, cell and hidden state, 4·L·B·T·6H; of a bare attention layer queries,
/// keys, values, what the heads mixed and the log-sum-exp, 4·L·B·T·(4D + A), and the input of every
/// layer but the first, 4·(L−1)·B·T·D; of a whole block instead of that input what GELU reads and
/// what two norms put out before gain and bias, with their deviations, 4·L·B·T·(10D + A + 2), and
/// of the final norm likewise, 4·B·T·(D + 1).
std::size_t activationBytes(const PlanShape& shape);

/// In training the activations kept. While reading: the state of an LSTM; keys and values of
/// attention, whose affinities are used tile by tile and not kept.
std::size_t stateBytes(const PlanShape& shape);

/// What a model keeps of one text of T = `steps` tokens when it has read it.
std::size_t stateBytesOfText(const ModelShape& model, int steps);

} // namespace timestep
