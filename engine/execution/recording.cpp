// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/recording.h"

namespace timestep {

namespace {

std::size_t square(std::size_t x) { return x * x; }

} // namespace

Recording emptyRecording(const PlanShape& shape)
{
    Recording recording;
    const std::size_t layers = static_cast<std::size_t>(shape.layers);
    if (shape.kind == ModelKind::Attention) {
        const Matrix<float> affinity = Matrix<float>::Zero(shape.steps, shape.steps);
        recording.affinity.assign(
            layers, std::vector<Matrix<float>>(static_cast<std::size_t>(shape.heads), affinity));
        return recording;
    }
    const Matrix<float> states = Matrix<float>::Zero(shape.steps, shape.width);
    recording.gates.assign(layers, { states, states, states, states });
    recording.cell.assign(layers, states);
    recording.hidden.assign(layers, states);
    return recording;
}

std::size_t recordingBytes(const PlanShape& shape)
{
    const std::size_t layers = static_cast<std::size_t>(shape.layers);
    const std::size_t steps = static_cast<std::size_t>(shape.steps);
    if (shape.kind == ModelKind::Attention)
        return layers * static_cast<std::size_t>(shape.heads) * square(steps) * sizeof(float);
    return 6 * layers * steps * static_cast<std::size_t>(shape.width) * sizeof(float);
}

} // namespace timestep
