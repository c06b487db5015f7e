// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/probe_result.h"

namespace timestep {

namespace {

template <typename Request, typename Found>
void dropAnswered(std::optional<Request>& request, const std::shared_ptr<const Found>& found)
{
    if (found && request == found->request)
        request.reset();
}

} // namespace

ProbeRequest missingPart(const ProbeRequest& request, const ProbeResult& result)
{
    ProbeRequest missing = request;
    dropAnswered(missing.replacement, result.replacement);
    dropAnswered(missing.eachToken, result.eachToken);
    dropAnswered(missing.intervention, result.intervention);
    dropAnswered(missing.question, result.question);
    dropAnswered(missing.eachLink, result.eachLink);
    return missing;
}

} // namespace timestep
