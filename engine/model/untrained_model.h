// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <cstdint>
#include <memory>
#include <string>

namespace timestep {

/// Where attention has its positions from; an LSTM needs none.
enum class Positions
{
    Sinusoids, // computed, to any length
    Learned // a table of `context` rows
};

/// How attention's weights begin.
enum class Start
{
    Random,

    /// As in trained models, queries begin as their keys: a token looks at tokens like it, and at
    /// its neighbours (after Trockman and Kolter, "Mimetic Initialization of Self-Attention
    /// Layers", 2023). Learned positions begin as sinusoids, so that "so many tokens back" is the
    /// same rotation everywhere and need not be found for each place.
    Mimetic
};

/// Tokens that models with sinusoids are made for.
inline constexpr int longestSinusoidContext = 16'384;

/// Trained numbers of a model of such a shape.
std::int64_t parameterCount(const ModelShape& shape, Positions positions);

/// Heads of about 32 columns: the number of heads that divides the width and comes closest.
int suitableHeads(int width);

/// Random weights, to begin a training with.
ModelPointer untrainedModel(const ModelShape& shape, Positions positions,
    std::shared_ptr<const Vocabulary> vocabulary, std::uint64_t seed, Start start = Start::Random);

std::string untrainedName(ModelKind kind); // "untrained-lstm"

/// Random weights in the shape the trained English models have (LSTM: 2 layers of 256; attention: 4
/// blocks of 160, 5 heads), equal parameters within 5 %. Sinusoid positions: attention reads up to
/// 16,384 tokens.
ModelPointer untrainedModel(
    ModelKind kind, std::shared_ptr<const Vocabulary> vocabulary, std::uint64_t seed);

/// One of each kind.
ModelPair untrainedPair(std::shared_ptr<const Vocabulary> vocabulary, std::uint64_t seed);

/// A model of the other kind with as many parameters as `model` (within 5 %) and its vocabulary; of
/// `layers` layers, if a width with which the parameters agree is there (0: as many as suit).
ModelPointer untrainedPartner(const Model& model, std::uint64_t seed, int layers = 0);

} // namespace timestep
