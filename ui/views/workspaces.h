// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace timestep {

class MainWindow;
class Session;

/// Puts all workspaces there are into the window, each under its number.
void addWorkspaces(MainWindow& window, Session& session);

} // namespace timestep
