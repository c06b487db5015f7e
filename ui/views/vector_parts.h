// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QRect>

#include <vector>

class QWidget;

namespace timestep {

/// What one widget paints, without its children, as an SVG of the widget's size.
struct VectorPart
{
    QByteArray svg;
    QRect place; // of the widget, in pixels of the outermost
    QRect clip; // what shows of that: no widget shows beyond those around it
};

/// A widget and all that shows within it, from the lowest to the uppermost. Qt's SVG knows no clip
/// (6.4), so that whoever puts the parts together must clip them. A text that its field is too
/// short for is an image: within a field, too, letters would stand where they are cut.
std::vector<VectorPart> vectorParts(QWidget& widget);

/// Put together in one SVG, each with its clip. Qt's own reader of SVG leaves clips out.
QByteArray svgOf(QWidget& widget);

} // namespace timestep
