// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/recording.h"

#include "engine/execution/recomputed_affinities.h"

#include <cassert>

namespace timestep {

Recording emptyRecording(const PlanShape& shape)
{
    assert(shape.kind == ModelKind::Lstm);
    Recording recording;
    const std::size_t layers = static_cast<std::size_t>(shape.layers);
    const Matrix<float> states = Matrix<float>::Zero(shape.steps, shape.width);
    recording.gates.assign(layers, { states, states, states, states });
    recording.cell.assign(layers, states);
    recording.hidden.assign(layers, states);
    return recording;
}

std::size_t recordingBytes(const PlanShape& shape)
{
    if (shape.kind == ModelKind::Attention)
        return RecomputedAffinities::bytesNeeded(shape);
    return 6 * static_cast<std::size_t>(shape.layers) * static_cast<std::size_t>(shape.steps)
        * static_cast<std::size_t>(shape.width) * sizeof(float);
}

} // namespace timestep
