// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/views/report_picture.h"

#include <QDateTime>
#include <QString>
#include <QStringList>

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace timestep {

/// One measurement of a report, and what the program says and draws of it.
struct RaceReportPart
{
    RaceMeasurement measurement;
    QString sentence;
    QStringList verdict; // a claim and its answer a line
    QString figures;
    QString baseline; // how it compares with one; empty: it does not
    std::vector<ReportPicture> pictures;
};

/// What is said and drawn of a measurement, made anew from its numbers.
using DescribeRace = std::function<RaceReportPart(RaceMeasurement)>;

/// What was measured, on what, how, and what came out: on a few pages, for people.
struct RaceReport
{
    QDateTime created; // in the time zone of who made it
    std::string text; // bytes as typed, or the beginning of a long text
    std::size_t textBytes = 0; // of all of it
    QString qtVersion;
    std::vector<RaceReportPart> parts;
};

/// Bytes of a text that a report holds: a page of it.
inline constexpr std::size_t MostReportText = 4000;

/// A report as of now. `text`: what was typed.
RaceReport raceReport(std::vector<RaceReportPart> parts, const std::string& text);

/// "Timestep race report, 27 Nov 2026 02:40"
QString reportTitle(const RaceReport& report);

} // namespace timestep
