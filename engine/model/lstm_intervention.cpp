// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/lstm_intervention.h"

#include "engine/error.h"

#include <algorithm>
#include <ranges>
#include <string>

namespace timestep {

namespace {

/// Refuses numbers beyond 0 … count − 1.
class Refusal
{
public:
    Refusal(const Model& model, int steps)
        : m_model(model)
        , m_steps(steps)
    {
    }

    void see(const ForcedForgetGate& gate) const
    {
        const std::string what = "an intervention that forces a forget gate";
        refuseLayer(what, gate.layer);
        if (gate.steps.count() <= 0)
            throw Error(what + " names no steps (" + std::to_string(gate.steps.begin) + " to "
                + std::to_string(gate.steps.end - 1) + "); name at least one");
        refuseStep(what, gate.steps.begin);
        refuseStep(what, gate.steps.end - 1);
        for (const int unit : gate.units)
            refuseBeyond(what, "unit", unit, m_model.shape.width, "a layer of " + name() + " has");
        if (!(gate.value >= 0 && gate.value <= 1)) // nor is it no number
            throw Error(what + " sets it to " + std::to_string(gate.value)
                + ", but a gate is 0 (forgets all) to 1 (keeps all); choose a value between these");
    }

    void see(const CutLink& link) const
    {
        const std::string what = "an intervention that cuts a link";
        refuseLayer(what, link.layer);
        refuseStep(what, link.step);
    }

private:
    std::string name() const { return "model \"" + m_model.name + "\""; }

    void refuseLayer(const std::string& what, int layer) const
    {
        refuseBeyond(what, "layer", layer, m_model.shape.layers, name() + " has");
    }
    void refuseStep(const std::string& what, int step) const
    {
        refuseBeyond(what, "step", step, m_steps, "the text has");
    }

    static void refuseBeyond(const std::string& what, const std::string& kind, int index, int count,
        const std::string& owner)
    {
        if (index < 0 || index >= count)
            throw Error(what + " is for " + kind + " " + std::to_string(index) + ", but " + owner
                + " " + kind + "s 0 to " + std::to_string(count - 1) + "; choose one of these");
    }

    const Model& m_model;
    const int m_steps; // T
};

} // namespace

bool LstmIntervention::cuts(int layer, int step) const
{
    return std::any_of(cutLinks.begin(), cutLinks.end(),
        [=](const CutLink& link) { return link.layer == layer && link.step == step; });
}

std::optional<float> LstmIntervention::forgetGate(int layer, int step, int unit) const
{
    for (const ForcedForgetGate& gate : forgetGates | std::views::reverse)
        if (gate.layer == layer && gate.steps.contains(step)
            && (gate.units.empty()
                || std::find(gate.units.begin(), gate.units.end(), unit) != gate.units.end()))
            return gate.value;
    return std::nullopt;
}

void refuseUnlessPossible(const LstmIntervention& intervention, const Model& model, int steps)
{
    if (model.shape.kind != ModelKind::Lstm)
        throw Error("model \"" + model.name
            + "\" is attention, which has no forget gates and no links from step to step; "
              "intervene in an LSTM");
    const Refusal refusal(model, steps);
    for (const ForcedForgetGate& gate : intervention.forgetGates)
        refusal.see(gate);
    for (const CutLink& link : intervention.cutLinks)
        refusal.see(link);
}

} // namespace timestep
