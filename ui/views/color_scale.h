// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>

#include <array>

namespace timestep {

/// Value to colour, for shares between 0 and 1. Perceptually uniform: equal differences in value
/// are equal differences in CIE lightness, which is also what remains of it without colour vision.
struct ColorScale
{
    static constexpr int Shades = 256;
    std::array<QRgb, Shades> shades {};

    /// `share` beyond [0, 1] takes the colour of the nearer end; not a number that of 0.
    QRgb at(double share) const;

    /// White to deep blue, or from the dark window's tone to white-blue: little of it always looks
    /// close to the window, so that much of it stands out. Of attention.
    static const ColorScale& blue(bool dark);
    /// Of numbers with a sign: the middle of the scale is 0 and looks close to the window; above it
    /// as blue, below it as light in green.
    static const ColorScale& signedBlue(bool dark);
    /// The same in orange, as light as the blue one at every share. Of recurrence.
    static const ColorScale& orange(bool dark);

    /// For values of both signs, as shares of the full colour: orange above 0, violet below, the
    /// window's tone at 0. Equal magnitudes are equally light, so the sign is in the hue alone, and
    /// orange and violet differ for the colour-blind too.
    static const ColorScale& violetToOrange(bool dark);
    QRgb ofSigned(double share) const { return at((share + 1) / 2); } // −1 … 1
};

} // namespace timestep
