// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"
#include "engine/training/recall_evaluation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace timestep {

class OutputFile;

/// What the recall task came to, model by model; all were asked the same prompts.
struct RecallReport
{
    struct Line
    {
        ModelPointer model;
        RecallScore score;
    };
    std::vector<int> pairs; // of the prompts: ascending, not empty
    std::optional<std::int64_t> promptsPerCell; // where each cell of a grid got as many
    std::uint64_t seed = 1;
    std::string kernel;
    std::vector<Line> lines; // not empty
};

/// For people: shares by pairs and by distance, or of a grid the worst cell and a table of both.
std::string reportText(const RecallReport& report);

/// The lines of the CSV that `timestep evaluate --help` describes, one for each model and cell.
std::string reportCsv(const RecallReport& report);

/// Puts the JSON that `timestep evaluate --help` describes into its place.
void writeReport(OutputFile& file, const RecallReport& report);

} // namespace timestep
