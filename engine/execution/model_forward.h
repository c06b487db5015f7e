// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/timed_pass.h"
#include "engine/execution/packed_model.h"
#include "engine/text/token.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace timestep {

/// A whole model from embedding to last hidden state, for timing: the vocabulary head, the same for
/// both models, is left out, and positions beyond the context reuse the last one.
class ModelForward final : public TimedPass
{
public:
    /// Row r reads `tokens` (T) from token r on, wrapping round. Those before `firstStep` are
    /// given.
    ModelForward(
        const PackedModel& model, std::vector<TokenId> tokens, int rows, int firstStep = 0);
    ~ModelForward() override;

    const PlanShape& shape() const override;
    std::int64_t parameters() const override;
    std::size_t bytesNeeded(const Plan& plan, int lanes) const override;
    std::unique_ptr<Computation> prepare(
        const Plan& plan, int lanes, MemoryAccount& account) override;
    double maxError() const override;

    const float* output() const; // (T − first step, H or D) of row 0 in the last run

private:
    struct Pass;
    std::unique_ptr<Pass> m_pass;
};

} // namespace timestep
