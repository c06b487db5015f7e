// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/measurement/asked_early.h"
#include "engine/measurement/token_replacement.h"
#include "engine/model/lstm_intervention.h"

#include <optional>

namespace timestep {

/// One prediction, and each token before it replaced in turn.
struct EachTokenReplaced
{
    int target = 0; // what is predicted after this step
    TokenId token = 0; // what stands in the place of each
    bool operator==(const EachTokenReplaced&) const = default;
};

/// The text's question, asked after each step.
struct EarlyQuestion
{
    Question question;
    int first = 0; // the first step after which it is asked
    bool operator==(const EarlyQuestion&) const = default;
};

/// The LSTM's link before each of some steps, broken in turn (broken_link.h).
struct EachLinkBroken
{
    IndexRange steps; // from 1 on, not empty
    bool operator==(const EachLinkBroken&) const = default;
};

/// What is tried on the text of a session, each by itself. Steps count in the window of tokens in
/// use, from 0.
struct ProbeRequest
{
    std::optional<TokenReplacement> replacement = {};
    std::optional<EachTokenReplaced> eachToken = {};
    std::optional<LstmIntervention> intervention = {};
    std::optional<EarlyQuestion> question = {};
    std::optional<EachLinkBroken> eachLink = {};
    bool operator==(const ProbeRequest&) const = default;
};

/// What of a request can be tried on a run: all that is for steps that the text does not have (yet,
/// or any more) or for tokens that its models do not know is left out; spans of steps end with the
/// text. So a request may outlive a change of the text.
ProbeRequest fittingPart(const ProbeRequest& request, const Run& run);

} // namespace timestep
