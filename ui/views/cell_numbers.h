// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_picture.h"

#include <QString>
#include <QStringList>

namespace timestep {

/// What one unit computes at one step, as it was recorded.
struct CellNumbers
{
    float input = 0, forget = 0, candidate = 0, output = 0;
    float before = 0; // c of the step before; 0 at the first
    float cell = 0, hidden = 0;

    static CellNumbers of(const LstmPicture& picture, int step, int unit);
};

/// A number of a gate or a state: as many decimals everywhere, so that they line up and can be
/// calculated with.
QString stateText(float value);

/// The equations with the numbers in their places, one line each, for a monospaced font.
QStringList cellEquation(const CellNumbers& numbers);

/// "3 tokens", "0.4 tokens", "no end": a half-life.
QString halfLifeText(double steps);

/// "f of unit 37 at “red”: 0.9731", and below it what the unit keeps.
QString lstmCellText(const LstmPicture& picture, LstmQuantity quantity, int step, int unit);
QString lstmCellDetail(const LstmPicture& picture, int unit);

} // namespace timestep
