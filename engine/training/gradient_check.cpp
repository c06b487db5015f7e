// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/gradient_check.h"

#include "engine/training/model_training.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace timestep {

namespace {

struct Found
{
    std::vector<float> gradients;
    std::vector<int> arrival;
};

/// The gradients of a batch, all else left as it is.
std::optional<Found> gradientsOf(TrainedParameters& parameters, const TrainingBatch& batch,
    const Plan& plan, int threads, bool inOrderOfArrival, const DropoutSettings& dropout,
    const Kernels& kernels, std::stop_token stop)
{
    MemoryAccount account;
    ModelTraining::Setup setup;
    setup.parameters = &parameters;
    setup.kernels = &kernels;
    setup.sumsInOrderOfArrival = inOrderOfArrival;
    setup.dropout = dropout;
    ModelTraining training(plan, setup, threads, account);
    training.begin(batch, {});
    Executor executor(threads);
    if (executor.run(plan, training, std::move(stop)) == Outcome::Cancelled)
        return std::nullopt;
    return Found { training.gradients(), training.arrival(plan.shape().layers - 1) };
}

GradientDifference difference(const std::vector<float>& a, const std::vector<float>& b)
{
    GradientDifference found;
    found.numbers = static_cast<std::int64_t>(a.size());
    double largest = 0;
    double magnitude = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        found.differing
            += std::bit_cast<std::uint32_t>(a[i]) != std::bit_cast<std::uint32_t>(b[i]) ? 1 : 0;
        largest = std::max(largest, std::abs(static_cast<double>(a[i]) - b[i]));
        magnitude = std::max(magnitude, std::abs(static_cast<double>(a[i])));
    }
    found.largest = magnitude > 0 ? largest / magnitude : largest;
    return found;
}

} // namespace

std::optional<GradientCheck> checkGradients(const Model& model, const TrainingBatch& batch,
    const TrainerSettings& settings, const Kernels& kernels, std::stop_token stop)
{
    const Plan plan = trainingPlan(model, settings);
    TrainerSettings whole = settings;
    whole.strategy = Strategy::Sequential;
    whole.subBatches = 1;
    const Plan unsplitPlan = trainingPlan(model, whole);
    const auto parameters = trainedParameters(model, plan.shape());
    const auto run = [&](const Plan& ofRun, int threads, bool inOrderOfArrival) {
        return gradientsOf(*parameters, batch, ofRun, threads, inOrderOfArrival,
            { settings.dropout, settings.seed }, kernels, stop);
    };
    const auto split = run(plan, settings.threads, false);
    const auto oneThread = split ? run(plan, 1, false) : std::nullopt;
    const auto unsplit = oneThread ? run(unsplitPlan, 1, false) : std::nullopt;
    const auto arrival = unsplit ? run(plan, settings.threads, true) : std::nullopt;
    if (!arrival)
        return std::nullopt;
    return GradientCheck { difference(split->gradients, oneThread->gradients),
        difference(split->gradients, unsplit->gradients),
        difference(split->gradients, arrival->gradients), arrival->arrival };
}

} // namespace timestep
