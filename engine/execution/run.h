// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/execution/plan.h"
#include "engine/execution/recording.h"
#include "engine/execution/trace.h"
#include "engine/model/lstm_intervention.h"
#include "engine/model/model.h"
#include "engine/text/token.h"

#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

struct RunSettings
{
    int rows = 1; // B; row r reads the tokens from token r on, wrapping round
    int subBatches = 1; // S; 0: as many as suit
    Strategy strategy = Strategy::SubBatch; // Auto allowed: the run says what it became
    bool causal = true; // attention
    bool record = false; // gates, states, affinities of row 0
    bool trace = false;
    /// The same numbers in the smallest operations there are, for who wants to see them in a trace:
    /// each step of an LSTM by itself, blocks of 16 positions. It takes somewhat longer.
    bool smallOperations = false;
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
    std::shared_ptr<const LstmIntervention> intervention; // of an LSTM, or null
};

/// One run of one model, finished: immutable, shared between threads as a pointer to const.
struct ModelRun
{
    ModelPointer model;
    Plan plan; // as executed
    Trace trace; // empty where not asked for
    Recording recording; // empty where not asked for
    Matrix<float> logits; // (T, V) of row 0
    double milliseconds = 0; // wall time of the executor, measured
    std::size_t peakBytes = 0; // counted by the allocator
};

/// Embedding to logits of one text on the executor's threads. Empty when stopped.
/// Throws Error for a text beyond the context, for a run beyond the memory budget (before it
/// allocates), for an intervention that refuseUnlessPossible() refuses, and where weights lead to
/// numbers that are not finite.
std::optional<ModelRun> runModel(const PackedModel& model, std::span<const Token> tokens,
    const RunSettings& settings, Executor& executor, std::stop_token stop);

/// The text, its tokens and both models' runs: what crosses from the engine's thread to the views.
struct Run
{
    std::string text;
    std::vector<Token> tokens; // all of the text
    IndexRange window; // the tokens both models read
    int rows = 1;
    std::shared_ptr<const ModelRun> lstm, attention;
};

} // namespace timestep
