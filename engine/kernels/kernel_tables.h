// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/kernels.h"

namespace timestep {

/// Plain loops: the twin that every other table is tested against.
const Kernels& referenceKernels();

/// The tables compiled with Highway that this processor can run, slowest first.
std::vector<const Kernels*> vectorKernels();

} // namespace timestep
