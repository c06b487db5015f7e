// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/strict_json.h"

#include "engine/error.h"
#include "engine/model/shallow_json.h"
#include "engine/shortest_number.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>

namespace timestep {

using Json = nlohmann::json;

namespace {

/// "1e+21", as short as it can be.
std::string numberName(double number)
{
    std::string text;
    appendNumber(text, number);
    return text;
}

/// What is there, in few words.
std::string foundName(const Json& value)
{
    if (value.is_object())
        return "an object";
    if (value.is_array())
        return "a list";
    return shownName(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace

StrictJson::StrictJson(const Json& document, std::string file)
    : m_value(&document)
    , m_file(std::move(file))
{
}

StrictJson::StrictJson(const Json& value, const StrictJson& parent, const std::string& step)
    : m_value(&value)
    , m_file(parent.m_file)
    , m_place(
          parent.m_place.empty() && step.starts_with('.') ? step.substr(1) : parent.m_place + step)
{
}

StrictJson StrictJson::at(const std::string& key) const
{
    if (!m_value->is_object())
        refuse("an object");
    const auto found = m_value->find(key);
    if (found == m_value->end())
        fail("there is no \"" + key + '"');
    return { *found, *this, '.' + key };
}

std::vector<StrictJson> StrictJson::items() const
{
    if (!m_value->is_array())
        refuse("a list");
    std::vector<StrictJson> all;
    for (const Json& item : *m_value)
        all.push_back({ item, *this, '[' + std::to_string(all.size()) + ']' });
    return all;
}

bool StrictJson::isNull() const { return m_value->is_null(); }

bool StrictJson::boolean() const
{
    if (!m_value->is_boolean())
        refuse("true or false");
    return m_value->get<bool>();
}

int StrictJson::integer(int least, int most) const
{
    const auto fits = [&](auto number) {
        return std::cmp_greater_equal(number, least) && std::cmp_less_equal(number, most);
    };
    const bool good = m_value->is_number_unsigned() ? fits(m_value->get<std::uint64_t>())
        : m_value->is_number_integer()              ? fits(m_value->get<std::int64_t>())
                                                    : false;
    if (!good)
        refuse("a whole number from " + std::to_string(least) + " to " + std::to_string(most));
    return m_value->get<int>();
}

std::size_t StrictJson::count() const
{
    if (!m_value->is_number_unsigned())
        refuse("a whole number from 0 on");
    return m_value->get<std::size_t>();
}

double StrictJson::number(double least, double most) const
{
    const double number = m_value->is_number() ? m_value->get<double>() : std::nan("");
    if (!(number >= least && number <= most))
        refuse("a number from " + numberName(least) + " to " + numberName(most));
    return number;
}

std::string StrictJson::text() const
{
    if (!m_value->is_string())
        refuse("a text");
    return m_value->get<std::string>();
}

void StrictJson::refuse(const std::string& expected) const
{
    fail("expected " + expected + ", found " + foundName(*m_value));
}

void StrictJson::fail(const std::string& what) const
{
    throw Error(m_file + ": " + m_place + (m_place.empty() ? "" : ": ") + what
        + "; open a report as this program saved it");
}

} // namespace timestep
