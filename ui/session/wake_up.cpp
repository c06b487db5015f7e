// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/wake_up.h"

#include <QCoreApplication>
#include <QEvent>

namespace timestep {

std::function<void()> wakeUp(QObject* receiver)
{
    return [receiver] { QCoreApplication::postEvent(receiver, new QEvent(QEvent::User)); };
}

} // namespace timestep
