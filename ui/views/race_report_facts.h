// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"

#include <QString>

#include <vector>

namespace timestep {

/// A name and what it is: "threads", "2".
struct ReportFact
{
    QString name;
    QString value;
};

/// What was asked for, all of it.
std::vector<ReportFact> settingFacts(const RaceMeasurement& measurement);

/// The computer, its system and the program; only what is known.
std::vector<ReportFact> machineFacts(const Machine& machine, const QString& qtVersion);

/// "Against length, reading"
QString measurementTitle(const RaceRequest& request);

} // namespace timestep
