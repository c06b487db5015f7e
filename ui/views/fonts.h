// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFont>

namespace timestep {

/// The window's sans serif, `pixels` high: Noto Sans where it is installed, else the system's.
QFont sansFont(int pixels);

/// The monospaced font for tokens beside text in `font`: a little smaller, since its letters are
/// wider.
QFont monospaceFont(const QFont& font);

/// A little smaller than `font`: for what is beside a picture rather than in it.
QFont smallFont(const QFont& font);

QFont boldFont(QFont font);

} // namespace timestep
