// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/error.h"
#include "engine/execution/packed_model.h"
#include "engine/model/matrix.h"

#include <optional>
#include <stop_token>

namespace timestep {

/// The vocabulary head: (T, V) from `steps` last hidden states (T, H or D). Empty when stopped.
/// Throws Error for numbers that are not finite.
std::optional<Matrix<float>> logitsOf(
    const PackedModel& model, const float* hidden, int steps, std::stop_token stop);

/// What to throw where weights lead to numbers that are not finite.
Error notFinite(const Model& model);

} // namespace timestep
