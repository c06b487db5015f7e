// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"
#include "engine/training/text_evaluation.h"

#include <string>
#include <vector>

namespace timestep {

class OutputFile;

/// What texts came to, model by model and source by source.
struct TextReport
{
    struct Source
    {
        std::string name;
        std::size_t documents = 0;
    };
    struct Line
    {
        ModelPointer model;
        int length = 0; // T of a window; a source that is shorter has shorter ones
        std::size_t windows = 0; // of all sources
        std::vector<TextScore> sources; // of each of the report's sources
        TextScore all; // their sum
    };
    std::vector<std::string> corpus; // files and folders, as given
    std::vector<Source> sources; // not empty

    std::size_t documents() const; // of all sources
    std::string kernel;
    std::vector<Line> lines;
};

/// For people.
std::string reportText(const TextReport& report);

/// Puts the JSON that `timestep evaluate --help` describes into its place.
void writeReport(OutputFile& file, const TextReport& report);

} // namespace timestep
