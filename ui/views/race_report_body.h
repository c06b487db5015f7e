// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_report.h"

#include <QString>

#include <functional>

namespace timestep {

/// The address of a picture of a report, as HTML is to name it.
using PictureAddress = std::function<QString(const ReportPicture&)>;

/// What stands between <body> and </body>, the same for browsers and QTextDocument. All that comes
/// from outside the program is escaped.
QString reportBody(const RaceReport& report, const PictureAddress& addressOf);

/// Its style sheet, as far as both know it. Sizes are points, so that paper has the same.
QString reportStyle();

} // namespace timestep
