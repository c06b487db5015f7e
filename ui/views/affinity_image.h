// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/pooled_scores.h"
#include "ui/views/affinity_statistics.h"
#include "ui/views/color_scale.h"

#include <QImage>
#include <QRectF>

#include <vector>

namespace timestep {

/// What full colour stands for in a heatmap.
enum class AffinityShading
{
    Head, // the largest share among the later half of the rows, for the whole picture
    Row, // each row's own largest share: where it reads most, however thinly it spreads
    Whole, // a share of 1
};

/// The share that is drawn in full colour, one number a row (T), where `largest` (T) is the largest
/// share of each.
std::vector<float> fullColorShares(std::vector<float> largest, AffinityShading shading);

/// Pixels of the part `cells` (x: the token read from, y: the token that reads; in cells, fractions
/// allowed) of a head's affinities. Where a pixel covers several cells it shows the largest of
/// those it touches, else the cell under its centre. Masked cells and all beyond the matrix are
/// transparent. Null when stopped.
QImage affinityImage(const Affinities& affinities, HeadIndex head, const QRectF& cells,
    QSize pixels, const std::vector<float>& fullColor, const ColorScale& colors,
    const std::stop_token& stop = {});

/// As affinityImage, of the scores q·k ÷ √d: where a pixel covers several pairs it shows the score
/// farthest from 0. `full` has the colour of one end of the scale, −`full` of the other.
QImage scoreImage(const Affinities& affinities, HeadIndex head, const QRectF& cells, QSize pixels,
    ScorePairs pairs, float full, const ColorScale& colors, const std::stop_token& stop = {});

/// (height, width) scores, not a number where transparent.
QImage scoresColored(const Matrix<float>& scores, float full, const ColorScale& colors);

/// The whole head from its statistics: at once, however long the text is, but no finer than they
/// are. Pixels as above.
QImage affinityOverview(const AffinityStatistics& statistics, QSize pixels, AffinityShading shading,
    const ColorScale& colors);

} // namespace timestep
