// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/sinusoid_positions.h"

#include <cmath>

namespace timestep {

template <typename Scalar>
Matrix<Scalar> sinusoidPositions(int steps, int width, double base)
{
    Matrix<Scalar> positions(steps, width);
    for (int column = 0; column < width; ++column) {
        // In double for either scalar: in float, sin of an angle of some thousands is off by 1e-3.
        const int pair = column / 2;
        const double frequency = std::pow(base, -2.0 * pair / width);
        for (int t = 0; t < steps; ++t) {
            const double angle = t * frequency;
            positions(t, column)
                = static_cast<Scalar>(column % 2 == 0 ? std::sin(angle) : std::cos(angle));
        }
    }
    return positions;
}

template Matrix<float> sinusoidPositions<float>(int, int, double);
template Matrix<double> sinusoidPositions<double>(int, int, double);

} // namespace timestep
