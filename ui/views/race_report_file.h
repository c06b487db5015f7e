// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/data_format.h"
#include "ui/views/race_report.h"

#include <QByteArray>
#include <QString>

#include <optional>
#include <vector>

namespace timestep {

enum class ReportFormat
{
    Html, // one file, its pictures and its numbers within; can be opened again
    Pdf, // A4, as it is printed
};

/// By the ending of a file's name, in letters of either case: .html or .htm, .pdf; none: another.
std::optional<ReportFormat> reportFormatOf(const QString& fileName);

/// The contents of a file. Any thread may call it.
QByteArray reportContents(const RaceReport& report, ReportFormat format);

/// Both, as files that any thread may write.
std::vector<DataFormat> reportDataFormats(RaceReport report);

/// What reportContents wrote as HTML: when, the text, and the measurements, of which `describe`
/// makes the rest anew. Nothing else in the file is looked at. Throws Error that names `file`,
/// what is wrong, where, and what to do.
RaceReport openedReport(
    const QByteArray& contents, const std::string& file, const DescribeRace& describe);

} // namespace timestep
