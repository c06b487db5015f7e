// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/forced_forget_gates.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

namespace timestep {

namespace {

/// Per layer the steps at which what is forced may change, ascending.
std::map<int, std::set<int>> changesOf(const LstmIntervention& intervention)
{
    std::map<int, std::set<int>> changes;
    for (const ForcedForgetGate& gate : intervention.forgetGates)
        changes[gate.layer].insert({ gate.steps.begin, gate.steps.end });
    return changes;
}

} // namespace

ForcedForgetGates::ForcedForgetGates(const LstmIntervention& intervention, int units)
{
    for (const auto& [layer, changes] : changesOf(intervention))
        for (auto change = changes.begin(); std::next(change) != changes.end(); ++change) {
            Stretch stretch { layer, { *change, *std::next(change) }, {} };
            for (int unit = 0; unit < units; ++unit)
                stretch.values.push_back(
                    intervention.forgetGate(layer, *change, unit).value_or(computed));
            if (std::any_of(stretch.values.begin(), stretch.values.end(),
                    [](float value) { return value != computed; }))
                m_stretches.push_back(std::move(stretch));
        }
}

} // namespace timestep
