// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace timestep {

/// Keeps the wheel for scrolling: a choice, a number or a slider in a pane that scrolls changes
/// with the wheel only where it has the focus, which the wheel does not give it. So nothing is
/// changed in passing.
class WheelGuard : public QObject
{
public:
    /// Owned by the window whose controls it guards.
    explicit WheelGuard(QWidget& window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget& m_window;
};

} // namespace timestep
