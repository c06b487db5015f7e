// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

class Arguments;

/// One option of a command: what `--help` prints and what the parser accepts.
struct Option
{
    enum class Takes
    {
        Nothing, // a switch
        OneValue, // given once
        Values, // given any number of times, each time with one or more values
    };
    std::string name; // "--lengths"
    std::string value; // placeholder for --help, "N,N…"; empty for a switch
    std::string description; // one line
    Takes takes = Takes::OneValue;
};

/// `timestep NAME --options`. The window is the command without a name.
struct Command
{
    std::string name;
    std::string purpose; // one line
    std::vector<Option> options = {}; // without those every command has
    std::string operand = {}; // placeholder of words that stand without an option ("NAME|DIR")
    std::string notes = {}; // printed after the options
    /// Returns the exit code. Throws Error where the work fails, UsageError for wrong use.
    /// The token is stopped by Ctrl-C: the command must then return or throw Interrupted soon.
    int (*run)(const Arguments& arguments, std::stop_token stop) = nullptr;
};

/// --kernel, --seed, --memory, --help.
const std::vector<Option>& everywhereOptions();

/// What `timestep NAME --help` prints.
std::string helpText(const Command& command);

/// What `timestep --help` prints: the window's options and the commands there are.
std::string helpText(const Command& window, const std::vector<Command>& commands);

/// "timestep bench"; "timestep" for the window.
std::string programName(const Command& command);

} // namespace timestep
