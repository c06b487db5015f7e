// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/view_settings.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class QApplication;

namespace timestep {

class Arguments;
class Session;

/// Qt's application object, for a command that shows or paints the window. Throws Error where there
/// is no display and none is asked for. What Qt itself holds for fatal becomes one line and exit 1.
std::unique_ptr<QApplication> makeApplication();

/// --kernel, --seed, --memory and --model, into the session; --model folders are read in the
/// background.
void applyArguments(const Arguments& arguments, Session& session);

/// --theme
ThemeChoice chosenTheme(const Arguments& arguments, std::string_view fallback);

} // namespace timestep
