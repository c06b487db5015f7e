// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QApplication>
#include <QMouseEvent>
#include <QWidget>

namespace timestep {

/// The mouse, without a button, goes to a place of a widget. QTest::mouseMove moves the cursor of
/// the platform and hopes that the window is told before it returns, which a busy machine may not
/// manage.
inline void moveMouse(QWidget* widget, const QPoint& place)
{
    QMouseEvent moved(QEvent::MouseMove, place, widget->mapToGlobal(place), Qt::NoButton,
        Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(widget, &moved);
}

} // namespace timestep
