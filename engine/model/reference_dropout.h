// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/dropout_places.h"
#include "engine/model/matrix.h"

#include <functional>

namespace timestep {

/// What a number is multiplied by where a row is trained with dropout: 0 or 1 ÷ (1 − p), by its
/// place in the model (dropout_places.h), position and unit. Empty: nothing is dropped.
using DropoutFactor = std::function<double(int place, int position, int unit)>;

/// `numbers` (T, units) of positions from `first` on, or the gradient of what became of them.
template <typename Scalar>
Matrix<Scalar> withDropout(
    Matrix<Scalar> numbers, const DropoutFactor& factor, int place, int first = 0)
{
    if (factor)
        for (int t = 0; t < numbers.rows(); ++t)
            for (int i = 0; i < numbers.cols(); ++i)
                numbers(t, i) *= static_cast<Scalar>(factor(place, first + t, i));
    return numbers;
}

} // namespace timestep
