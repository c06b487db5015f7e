// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/execution/trace.h"
#include "engine/kernels/kernels.h"

#include <string>

namespace timestep {

/// For people: how busy each lane was, and how long the critical path took, with these kernels.
std::string traceSummary(const Plan& plan, const Trace& trace, const Kernels& kernels);

} // namespace timestep
