// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command.h"
#include "ui/session/settings.h"

#include <vector>

namespace timestep {

class Arguments;

/// --rows, --sub-batches, --workers, --threads, --lstm-strategy, --attention-strategy, --layer,
/// --plan and --beside-run: what the window's sliders, switches and choices set.
std::vector<Option> sessionSettingOptions();

/// Those given, in the place of what `settings` has. Throws UsageError.
Settings withSessionSettings(Settings settings, const Arguments& arguments);

} // namespace timestep
