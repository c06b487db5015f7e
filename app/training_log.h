// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace timestep {

/// A CSV file that grows by a line a training step; the columns are in `timestep train --help`.
/// What was not measured in a step is empty.
class TrainingLog
{
public:
    /// Goes on with a file that is there: lines of steps after `stepsDone` are dropped. "-" is
    /// standard output. Throws Error that names the file.
    TrainingLog(const std::string& path, std::int64_t stepsDone);

    void add(
        const TrainingStep& step, std::int64_t tokensOfStep, std::optional<double> heldOutLoss);

private:
    std::string m_path;
    std::ofstream m_file;
    std::ostream* m_out;
};

} // namespace timestep
