// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/token_axis.h"

#include <QObject>
#include <QPointF>

#include <optional>

class QMouseEvent;
class QWheelEvent;

namespace timestep {

/// The tokens that pictures show one below the other: which are in view, and the span of steps that
/// is brushed. Tokens are indices into the window.
class TokenView : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    const TokenAxis& axis() const { return m_axis; }
    void setTokens(int tokens); // drops a span that reaches beyond them
    void setAxis(const TokenAxis& axis);
    const std::optional<IndexRange>& span() const { return m_span; }
    void setSpan(std::optional<IndexRange> span);

signals:
    void axisChanged();
    void spanChanged();

private:
    TokenAxis m_axis;
    std::optional<IndexRange> m_span;
};

/// What the mouse does to the tokens in view, in any of those pictures: the wheel zooms about the
/// pointer, with Shift it pans; a drag brushes a span, on the axis it pans.
class TokenGestures
{
public:
    explicit TokenGestures(TokenView& view);

    void wheel(const QWheelEvent& event, const TokenColumns& columns);
    void press(const QMouseEvent& event, const TokenColumns& columns, bool onAxis);
    void move(const QMouseEvent& event, const TokenColumns& columns);
    bool release(); // true: it was a click

private:
    TokenView& m_view;
    std::optional<QPointF> m_pressed;
    int m_pressedToken = 0;
    bool m_onAxis = false;
    bool m_dragged = false;
};

} // namespace timestep
