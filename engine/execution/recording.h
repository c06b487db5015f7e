// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/execution/plan.h"
#include "engine/model/matrix.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace timestep {

/// The gates of one LSTM layer, each (T, H), after their nonlinearity.
struct GateRecording
{
    Matrix<float> input, forget, candidate, output;
};

/// What is captured of row 0 during a run, only when asked for.
struct Recording
{
    std::vector<GateRecording> gates; // L; LSTM
    std::vector<Matrix<float>> cell; // L of (T, H); LSTM
    std::vector<Matrix<float>> hidden; // L of (T, H); LSTM
    std::shared_ptr<const Affinities> affinities; // attention
};

/// Room for what a run of an LSTM of this shape records.
Recording emptyRecording(const PlanShape& shape);

/// What the recording of either model takes: O(T).
std::size_t recordingBytes(const PlanShape& shape);

} // namespace timestep
