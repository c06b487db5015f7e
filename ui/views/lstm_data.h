// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_picture.h"

#include <string>

namespace timestep {

// The numbers of a picture as files. Floats are as short as they can be while they read back the
// same.

/// One line a step and unit, in the order of the picture, below a head:
/// step,token,layer,unit,i,f,g,o,c,h. Layers count from 1, steps (of the window) and units from 0.
std::string lstmCsv(const LstmPicture& picture);

/// {"model", "layer", "tokens": [T pieces], "units": [H, in the order of the picture],
/// "half_lives": [H steps, by number; null: it forgets nothing], "i", "f", "g", "o", "c", "h": each
/// T x H, by number}.
std::string lstmJson(const LstmPicture& picture);

} // namespace timestep
