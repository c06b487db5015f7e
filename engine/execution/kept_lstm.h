// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "engine/text/token.h"

#include <optional>
#include <span>
#include <vector>

namespace timestep {

/// What one text makes of an LSTM's layers, kept for the way back.
struct KeptLstm
{
    struct Layer
    {
        AlignedFloats gates; // (T, 4 · units), after their nonlinearity, as in PackedLstmLayer
        AlignedFloats cell; // (T, units)
    };

    int steps = 0; // T
    int units = 0; // H rounded up to 16
    std::vector<Layer> layers; // L
    AlignedFloats hidden; // (T, units), of the last layer
};

/// Runs the layers over `tokens` on the calling thread: a chain, and short beside the way back. The
/// bits are those of a run. Empty when stopped.
std::optional<KeptLstm> keepLstm(
    const PackedModel& model, std::span<const TokenId> tokens, const Worker& worker);

} // namespace timestep
