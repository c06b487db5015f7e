// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/model/weights.h"

#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace timestep {

/// One stream of uniform numbers, for weights in ±1/√fan-in, as PyTorch starts its layers, and for
/// what such layers read.
class RandomWeights
{
public:
    explicit RandomWeights(std::uint64_t seed)
        : m_generator(seed)
    {
    }

    /// Uniform in ±`largest`.
    void fill(std::span<float> values, double largest);

private:
    std::mt19937_64 m_generator;
};

/// The weights of bare layers, random: of the kind that `shape` says; the other is empty. Attention
/// has no norms and no feed-forward.
struct RandomLayers
{
    RandomLayers(const PlanShape& shape, RandomWeights& random);

    std::int64_t parameters() const;

    std::vector<LstmLayerWeights<float>> lstm; // L, or empty
    std::vector<AttentionLayerWeights<float>> attention; // L, or empty
};

} // namespace timestep
