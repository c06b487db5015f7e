// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/command.h"
#include "app/usage_error.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// The options given to a command, checked against its table. The readers throw UsageError that
/// names the option, the value and what would be right; to ask for an option that the table does
/// not hold is a programmer's mistake.
class Arguments
{
public:
    /// Parses the words after the command's name: `--name value`, `--name=value`, switches; an
    /// option that takes values takes the following words up to the next option.
    Arguments(const Command& command, const std::vector<std::string>& words);

    bool has(std::string_view name) const;

    /// As given; `fallback` where it was not.
    std::string text(std::string_view name, std::string_view fallback = {}) const;
    std::vector<std::string> texts(std::string_view name) const;
    const std::vector<std::string>& operands() const { return m_operands; }

    /// A whole number between `least` and `most`.
    std::int64_t integer(
        std::string_view name, std::int64_t fallback, std::int64_t least, std::int64_t most) const;

    /// A number from `least` to `most`.
    double number(std::string_view name, double fallback, double least, double most) const;

    /// Whole numbers between `least` and `most`, parted by commas.
    std::vector<int> integers(
        std::string_view name, const std::vector<int>& fallback, int least, int most) const;

    /// One of `choices`.
    std::string choice(std::string_view name, std::string_view fallback,
        const std::vector<std::string_view>& choices) const;

    /// One or more of `choices`, each once, in the order given.
    std::vector<std::string> choices(
        std::string_view name, const std::vector<std::string_view>& choices) const;

private:
    const Option* declared(std::string_view name) const;
    void take(const Option& option, const std::vector<std::string>& words, std::size_t& next,
        std::optional<std::string> joined);

    std::vector<Option> m_options;
    std::map<std::string, std::vector<std::string>, std::less<>> m_given;
    std::vector<std::string> m_operands;
};

/// The value of an option as an error line shows it.
UsageError wrongValue(std::string_view option, std::string_view value, std::string_view expected);

} // namespace timestep
