// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/gradient_check.h"

#include <string>

namespace timestep {

/// Three lines for people: the gradients of sub-batches on threads against other ways to compute
/// them.
std::string gradientCheckText(const GradientCheck& check, const TrainerSettings& settings);

} // namespace timestep
