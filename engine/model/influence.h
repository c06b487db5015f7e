// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/model/model.h"
#include "engine/text/token.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// How much each token read sways each prediction:
/// g[t][i] = ‖∂ log p(target at t) / ∂ embedding row read at position i‖₂, before positions are
/// added.
struct Influence
{
    std::vector<TokenId> targets; // (T): as given, else the model's own best next token, ties to
                                  // the lowest id
    Matrix<float> shares; // (T, T): each row of g divided by its sum; a zero row stays zero
    RowVector<float> norms; // (T): that sum. Shares say where, this says how much
};

/// `targets` (T), or none: of each position its own best next token. Scalar is what it is computed
/// in: float (the default) or double. The text must fit the model's context. About T²·P operations
/// for layers of P parameters (attention: and 3·L·D·T³), on all threads of the calling arena; the
/// same bits on any number of them. Empty when stopped.
template <typename Scalar = float>
std::optional<Influence> influence(const Model& model, std::span<const TokenId> tokens, bool causal,
    std::stop_token stop, std::span<const TokenId> targets = {});

extern template std::optional<Influence> influence<float>(
    const Model&, std::span<const TokenId>, bool, std::stop_token, std::span<const TokenId>);
extern template std::optional<Influence> influence<double>(
    const Model&, std::span<const TokenId>, bool, std::stop_token, std::span<const TokenId>);

} // namespace timestep
