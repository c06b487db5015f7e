// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"
#include "engine/model/matrix.h"

#include <cstddef>
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
    std::vector<std::vector<Matrix<float>>> affinity; // L x A of (T, T); attention
};

/// Room for what a run of this shape records, all zero: masked affinities are never written.
Recording emptyRecording(const PlanShape& shape);

/// What it takes.
std::size_t recordingBytes(const PlanShape& shape);

} // namespace timestep
