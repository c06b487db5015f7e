// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/recording.h"

#include <QString>

#include <array>

namespace timestep {

/// What an LSTM layer has one number of for every step and unit, in the order of computing it.
enum class LstmQuantity
{
    Input, // i: how much of the candidate is written
    Forget, // f: how much of the cell stays
    Candidate, // g: what may be written
    Output, // o: how much of the cell is shown
    Cell, // c = f·c₋₁ + i·g
    Hidden, // h = o·tanh c
};

inline constexpr std::array lstmQuantities { LstmQuantity::Input, LstmQuantity::Forget,
    LstmQuantity::Candidate, LstmQuantity::Output, LstmQuantity::Cell, LstmQuantity::Hidden };

QString lstmLetter(LstmQuantity quantity); // "f"
QString lstmName(LstmQuantity quantity); // "forget", translated

/// Of both signs; else between 0 and 1.
bool isSigned(LstmQuantity quantity);

/// (T, H). The layer must have been recorded.
const Matrix<float>& recorded(const Recording& recording, int layer, LstmQuantity quantity);

} // namespace timestep
