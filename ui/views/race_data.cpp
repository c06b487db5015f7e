// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_data.h"

#include "engine/measurement/sweep_columns.h"
#include "engine/measurement/sweep_json.h"
#include "ui/session/race_json.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <memory>

namespace timestep {

namespace {

struct Data
{
    Q_DECLARE_TR_FUNCTIONS(RaceData)
};

std::string csvOf(const std::vector<RaceMeasurement>& measurements)
{
    std::vector<SweepPoint> points;
    for (const RaceMeasurement& measurement : measurements)
        for (const RacePoint& race : measurement.points)
            points.push_back(race.point);
    return sweepCsv(points);
}

} // namespace

std::vector<DataFormat> raceDataFormats(std::vector<RaceMeasurement> measurements)
{
    const auto shared
        = std::make_shared<const std::vector<RaceMeasurement>>(std::move(measurements));
    return {
        { Data::tr("measured points, CSV"), QStringLiteral("csv"),
            [shared] { return csvOf(*shared); } },
        { Data::tr("points, plans and settings, JSON"), QStringLiteral("json"),
            [shared] {
                return jsonText({ { "measurements", raceJson(*shared) } });
            } },
    };
}

} // namespace timestep
