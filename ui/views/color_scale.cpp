// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/color_scale.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace timestep {

namespace {

struct Lab
{
    double lightness, a, b;
};

/// A colour of the scale at a share between 0 and 1; between two of them, a straight line in
/// CIELAB.
struct Stop
{
    double share;
    Lab color;
};

// Lightness falls (rises) in a straight line over the share; only hue and chroma bend, so that the
// middle of the scale is a clear blue (orange) and every colour lies inside sRGB.
constexpr std::array LightBlue { Stop { 0, { 97, -1, -3 } }, Stop { 0.35, { 70.05, -11, -25 } },
    Stop { 0.7, { 43.1, -1, -42 } }, Stop { 1, { 20, 10, -39 } } };
constexpr std::array DarkBlue { Stop { 0, { 17, 0, -9 } }, Stop { 0.3, { 40.4, 1, -36 } },
    Stop { 0.65, { 67.7, -12, -32 } }, Stop { 1, { 95, -3, -6 } } };
// The lightness of the blue ones at every share, so that equal shares weigh the same in both.
constexpr std::array LightOrange { Stop { 0, { 97, 1, 4 } }, Stop { 0.35, { 70.05, 26, 52 } },
    Stop { 0.7, { 43.1, 34, 52 } }, Stop { 1, { 20, 22, 27 } } };
constexpr std::array DarkOrange { Stop { 0, { 17, 3, 4 } }, Stop { 0.3, { 40.4, 28, 44 } },
    Stop { 0.65, { 67.7, 28, 52 } }, Stop { 1, { 95, 3, 9 } } };
// Half as steep: the ends keep a hue to tell the signs apart by.
constexpr std::array LightAbove { Stop { 0, { 97, 1, 1 } }, Stop { 0.5, { 63.5, 28, 54 } },
    Stop { 1, { 30, 33, 40 } } };
constexpr std::array LightBelow { Stop { 0, { 97, 1, 1 } }, Stop { 0.5, { 63.5, 20, -32 } },
    Stop { 1, { 30, 32, -44 } } };
constexpr std::array DarkAbove { Stop { 0, { 17, 1, -1 } }, Stop { 0.5, { 49, 30, 50 } },
    Stop { 1, { 81, 18, 52 } } };
constexpr std::array DarkBelow { Stop { 0, { 17, 1, -1 } }, Stop { 0.5, { 49, 26, -42 } },
    Stop { 1, { 81, 15, -25 } } };

constexpr std::array LightGreen { Stop { 0, { 97, -1, 1 } }, Stop { 0.35, { 70.05, -24, 36 } },
    Stop { 0.7, { 43.1, -24, 34 } }, Stop { 1, { 20, -12, 18 } } };
constexpr std::array DarkGreen { Stop { 0, { 17, -2, 1 } }, Stop { 0.3, { 40.4, -22, 32 } },
    Stop { 0.65, { 67.7, -26, 40 } }, Stop { 1, { 95, -6, 14 } } };

double labInverse(double value)
{
    constexpr double Knee = 6.0 / 29;
    return value > Knee ? value * value * value : 3 * Knee * Knee * (value - 4.0 / 29);
}

int srgbByte(double linear)
{
    const double clamped = std::clamp(linear, 0.0, 1.0);
    const double encoded
        = clamped <= 0.0031308 ? 12.92 * clamped : 1.055 * std::pow(clamped, 1 / 2.4) - 0.055;
    return static_cast<int>(std::lround(encoded * 255));
}

/// CIELAB with white point D65 to sRGB (IEC 61966-2-1).
QRgb toRgb(const Lab& lab)
{
    const double base = (lab.lightness + 16) / 116;
    const double x = 0.95047 * labInverse(base + lab.a / 500);
    const double y = labInverse(base);
    const double z = 1.08883 * labInverse(base - lab.b / 200);
    return qRgb(srgbByte(3.2404542 * x - 1.5371385 * y - 0.4985314 * z),
        srgbByte(-0.9692660 * x + 1.8760108 * y + 0.0415560 * z),
        srgbByte(0.0556434 * x - 0.2040259 * y + 1.0572252 * z));
}

QRgb between(std::span<const Stop> stops, double share)
{
    std::size_t next = 1;
    while (share > stops[next].share && next + 1 < stops.size())
        ++next;
    const Stop& from = stops[next - 1];
    const Stop& to = stops[next];
    const double part = (share - from.share) / (to.share - from.share);
    return toRgb({ std::lerp(from.color.lightness, to.color.lightness, part),
        std::lerp(from.color.a, to.color.a, part), std::lerp(from.color.b, to.color.b, part) });
}

ColorScale through(std::span<const Stop> stops)
{
    ColorScale scale;
    for (int shade = 0; shade < ColorScale::Shades; ++shade)
        scale.shades[shade] = between(stops, shade / double(ColorScale::Shades - 1));
    return scale;
}

/// Two arms of equally many shades, from 0 outwards; the two in the middle are both that of 0.
ColorScale twoArms(std::span<const Stop> below, std::span<const Stop> above)
{
    constexpr int half = ColorScale::Shades / 2;
    ColorScale scale;
    for (int shade = 0; shade < half; ++shade) {
        const double share = shade / double(half - 1);
        scale.shades[half - 1 - shade] = between(below, share);
        scale.shades[half + shade] = between(above, share);
    }
    return scale;
}

/// From the end of one scale over where both begin to the end of the other.
ColorScale joined(const ColorScale& below, const ColorScale& above)
{
    ColorScale scale;
    for (int shade = 0; shade < ColorScale::Shades; ++shade) {
        const double share = 2.0 * shade / (ColorScale::Shades - 1) - 1;
        scale.shades[shade] = share < 0 ? below.at(-share) : above.at(share);
    }
    return scale;
}

} // namespace

QRgb ColorScale::at(double share) const
{
    if (!(share > 0))
        return shades.front();
    return shades[static_cast<std::size_t>(std::min(share, 1.0) * (Shades - 1) + 0.5)];
}

const ColorScale& ColorScale::blue(bool dark)
{
    static const ColorScale light = through(LightBlue);
    static const ColorScale night = through(DarkBlue);
    return dark ? night : light;
}

const ColorScale& ColorScale::signedBlue(bool dark)
{
    static const ColorScale light = joined(through(LightGreen), blue(false));
    static const ColorScale night = joined(through(DarkGreen), blue(true));
    return dark ? night : light;
}

const ColorScale& ColorScale::orange(bool dark)
{
    static const ColorScale light = through(LightOrange);
    static const ColorScale night = through(DarkOrange);
    return dark ? night : light;
}

const ColorScale& ColorScale::violetToOrange(bool dark)
{
    static const ColorScale light = twoArms(LightBelow, LightAbove);
    static const ColorScale night = twoArms(DarkBelow, DarkAbove);
    return dark ? night : light;
}

} // namespace timestep
