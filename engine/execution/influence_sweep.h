// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/packed_model.h"
#include "engine/model/influence.h"
#include "engine/text/token.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

namespace timestep {

/// One finished row of an Influence.
struct InfluenceRow
{
    int position = 0; // t
    TokenId target = 0;
    std::span<const float> shares; // (T), valid during the call
    float norm = 0;
};

/// Called from several threads at once, last positions first within each of them; it should be
/// quick, since the sweep waits for it.
using InfluenceRowReady = std::function<void(const InfluenceRow&)>;

/// The influence of all positions with the fast kernels: the forward pass once, then groups of
/// targets walk back side by side, as rows of products. influence() of engine/model is its readable
/// twin. Immutable once made, so that any number of threads may run it.
class InfluenceSweep
{
public:
    /// Packs the weights for the way back. `model` must outlive this.
    explicit InfluenceSweep(const PackedModel& model);
    ~InfluenceSweep();

    /// On all threads of the calling oneTBB arena, the last positions first; the same bits on any
    /// number of them. The text must fit the model's context. `rowReady` is given each row as it is
    /// finished. `targets` (T), or none: of each position its own best next token. Empty within 10
    /// ms of a stop request; rows that were handed out stay true.
    std::optional<Influence> run(std::span<const TokenId> tokens, bool causal, std::stop_token stop,
        const InfluenceRowReady& rowReady = {}, std::span<const TokenId> targets = {}) const;

    /// What a run allocates at most, its result included.
    static std::size_t bytesNeeded(const ModelShape& shape, std::size_t steps, int threads);

private:
    struct Backward;
    std::unique_ptr<const Backward> m_backward;
};

} // namespace timestep
