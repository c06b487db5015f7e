// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

namespace timestep {

/// Positions that nobody had to train, for tables of any length: (T, D) for positions 0 … T − 1.
/// P[t][2i] = sin(t / b^(2i/D)), P[t][2i+1] = cos(t / b^(2i/D)) with b = `base`
/// (Vaswani et al., "Attention is all you need", 2017, section 3.5, where b is 10000).
template <typename Scalar>
Matrix<Scalar> sinusoidPositions(int steps, int width, double base = 10000);

extern template Matrix<float> sinusoidPositions<float>(int, int, double);
extern template Matrix<double> sinusoidPositions<double>(int, int, double);

} // namespace timestep
