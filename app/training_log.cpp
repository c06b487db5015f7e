// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/training_log.h"

#include "engine/error.h"
#include "engine/whole_file.h"

#include <charconv>
#include <filesystem>
#include <iostream>
#include <limits>
#include <sstream>

namespace timestep {

namespace fs = std::filesystem;

namespace {

constexpr const char* columns
    = "step,loss,gradient_norm,learning_rate,tokens,seconds,tokens_per_s,held_out_loss,bytes_moved,"
      "consolidation_share,copies_apart,copy_losses";

/// The lines of an earlier run up to a step, the names of the columns first.
std::string keptLines(const std::string& path, std::int64_t stepsDone)
{
    std::string kept = std::string(columns) + '\n';
    if (stepsDone == 0 || !fs::exists(path))
        return kept;
    std::istringstream lines(readWholeFile(path));
    std::string line;
    std::getline(lines, line);
    if (line != columns)
        throw Error(path + ": the first line is not \"" + columns
            + "\", so it is no log of timestep train; name another file");
    while (std::getline(lines, line)) {
        std::int64_t step = 0;
        std::from_chars(line.data(), line.data() + line.size(), step);
        if (step >= 1 && step <= stepsDone)
            kept += line + '\n';
    }
    return kept;
}

} // namespace

TrainingLog::TrainingLog(const std::string& path, std::int64_t stepsDone)
    : m_path(path)
    , m_out(path == "-" ? &std::cout : &m_file)
{
    m_out->precision(std::numeric_limits<double>::max_digits10);
    if (path == "-") {
        std::cout << columns << '\n';
        return;
    }
    std::error_code unknown;
    if (fs::exists(path, unknown) && !fs::is_regular_file(path, unknown)) {
        m_file.open(path); // a pipe or a device: written in place
        m_file << columns << '\n';
    } else {
        writeWholeFile(path, keptLines(path, stepsDone));
        m_file.open(path, std::ios::app);
    }
    if (!m_file)
        throw Error("cannot write " + path);
}

void TrainingLog::add(
    const TrainingStep& step, std::int64_t tokensOfStep, std::optional<double> heldOutLoss)
{
    const auto tokens = static_cast<double>(tokensOfStep);
    *m_out << step.number << ',' << step.loss << ',' << step.gradientNorm << ','
           << step.learningRate << ',' << step.number * tokensOfStep << ',' << step.seconds << ','
           << tokens / step.seconds << ',';
    const auto addIfKnown = [this](std::optional<double> value) {
        if (value)
            *m_out << *value;
    };
    addIfKnown(heldOutLoss);
    *m_out << ',';
    if (step.consolidation)
        *m_out << step.consolidation->bytesMoved << ',' << step.consolidation->share << ',';
    else
        *m_out << ",,";
    addIfKnown(step.copiesApart);
    for (std::size_t copy = 0; copy < step.copyLosses.size(); ++copy)
        *m_out << (copy == 0 ? ',' : ';') << step.copyLosses[copy];
    *m_out << (step.copyLosses.empty() ? ",\n" : "\n") << std::flush;
    if (!*m_out)
        throw Error("cannot write to " + (m_path == "-" ? "standard output" : m_path));
}

} // namespace timestep
