// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/view_settings.h"

#include <cstddef>
#include <cstdint>
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

/// --kernel, --seed, --memory and --model.
struct SessionArguments
{
    std::string kernel; // empty: TIMESTEP_KERNEL, else the fastest
    std::uint64_t seed = 1;
    std::size_t memoryBudget = 0;
    std::vector<std::string> models; // names or folders
};

/// Reads them, before there is a window: wrong values must not open one. Throws UsageError, and
/// Error for kernels that there are not, also where TIMESTEP_KERNEL names them.
SessionArguments sessionArguments(const Arguments& arguments);

/// --text or --text-file; else the first sample that shows something with the pair that comes with
/// the program and is opened; else the first text of the program. Throws Error for a text that
/// cannot be read.
std::string openingText(const Arguments& arguments);

/// Into the session; the models are read in the background.
void apply(const SessionArguments& arguments, Session& session);

/// --theme
ThemeChoice chosenTheme(const Arguments& arguments, std::string_view fallback);

} // namespace timestep
