// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "engine/model/weights.h"
#include "engine/text/vocabulary.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace timestep {

/// A language model: what it is called, its sizes, its weights, its vocabulary. Weights never
/// change after construction, so any number of runs may share one.
struct Model
{
    std::string name; // shown to the user
    std::string origin; // "untrained, seed 1", "bundled" or the folder it was read from
    ModelShape shape;
    std::variant<LstmWeights<float>, AttentionWeights<float>> weights; // as shape.kind says
    std::shared_ptr<const Vocabulary> vocabulary;
    std::vector<std::string> warnings; // ignored tensors and the like, a line each

    /// Trained numbers; a sinusoid position table holds none.
    std::int64_t parameters() const;
    bool untrained() const;
    bool bundled() const; // trained, and comes with the program
};

/// The origin of trained models that come with the program; no folder is called so, they begin
/// with a slash.
inline constexpr std::string_view bundledOrigin = "bundled";

/// Throws Error for a token that the model has no embedding of.
void refuseUnknownToken(const Model& model, TokenId token);

using ModelPointer = std::shared_ptr<const Model>;

struct ModelPair
{
    ModelPointer lstm;
    ModelPointer attention;
};

} // namespace timestep
