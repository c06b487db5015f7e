// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_picture.h"
#include "ui/views/token_bars.h"

#include <string>

namespace timestep {

// The numbers of a picture as files. Floats are as short as they can be while they read back the
// same.

/// A question below the picture and its answer, a number a token.
struct ShownAnswer
{
    QString name;
    TokenBars bars;
};

/// One line a step and unit, in the order of the picture, below a head:
/// step,token,layer,unit,i,f,g,o,c,h,override. Layers count from 1, steps (of the window) and units
/// from 0. override: "f=0" where that forget gate was forced, "cut" where the step did not get the
/// hidden state of the step before, else empty.
std::string lstmCsv(const LstmPicture& picture);

/// {"model", "layer", "override": null or {"forget_gates": [{"layer", "first_step", "last_step",
/// "units": null for all, "value"}], "cut_links": [{"layer", "step"}]}, "tokens": [T pieces],
/// "units": [H, in the order of the picture], "answer": {"name", "full": what the longest bar
/// stands for, "series": [{"model", "name", "values": [T; null: none]}]}, "half_lives": [H steps,
/// by number; null: it forgets nothing, or all its gates were forced], "i", "f", "g", "o", "c",
/// "h": each T x H, by number}.
std::string lstmJson(const LstmPicture& picture, const ShownAnswer& answer);

/// The answer alone, one line a token below a head: step,token, and a column a series, named
/// "NAME of MODEL: SERIES"; empty fields: none.
std::string lstmStripCsv(const LstmPicture& picture, const ShownAnswer& answer);

} // namespace timestep
