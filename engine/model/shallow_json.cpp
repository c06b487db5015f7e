// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/shallow_json.h"

#include "engine/error.h"
#include "engine/text/tokenizer.h"

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace timestep {

using nlohmann::json;

namespace {

/// Looks at every event before its value is kept.
class Watch
{
public:
    Watch(std::size_t deepest, const std::string& where)
        : m_deepest(deepest)
        , m_where(where)
    {
    }

    void see(json::parse_event_t event, const json& parsed)
    {
        switch (event) {
        case json::parse_event_t::object_start:
        case json::parse_event_t::array_start:
            if (m_keys.size() == m_deepest) {
                throw Error(m_where + ": nested deeper than " + std::to_string(m_deepest)
                    + " levels; copy the file anew");
            }
            m_keys.emplace_back();
            break;
        case json::parse_event_t::object_end:
        case json::parse_event_t::array_end:
            m_keys.pop_back();
            break;
        case json::parse_event_t::key:
            if (!m_keys.back().insert(parsed.get_ref<const std::string&>()).second) {
                throw Error(m_where + ": " + shownName(parsed.get_ref<const std::string&>())
                    + " is there twice; leave one");
            }
            break;
        case json::parse_event_t::value:
            break;
        }
    }

private:
    std::size_t m_deepest;
    const std::string& m_where;
    std::vector<std::set<std::string>> m_keys; // of the objects that are open
};

} // namespace

json parseShallowJson(std::string_view text, std::size_t deepest, const std::string& where)
{
    Watch watch(deepest, where);
    json document;
    try {
        document = json::parse(text, [&](int, json::parse_event_t event, const json& parsed) {
            watch.see(event, parsed);
            return true;
        });
    } catch (const json::parse_error& error) {
        throw Error(where + ": not valid JSON at byte " + std::to_string(error.byte)
            + "; copy the file anew");
    } catch (const json::exception&) { // a number beyond every range
        throw Error(where + ": not valid JSON; copy the file anew");
    }
    if (!document.is_object())
        throw Error(where + ": not a JSON object; copy the file anew");
    return document;
}

std::string shownName(std::string_view name)
{
    constexpr std::size_t longest = 80;
    std::string line = printableText(name.substr(0, longest));
    for (char& letter : line) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F)
            letter = ' ';
    }
    return name.size() > longest ? line + "…" : line;
}

} // namespace timestep
