// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/influence_sweep.h"
#include "engine/execution/operation.h"
#include "engine/execution/run.h"
#include "engine/execution/worker_allowance.h"
#include "engine/model/model.h"
#include "ui/session/model_influence.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

/// The influence of one text in both models.
struct InfluenceRequest
{
    ModelPair models;
    std::vector<TokenId> tokens; // (T)
    InfluenceTarget target = InfluenceTarget::OwnBest;
    /// The run of the model whose best tokens are the targets of both; null: each has its own.
    std::shared_ptr<const ModelRun> targetsOf;
    bool causal = true; // attention
    std::string kernel; // empty: the fastest
    int threads = 1;
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// The rows wanted in each model.
struct InfluenceRows
{
    IndexRange lstm, attention;
};

/// Sweeps both models side by side, so that one's forward pass, which is a chain, overlaps with the
/// other's walk back. Keeps the packed weights from one request to the next; used by one thread at
/// a time.
class InfluenceRunner
{
public:
    /// Called from several threads at once, last positions first, only with rows that are wanted.
    using RowReady = std::function<void(ModelKind, const InfluenceRow&)>;

    /// Returns when all wanted rows were handed out, or within 10 ms of a stop request.
    /// Throws Error for more memory than the budget.
    void run(const InfluenceRequest& request, const InfluenceRows& wanted, std::stop_token stop,
        const RowReady& ready);

private:
    struct Sweeper;
    void prepare(const InfluenceRequest& request);

    std::shared_ptr<const Sweeper> m_lstm, m_attention;
    std::unique_ptr<const WorkerAllowance> m_allowance;
    int m_threads = 0;
};

} // namespace timestep
