// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/broken_link.h"
#include "ui/session/probe_request.h"

#include <memory>
#include <variant>
#include <vector>

namespace timestep {

// What was found: each part says what it is the answer to. Immutable.

struct ReplacementFound
{
    TokenReplacement request;
    ChangedReading lstm, attention; // not recorded
};

struct EachTokenFound
{
    EachTokenReplaced request;
    std::vector<double> lstm, attention; // bits, of each replaced step: (target + 1); of attention
                                         // that is not causal (T)
};

struct InterventionFound
{
    LstmIntervention request; // with steps that the text has
    ChangedReading lstm; // recorded: its gates and states are what became of them
};

struct QuestionFound
{
    EarlyQuestion request;
    std::vector<EarlyAnswer> lstm, attention; // one a step, from the first on
    EarlyAnswer lstmAlone, attentionAlone; // with nothing before the question
};

struct EachLinkFound
{
    EachLinkBroken request;
    std::vector<BrokenLinkEffect> effects; // of each step's link

    /// The step whose broken link does most harm.
    int mostHarmfulStep() const
    {
        return request.steps.begin + static_cast<int>(mostHarmful(effects));
    }
};

/// One of them; never null.
using ProbePart = std::variant<std::shared_ptr<const ReplacementFound>,
    std::shared_ptr<const EachTokenFound>, std::shared_ptr<const InterventionFound>,
    std::shared_ptr<const QuestionFound>, std::shared_ptr<const EachLinkFound>>;

/// All that is there of one text. A null part was not asked for, or is not there yet.
struct ProbeResult
{
    std::shared_ptr<const Run> run; // the text as it is; null before the first
    std::shared_ptr<const ReplacementFound> replacement;
    std::shared_ptr<const EachTokenFound> eachToken;
    std::shared_ptr<const InterventionFound> intervention;
    std::shared_ptr<const QuestionFound> question;
    std::shared_ptr<const EachLinkFound> eachLink;
};

/// What of `request` is not answered in `result`.
ProbeRequest missingPart(const ProbeRequest& request, const ProbeResult& result);

} // namespace timestep
