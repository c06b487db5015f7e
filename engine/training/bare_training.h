// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/timed_pass.h"
#include "engine/kernels/kernels.h"

#include <memory>

namespace timestep {

/// Bare layers trained on a random input and a random gradient of their output: forward, backward
/// with the gradient of the input, and the reduction over the sub-batches.
class BareTraining final : public TimedPass
{
public:
    /// An LSTM without an input width reads as many numbers as it has units.
    BareTraining(const PlanShape& shape, const Kernels& kernels, std::uint64_t seed);
    ~BareTraining() override;

    const PlanShape& shape() const override;
    std::int64_t parameters() const override;
    std::size_t bytesNeeded(const Plan& plan, int lanes) const override;

    /// What is prepared last is what `maxError` and `gradients` speak of: it must live as long.
    std::unique_ptr<Computation> prepare(
        const Plan& plan, int lanes, MemoryAccount& account) override;

    /// Of the gradients of all weights and of the input, each relative to its own largest. NaN
    /// before `prepare`, and where the reference would take more than some seconds.
    double maxError() const override;

    /// Of all weights, laid out as the gradient layouts say.
    const float* gradients() const;
    const float* inputGradient() const; // (B, T, I)

private:
    struct Layers;
    std::unique_ptr<Layers> m_layers;
};

/// What training allocates for a plan, without weights, input, output and the gradients of both.
std::size_t trainingBytes(const Plan& plan, int lanes);

} // namespace timestep
