// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <vector>

class QWidget;

namespace timestep {

/// What is there to be clicked, typed in or dragged, and says nothing otherwise: buttons, choices,
/// fields and sliders. Of those that show, the outermost: not the field within a choice.
std::vector<QWidget*> shownControls(QWidget& around);

/// What the choices and fields of a row are set to, in reading order: "force f to 0.50 of all
/// units". Empty: there are none.
QString chosenIn(QWidget& row);

} // namespace timestep
