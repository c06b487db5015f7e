// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/forward_pass.h"
#include "engine/kernels/kernels.h"

#include <memory>

namespace timestep {

/// Bare LSTM layers trained on a random input and a random gradient of their output: forward,
/// backward with the gradient of the input, and the reduction over the sub-batches.
class BareLstmTraining final : public ForwardPass
{
public:
    /// The kind in `shape` is Lstm.
    BareLstmTraining(const PlanShape& shape, const Kernels& kernels, std::uint64_t seed);
    ~BareLstmTraining() override;

    const PlanShape& shape() const override;
    std::int64_t parameters() const override;
    std::size_t bytesNeeded(const Plan& plan, int lanes) const override;
    std::unique_ptr<Computation> prepare(
        const Plan& plan, int lanes, MemoryAccount& account) override;

    /// Of the gradients of all weights and of the input, each relative to its own largest. NaN
    /// before the first run, and where the reference would take more than some seconds.
    double maxError() const override;

private:
    struct Layers;
    std::unique_ptr<Layers> m_layers;
};

} // namespace timestep
