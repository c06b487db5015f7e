// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_measurement.h"

#include <algorithm>

namespace timestep {

bool RacePoint::isAt(RacePlace place) const
{
    return std::find(places.begin(), places.end(), place) != places.end();
}

} // namespace timestep
