// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_cell_pixmaps.h"
#include "ui/views/steps_scene.h"

#include <QHash>
#include <QVarLengthArray>

class QPainter;

namespace timestep {

/// Paints the cells of a scene. Neighbours that look alike are drawn as one: a picture of a cell is
/// made once and repeated, so that thousands of cells cost little more than their pixels.
class StepsCellPainter
{
public:
    /// Before each paint; forgets pictures that no longer fit.
    void begin(
        QPainter& painter, const StepsScene& scene, const Theme& theme, double devicePixelRatio);
    /// The cells of a model that touch the area, of columns first … last.
    void paint(int model, const QRect& area, int first, int last);
    /// One column where the view pins it, away from its neighbours.
    void paintPinned(int model, const QRect& area);

private:
    /// What a cell looks like but for motion: a state for each part, or each tier of a cell of
    /// several steps. Nothing: masked, or a mixture.
    struct Look
    {
        QVarLengthArray<int, 16> states; // OperationState, or `nothing`
        int arrow = 0; // to the right: none, open, closed
        int arrowBack = 0; // from there: likewise
        bool moves = false; // runs, or holds steps in several states
        quint64 key() const;
    };

    void paintStrips(int model, const QRect& area, int first, int last);
    Look lookOf(int model, int strip, int column) const;
    int groupState(const StepsModel& model, const StepsTier& tier, int column, bool* mixed) const;
    int arrowOf(int model, int strip, int column) const;
    int arrowBackOf(int model, int strip, int column) const;
    bool showsArrows(int model, int column) const;
    bool tierDone(int model, const StepsTier& tier, int step) const;
    void paintArrow(int model, const QRect& from, const StepsTier& tier, int arrow, bool back);
    void paintRun(int model, int strip, int first, int last, const Look& look);
    void paintLook(int model, int strip, int column, const QPoint& corner, const Look& look);
    void paintMotion(int model, int strip, int column);
    void paintRunning(int model, const QRect& rect, int operation);
    void paintWorker(int model, const QRect& rect, const QRect& cell, int operation);
    void paintGroup(int model, const QRect& rect, const StepsTier& tier, int column);

    // Of the paint that is under way.
    QPainter* m_painter = nullptr;
    const StepsScene* m_scene = nullptr;
    const Theme* m_theme = nullptr;
    StepsView m_view; // with the pinned column only where it is painted apart

    StepsCellPixmaps m_pixmaps;
    QHash<quint64, QPixmap> m_cells; // by model, layer and look
    QSize m_cellSize;
    const StepsPicture* m_picture = nullptr;
    double m_devicePixelRatio = 1;
};

} // namespace timestep
