// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/packed_model.h"
#include "engine/execution/timed_pass.h"
#include "engine/measurement/sweep.h"

#include <map>
#include <memory>
#include <tuple>

namespace timestep {

/// The size of what a cell computes; kind and sizes only.
PlanShape shapeOf(const SweepCell& cell);

/// Makes the passes that cells time. Cells that compute the same, cut differently, share one with
/// its weights, input and output. Must outlive the passes.
class TimedPasses
{
public:
    TimedPasses(const Kernels& kernels, std::uint64_t seed);

    std::shared_ptr<TimedPass> passFor(const SweepCell& cell);

    /// Bytes of a pass's input and output.
    static std::size_t inputOutputBytes(const SweepCell& cell);

private:
    using Key
        = std::tuple<const Model*, SweepCell::Pass, SweepCell::Compute, int, int, int, int, int>;

    const PackedModel& packed(const ModelPointer& model);

    const Kernels& m_kernels;
    std::uint64_t m_seed;
    std::map<const Model*, std::unique_ptr<PackedModel>> m_packed;
    std::map<Key, std::weak_ptr<TimedPass>> m_passes;
};

} // namespace timestep
