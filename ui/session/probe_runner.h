// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/execution/packed_model.h"
#include "ui/session/probe_result.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>

namespace timestep {

/// The text that something is tried on, and with what.
struct ProbedReading
{
    std::shared_ptr<const Run> run; // both models have read it
    std::string kernel; // empty: the fastest
    int threads = 1;
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// Tries on a text what a request asks for: each part one or many real runs. Keeps the packed
/// weights and the warm threads from one request to the next; used by one thread at a time.
class ProbeRunner
{
public:
    using Found = std::function<void(ProbePart)>;
    using Refused = std::function<void(const std::string& message)>; // one line

    /// Hands out each part as it is there, the quickest first; of one that is refused says why, and
    /// goes on with the others. The request fits the run. Returns within 10 ms of a stop request.
    void run(const ProbedReading& reading, const ProbeRequest& request, const std::stop_token& stop,
        const Found& found, const Refused& refused);

private:
    void prepare(const ProbedReading& reading);

    std::unique_ptr<Executor> m_executor;
    std::optional<PackedModel> m_lstm, m_attention;
};

} // namespace timestep
