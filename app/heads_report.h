// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/measurement/head_scores.h"
#include "engine/model/model.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace timestep {

class OutputFile;

/// What the heads of attention models do, model by model.
struct HeadsReport
{
    struct Line
    {
        ModelPointer model;
        std::size_t windows = 0; // of the corpus, and as many random sequences
        int repeated = 0; // n: tokens of a random sequence, which is read twice
        HeadScores scores;
    };
    std::vector<std::string> corpus; // files and folders, as given
    std::size_t documents = 0;
    int length = 0; // T of a window; a shorter source has shorter ones
    std::uint64_t seed = 1; // of the random sequences
    std::string kernel;
    std::vector<Line> lines;
};

/// For people: the best head of each job, then all of them. Layers and heads are counted from 1, as
/// on screen.
std::string reportText(const HeadsReport& report);

/// Puts the JSON that `timestep evaluate --help` describes into its place.
void writeReport(OutputFile& file, const HeadsReport& report);

} // namespace timestep
