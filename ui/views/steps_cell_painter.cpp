// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_cell_painter.h"

#include <QPainter>
#include <QPainterPath>
#include <QPen>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int nothing = 4; // beside the four states
constexpr int narrowestArrow = 5; // pixels of gap
constexpr int roomForBarrier = 8; // beside an arrow
constexpr int smallestBarDisc = 16; // pixels: the number in it must be legible
constexpr int mostKeyedStates = 16; // three bits each, below the model, layer and arrows

enum Arrow
{
    NoArrow,
    OpenArrow,
    ClosedArrow
};

} // namespace

quint64 StepsCellPainter::Look::key() const
{
    quint64 key = 1 << 4 | quint64(arrow) << 2 | quint64(arrowBack); // the 1 tells how many states
    for (const int state : states)
        key = key << 3 | quint64(state);
    return key;
}

void StepsCellPainter::begin(
    QPainter& painter, const StepsScene& scene, const Theme& theme, double devicePixelRatio)
{
    m_painter = &painter;
    m_scene = &scene;
    const QSize cellSize(scene.layout.columnPitch(), scene.layout.cellHeight());
    if (m_theme != &theme || m_cellSize != cellSize || m_picture != scene.picture.get()
        || m_devicePixelRatio != devicePixelRatio)
        m_cells.clear();
    m_theme = &theme;
    m_cellSize = cellSize;
    m_picture = scene.picture.get();
    m_devicePixelRatio = devicePixelRatio;
    m_pixmaps.setLook(theme, devicePixelRatio);
}

void StepsCellPainter::paint(int model, const QRect& area, int first, int last)
{
    m_view = m_scene->view;
    m_view.pinnedColumn = -1;
    paintStrips(model, area, first, last);
}

void StepsCellPainter::paintPinned(int model, const QRect& area)
{
    m_view = m_scene->view;
    paintStrips(model, area, m_view.pinnedColumn, m_view.pinnedColumn);
}

void StepsCellPainter::paintStrips(int model, const QRect& area, int first, int last)
{
    const StepsLayout& layout = m_scene->layout;
    const StepsGrid& grid = m_scene->model(model).grid;
    const int firstStrip = layout.firstShown(model, m_view) * grid.layers();
    const int strips = layout.shown(model) * grid.layers();
    for (int strip = firstStrip; strip < firstStrip + strips; ++strip) {
        const int top = layout.stripTop(model, strip, m_view);
        if (top > area.bottom() || top + layout.stripPitch() < area.top())
            continue;
        int runFirst = first;
        Look run;
        for (int column = first; column <= last; ++column) {
            Look look = lookOf(model, strip, column);
            const bool joins = column > runFirst && !look.moves && !run.moves
                && layout.isTail(column) == layout.isTail(runFirst) && look.key() == run.key()
                && look.states.size() <= mostKeyedStates;
            if (!joins && column > runFirst)
                paintRun(model, strip, runFirst, column - 1, run);
            if (!joins)
                runFirst = column;
            run = std::move(look);
        }
        if (runFirst <= last)
            paintRun(model, strip, runFirst, last, run);
    }
}

StepsCellPainter::Look StepsCellPainter::lookOf(int model, int strip, int column) const
{
    const StepsModel& shown = m_scene->model(model);
    Look look;
    const StepsLayout& layout = m_scene->layout;
    const int step = layout.firstStep(column);
    for (const StepsTier& tier : shown.grid.tiers(strip, step)) {
        if (layout.grouped(column)) {
            look.states.append(groupState(shown, tier, column, &look.moves));
            continue;
        }
        for (int part = 0; part < tier.parts; ++part) {
            const int operation = tier.operation(step, part);
            const int state
                = operation < 0 ? nothing : int(shown.times.state(operation, m_scene->time));
            look.states.append(state);
            look.moves = look.moves || state == int(OperationState::Running);
        }
    }
    look.arrow = arrowOf(model, strip, column);
    look.arrowBack = arrowBackOf(model, strip, column);
    return look;
}

int StepsCellPainter::groupState(
    const StepsModel& model, const StepsTier& tier, int column, bool* mixed) const
{
    int common = nothing;
    const int first = m_scene->layout.firstStep(column) * tier.parts;
    const int last = (m_scene->layout.lastStep(column) + 1) * tier.parts;
    for (int i = first; i < last; ++i) {
        const int operation = tier.operations[std::size_t(i)];
        if (operation < 0)
            continue;
        const int state = int(model.times.state(operation, m_scene->time));
        if (common == nothing)
            common = state;
        if (state != common || state == int(OperationState::Running)) {
            *mixed = true;
            return nothing;
        }
    }
    return common;
}

