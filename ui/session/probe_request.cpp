// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/probe_request.h"

#include <algorithm>

namespace timestep {

namespace {

bool within(int index, int count) { return index >= 0 && index < count; }

LstmIntervention clipped(LstmIntervention intervention, int steps)
{
    for (ForcedForgetGate& gate : intervention.forgetGates)
        gate.steps.end = std::min(gate.steps.end, steps);
    std::erase_if(intervention.forgetGates,
        [](const ForcedForgetGate& gate) { return gate.steps.count() <= 0; });
    std::erase_if(
        intervention.cutLinks, [steps](const CutLink& link) { return link.step >= steps; });
    return intervention;
}

} // namespace

ProbeRequest fittingPart(const ProbeRequest& request, const Run& run)
{
    ProbeRequest fitting;
    if (!run.lstm || !run.attention)
        return fitting;
    const int steps = run.window.count();
    const int vocabulary
        = std::min(run.lstm->model->shape.vocabulary, run.attention->model->shape.vocabulary);
    if (const auto& wanted = request.replacement)
        if (within(wanted->position, steps) && within(wanted->token, vocabulary))
            fitting.replacement = wanted;
    if (const auto& wanted = request.eachToken)
        if (within(wanted->target, steps) && within(wanted->token, vocabulary))
            fitting.eachToken = wanted;
    if (request.intervention) {
        LstmIntervention intervention = clipped(*request.intervention, steps);
        if (!intervention.empty())
            fitting.intervention = std::move(intervention);
    }
    if (const auto& wanted = request.question)
        if (wanted->question.length >= 1 && within(wanted->first, steps - wanted->question.length)
            && within(wanted->question.answer, vocabulary))
            fitting.question = wanted;
    if (const auto& wanted = request.eachLink)
        if (wanted->steps.begin >= 1 && wanted->steps.count() > 0 && wanted->steps.end <= steps)
            fitting.eachLink = wanted;
    return fitting;
}

} // namespace timestep
