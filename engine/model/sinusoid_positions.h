// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

namespace timestep {

/// Positions that nobody had to train, for tables of any length: (T, D) for positions 0 … T − 1.
/// P[t][2i] = sin(t / 10000^(2i/D)), P[t][2i+1] = cos(t / 10000^(2i/D))
/// (Vaswani et al., "Attention is all you need", 2017, section 3.5).
template <typename Scalar>
Matrix<Scalar> sinusoidPositions(int steps, int width);

extern template Matrix<float> sinusoidPositions<float>(int, int);
extern template Matrix<double> sinusoidPositions<double>(int, int);

} // namespace timestep
