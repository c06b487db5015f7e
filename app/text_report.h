// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"
#include "engine/training/text_evaluation.h"

#include <string>
#include <vector>

namespace timestep {

class OutputFile;

/// What texts came to, model by model.
struct TextReport
{
    struct Line
    {
        ModelPointer model;
        int length = 0; // T of a window
        std::size_t windows = 0;
        TextScore score;
    };
    std::vector<std::string> corpus; // files and folders, as given
    std::size_t documents = 0;
    std::string kernel;
    std::vector<Line> lines;
};

/// For people.
std::string reportText(const TextReport& report);

/// Puts the JSON that `timestep evaluate --help` describes into its place.
void writeReport(OutputFile& file, const TextReport& report);

} // namespace timestep
