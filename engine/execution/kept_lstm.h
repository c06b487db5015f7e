// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/lstm_computation.h"
#include "engine/execution/packed_model.h"
#include "engine/text/token.h"

#include <memory>
#include <optional>
#include <span>

namespace timestep {

/// What one text makes of an LSTM's layers, kept for the way back as in training.
class KeptLstm
{
public:
    int steps() const { return m_steps; } // T
    int units() const { return m_units; } // H rounded up to 16
    const float* gates(int layer, int step) const { return m_layers->keptGates(layer, step, row); }
    const float* cell(int layer, int step) const { return m_layers->keptCell(layer, step, row); }
    const float* hidden(int layer, int step) const
    {
        return m_layers->keptHidden(layer, step, row);
    }

private:
    friend std::optional<KeptLstm> keepLstm(
        const PackedModel& model, std::span<const TokenId> tokens, const Worker& worker);

    static constexpr IndexRange row { 0, 1 };

    int m_steps = 0;
    int m_units = 0;
    std::unique_ptr<MemoryAccount> m_account = std::make_unique<MemoryAccount>();
    std::unique_ptr<LstmComputation> m_layers;
};

/// Runs the layers over `tokens` on the calling thread: a chain, and short beside the way back. The
/// bits are those of a run. Empty when stopped.
std::optional<KeptLstm> keepLstm(
    const PackedModel& model, std::span<const TokenId> tokens, const Worker& worker);

} // namespace timestep
