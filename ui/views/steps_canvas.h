// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/steps_front.h"
#include "ui/views/steps_painter.h"
#include "ui/views/steps_statement.h"

#include <QAbstractScrollArea>

#include <memory>
#include <optional>
#include <vector>

class QPushButton;

namespace timestep {

class StepsTooltip;
struct CellWalk;

/// The Steps picture: what runs, waits and is done at one moment in both models. Hovering a cell
/// tells what it waits for, a click or Enter pins its step, arrow keys walk from cell to cell.
class StepsCanvas : public QAbstractScrollArea
{
    Q_OBJECT
public:
    explicit StepsCanvas(QWidget* parent = nullptr);
    ~StepsCanvas() override;

    void setPicture(std::shared_ptr<const StepsPicture> picture);
    /// Of row 0's tokens: T, or none while they are not known.
    void setTokenLabels(std::vector<QString> labels);
    void setEmptyText(const QString& text); // where there is no picture
    /// "layer 1 of 2" of each model, where one is shown; empty: none.
    void setLayerTexts(const QString& lstm, const QString& attention);
    void setPinnedStep(std::optional<int> step);
    /// Some steps of some rows, as a span of a trace has them.
    void setPinnedWork(IndexRange steps, IndexRange rows);
    void setBrokenLink(std::optional<int> step); // of the LSTM: to the step before
    void setHoveredStep(std::optional<int> step); // where another pane hovers over its token
    void setPlaying(bool playing); // follows the front again where it was scrolled by hand
    void setWholeText(bool whole); // all steps at once instead of scrolling
    void setFollowsFront(bool follows); // else it is scrolled by another one
    /// All sub-batches at once, up to a height that still makes a picture, and nothing to click.
    void setForPicture(bool forPicture);

    const StepsScene& scene() const { return m_scene; }
    StepsStatement statement() const; // of the cell hovered or walked to; empty: none
    /// Where the part of a cell is on the viewport; empty where it does not show.
    QRect spotRect(const StepsSpot& spot) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void setTime(double units);
    void clearPointing(); // cursor, tooltip and outlines, until something is pointed at again

signals:
    void stepPinned(int step);
    void stepHovered(std::optional<int> step);
    void statementChanged();

protected:
    bool viewportEvent(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void changeEvent(QEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;

private:
    void layOut();
    void updateScrollBars();
    void updateView();
    void placeWholeTextButton();
    StepsLayout tallestLayout() const;
    int scrollBarHeight() const; // 0: there is none
    void hover(std::optional<StepsSpot> spot);
    void leave();
    void focusOn(const std::optional<StepsSpot>& spot);
    void showStatement();
    void describeForScreenReaders();
    void walk(const CellWalk& by);
    void walkTo(const StepsSpot& spot);
    void leaveWalk();
    void pin(const StepsSpot& spot);
    void takePin(std::optional<int> step, IndexRange steps, std::optional<IndexRange> rows);
    void pinClicked(const StepsSpot& spot);
    void showColumn(int column);
    void followFront();
    void scrollByHand();
    StepsSpot lastTier(StepsSpot spot) const;
    int operationAt(const StepsSpot& spot) const;
    std::optional<int> stepOf(const StepsSpot& spot) const;

    StepsScene m_scene;
    StepsPainter m_painter;
    StepsFront m_front;
    std::optional<StepsSpot> m_hovered;
    std::optional<StepsSpot> m_clicked; // in the pinned column: where a walk begins
    QString m_emptyText;
    bool m_playing = false;
    bool m_followsFront = true;
    bool m_following = true; // keeps the moving front in view
    bool m_wholeText = false;
    StepsTooltip* m_tooltip = nullptr;
    QPushButton* m_wholeTextButton = nullptr;
};

} // namespace timestep
