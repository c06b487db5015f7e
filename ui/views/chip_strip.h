// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/tokenized_text.h"

#include <QWidget>

#include <optional>

namespace timestep {

class Session;

/// The tokens as chips in one line that scrolls. It paints, measures and labels the visible ones
/// only: a place in it is a token and a fraction of it, not a pixel, so a million tokens cost no
/// more than ten. The tokens in use stand in grey brackets where they are not all.
class ChipStrip : public QWidget
{
    Q_OBJECT
public:
    explicit ChipStrip(Session& session, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    /// Where a token's chip is; empty where it is not visible. For tests.
    QRect chipRect(int token) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    struct Chip
    {
        int token = 0;
        QRectF rect;
        QString label;
    };
    std::vector<Chip> visibleChips() const;
    Chip chipAt(int token, double left) const;
    std::optional<int> tokenAt(QPointF position) const;
    void takeTokens();
    void takeSelection();
    void bringIntoView(int token);
    void scrollBy(double pixels);
    void keepFilled();
    void pin(int token);
    void walk(int step);
    void paintChip(QPainter& painter, const Chip& chip) const;
    void paintBracket(QPainter& painter, double x, bool opens) const;
    void paintEdges(QPainter& painter) const;
    void paintScrollBar(QPainter& painter) const;
    QRectF scrollBarRect() const;
    bool inUse(int token) const;
    bool overflows() const;

    Session& m_session;
    TokenizedTextPointer m_tokenized;
    int m_first = 0; // the leftmost visible token
    double m_offset = 0; // pixels of it that are scrolled out at the left, ≥ 0
    std::optional<int> m_shownPin; // to scroll only when the pin moves
    bool m_draggingBar = false;
    bool m_followsEnd = false; // a model has written: the next tokens bring it into view
};

} // namespace timestep
