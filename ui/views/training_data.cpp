// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_data.h"

#include "engine/shortest_number.h"
#include "ui/views/loss_curves.h"

#include <nlohmann/json.hpp>

namespace timestep {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view csvHeader = "model,step,loss,mean_loss,seconds,seconds_so_far,gradient_"
                                       "norm,learning_rate,course,traced\n";

const char* nameOf(ModelKind kind) { return kind == ModelKind::Lstm ? "lstm" : "attention"; }

void addLines(std::string& csv, ModelKind kind, const TrainingProgress& progress)
{
    const LossCurve curve = lossCurve(kind, progress.points, LossAxis::Steps);
    for (std::size_t index = 0; index < progress.points.size(); ++index) {
        const TrainingPoint& point = progress.points[index];
        csv += nameOf(kind);
        csv += ',' + std::to_string(point.step.number);
        for (double number : { point.step.loss, curve.mean[index], point.step.seconds,
                 point.secondsSoFar, point.step.gradientNorm, point.step.learningRate }) {
            csv += ',';
            appendNumber(csv, number);
        }
        csv += ',' + std::to_string(point.course) + ',' + (point.traced ? '1' : '0') + '\n';
    }
}

Json stepsJson(ModelKind kind, const TrainingProgress& progress)
{
    const LossCurve curve = lossCurve(kind, progress.points, LossAxis::Steps);
    Json steps = Json::array();
    for (std::size_t index = 0; index < progress.points.size(); ++index) {
        const TrainingPoint& point = progress.points[index];
        steps.push_back({ { "step", point.step.number }, { "loss", point.step.loss },
            { "mean_loss", curve.mean[index] }, { "seconds", point.step.seconds },
            { "seconds_so_far", point.secondsSoFar }, { "gradient_norm", point.step.gradientNorm },
            { "learning_rate", point.step.learningRate }, { "course", point.course },
            { "traced", point.traced } });
    }
    return steps;
}

Json differenceJson(const GradientDifference& difference)
{
    return { { "numbers", difference.numbers }, { "differing", difference.differing },
        { "largest", difference.largest } };
}

const char* nameOf(ComparedWay way)
{
    switch (way) {
    case ComparedWay::OneThread:
        return "one-thread";
    case ComparedWay::SubBatches:
        return "sub-batches";
    case ComparedWay::HiddenUnits:
        return "hidden-units";
    case ComparedWay::Layers:
        return "layers";
    }
    return "";
}

Json trialJson(const TrainingTrial& trial)
{
    Json ways = Json::array();
    for (const TimedWay& way : trial.ways)
        ways.push_back(
            { { "way", nameOf(way.way) }, { "threads", way.threads }, { "repeats", way.repeats },
                { "median_ms", way.medianMs }, { "interval_ms", { way.lowerMs, way.upperMs } } });
    return { { "after_steps", trial.afterSteps }, { "rows", trial.course.rows },
        { "sub_batches", trial.cut.subBatches }, { "threads", trial.course.threads },
        { "one_thread", differenceJson(trial.check.oneThread) },
        { "unsplit", differenceJson(trial.check.unsplit) },
        { "in_order_of_arrival", differenceJson(trial.check.inOrderOfArrival) },
        { "ways", std::move(ways) } };
}

} // namespace

std::string trainingCsv(const TrainingProgress& lstm, const TrainingProgress& attention)
{
    std::string csv(csvHeader);
    addLines(csv, ModelKind::Lstm, lstm);
    addLines(csv, ModelKind::Attention, attention);
    return csv;
}

std::string trainingJson(const TrainingProgress& lstm, const TrainingProgress& attention)
{
    Json models = Json::array();
    const auto add = [&models](ModelKind kind, const TrainingProgress& progress) {
        Json model { { "model", nameOf(kind) }, { "steps", stepsJson(kind, progress) } };
        if (progress.trial)
            model["trial"] = trialJson(*progress.trial);
        models.push_back(std::move(model));
    };
    add(ModelKind::Lstm, lstm);
    add(ModelKind::Attention, attention);
    return Json { { "models", std::move(models) } }.dump(1) + '\n';
}

} // namespace timestep
