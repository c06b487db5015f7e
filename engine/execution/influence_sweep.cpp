// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/influence_sweep.h"

#include "engine/execution/attention_influence.h"
#include "engine/execution/flush_to_zero.h"
#include "engine/execution/lstm_influence.h"
#include "engine/execution/starting_gradients.h"

#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <utility>
#include <variant>
#include <vector>

namespace timestep {

namespace {

using LayersBackward = std::variant<PackedLstmBackward, std::vector<PackedAttentionLayerBackward>>;

LayersBackward packLayers(const Model& model)
{
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&model.weights))
        return PackedLstmBackward(lstm->layers);
    return packBackward(std::get<AttentionWeights<float>>(model.weights).layers);
}

Influence emptyInfluence(std::size_t steps)
{
    const auto size = static_cast<Eigen::Index>(steps);
    return { .targets = std::vector<TokenId>(steps),
        .shares = Matrix<float>::Zero(size, size),
        .norms = RowVector<float>::Zero(size) };
}

/// Walks back from the targets of a text, group after group.
class Sweep
{
public:
    Sweep(const InfluenceWalk& walk, const HeadBackward& head, int steps,
        std::span<const TokenId> targets, std::stop_token stop, const InfluenceRowReady& rowReady)
        : m_walk(walk)
        , m_head(head)
        , m_steps(steps)
        , m_targets(targets)
        , m_stop(std::move(stop))
        , m_rowReady(rowReady)
        , m_result(emptyInfluence(static_cast<std::size_t>(steps)))
    {
    }

    /// Takes one group after the other until there are none, the last targets first: they come
    /// first on screen, and their walks are the longest, so that the short ones even out the
    /// threads' ends. Called from several threads.
    void work()
    {
        const FlushToZero flush;
        const int size = m_walk.targetsAtOnce();
        while (!m_stop.stop_requested()) {
            const int end = m_end.fetch_sub(size);
            if (end <= 0 || !walkGroup({ std::max(end - size, 0), end }))
                return;
        }
    }

    Influence result() { return std::move(m_result); }

private:
    bool walkGroup(IndexRange targets)
    {
        const Worker worker { 0, m_stop };
        StartingGradients start;
        const auto given = m_targets.empty()
            ? m_targets
            : m_targets.subspan(
                static_cast<std::size_t>(targets.begin), static_cast<std::size_t>(targets.count()));
        if (!m_head.start(m_walk.hidden(targets.begin), m_walk.hiddenStride(), targets.count(),
                given, worker, start))
            return false;
        std::vector<double> norms(
            static_cast<std::size_t>(targets.count()) * static_cast<std::size_t>(m_steps));
        if (!m_walk.walk(targets, start.rows.data(), worker, norms.data()))
            return false;
        for (int row = targets.count() - 1; row >= 0; --row) {
            const std::size_t at = static_cast<std::size_t>(row);
            finish(targets.begin + row, start.targets[at], start.scales[at],
                std::span(norms).subspan(at * m_steps, static_cast<std::size_t>(m_steps)));
        }
        return true;
    }

    /// Only this thread has this position's group: no two write the same places.
    void finish(int position, TokenId target, double scale, std::span<const double> norms)
    {
        const double sum = std::accumulate(norms.begin(), norms.end(), 0.0);
        m_result.targets[static_cast<std::size_t>(position)] = target;
        m_result.norms(position) = static_cast<float>(scale * sum);
        float* shares = m_result.shares.row(position).data();
        if (sum != 0 && scale != 0)
            std::transform(norms.begin(), norms.end(), shares,
                [sum](double norm) { return static_cast<float>(norm / sum); });
        if (m_rowReady)
            m_rowReady({ position, target, { shares, norms.size() }, m_result.norms(position) });
    }

    const InfluenceWalk& m_walk;
    const HeadBackward& m_head;
    const int m_steps; // T
    const std::span<const TokenId> m_targets; // (T), or none
    const std::stop_token m_stop;
    const InfluenceRowReady& m_rowReady;
    Influence m_result;
    std::atomic<int> m_end = m_steps; // of the next group
};

} // namespace

struct InfluenceSweep::Backward
{
    const PackedModel& model;
    HeadBackward head { model };
    LayersBackward layers { packLayers(*model.model()) };

    /// The forward pass of a text, kept; null when stopped.
    std::unique_ptr<InfluenceWalk> keep(
        std::span<const TokenId> tokens, bool causal, const Worker& worker) const
    {
        const FlushToZero flush;
        const ModelShape& shape = model.model()->shape;
        if (const auto* lstm = std::get_if<PackedLstmBackward>(&layers)) {
            std::optional<KeptLstm> kept = keepLstm(model, tokens, worker);
            if (!kept)
                return nullptr;
            return std::make_unique<LstmInfluence>(
                *lstm, model.kernels(), std::move(*kept), shape.width, shape.embedding);
        }
        std::optional<KeptAttention> kept = keepAttention(model, tokens, causal, worker);
        if (!kept)
            return nullptr;
        return std::make_unique<AttentionInfluence>(
            std::get<AttentionWeights<float>>(model.model()->weights),
            std::get<std::vector<PackedAttentionLayerBackward>>(layers), model.kernels(),
            std::move(*kept), shape.heads);
    }
};

InfluenceSweep::InfluenceSweep(const PackedModel& model)
    : m_backward(std::make_unique<const Backward>(Backward { model }))
{
}

InfluenceSweep::~InfluenceSweep() = default;

std::optional<Influence> InfluenceSweep::run(std::span<const TokenId> tokens, bool causal,
    std::stop_token stop, const InfluenceRowReady& rowReady, std::span<const TokenId> targets) const
{
    if (tokens.empty())
        return emptyInfluence(0);
    const std::unique_ptr<InfluenceWalk> walk
        = m_backward->keep(tokens, causal, Worker { 0, stop });
    if (walk == nullptr)
        return std::nullopt;
    Sweep sweep(*walk, m_backward->head, static_cast<int>(tokens.size()), targets, stop, rowReady);
    tbb::parallel_for(0, tbb::this_task_arena::max_concurrency(), [&](int) { sweep.work(); });
    if (stop.stop_requested())
        return std::nullopt;
    return sweep.result();
}

std::size_t InfluenceSweep::bytesNeeded(const ModelShape& shape, std::size_t steps, int threads)
{
    const auto width = static_cast<std::size_t>(roundUpToLanes(shape.width));
    const auto layers = static_cast<std::size_t>(shape.layers);
    const auto heads = static_cast<std::size_t>(shape.heads);
    const auto vocabulary = static_cast<std::size_t>(shape.vocabulary);
    const auto workers = static_cast<std::size_t>(threads);
    const std::size_t padded = steps + panelColumns; // of blocks of queries
    const bool lstm = shape.kind == ModelKind::Lstm;
    // Gates, cells and hidden states; or two norms, queries, keys, values (twice, for the kernels)
    // and GELU, and the affinities, which the last block's walk lays out once more for one query.
    const std::size_t kept
        = layers * padded * (lstm ? 6 * width : 12 * width + heads * padded) + padded * 8 * width;
    const std::size_t scratch = lstm ? 32 * (4 + 3 * layers) * (width + laneCount)
                                     : padded * (5 * width + 2 * heads + 2 * panelColumns);
    const std::size_t floats
        = kept + workers * (scratch + 34 * (vocabulary + width + 2 * padded)) + steps * steps;
    return floats * sizeof(float);
}

} // namespace timestep
