// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "ui/session/training_progress.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace timestep {

/// Losses of single batches jump; what is said of a loss is said of the mean of so many steps.
inline constexpr int lossMeanSteps = 10;

enum class LossAxis
{
    Steps,
    Seconds // that the model's own steps took
};

struct LossCurve
{
    ModelKind kind = ModelKind::Lstm;
    std::vector<double> x; // ascending
    std::vector<double> loss; // of the step's batch, nats a target
    std::vector<double> mean; // of the last lossMeanSteps, or of those there are
};

LossCurve lossCurve(ModelKind kind, const std::vector<TrainingPoint>& points, LossAxis axis);

/// The mean of the last steps; not set before the first.
std::optional<double> lossNow(const std::vector<TrainingPoint>& points);

/// Round losses of a logarithmic axis in [lower, upper]: powers of ten, or of few decades 1, 2, 5.
std::vector<double> lossTicks(double lower, double upper);

struct LossReached
{
    std::int64_t steps = 0;
    double seconds = 0;
};

/// When the mean of lossMeanSteps steps was no more than `threshold` for the first time.
std::optional<LossReached> lossReached(const std::vector<TrainingPoint>& points, double threshold);

} // namespace timestep
