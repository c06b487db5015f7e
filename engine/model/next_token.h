// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/token.h"

#include <cstdint>
#include <span>

namespace timestep {

/// How a model that writes chooses among the tokens that may come next.
struct TokenChoice
{
    /// 0: the most probable, ties to the lowest id. Else a draw from softmax(logits ÷ temperature):
    /// 1 as the model says, less is surer, more is freer.
    double temperature = 0;
    std::uint64_t seed = 1;
    bool operator==(const TokenChoice&) const = default;
};

/// The token at `place` of the text: the same for the same logits (V ≥ 1, finite), choice and
/// place, whatever was drawn before.
TokenId chooseToken(std::span<const float> logits, const TokenChoice& choice, std::uint64_t place);

} // namespace timestep
