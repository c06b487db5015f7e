// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_texts.h"

class QCPAxis;

namespace timestep {

/// Draws the content into a plot that has nothing else. Texts never touch one another; names and
/// what is said of crossovers keep clear of the lines. What has no room goes to lines above.
class RaceDrawing
{
public:
    RaceDrawing(QCustomPlot& plot, const RacePlotContent& content, const Theme& theme,
        const QFont& font); // of all texts

    /// To be followed by a replot.
    RacePlotPlaces draw();

private:
    void setRanges();
    void layOut();
    void setMargins();
    void setTicks();
    void setTicks(QCPAxis& axis, const std::vector<double>& ticks, RaceUnit unit,
        std::vector<RacePlotPlaces::Text>& shown);
    QRectF tickPlace(const QCPAxis& axis, double value, const QString& text) const;
    std::vector<double> ticksOf(const QCPAxis& axis, const std::vector<double>& given) const;
    void drawXLabel();

    QCustomPlot& m_plot;
    const RacePlotContent& m_content;
    RaceInk m_ink;
    double m_line; // height of a line of text
    RaceTexts m_texts;
    RacePlotPlaces m_places;
};

} // namespace timestep
