// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/interruption.h"
#include "app/output_file.h"
#include "engine/resource_folder.h"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <new>
#include <string>
#include <vector>

using namespace timestep;

namespace {

constexpr int done = 0;
constexpr int workFailed = 1;
constexpr int wrongUse = 2;

/// Names that were typed may hold line breaks; an error is one line all the same.
std::string oneLine(std::string_view text)
{
    std::string line;
    for (const char letter : text)
        line += static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f ? ' ' : letter;
    return line;
}

int fail(int code, const std::string& program, std::string_view message)
{
    std::cout.flush();
    std::cerr << oneLine(program + ": " + std::string(message)) + '\n';
    return code;
}

int print(const std::string& text)
{
    OutputFile("-").commit(text);
    return done;
}

int run(const Command& command, const std::vector<Command>& commands,
    const std::vector<std::string>& words)
{
    const Arguments arguments(command, words);
    if (arguments.has("--help"))
        return print(command.name.empty() ? helpText(command, commands) : helpText(command));
    const Interruption interruption;
    return command.run(arguments, interruption.token());
}

/// `program` becomes the name of the command, once it is known: errors are told in its name.
int dispatch(const std::vector<std::string>& words, std::string& program)
{
    const std::vector<Command> commands = allCommands();
    if (words.size() == 1 && words.front() == "--version")
        return print("timestep " + std::string(programVersion()) + '\n');
    if (words.empty() || words.front().starts_with('-'))
        return run(windowCommand(), commands, words);
    const auto named = std::find_if(commands.begin(), commands.end(),
        [&words](const Command& command) { return command.name == words.front(); });
    if (named == commands.end())
        throw UsageError("there is no command '" + words.front() + "'");
    program = programName(*named);
    return run(*named, commands, { words.begin() + 1, words.end() });
}

} // namespace

int main(int argc, char** argv)
{
    std::string program = "timestep";
    try {
        return dispatch({ argv + std::min(argc, 1), argv + argc }, program);
    } catch (const UsageError& error) {
        return fail(wrongUse, program, std::string(error.what()) + "; see " + program + " --help");
    } catch (const std::bad_alloc&) {
        return fail(
            workFailed, program, "out of memory; take a smaller size or end other programs");
    } catch (const std::exception& error) {
        return fail(workFailed, program, error.what());
    }
}
