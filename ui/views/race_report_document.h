// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/race_report.h"

#include <memory>

class QTextDocument;

namespace timestep {

/// The report as rich text, its pictures as lines and letters that are as sharp as the device; none
/// is wider than the text.
std::unique_ptr<QTextDocument> reportDocument(const RaceReport& report);

} // namespace timestep
