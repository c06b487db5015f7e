// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/live_lstm_images.h"
#include "ui/views/lstm_layout.h"
#include "ui/views/lstm_painter.h"
#include "ui/views/lstm_picture.h"
#include "ui/views/token_view.h"

#include <QWidget>

#include <optional>
#include <vector>

namespace timestep {

/// The heatmaps of gates and states of one layer over the tokens: the wheel zooms about the
/// pointer, a drag brushes steps, a click or the arrow keys with Enter pin a step and a unit.
class LstmPlot : public QWidget
{
    Q_OBJECT
public:
    /// `view` must outlive this.
    explicit LstmPlot(TokenView& view, QWidget* parent = nullptr);

    void setPicture(LstmPicturePointer picture);
    void setShown(std::vector<LstmQuantity> quantities);
    void setPinned(std::optional<int> step, std::optional<int> unit);
    void setHoveredStep(std::optional<int> step); // from another picture
    void setFoundUnits(std::vector<int> units);

    const LstmLayout& geometryOfParts() const { return m_layout; }
    TokenColumns columns() const { return m_layout.columns(m_view.axis()); }
    std::optional<LstmCell> cell() const { return m_marks.cell; }
    /// Exact at once, where it would otherwise be so a little later.
    void setForPicture(bool forPicture) { m_images.setAtOnce(forPicture); }
    bool complete() const; // what is drawn is what is to be drawn
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

public slots:
    void showAll();
    void clearCell(); // and its tooltip, until something is pointed at again

signals:
    void stepHovered(std::optional<int> step);
    void cellPinned(int step, std::optional<int> unit);
    void arranged(); // the columns have moved

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void arrange();
    void showCell(std::optional<LstmCell> cell);
    void walk(const QKeyEvent& event, int columns, int rows);
    std::optional<LstmCell> cellAt(QPointF position) const;
    LstmPainter painterOfParts() const;
    LstmPart partInView() const;

    TokenView& m_view;
    TokenGestures m_gestures;
    LstmPicturePointer m_picture;
    std::vector<LstmQuantity> m_shown;
    LstmLetters m_letters;
    LstmLayout m_layout;
    LstmMarks m_marks;
    LiveLstmImages m_images;
    std::optional<int> m_spanFrom; // where Shift with the arrows began
};

} // namespace timestep
