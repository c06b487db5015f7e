// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// A value of a JSON document that is read strictly: whatever is not as expected throws Error with
/// the file, the place in it, what was expected and what is there. The document must outlive it.
class StrictJson
{
public:
    /// A whole document. `file`: what errors call it.
    StrictJson(const nlohmann::json& document, std::string file);

    StrictJson at(const std::string& key) const; // of an object
    std::vector<StrictJson> items() const; // of an array
    bool isNull() const;

    bool boolean() const;
    int integer(int least, int most) const;
    std::size_t count() const; // a whole number from 0 on
    double number(double least, double most) const;
    std::string text() const;

    /// The value that `fromName` has for the text here.
    template <typename Value>
    Value named(std::optional<Value> (*fromName)(std::string_view)) const
    {
        const std::optional<Value> value = fromName(text());
        if (!value)
            refuse("a name that this version knows");
        return *value;
    }

    [[noreturn]] void refuse(const std::string& expected) const;

private:
    StrictJson(const nlohmann::json& value, const StrictJson& parent, const std::string& step);

    [[noreturn]] void fail(const std::string& what) const;

    const nlohmann::json* m_value;
    std::string m_file;
    std::string m_place; // in the document: "points[3].median_ms"; empty: all of it
};

} // namespace timestep