/// Between neighbours of which one waits for the other.
bool StepsCellPainter::showsArrows(int model, int column) const
{
    const StepsLayout& layout = m_scene->layout;
    const bool chained = model == 0 || m_scene->model(model).plan->shape().beingWritten;
    return chained && m_view.pinnedColumn < 0 && layout.columnGap() >= narrowestArrow
        && column + 1 < layout.columns() && !layout.isTail(column + 1);
}

bool StepsCellPainter::tierDone(int model, const StepsTier& tier, int step) const
{
    const StepsTimes& times = m_scene->model(model).times;
    for (int part = 0; part < tier.parts; ++part) {
        const int operation = tier.operation(step, part);
        if (operation < 0 || times.state(operation, m_scene->time) != OperationState::Done)
            return false;
    }
    return true;
}

int StepsCellPainter::arrowOf(int model, int strip, int column) const
{
    if (!showsArrows(model, column))
        return NoArrow;
    const StepsTier& tier = m_scene->strip(model, strip).forwardEnd();
    return tierDone(model, tier, m_scene->layout.lastStep(column)) ? ClosedArrow : OpenArrow;
}

int StepsCellPainter::arrowBackOf(int model, int strip, int column) const
{
    const StepsTier* tier = m_scene->strip(model, strip).tier(OperationKind::RecurrentBackward);
    if (!tier || !showsArrows(model, column))
        return NoArrow;
    return tierDone(model, *tier, m_scene->layout.firstStep(column + 1)) ? ClosedArrow : OpenArrow;
}

void StepsCellPainter::paintRun(int model, int strip, int first, int last, const Look& look)
{
    const StepsLayout& layout = m_scene->layout;
    const QPoint corner = layout.cellRect(model, strip, first, m_view).topLeft();
    if (look.moves || look.states.size() > mostKeyedStates) {
        paintLook(model, strip, first, corner, look);
        paintMotion(model, strip, first);
        return;
    }
    if (!takesPixmaps(*m_painter)) {
        for (int column = first; column <= last; ++column)
            paintLook(model, strip, column, layout.cellRect(model, strip, column, m_view).topLeft(),
                look);
        return;
    }
    const int layers = m_scene->model(model).grid.layers();
    const quint64 key = look.key() | quint64(model) << 63 | quint64(strip % layers) << 54
        | quint64(layout.isTail(first) ? 1 : 0) << 53;
    QPixmap& cell = m_cells[key];
    if (cell.isNull()) {
        cell = QPixmap((QSizeF(m_cellSize) * m_devicePixelRatio).toSize());
        cell.setDevicePixelRatio(m_devicePixelRatio);
        cell.fill(m_theme->window);
        QPainter painter(&cell);
        QPainter* const outer = std::exchange(m_painter, &painter);
        paintLook(model, strip, first, {}, look);
        m_painter = outer;
    }
    const int width = (last - first + 1) * layout.columnPitch();
    m_painter->drawTiledPixmap(QRect(corner, QSize(width, m_cellSize.height())), cell);
}

void StepsCellPainter::paintLook(
    int model, int strip, int column, const QPoint& corner, const Look& look)
{
    const StepsLayout& layout = m_scene->layout;
    const auto tiers = m_scene->model(model).grid.tiers(strip, layout.firstStep(column));
    const bool grouped = layout.grouped(column);
    auto state = look.states.begin();
    for (int tier = 0; tier < int(tiers.size()); ++tier) {
        const int parts = grouped ? 1 : tiers[std::size_t(tier)].parts;
        for (int part = 0; part < parts; ++part, ++state) {
            if (*state == nothing)
                continue;
            const QRect rect = grouped ? layout.tierRect(model, strip, column, tier)
                                       : layout.partRect(model, strip, column, tier, part);
            m_pixmaps.paintCell(*m_painter, rect.translated(corner), model, OperationState(*state));
        }
    }
    for (int tier = 0; tier < int(tiers.size()); ++tier) {
        const StepsTier& shown = tiers[std::size_t(tier)];
        const QRect rect = layout.tierRect(model, strip, column, tier).translated(corner);
        if (look.arrow != NoArrow && &shown == &m_scene->strip(model, strip).forwardEnd())
            paintArrow(model, rect, shown, look.arrow, false);
        else if (look.arrowBack != NoArrow && shown.kind == OperationKind::RecurrentBackward)
            paintArrow(model, rect, shown, look.arrowBack, true);
    }
}

/// In the gap to the right of a tier; a line along all of its parts where they wait for each other.
void StepsCellPainter::paintArrow(
    int model, const QRect& from, const StepsTier& tier, int arrow, bool back)
{
    const int height = std::clamp(from.height() / 2, 4, 9);
    const int gap = m_scene->layout.columnGap();
    m_pixmaps.paintArrow(*m_painter,
        QRect(from.right() + 1, from.center().y() - height / 2, gap - 1, height), model,
        arrow == OpenArrow, back);
    // At the side of what must all be done.
    if (tier.parts > 1 && gap >= roomForBarrier)
        m_painter->fillRect(back ? from.right() + gap - 1 : from.right() + 2, from.top(), 2,
            from.height(), modelColors(*m_theme, model).outline);
}

