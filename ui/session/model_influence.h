// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/text/token.h"

#include <vector>

namespace timestep {

/// Of which next token the probability is swayed.
enum class InfluenceTarget
{
    OwnBest, // of each model its own most probable
    LstmBest, // the same for both: the LSTM's
    AttentionBest // the same for both: attention's
};

/// How much each token that was read sways what one model expects after one token.
struct InfluenceOnPrediction
{
    std::vector<float> shares; // of the tokens it may read; empty: not computed yet
    float largest = 0; // of the shares
    float norm = 0; // of the whole row: shares say where, this says how much
    TokenId target = 0; // whose probability is swayed

    bool known() const { return !shares.empty(); }
};

/// The influence in one model, as far as it is there. Row t depends on nothing after t where the
/// model reads only what precedes, so it stays true when the text goes on differently.
struct ModelInfluence
{
    std::vector<InfluenceOnPrediction> rows; // (T)

    int known() const; // rows that are there
    bool complete() const { return missing().count() == 0; }
    /// From the first row that is not there to the last such row.
    IndexRange missing() const;
    /// For a text of `tokens` tokens whose first `same` rows stay true.
    void restart(int tokens, int same);
};

} // namespace timestep
