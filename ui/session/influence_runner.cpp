// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/influence_runner.h"

#include "engine/execution/memory_budget.h"

#include <tbb/parallel_invoke.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <span>
#include <utility>

namespace timestep {

struct InfluenceRunner::Sweeper
{
    Sweeper(const ModelPointer& model, const Kernels& kernels)
        : packed(model, kernels)
        , sweep(packed)
    {
    }

    PackedModel packed;
    InfluenceSweep sweep;
};

namespace {

/// Stops a sweep when the one who asked for it says so, and when nothing wanted is left to do.
class Enough
{
public:
    Enough(const std::stop_token& stop, int rows)
        : m_rows(rows)
        , m_outer(stop, [this] { m_stop.request_stop(); })
    {
    }
    std::stop_token token() const { return m_stop.get_token(); }
    void countRow()
    {
        if (m_rows.fetch_sub(1) == 1)
            m_stop.request_stop();
    }

private:
    std::stop_source m_stop;
    std::atomic<int> m_rows;
    std::stop_callback<std::function<void()>> m_outer;
};

/// Rows above the last one wanted are not begun, those below the first one not finished.
void sweepRows(const InfluenceSweep& sweep, std::span<const TokenId> tokens, bool causal,
    IndexRange wanted, std::span<const TokenId> targets, const std::stop_token& stop,
    const InfluenceRowReady& ready)
{
    if (wanted.count() == 0)
        return;
    if (causal) // what follows the last wanted row sways none of them
        tokens = tokens.first(static_cast<std::size_t>(wanted.end));
    if (!targets.empty())
        targets = targets.first(tokens.size());
    Enough enough(stop, wanted.count());
    sweep.run(
        tokens, causal, enough.token(),
        [&](const InfluenceRow& row) {
            if (!wanted.contains(row.position))
                return;
            ready(row);
            enough.countRow();
        },
        targets);
}

/// (T), or none where each model has its own.
std::vector<TokenId> targetsOf(const InfluenceRequest& request)
{
    std::vector<TokenId> targets;
    if (!request.targetsOf)
        return targets;
    for (const auto& row : request.targetsOf->logits.rowwise())
        targets.push_back(
            static_cast<TokenId>(std::max_element(row.begin(), row.end()) - row.begin()));
    return targets;
}

/// The rows that are handed out are kept once more, half of each where a model is causal.
std::size_t bytesNeeded(const InfluenceRequest& request)
{
    const std::size_t steps = request.tokens.size();
    std::size_t bytes = 2 * steps * steps * sizeof(float);
    for (const ModelPointer& model : { request.models.lstm, request.models.attention })
        bytes += InfluenceSweep::bytesNeeded(model->shape, steps, request.threads);
    return bytes;
}

} // namespace

void InfluenceRunner::run(const InfluenceRequest& request, const InfluenceRows& wanted,
    std::stop_token stop, const RowReady& ready)
{
    refuseBeyondBudget(
        "the influence of each token in both models", bytesNeeded(request), request.memoryBudget);
    prepare(request);
    const std::vector<TokenId> targets = targetsOf(request);
    tbb::task_arena arena(request.threads);
    arena.execute([&] {
        tbb::parallel_invoke(
            [&] {
                sweepRows(m_lstm->sweep, request.tokens, true, wanted.lstm, targets, stop,
                    [&](const InfluenceRow& row) { ready(ModelKind::Lstm, row); });
            },
            [&] {
                sweepRows(m_attention->sweep, request.tokens, request.causal, wanted.attention,
                    targets, stop,
                    [&](const InfluenceRow& row) { ready(ModelKind::Attention, row); });
            });
    });
}

void InfluenceRunner::prepare(const InfluenceRequest& request)
{
    const Kernels& kernels
        = request.kernel.empty() ? defaultKernels() : kernelsNamed(request.kernel);
    const auto repack = [&kernels](auto& sweeper, const ModelPointer& model) {
        if (!sweeper || sweeper->packed.model() != model || &sweeper->packed.kernels() != &kernels)
            sweeper = std::make_shared<const Sweeper>(model, kernels);
    };
    repack(m_lstm, request.models.lstm);
    repack(m_attention, request.models.attention);
    if (std::exchange(m_threads, request.threads) != request.threads)
        m_allowance = std::make_unique<const WorkerAllowance>(request.threads);
}

} // namespace timestep
