// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
#include "engine/model/weights.h"

#include <vector>

namespace timestep {

/// What row 0 of some layers must put out at some of its positions, in double precision.
struct ReferenceOutput
{
    std::vector<int> positions; // n, ascending
    Matrix<double> values; // (n, width)
};

/// Layers on an input (T, I): the first positions of a long one, which no later ones can change.
ReferenceOutput bareReference(
    const std::vector<LstmLayerWeights<float>>& layers, const Matrix<double>& input);

/// Layers on an input (T, D), never more than one row of affinities in memory. Of a long input: the
/// first positions where it is causal, else some spread evenly.
ReferenceOutput bareReference(const std::vector<AttentionLayerWeights<float>>& layers,
    const Matrix<double>& input, int heads, bool causal);

/// Largest difference of an output (T, width) from the reference, relative to the reference's
/// largest magnitude.
double relativeError(const ReferenceOutput& expected, const float* output);

} // namespace timestep
