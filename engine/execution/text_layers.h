// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/layers_computation.h"
#include "engine/execution/memory_account.h"
#include "engine/execution/packed_model.h"
#include "engine/execution/plan.h"
#include "engine/execution/recomputed_affinities.h"
#include "engine/execution/recording.h"
#include "engine/model/lstm_intervention.h"
#include "engine/text/token.h"

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

namespace timestep {

/// A whole model from embedding to last hidden state, reading texts: what a plan of it computes.
/// Positions beyond the table reuse its last one: whoever minds refuses such a text before.
class TextLayers final : public LayersComputation
{
public:
    struct Text
    {
        std::vector<TokenId> tokens; // (T); row r reads them from token r on, wrapping round;
        bool ownRows = false; // or (B, T): each row has tokens of its own
        float* lastHidden = nullptr; // (T − first step, H or D) of row 0, or with rows of their own
                                     // (B, T − first step, H or D)
        Recording* recording = nullptr; // of row 0 of an LSTM: from emptyRecording, or null
        RecomputedAffinities* affinities = nullptr; // of row 0 of attention, or null
        const LstmIntervention* intervention = nullptr; // in an LSTM, or null
    };

    /// `lanes`: threads of the executor.
    TextLayers(
        const PackedModel& model, Text text, const Plan& plan, int lanes, MemoryAccount& account);

    /// What the constructor allocates.
    static std::size_t bytesNeeded(const PackedModel& model, const Plan& plan, int lanes);

    /// Other tokens for the runs to come, as many as there were; not during a run.
    void read(std::span<const TokenId> tokens);

    void run(const Operation& operation, const Worker& worker) noexcept override;
    bool finite() const override;
    const float* givenHidden(int step) override;

    /// What is read at a step that has not been run yet.
    void putToken(int step, TokenId token);

private:
    std::vector<TokenId> m_tokens; // (T)
    Matrix<float> m_positions; // (T, D) of attention without a table of its own
    CountedBytes m_positionBytes;
    std::unique_ptr<LayersComputation> m_layers;
};

/// What a plan of `model` is made for.
PlanShape planShapeOf(const ModelShape& model, int steps, int rows, bool causal);

} // namespace timestep
