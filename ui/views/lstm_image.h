// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/color_scale.h"
#include "ui/views/lstm_picture.h"
#include "ui/views/token_axis.h"

#include <QImage>

#include <stop_token>

namespace timestep {

/// The colours of a quantity: orange for what lies between 0 and 1, violet to orange for both
/// signs.
const ColorScale& lstmColors(LstmQuantity quantity, bool dark);

/// The colour of one value, as lstmImage has it.
QRgb lstmColor(const LstmPicture& picture, LstmQuantity quantity, float value, bool dark);

/// Pixels of one quantity: across the tokens in view, down all units in the picture's order. Where
/// a pixel covers several values it shows their mean, else the value under its middle. Null when
/// stopped.
QImage lstmImage(const LstmPicture& picture, LstmQuantity quantity, const TokenAxis& axis,
    QSize pixels, bool dark, const std::stop_token& stop = {});

} // namespace timestep
