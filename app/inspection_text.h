// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/inspection.h"

#include <string>
#include <string_view>
#include <vector>

namespace timestep {

class OutputFile;

/// Writes `{"text", "models": [{…}]}`; the shapes of its arrays are in `timestep inspect --help`.
/// The inspections must hold their influence.
void writeInspectionJson(OutputFile& file, std::string_view text,
    const std::vector<Inspection>& inspections, bool logits);

/// For a person: the kernel; of each model, the tokens and what it would write next.
std::string inspectionSummary(
    std::string_view text, const std::vector<Inspection>& inspections, const Kernels& kernels);

} // namespace timestep
