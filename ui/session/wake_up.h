// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

class QObject;

namespace timestep {

/// Asks for a call of customEvent on the receiver's thread; carries nothing, so that everything
/// that crosses the thread boundary goes through the mutex of a LatestJob.
std::function<void()> wakeUp(QObject* receiver);

} // namespace timestep
