// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_report.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>

namespace timestep {

namespace {

struct Report
{
    Q_DECLARE_TR_FUNCTIONS(RaceReport)
};

/// Not in the middle of a character of UTF-8.
std::string beginningOf(const std::string& text)
{
    if (text.size() <= MostReportText)
        return text;
    constexpr std::size_t LongestCharacter = 4;
    const auto continues = [&text](std::size_t at) { return (text[at] & 0xC0) == 0x80; };
    std::size_t end = MostReportText;
    while (end > MostReportText - LongestCharacter && continues(end))
        --end;
    return text.substr(0, end);
}

} // namespace

RaceReport raceReport(std::vector<RaceReportPart> parts, const std::string& text)
{
    return { QDateTime::currentDateTime(), beginningOf(text), text.size(),
        QString::fromLatin1(qVersion()), std::move(parts) };
}

QString reportTitle(const RaceReport& report)
{
    return Report::tr("Timestep race report, %1")
        .arg(numberLocale().toString(report.created, QStringLiteral("d MMM yyyy HH:mm")));
}

} // namespace timestep
