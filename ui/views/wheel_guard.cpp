// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/wheel_guard.h"

#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QEvent>
#include <QScrollArea>
#include <QScrollBar>

namespace timestep {

namespace {

bool turnsWithTheWheel(const QWidget& widget)
{
    return qobject_cast<const QComboBox*>(&widget) || qobject_cast<const QAbstractSpinBox*>(&widget)
        || (qobject_cast<const QAbstractSlider*>(&widget)
            && !qobject_cast<const QScrollBar*>(&widget));
}

bool inScrollingPane(const QWidget& widget)
{
    const QWidget* above = widget.parentWidget();
    while (above && !qobject_cast<const QScrollArea*>(above))
        above = above->parentWidget();
    return above != nullptr;
}

} // namespace

WheelGuard::WheelGuard(QWidget& window)
    : QObject(&window)
    , m_window(window)
{
    qApp->installEventFilter(this);
}

bool WheelGuard::eventFilter(QObject* watched, QEvent* event)
{
    if ((event->type() != QEvent::Wheel && event->type() != QEvent::Show)
        || !watched->isWidgetType())
        return false;
    auto& widget = *static_cast<QWidget*>(watched);
    if (widget.window() != &m_window || !turnsWithTheWheel(widget) || !inScrollingPane(widget))
        return false;
    if (event->type() == QEvent::Show) { // before any wheel can reach it
        if (widget.focusPolicy() == Qt::WheelFocus)
            widget.setFocusPolicy(Qt::StrongFocus);
        return false;
    }
    if (widget.hasFocus())
        return false;
    event->ignore(); // the pane around it is to have it
    return true;
}

} // namespace timestep
