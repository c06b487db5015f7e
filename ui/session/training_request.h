// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/trainer.h"
#include "engine/training/training_settings.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// What a pair learns: all that decides the models and the batches but for the number of rows.
struct TrainingSubject
{
    TrainingTask task = TrainingTask::Text;
    int mostPairs = 2; // recall: prompts have 1 to as many key-value pairs
    std::vector<TokenId> text; // the tokens in use (text)
    std::shared_ptr<const Vocabulary> vocabulary; // of the text; recall reads bytes
    std::uint64_t seed = 1; // of the weights and of the batches
    std::string kernel; // empty: the fastest
    bool operator==(const TrainingSubject&) const = default;
};

/// How the work of a training step is divided.
enum class TrainingWay
{
    DataParallel, // rows in sub-batches, their gradients summed
    HiddenUnits, // model parallel: slices of an LSTM's hidden units
    Layers, // model parallel: an LSTM's layers as a wavefront
    AveragedCopies // each sub-batch trains a copy of its own, averaged now and then
};

/// How the steps are done. May change between two of them: the training goes on.
struct TrainingCourse
{
    TrainingWay way = TrainingWay::DataParallel;
    int averageEvery = 10; // steps (averaged copies)
    int rows = 32; // B
    int subBatches = 4; // wished; S is min(rows, this)
    int threads = 2;
    double learningRate = 0.003;
    bool operator==(const TrainingCourse&) const = default;
};

/// Whether gradients and times of a step are the same in both: the learning rate and when copies
/// are averaged change neither.
bool splitsAlike(const TrainingCourse& a, const TrainingCourse& b);

struct TrainingRequest
{
    TrainingSubject subject;
    TrainingCourse course;
    std::size_t memoryBudget = 0; // bytes; 0: half of what is free
};

/// The fewest tokens of a text that can be trained on.
inline constexpr int fewestTrainingTokens = 3;

/// T: tokens of a row. About half of a short text, so that rows begin at different places in it.
int trainingSteps(const TrainingSubject& subject);

/// Attention is always split by rows: where an LSTM is split by its units or layers, in the
/// sub-batches that are set.
TrainerSettings trainerSettings(const TrainingRequest& request, ModelKind kind);

/// An untrained LSTM (2 layers of 128) and attention of 2 layers with equal parameters: small
/// enough for some hundred steps in a few seconds.
ModelPair untrainedSmallPair(const TrainingSubject& subject);

/// Batches of `rows` rows of the subject. Throws Error for a text that is too short.
BatchSource trainingBatches(const TrainingSubject& subject, int rows);

} // namespace timestep
