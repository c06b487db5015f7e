// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/model_influence.h"

#include <algorithm>

namespace timestep {

int ModelInfluence::known() const
{
    return static_cast<int>(std::count_if(
        rows.begin(), rows.end(), [](const InfluenceOnPrediction& row) { return row.known(); }));
}

IndexRange ModelInfluence::missing() const
{
    const auto absent = [](const InfluenceOnPrediction& row) { return !row.known(); };
    const auto first = std::find_if(rows.begin(), rows.end(), absent);
    const auto last = std::find_if(rows.rbegin(), rows.rend(), absent).base();
    if (first == rows.end())
        return {};
    return { static_cast<int>(first - rows.begin()), static_cast<int>(last - rows.begin()) };
}

void ModelInfluence::restart(int tokens, int same)
{
    rows.resize(static_cast<std::size_t>(std::min(tokens, same)));
    rows.resize(static_cast<std::size_t>(tokens));
}

} // namespace timestep
