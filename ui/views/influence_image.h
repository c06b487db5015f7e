// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/model_influence.h"
#include "ui/views/color_scale.h"

#include <QRgb>

#include <span>

namespace timestep {

/// T x T cells on a square of pixels.
struct InfluenceGrid
{
    int tokens = 0; // T
    int pixels = 0; // of a side

    /// The cells a pixel shows: all it touches where cells are smaller than it, else the one under
    /// its middle.
    IndexRange cellsUnder(int pixel) const;
    /// The pixels that show a cell.
    IndexRange pixelsOf(int cell) const;
};

/// The share that is drawn in full colour, one number for both models: the largest share of the
/// later half of the rows, as far as they are there, up to the next of 1, 0.5, 0.2, 0.1, … so that
/// it stays while rows arrive. The first rows have few tokens to share among: they would dim all
/// others, and what is larger has full colour too.
double fullColorInfluence(const ModelInfluence& lstm, const ModelInfluence& attention);

/// One line of pixels. A pixel of several cells shows the largest of them; where there is nothing
/// yet, or nothing that a model may read, it is transparent.
void drawInfluenceLine(const ModelInfluence& influence, const InfluenceGrid& grid, int pixelRow,
    double fullColor, const ColorScale& colors, std::span<QRgb> line);

} // namespace timestep
