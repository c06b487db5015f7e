// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/training_request.h"

#include "engine/error.h"
#include "engine/model/untrained_model.h"
#include "engine/training/text_batches.h"

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int longestRow = 64; // tokens: a step stays short enough to be watched
constexpr int smallWidth = 128;
constexpr int smallLayers = 2; // the fewest that can be a wavefront
constexpr int warmUpSteps = 20;

Strategy strategyOf(TrainingWay way, ModelKind kind)
{
    if (kind == ModelKind::Lstm && way == TrainingWay::HiddenUnits)
        return Strategy::HiddenSplit;
    if (kind == ModelKind::Lstm && way == TrainingWay::Layers)
        return Strategy::LayerWavefront;
    return Strategy::SubBatch;
}

RecallTask recallTask(const TrainingSubject& subject)
{
    return { RecallSettings { .minPairs = 1, .maxPairs = subject.mostPairs }, subject.seed };
}

} // namespace

bool splitsAlike(const TrainingCourse& a, const TrainingCourse& b)
{
    TrainingCourse other = b;
    other.learningRate = a.learningRate;
    other.averageEvery = a.averageEvery;
    return a == other;
}

int trainingSteps(const TrainingSubject& subject)
{
    if (subject.task == TrainingTask::Recall)
        return recallTask(subject).steps();
    return std::clamp((static_cast<int>(subject.text.size()) - 1) / 2, 1, longestRow);
}

TrainerSettings trainerSettings(const TrainingRequest& request, ModelKind kind)
{
    const TrainingCourse& course = request.course;
    TrainerSettings settings;
    settings.rows = course.rows;
    settings.steps = trainingSteps(request.subject);
    settings.strategy = strategyOf(course.way, kind);
    settings.subBatches
        = settings.strategy == Strategy::SubBatch ? std::min(course.subBatches, course.rows) : 1;
    settings.threads = course.threads;
    settings.averageEvery = course.way == TrainingWay::AveragedCopies ? course.averageEvery : 0;
    settings.learningRate = { .peak = course.learningRate,
        .warmUpSteps = warmUpSteps,
        .steps = warmUpSteps,
        .finalFraction = 1 };
    return settings;
}

ModelPair untrainedSmallPair(const TrainingSubject& subject)
{
    const auto vocabulary
        = subject.task == TrainingTask::Recall ? recallVocabulary() : subject.vocabulary;
    const ModelShape lstm { .kind = ModelKind::Lstm,
        .vocabulary = static_cast<int>(vocabulary->size()),
        .layers = smallLayers,
        .width = smallWidth,
        .embedding = smallWidth };
    ModelPair pair;
    pair.lstm = untrainedModel(lstm, Positions::Sinusoids, vocabulary, subject.seed);
    pair.attention = untrainedPartner(*pair.lstm, subject.seed, smallLayers);
    return pair;
}

BatchSource trainingBatches(const TrainingSubject& subject, int rows)
{
    if (subject.task == TrainingTask::Recall) {
        return [task = recallTask(subject), rows](
                   std::uint64_t number) { return task.batch(number, rows, DataSide::Training); };
    }
    if (static_cast<int>(subject.text.size()) < fewestTrainingTokens)
        throw Error("the text has " + std::to_string(subject.text.size())
            + " tokens, too few to be trained on; type at least "
            + std::to_string(fewestTrainingTokens));
    TokenDocuments documents;
    documents.tokens = subject.text;
    documents.ends = { subject.text.size() };
    const auto batches = std::make_shared<TextBatches>(
        std::make_shared<const TokenDocuments>(std::move(documents)), trainingSteps(subject),
        subject.seed);
    return [batches, rows](std::uint64_t number) { return batches->batch(number, rows); };
}

} // namespace timestep
