// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/recording.h"
#include "engine/kernels/kernels.h"
#include "engine/model/influence.h"
#include "engine/model/model.h"
#include "engine/model/predictions.h"
#include "engine/text/token.h"

#include <cstddef>
#include <optional>
#include <stop_token>
#include <string_view>
#include <vector>

namespace timestep {

struct InspectionSettings
{
    const Kernels* kernels = nullptr;
    bool causal = true; // attention
    int predictions = 5; // K
    bool influence = true; // by far the dearest: for those who show it
    std::optional<std::int64_t> window; // first token read; none: all of the text
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// What one model makes of one text.
struct Inspection
{
    ModelPointer model;
    std::vector<Token> tokens; // T; those the model reads
    Recording recording;
    Matrix<float> logits; // (T, V)
    std::vector<std::vector<Prediction>> predictions; // T x K
    std::optional<Influence> influence; // where the settings ask for it
};

/// Runs the models one after the other, all over the same window of tokens. With the kernels
/// "reference" everything is computed by the readable reference in double precision.
/// Throws Error for a text beyond a context without a window, for a run beyond the memory budget,
/// and for results that are not finite; Interrupted when stopped.
std::vector<Inspection> inspect(const std::vector<ModelPointer>& models, std::string_view text,
    const InspectionSettings& settings, std::stop_token stop);

} // namespace timestep
