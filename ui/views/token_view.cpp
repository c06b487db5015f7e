// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_view.h"

#include <QApplication>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double ZoomOfAWheelStep = 0.8;
constexpr double PanOfAWheelStep = 0.1; // of what is in view

} // namespace

void TokenView::setTokens(int tokens)
{
    TokenAxis axis = m_axis;
    axis.setTokens(tokens);
    if (m_span && m_span->end > tokens)
        setSpan(std::nullopt);
    setAxis(axis);
}

void TokenView::setAxis(const TokenAxis& axis)
{
    if (std::exchange(m_axis, axis) != axis)
        emit axisChanged();
}

void TokenView::setSpan(std::optional<IndexRange> span)
{
    if (std::exchange(m_span, span) != span)
        emit spanChanged();
}

TokenGestures::TokenGestures(TokenView& view)
    : m_view(view)
{
}

void TokenGestures::wheel(const QWheelEvent& event, const TokenColumns& columns)
{
    if (columns.axis.tokens() == 0)
        return;
    TokenAxis axis = columns.axis;
    // With Shift some systems turn the wheel into a horizontal one.
    const QPoint delta = event.angleDelta();
    const bool pans = event.modifiers().testFlag(Qt::ShiftModifier) || delta.y() == 0;
    const double steps
        = (delta.y() != 0 ? delta.y() : delta.x()) / double(QWheelEvent::DefaultDeltasPerStep);
    if (pans)
        axis.pan(-steps * PanOfAWheelStep * axis.extent());
    else
        axis.zoom(std::pow(ZoomOfAWheelStep, steps),
            axis.first() + (event.position().x() - columns.left) / columns.tokenWidth());
    m_view.setAxis(axis);
}

void TokenGestures::press(const QMouseEvent& event, const TokenColumns& columns, bool onAxis)
{
    if (event.button() != Qt::LeftButton || columns.axis.tokens() == 0)
        return;
    m_pressed = event.position();
    m_pressedToken = columns.nearestToken(event.position().x());
    m_onAxis = onAxis;
    m_dragged = false;
}

void TokenGestures::move(const QMouseEvent& event, const TokenColumns& columns)
{
    if (!m_pressed)
        return;
    const QPointF way = event.position() - *m_pressed;
    m_dragged = m_dragged || way.manhattanLength() >= QApplication::startDragDistance();
    if (!m_dragged)
        return;
    if (m_onAxis) {
        TokenAxis axis = columns.axis;
        axis.pan(-way.x() / columns.tokenWidth());
        m_view.setAxis(axis);
        m_pressed = event.position();
        return;
    }
    const int token = columns.nearestToken(event.position().x());
    m_view.setSpan(
        IndexRange { std::min(token, m_pressedToken), std::max(token, m_pressedToken) + 1 });
}

bool TokenGestures::release() { return std::exchange(m_pressed, std::nullopt) && !m_dragged; }

} // namespace timestep

#include "moc_token_view.cpp"
