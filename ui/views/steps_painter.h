// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_cell_painter.h"
#include "ui/views/steps_scene.h"

#include <QFont>
#include <QRegion>

#include <vector>

class QPainter;
class QPen;

namespace timestep {

/// Paints a scene. Keeps pictures of cells between paints, and nothing of the scene.
class StepsPainter
{
public:
    void paint(QPainter& painter, const StepsScene& scene, const QRegion& region,
        const Theme& theme, const QFont& font, double devicePixelRatio);

private:
    void paintTokenLabels();
    void paintTokenLabel(int column, bool bold);
    void paintSource();
    void paintTitles();
    void paintRowLabels(int model);
    void paintLayerLabels(int model, int firstStrip, int layers);
    void paintCells(int model, const QRect& area);
    void clearBesideColumns();
    void paintDetachedColumn();
    void paintBreak(int x, const QRect& strips);
    void paintPin();
    void paintBrokenLink();
    void paintRelations();
    void paintOutline(const std::vector<int>& operations, const QPen& pen);
    void paintFocusRectangle();
    QRect spotRect(const StepsSpot& spot) const;

    // Of the paint that is under way.
    QPainter* m_painter = nullptr;
    const StepsScene* m_scene = nullptr;
    const Theme* m_theme = nullptr;
    QFont m_font;

    StepsCellPainter m_cells;
};

} // namespace timestep
