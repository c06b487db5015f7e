// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <sstream>

namespace timestep {

namespace {

bool looksLikeOption(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

std::optional<std::int64_t> wholeNumber(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

std::string rangeText(std::int64_t least, std::int64_t most)
{
    return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

std::int64_t checkedNumber(
    std::string_view name, std::string_view text, std::int64_t least, std::int64_t most)
{
    const std::optional<std::int64_t> number = wholeNumber(text);
    if (!number || *number < least || *number > most)
        throw wrongValue(name, text, rangeText(least, most));
    return *number;
}

std::string checkedChoice(
    std::string_view name, const std::string& text, const std::vector<std::string_view>& choices)
{
    if (std::find(choices.begin(), choices.end(), text) != choices.end())
        return text;
    std::string list;
    for (const std::string_view one : choices)
        list += (list.empty() ? "" : ", ") + std::string(one);
    throw wrongValue(name, text, choices.size() == 1 ? list : "one of " + list);
}

} // namespace

UsageError wrongValue(std::string_view option, std::string_view value, std::string_view expected)
{
    return UsageError(
        std::string(option) + " '" + std::string(value) + "' is not " + std::string(expected));
}

Arguments::Arguments(const Command& command, const std::vector<std::string>& words)
    : m_options(command.options)
{
    m_options.insert(m_options.end(), everywhereOptions().begin(), everywhereOptions().end());
    for (std::size_t next = 0; next < words.size();) {
        const std::string& word = words[next++];
        if (!looksLikeOption(word)) {
            if (command.operand.empty())
                throw UsageError("'" + word + "' belongs to no option");
            m_operands.push_back(word);
            continue;
        }
        const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
        const Option* option = declared(word.substr(0, equals));
        if (!option)
            throw UsageError("there is no option " + word.substr(0, equals));
        take(*option, words, next,
            equals == std::string::npos ? std::nullopt : std::optional(word.substr(equals + 1)));
    }
}

void Arguments::take(const Option& option, const std::vector<std::string>& words, std::size_t& next,
    std::optional<std::string> joined)
{
    std::vector<std::string>& values = m_given[option.name];
    if (option.takes == Option::Takes::Nothing) {
        if (joined)
            throw UsageError(option.name + " takes no value");
        return;
    }
    if (option.takes == Option::Takes::OneValue && !values.empty())
        throw UsageError(option.name + " is given twice");
    if (joined) {
        values.push_back(*joined);
        return;
    }
    if (next == words.size())
        throw UsageError(option.name + " needs a value: " + option.value);
    values.push_back(words[next++]);
    if (option.takes == Option::Takes::Values) {
        while (next < words.size() && !looksLikeOption(words[next]))
            values.push_back(words[next++]);
    }
}

const Option* Arguments::declared(std::string_view name) const
{
    const auto found = std::find_if(m_options.begin(), m_options.end(),
        [name](const Option& option) { return option.name == name; });
    return found == m_options.end() ? nullptr : &*found;
}

bool Arguments::has(std::string_view name) const
{
    assert(declared(name));
    return m_given.find(name) != m_given.end();
}

std::vector<std::string> Arguments::texts(std::string_view name) const
{
    assert(declared(name));
    const auto found = m_given.find(name);
    return found == m_given.end() ? std::vector<std::string>() : found->second;
}

std::string Arguments::text(std::string_view name, std::string_view fallback) const
{
    return has(name) ? texts(name).front() : std::string(fallback);
}

std::int64_t Arguments::integer(
    std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most) const
{
    return has(name) ? checkedNumber(name, text(name), least, most) : fallback;
}

double Arguments::number(std::string_view name, double fallback, double least, double most) const
{
    if (!has(name))
        return fallback;
    const std::string given = text(name);
    double number = 0;
    const auto [end, failed] = std::from_chars(given.data(), given.data() + given.size(), number);
    if (failed != std::errc() || end != given.data() + given.size() || !(number >= least)
        || !(number <= most)) {
        std::ostringstream expected;
        expected << "a number from " << least << " to " << most;
        throw wrongValue(name, given, expected.str());
    }
    return number;
}

std::vector<int> Arguments::integers(
    std::string_view name, const std::vector<int>& fallback, int least, int most) const
{
    if (!has(name))
        return fallback;
    std::vector<int> numbers;
    const std::string list = text(name);
    for (std::size_t begin = 0; begin <= list.size();) {
        const std::size_t end = std::min(list.find(',', begin), list.size());
        numbers.push_back(static_cast<int>(
            checkedNumber(name, std::string_view(list).substr(begin, end - begin), least, most)));
        begin = end + 1;
    }
    return numbers;
}

std::string Arguments::choice(std::string_view name, std::string_view fallback,
    const std::vector<std::string_view>& choices) const
{
    return has(name) ? checkedChoice(name, text(name), choices) : std::string(fallback);
}

std::vector<std::string> Arguments::choices(
    std::string_view name, const std::vector<std::string_view>& choices) const
{
    std::vector<std::string> chosen;
    for (const std::string& text : texts(name)) {
        if (std::find(chosen.begin(), chosen.end(), text) == chosen.end())
            chosen.push_back(checkedChoice(name, text, choices));
    }
    return chosen;
}

} // namespace timestep
