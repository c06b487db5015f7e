// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/timed_pass.h"
#include "engine/kernels/kernels.h"
#include "engine/model/model.h"
#include "engine/text/token.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace timestep {

/// A whole model from embedding to last hidden state, forward and back from a random gradient of
/// the latter, with the sum over the sub-batches, for timing: the vocabulary head, the same for
/// both models, is left out, and positions beyond the context reuse the last one.
class ModelLayersTraining final : public TimedPass
{
public:
    /// Row r reads `tokens` (T) from token r on, wrapping round.
    ModelLayersTraining(ModelPointer model, std::vector<TokenId> tokens, int rows,
        const Kernels& kernels, std::uint64_t seed);
    ~ModelLayersTraining() override;

    const PlanShape& shape() const override;
    std::int64_t parameters() const override;
    std::size_t bytesNeeded(const Plan& plan, int lanes) const override;

    /// What is prepared last is what `maxError` speaks of: it must live as long.
    std::unique_ptr<Computation> prepare(
        const Plan& plan, int lanes, MemoryAccount& account) override;

    /// Of the gradients of the layers' weights and of the input, each relative to its own largest.
    /// NaN before `prepare`, beyond the context, and where the reference would take more than some
    /// seconds.
    double maxError() const override;

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace timestep