void StepsCellPainter::paintMotion(int model, int strip, int column)
{
    const StepsLayout& layout = m_scene->layout;
    const StepsTimes& times = m_scene->model(model).times;
    const int step = layout.firstStep(column);
    const auto tiers = m_scene->model(model).grid.tiers(strip, step);
    const QPoint corner = layout.cellRect(model, strip, column, m_view).topLeft();
    for (int tier = 0; tier < int(tiers.size()); ++tier) {
        const StepsTier& shown = tiers[std::size_t(tier)];
        if (layout.grouped(column)) {
            paintGroup(model, layout.tierRect(model, strip, column, tier).translated(corner), shown,
                column);
            continue;
        }
        for (int part = 0; part < shown.parts; ++part) {
            const int operation = shown.operation(step, part);
            if (operation < 0 || times.state(operation, m_scene->time) != OperationState::Running)
                continue;
            const QRect rect = layout.partRect(model, strip, column, tier, part).translated(corner);
            paintRunning(model, rect, operation);
            paintWorker(model, rect,
                QRect(corner, layout.cellRect(model, strip, column, m_view).size()), operation);
        }
    }
}

void StepsCellPainter::paintRunning(int model, const QRect& rect, int operation)
{
    const StepsTimes& times = m_scene->model(model).times;
    const Theme::ModelColors& colors = modelColors(*m_theme, model);
    const double width = rect.width() * times.progress(operation, m_scene->time);
    const double radius = cellRadius(rect.size());
    const QRectF outline = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    m_painter->save();
    m_painter->setRenderHint(QPainter::Antialiasing);
    m_painter->setPen(QPen(colors.running, 1));
    m_painter->setBrush(Qt::NoBrush);
    m_painter->drawRoundedRect(outline, radius, radius);
    const QRectF done(rect.left(), rect.top(), width, rect.height());
    if (takesPixmaps(*m_painter)) {
        m_painter->setClipRect(done, Qt::IntersectClip);
        m_painter->setBrush(colors.running);
        m_painter->drawRoundedRect(outline, radius, radius);
    } else { // documents that Qt writes know no clip
        QPainterPath whole, part;
        whole.addRoundedRect(outline, radius, radius);
        part.addRect(done);
        m_painter->fillPath(whole.intersected(part), colors.running);
    }
    m_painter->restore();
}

/// The number stands where the work is done. A bar too low for it has it on top, reaching beyond
/// the bar but not beyond its cell.
void StepsCellPainter::paintWorker(int model, const QRect& rect, const QRect& cell, int operation)
{
    int diameter = workerDiscDiameter(rect.size());
    if (diameter < smallestBarDisc)
        diameter = std::min(smallestBarDisc, workerDiscDiameter({ rect.width(), cell.height() }));
    if (diameter == 0)
        return;
    const int top = rect.top() + (rect.height() - diameter) / 2;
    const QPoint corner(rect.left() + (rect.width() - diameter) / 2,
        std::clamp(top, cell.top(), std::max(cell.top(), cell.bottom() + 1 - diameter)));
    const int number = m_scene->model(model).times.worker(operation) + 1;
    m_pixmaps.paintWorker(*m_painter, corner, diameter, model, number);
}

void StepsCellPainter::paintGroup(int model, const QRect& rect, const StepsTier& tier, int column)
{
    const StepsTimes& times = m_scene->model(model).times;
    const StepsLayout& layout = m_scene->layout;
    int all = 0;
    int counts[4] = {};
    for (int step = layout.firstStep(column); step <= layout.lastStep(column); ++step) {
        for (int part = 0; part < tier.parts; ++part) {
            const int operation = tier.operation(step, part);
            if (operation < 0)
                continue;
            ++all;
            ++counts[int(times.state(operation, m_scene->time))];
        }
    }
    if (all == 0)
        return;
    const int done = counts[int(OperationState::Done)];
    const int running = counts[int(OperationState::Running)];
    const OperationState rest = counts[int(OperationState::NoFreeWorker)] > 0
        ? OperationState::NoFreeWorker
        : OperationState::Waiting;
    m_pixmaps.paintCell(*m_painter, rect, model, done == all ? OperationState::Done : rest);
    if (done == all)
        return;
    const Theme::ModelColors& colors = modelColors(*m_theme, model);
    const int doneWidth = rect.width() * done / all;
    const int runningWidth = running > 0 ? std::max(2, rect.width() * running / all) : 0;
    m_painter->fillRect(rect.left(), rect.top(), doneWidth, rect.height(), colors.done);
    m_painter->fillRect(rect.left() + doneWidth, rect.top(),
        std::min(runningWidth, rect.width() - doneWidth), rect.height(), colors.running);
}

} // namespace timestep
