// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <filesystem>
#include <string>
#include <vector>

namespace timestep {

/// A text that comes with the program.
struct Sample
{
    QString title;
    QString purpose; // what it is good for, one line
    QString pair; // name of the bundled pair that it shows something with; empty: any
    std::filesystem::path file;
};

/// Those that `folder`/index.json lists, in its order; empty where there is no such file. Throws
/// Error where the file is broken.
std::vector<Sample> readSamples(const std::filesystem::path& folder);

/// Those that show something with the bundled pair of this name.
std::vector<Sample> samplesOf(const std::string& pair, const std::filesystem::path& folder);

/// Its bytes, as they are. Throws Error.
std::string sampleText(const Sample& sample);

} // namespace timestep
