// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/random_stream.h"
#include "engine/model/untrained_model.h"
#include "engine/training/recall_task.h"
#include "engine/training/training_batch.h"

namespace timestep {

/// A small model of the bytes' vocabulary (257 tokens).
struct LanguageModelCase
{
    const char* name;
    ModelKind kind;
    int layers, width, heads;
    int embedding; // of an LSTM
    bool tied;
    Positions positions;
    int rows, steps, subBatches;
};

inline ModelPointer modelOf(const LanguageModelCase& c, std::uint64_t seed = 7)
{
    ModelShape shape;
    shape.kind = c.kind;
    shape.vocabulary = recallVocabulary()->size();
    shape.layers = c.layers;
    shape.width = c.width;
    shape.embedding = c.embedding;
    shape.heads = c.heads;
    shape.tied = c.tied;
    if (c.kind == ModelKind::Attention)
        shape.context = c.steps + 2;
    return untrainedModel(shape, c.positions, recallVocabulary(), seed);
}

/// Tokens of the alphabet's beginning, so that several positions read the same; every fifth target
/// does not count.
inline TrainingBatch randomBatch(int rows, int steps, std::uint64_t seed)
{
    const RandomStream random(seed, 1);
    TrainingBatch batch;
    batch.rows = rows;
    batch.steps = steps;
    const auto token
        = [&](std::uint64_t i) { return static_cast<TokenId>(60 + (random.uniform(i) + 1) * 15); };
    for (int i = 0; i < rows * steps; ++i) {
        batch.tokens.push_back(token(static_cast<std::uint64_t>(2 * i)));
        const bool counts = i % 5 != 3;
        batch.targets.push_back(counts ? token(static_cast<std::uint64_t>(2 * i + 1)) : uncounted);
        batch.counted += counts ? 1 : 0;
    }
    return batch;
}

} // namespace timestep
