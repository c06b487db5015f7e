// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"
#include "engine/model/lstm_intervention.h"

#include <vector>

namespace timestep {

/// An intervention's forget gates, looked up once so that a step of a run finds all of its units
/// side by side.
class ForcedForgetGates
{
public:
    ForcedForgetGates() = default; // forces none
    ForcedForgetGates(const LstmIntervention& intervention, int units); // H

    static constexpr float computed = -1; // where a gate is not forced

    /// (H): the values of a step's gates, or `computed`; null where all are computed.
    const float* at(int layer, int step) const noexcept
    {
        for (const Stretch& stretch : m_stretches)
            if (stretch.layer == layer && stretch.steps.contains(step))
                return stretch.values.data();
        return nullptr;
    }

private:
    /// Steps with the same gates forced.
    struct Stretch
    {
        int layer = 0;
        IndexRange steps;
        std::vector<float> values; // (H)
    };
    std::vector<Stretch> m_stretches;
};

} // namespace timestep
