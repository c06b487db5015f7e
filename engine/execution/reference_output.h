// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/model/matrix.h"
#include "engine/model/weights.h"

#include <vector>

namespace timestep {

/// What row 0 of some layers must put out at some of its positions, in double precision.
struct ReferenceOutput
{
    std::vector<int> positions; // n, ascending, counted from the first step that is put out
    Matrix<double> values; // (n, width)
};

/// Whether a reference that reads all T steps of one row would take more than some seconds.
bool wholeReferenceIsSlow(const PlanShape& shape);

/// Layers on an input (T, I): the first positions of a long one, which no later ones can change;
/// after given steps, all that are new.
ReferenceOutput bareReference(const PlanShape& shape,
    const std::vector<LstmLayerWeights<float>>& layers, const Matrix<double>& input);

/// Layers on an input (T, D), never more than one row of affinities in memory. Of a long input: the
/// first positions where it is causal, else some spread evenly; after given steps, all that are
/// new.
ReferenceOutput bareReference(const PlanShape& shape,
    const std::vector<AttentionLayerWeights<float>>& layers, const Matrix<double>& input);

/// Largest difference of an output (steps put out, width) from the reference, relative to the
/// reference's largest magnitude.
double relativeError(const ReferenceOutput& expected, const float* output);

} // namespace timestep
