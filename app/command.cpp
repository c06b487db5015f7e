// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/command.h"

#include <algorithm>

namespace timestep {

namespace {

std::string optionHead(const Option& option)
{
    return option.value.empty() ? option.name : option.name + ' ' + option.value;
}

/// Two columns: a head too long for its column stands on a line of its own.
std::string twoColumns(const std::vector<std::pair<std::string, std::string>>& entries)
{
    constexpr std::size_t widest = 26;
    std::size_t column = 0;
    for (const auto& [head, description] : entries) {
        if (head.size() <= widest)
            column = std::max(column, head.size());
    }
    std::string text;
    for (const auto& [head, description] : entries) {
        text.append(2, ' ').append(head);
        if (head.size() > column)
            text.append(1, '\n').append(column + 4, ' ');
        else
            text.append(column - head.size() + 2, ' ');
        text.append(description).append(1, '\n');
    }
    return text;
}

std::string optionTable(const std::vector<Option>& options)
{
    std::vector<std::pair<std::string, std::string>> entries;
    for (const Option& option : options) {
        const bool again = option.takes == Option::Takes::Values;
        entries.emplace_back(
            optionHead(option), option.description + (again ? " (may be repeated)" : ""));
    }
    return twoColumns(entries);
}

constexpr const char* exitCodes
    = "Exit code: 0 done, 1 the work failed or was interrupted, 2 wrong use.\n";

} // namespace

const std::vector<Option>& everywhereOptions()
{
    static const std::vector<Option> options {
        { "--kernel", "NAME",
            "hot loops to use: reference, sse4, avx2, avx512 or neon (default: $TIMESTEP_KERNEL, "
            "else the fastest here)" },
        { "--seed", "N", "seed of everything random (default: 1)" },
        { "--memory", "BYTES", "refuse work that needs more (default: half of what is free)" },
        { "--help", "", "print this and end", Option::Takes::Nothing },
    };
    return options;
}

std::string programName(const Command& command)
{
    return command.name.empty() ? "timestep" : "timestep " + command.name;
}

std::string helpText(const Command& command)
{
    std::string text = command.purpose + ".\n\nUse: " + programName(command)
        + (command.operand.empty() ? "" : ' ' + command.operand) + " [options]\n\n"
        + optionTable(command.options) + "\nEverywhere:\n" + optionTable(everywhereOptions())
        + '\n';
    if (!command.notes.empty())
        text += command.notes + "\n\n";
    return text + exitCodes;
}

std::string helpText(const Command& window, const std::vector<Command>& commands)
{
    std::vector<std::pair<std::string, std::string>> entries;
    for (const Command& command : commands)
        entries.emplace_back(command.name, command.purpose);
    return "Timestep shows why recurrence waits and attention does not, on your own text and on "
           "your own "
           "machine.\n\nUse: timestep [options]            the window\n"
           "     timestep COMMAND [options]\n     timestep COMMAND --help\n     timestep "
           "--version\n\nThe window:\n"
        + optionTable(window.options) + "\nEverywhere:\n" + optionTable(everywhereOptions())
        + "\nCommands:\n" + twoColumns(entries)
        + "\nA file named - is standard output. Ctrl-C stops any command.\n" + exitCodes;
}

} // namespace timestep
