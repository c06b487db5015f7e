// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/sweep_json.h"

#include "engine/measurement/sweep_columns.h"

#include <nlohmann/json.hpp>

#include <type_traits>
#include <variant>

namespace timestep {

using Json = nlohmann::ordered_json;

Json pointJson(const SweepPoint& point, const Machine& machine)
{
    Json object;
    for (const SweepColumn& column : sweepColumns(point)) {
        Json& field = object[std::string(column.name)];
        std::visit(
            [&field](const auto& value) {
                if constexpr (!std::is_same_v<std::decay_t<decltype(value)>, std::monostate>)
                    field = value;
            },
            column.value);
    }
    object["median_interval_ms"] = { point.lowerMedianMs, point.upperMedianMs };
    object["machine"] = { { "processor", machine.processor }, { "cores", machine.cores },
        { "version", machine.version } };
    return object;
}

std::string sweepJson(const std::vector<SweepPoint>& points)
{
    Json array = Json::array();
    for (const SweepPoint& point : points)
        array.push_back(pointJson(point, thisMachine()));
    return jsonText(array);
}

std::string jsonText(const Json& document)
{
    return document.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace timestep
