// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/timed_pass.h"
#include "engine/kernels/kernels.h"

#include <cstdint>
#include <memory>

namespace timestep {

/// Layers without embedding, norms and head, with random weights and input (B, T, I) from a seed:
/// LSTM layers with both biases (I = H), or attention layers, which are four projections with
/// biases and scaled dot products. `shape.bareLayer` is set by this.
class BareLayer final : public TimedPass
{
public:
    BareLayer(const PlanShape& shape, const Kernels& kernels, std::uint64_t seed);
    ~BareLayer() override;

    const PlanShape& shape() const override;
    std::int64_t parameters() const override;
    std::size_t bytesNeeded(const Plan& plan, int lanes) const override;
    std::unique_ptr<Computation> prepare(
        const Plan& plan, int lanes, MemoryAccount& account) override;
    double maxError() const override;

    const float* output() const; // (B, T − first step, width) of the last run

private:
    struct Layers;
    std::unique_ptr<Layers> m_layers;
};

} // namespace timestep
