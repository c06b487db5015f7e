// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"
#include "engine/model/model.h"

#include <optional>
#include <vector>

namespace timestep {

/// Forget gates that are not computed but set, of row after row alike.
struct ForcedForgetGate
{
    int layer = 0;
    IndexRange steps; // not empty
    std::vector<int> units = {}; // none named: all of the layer
    float value = 0; // 0 … 1: what is kept of the cell state of the step before
    bool operator==(const ForcedForgetGate&) const = default;
};

/// A step that does not get the hidden state of the step before.
struct CutLink
{
    int layer = 0;
    int step = 0; // its recurrent half reads zeros in place of h_{t−1}, as step 0 does anyway; its
                  // cell still goes on from c_{t−1}
    bool operator==(const CutLink&) const = default;
};

/// What is changed in a run of an LSTM to see what becomes of what it predicts.
struct LstmIntervention
{
    std::vector<ForcedForgetGate> forgetGates = {}; // of several that force a gate the last counts
    std::vector<CutLink> cutLinks = {};

    bool empty() const { return forgetGates.empty() && cutLinks.empty(); }
    bool operator==(const LstmIntervention&) const = default;
    bool cuts(int layer, int step) const;
    /// Empty where the gate is computed.
    std::optional<float> forgetGate(int layer, int step, int unit) const;
};

/// Throws Error for a model without such gates and links, and for a layer, step, unit or value that
/// is out of its range on a text of `steps` tokens.
void refuseUnlessPossible(const LstmIntervention& intervention, const Model& model, int steps);

} // namespace timestep
