// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/matrix.h"
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

/// The share that is drawn in full colour, one number a row (T).
std::vector<float> fullColorShares(
    const Matrix<float>& affinity, bool causal, AffinityShading shading);

/// Pixels of the part `cells` (x: the token read from, y: the token that reads; in cells, fractions
/// allowed) of an affinity matrix (T, T). Where a pixel covers several cells it shows the largest
/// of those it touches, else the cell under its centre. Masked cells and all beyond the matrix are
/// transparent.
QImage affinityImage(const Matrix<float>& affinity, bool causal, const QRectF& cells, QSize pixels,
    const std::vector<float>& fullColor, const ColorScale& colors);

} // namespace timestep
