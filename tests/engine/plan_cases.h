// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <string>
#include <vector>

namespace timestep {

struct PlanCase
{
    std::string name;
    PlanShape shape;
    Cut cut;
};

inline PlanShape lstmShape(int layers, int width, int inputWidth, int steps, int rows)
{
    return { .kind = ModelKind::Lstm,
        .layers = layers,
        .width = width,
        .inputWidth = inputWidth,
        .steps = steps,
        .rows = rows };
}

/// The steps before `firstStep` are there already.
inline PlanShape continued(PlanShape shape, int firstStep)
{
    shape.firstStep = firstStep;
    return shape;
}

/// Forward and back.
inline PlanShape trained(PlanShape shape)
{
    shape.training = true;
    shape.bareLayer = true;
    return shape;
}

/// With predictions of 21 tokens and an update.
inline PlanShape trainedModel(PlanShape shape)
{
    shape.training = true;
    shape.ends.vocabulary = 21;
    return shape;
}

inline PlanShape attentionShape(int layers, int width, int heads, int steps, int rows, bool causal)
{
    return { .kind = ModelKind::Attention,
        .layers = layers,
        .width = width,
        .heads = heads,
        .steps = steps,
        .rows = rows,
        .causal = causal };
}

/// Each token is chosen from what the last layer made of the one before.
inline PlanShape written(PlanShape shape)
{
    shape.beingWritten = true;
    return shape;
}

/// Positions look at the last `window` keys only.
inline PlanShape windowed(PlanShape shape, int window)
{
    shape.attentionWindow = window;
    return shape;
}

/// Its output predicts tokens, and is judged.
inline PlanShape predicting(PlanShape shape, int vocabulary)
{
    shape.ends.vocabulary = vocabulary;
    return shape;
}

/// Every strategy on shapes that divide evenly and that do not, at `grain`.
inline std::vector<PlanCase> planCases(Grain grain)
{
    std::vector<PlanCase> cases;
    const auto add = [&](const std::string& shapeName, const PlanShape& shape, Strategy strategy,
                         int subBatches, int slices) {
        Cut cut;
        cut.strategy = strategy;
        cut.grain = grain;
        cut.subBatches = subBatches;
        cut.slices = slices;
        cut.stepsPerChunk = 4;
        cut.positionsPerBlock = 4;
        cases.push_back({ std::string(strategyName(strategy)) + ", " + shapeName + ", "
                + std::to_string(subBatches) + " sub-batches, " + std::to_string(slices)
                + " slices",
            shape, cut });
    };
    std::vector<std::pair<std::string, PlanShape>> lstms {
        { "1 layer", lstmShape(1, 64, 64, 12, 8) },
        { "3 layers, uneven", lstmShape(3, 50, 37, 13, 7) },
        { "1 step", lstmShape(2, 16, 16, 1, 3) },
        { "8 steps after 5", continued(lstmShape(2, 16, 24, 13, 3), 5) },
        { "1 step after 13", continued(lstmShape(2, 50, 37, 14, 7), 13) },
        { "training 1 layer", trained(lstmShape(1, 64, 64, 12, 8)) },
        { "training 3 layers, uneven", trained(lstmShape(3, 50, 37, 13, 7)) },
        { "training 1 step", trained(lstmShape(2, 40, 16, 1, 3)) },
        { "training a model", trainedModel(lstmShape(2, 40, 24, 13, 7)) },
        { "predicting", predicting(lstmShape(2, 50, 37, 13, 7), 90) },
    };
    if (grain == Grain::Fine)
        lstms.emplace_back("3 layers being written", written(lstmShape(3, 50, 37, 13, 7)));
    for (const auto& [name, shape] : lstms) {
        add(name, shape, Strategy::Sequential, 4, 0);
        for (const int subBatches : { 1, 3 }) {
            add(name, shape, Strategy::SubBatch, subBatches, 0);
            if (shape.firstStep == 0 || shape.newSteps() > 1)
                add(name, shape, Strategy::LayerWavefront, subBatches, 0);
            add(name, shape, Strategy::HiddenSplit, subBatches, 1);
            add(name, shape, Strategy::HiddenSplit, subBatches, 3);
        }
    }
    std::vector<std::pair<std::string, PlanShape>> attentions {
        { "1 causal layer", attentionShape(1, 32, 4, 12, 8, true) },
        { "3 causal layers, uneven", attentionShape(3, 30, 5, 13, 7, true) },
        { "2 full layers, uneven", attentionShape(2, 30, 3, 13, 7, false) },
        { "1 position", attentionShape(2, 8, 2, 1, 3, true) },
        { "8 positions after 5", continued(attentionShape(2, 30, 3, 13, 3, true), 5) },
        { "1 position after 13", continued(attentionShape(3, 30, 5, 14, 7, true), 13) },
        { "training 2 causal layers, uneven", trained(attentionShape(2, 30, 5, 13, 7, true)) },
        { "3 layers, window of 3", windowed(attentionShape(3, 30, 5, 13, 7, true), 3) },
        { "2 layers, window of 6", windowed(attentionShape(2, 30, 3, 23, 2, true), 6) },
        { "2 full layers, window of 5", windowed(attentionShape(2, 30, 3, 23, 2, false), 5) },
        { "8 positions after 5, window of 4",
            windowed(continued(attentionShape(2, 30, 3, 13, 3, true), 5), 4) },
        { "training 2 layers, window of 4",
            windowed(trained(attentionShape(2, 30, 5, 13, 7, true)), 4) },
        { "predicting", predicting(attentionShape(2, 30, 3, 13, 7, true), 90) },
    };
    if (grain == Grain::Fine)
        attentions.emplace_back(
            "3 layers being written", written(attentionShape(3, 30, 5, 13, 7, true)));
    for (const auto& [name, shape] : attentions) {
        add(name, shape, Strategy::Sequential, 4, 0);
        for (const int subBatches : { 1, 3 }) {
            add(name, shape, Strategy::SubBatch, subBatches, 0);
            if (shape.training)
                continue;
            add(name, shape, Strategy::QueryBlock, subBatches, 0);
            add(name, shape, Strategy::Head, subBatches, 0);
            add(name, shape, Strategy::Head, subBatches, 2);
        }
    }
    return cases;
}

} // namespace timestep
