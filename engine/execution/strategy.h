// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string_view>

namespace timestep {

/// How a plan is cut. SubBatch and Sequential serve both models, HiddenSplit and LayerWavefront an
/// LSTM, Head and QueryBlock attention. Auto is replaced by the fastest before a plan is made.
enum class Strategy { Auto, Sequential, SubBatch, HiddenSplit, LayerWavefront, Head, QueryBlock };

/// Whether it cuts training, too, of the kind of model it serves: all but Head and QueryBlock do.
bool trains(Strategy strategy);

std::string_view strategyName(Strategy strategy); // "auto" | "sequential" | "sub-batch" | …
std::optional<Strategy> strategyFromName(std::string_view name);

} // namespace timestep
