// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_picture.h"

#include <vector>

namespace timestep {

/// What one token gives to the row that reads it.
struct TokenRead
{
    int token = 0; // of the window
    float share = 0; // a, of the row
    float valueNorm = 0; // ‖v‖
    /// ‖a·v‖ = a·‖v‖, the length of what is passed on: Kobayashi et al., "Attention is Not Only a
    /// Weight", EMNLP 2020, before the output projection.
    float passedOn() const { return share * valueNorm; }
};

/// Those that a row reads most, the most read first, at most `count`.
std::vector<TokenRead> mostReadBy(const AffinityPicture& picture, int row, int count);

/// Those that pass most on to a row, the longest first, at most `count` and none that passes on
/// less than a thousandth of the first; the one read most is among them. Empty where the run keeps
/// no values.
std::vector<TokenRead> mostPassedOnTo(const AffinityPicture& picture, int row, int count);

} // namespace timestep
