// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/traced_run.h"

#include <QString>

namespace timestep {

/// What a traced run shows: how busy the cores were with all rows, what was left of it with one,
/// and what the threads waited for. Of what other programs disturbed only that.
QString threadsSentence(const TracedRun& run);

} // namespace timestep
