// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"

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

} // namespace timestep
