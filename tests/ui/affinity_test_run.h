// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/execution/stored_affinities.h"
#include "ui/views/affinity_picture.h"

#include <memory>
#include <string>
#include <vector>

namespace timestep {

/// A finished run of an attention model whose every head has the affinities given (T, T), over a
/// text of words; equal words are equal tokens. Its model counts as trained unless told.
inline std::shared_ptr<const Run> runWithAffinity(const std::vector<std::string>& words,
    const Matrix<float>& affinity, const AttentionMask& mask = {}, int layers = 2, int heads = 3,
    const std::string& origin = "models/a")
{
    auto model = std::make_shared<Model>();
    model->origin = origin;
    model->shape.kind = ModelKind::Attention;
    model->shape.layers = layers;
    model->shape.heads = heads;
    model->shape.attentionWindow = mask.window;
    auto attention = std::make_shared<ModelRun>();
    attention->model = model;
    PlanShape shape;
    shape.kind = ModelKind::Attention;
    shape.layers = 1;
    shape.width = 8;
    shape.heads = 2;
    shape.rows = 1;
    shape.steps = static_cast<int>(words.size());
    shape.causal = mask.causal;
    shape.attentionWindow = mask.window;
    if (!words.empty())
        attention->plan = makePlan(shape, { .strategy = Strategy::Sequential });
    attention->recording.affinities = std::make_shared<const StoredAffinities>(
        StoredAffinities::Matrices(layers, std::vector<Matrix<float>>(heads, affinity)), mask);

    auto run = std::make_shared<Run>();
    for (const std::string& word : words) {
        Token token;
        for (const std::string& other : words) {
            if (other == word)
                break;
            ++token.id;
        }
        token.begin = run->text.size();
        run->text += (token.begin == 0 ? "" : " ") + word;
        token.end = run->text.size();
        run->tokens.push_back(token);
    }
    run->window = { 0, static_cast<int>(words.size()) };
    run->attention = attention;
    return run;
}

/// The first head of such a run.
inline AffinityPicturePointer firstHeadOf(const std::shared_ptr<const Run>& run)
{
    const Affinities& affinities = *run->attention->recording.affinities;
    return AffinityPicture::of(run, {}, AffinityShading::Head,
        affinities.tokens() > 0 ? affinityStatistics(affinities, {}) : nullptr);
}

} // namespace timestep
