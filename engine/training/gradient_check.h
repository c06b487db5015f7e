// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

namespace timestep {

/// How far two ways of computing the same gradients lie apart.
struct GradientDifference
{
    std::int64_t numbers = 0; // compared
    std::int64_t differing = 0; // of them, in any bit
    double largest = 0; // difference, relative to the largest gradient of all
};

/// One batch and one set of weights, their gradients computed in several ways, really.
struct GradientCheck
{
    GradientDifference oneThread; // the same sub-batches, on one thread
    GradientDifference unsplit; // the whole batch in one piece
    GradientDifference inOrderOfArrival; // the same sub-batches, summed as they came
    std::vector<int> arrival; // S: the sub-batches in the order in which the last layer's came
};

/// Against the gradients of `settings` (sub-batches on its threads, summed in order). Nothing when
/// stopped.
std::optional<GradientCheck> checkGradients(const Model& model, const TrainingBatch& batch,
    const TrainerSettings& settings, const Kernels& kernels, std::stop_token stop);

} // namespace timestep
