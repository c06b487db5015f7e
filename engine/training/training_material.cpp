// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/training_material.h"

#include "engine/error.h"
#include "engine/execution/memory_budget.h"
#include "engine/text/corpus_file.h"
#include "engine/training/ordered_windows.h"
#include "engine/training/text_batches.h"
#include "engine/training/text_corpus.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <string>

namespace timestep {

namespace {

constexpr std::size_t mostHeldOutBatches = 8;

std::vector<std::string> documentsOf(const std::vector<std::string>& corpus)
{
    std::vector<std::string> documents;
    for (const std::string& place : corpus) {
        std::vector<std::string> more = readCorpus(place);
        documents.insert(documents.end(), std::make_move_iterator(more.begin()),
            std::make_move_iterator(more.end()));
    }
    return documents;
}

/// FNV-1a, 64 bits (Fowler, Noll and Vo), each document ended by a byte that no text has.
std::uint64_t digestOf(const std::vector<std::string>& documents)
{
    std::uint64_t digest = 0xcbf29ce484222325;
    const auto take = [&digest](unsigned char byte) { digest = (digest ^ byte) * 0x100000001b3; };
    for (const std::string& document : documents) {
        for (const char byte : document)
            take(static_cast<unsigned char>(byte));
        take(0xff);
    }
    return digest;
}

std::shared_ptr<const Vocabulary> vocabularyOf(const TrainingSettings& settings)
{
    if (settings.task == TrainingTask::Recall)
        return recallVocabulary();
    return settings.vocabulary.empty() ? Vocabulary::bundled()
                                       : Vocabulary::load(settings.vocabulary);
}

/// Windows from all over what is held out.
void holdOut(const std::shared_ptr<const TokenDocuments>& documents, const TrainerSettings& trainer,
    TrainingMaterial& material)
{
    if (documents->readLength() < 2)
        return;
    const auto windows = std::make_shared<OrderedWindows>(documents, trainer.steps);
    const auto rows = static_cast<std::size_t>(trainer.rows);
    const std::size_t batches = (windows->windows() + rows - 1) / rows;
    material.heldOutBatches = std::min(batches, mostHeldOutBatches);
    const std::size_t apart = batches / material.heldOutBatches;
    material.heldOut = [windows, rows = trainer.rows, apart](
                           std::uint64_t number) { return windows->batch(number * apart, rows); };
}

/// Text, tokens with their places in it, and the tokens that are kept.
std::size_t corpusBytesNeeded(const std::vector<std::string>& corpus)
{
    namespace fs = std::filesystem;
    constexpr std::size_t bytesOfByte = 32;
    std::size_t bytes = 0;
    std::error_code unknown;
    for (const std::string& place : corpus) {
        if (fs::is_regular_file(place, unknown)) {
            bytes += fs::file_size(place, unknown);
        } else if (fs::is_directory(place, unknown)) {
            for (const fs::directory_entry& entry :
                fs::recursive_directory_iterator(place, unknown))
                if (entry.is_regular_file(unknown) && entry.path().extension() == ".txt")
                    bytes += entry.file_size(unknown);
        } else if (fs::exists(place, unknown)) {
            throw Error(place + " is neither a file nor a folder; name a text");
        }
    }
    return bytes * bytesOfByte;
}

/// What numbers them counts to 2^31.
void refuseTooManyParameters(std::int64_t parameters)
{
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    if (parameters > most)
        throw Error("this model would have " + std::to_string(parameters)
            + " parameters, and at most " + std::to_string(most)
            + " can be trained; take fewer layers or a smaller width");
}

/// The model it begins with; of each copy that is trained its numbers, two moments and what is
/// packed both ways; the gradients of each sub-batch.
std::size_t weightBytesNeeded(const ModelShape& shape, const TrainingSettings& settings)
{
    const auto parameters = static_cast<std::size_t>(parameterCount(shape, settings.positions));
    const auto subBatches = static_cast<std::size_t>(std::max(settings.trainer.subBatches, 1));
    const std::size_t copies = settings.trainer.averageEvery > 0 ? subBatches : 1;
    return parameters * sizeof(float) * (1 + 5 * copies + subBatches);
}

/// Takes over the shape of a model that has learned something already.
void beginWith(const Model& trained, const Vocabulary& vocabulary, TrainingSettings& settings)
{
    if (!(*trained.vocabulary == vocabulary))
        throw Error("model \"" + trained.name + "\" has a vocabulary of "
            + std::to_string(trained.vocabulary->size()) + " pieces, and not that of this training ("
            + std::to_string(vocabulary.size()) + "); name its --vocabulary, or begin with another");
    settings.model = trained.shape;
    settings.positions = Positions::Learned;
    if (const auto* weights = std::get_if<AttentionWeights<float>>(&trained.weights))
        settings.positions
            = weights->positions.size() == 0 ? Positions::Sinusoids : Positions::Learned;
}

bool prepareText(TrainingSettings& settings, const std::shared_ptr<const Vocabulary>& vocabulary,
    TrainingMaterial& material, const std::stop_token& stop)
{
    const std::vector<std::string> documents = documentsOf(settings.corpus);
    const std::uint64_t digest = digestOf(documents);
    if (settings.corpusDigest != 0 && settings.corpusDigest != digest)
        throw Error("the corpus (" + settings.corpus.front()
            + (settings.corpus.size() > 1 ? ", …" : "")
            + ") is not what the training was begun with; bring it back, or begin anew");
    settings.corpusDigest = digest;
    const std::optional<TextCorpus> corpus
        = tokenizedCorpus(documents, Tokenizer(vocabulary), settings.heldOutOneIn, stop);
    if (!corpus)
        return false;
    holdOut(corpus->heldOut, settings.trainer, material);
    material.trainingTokens = static_cast<std::int64_t>(corpus->training->tokens.size());
    const auto batches = std::make_shared<TextBatches>(
        corpus->training, settings.trainer.steps, settings.trainer.seed);
    material.batches = [batches, rows = settings.trainer.rows](
                           std::uint64_t number) { return batches->batch(number, rows); };
    return true;
}

} // namespace

std::optional<TrainingMaterial> prepareTraining(TrainingSettings& settings,
    std::size_t memoryBudget, const std::stop_token& stop, ModelPointer trained)
{
    TrainingMaterial material;
    refuseBeyondBudget("this corpus", corpusBytesNeeded(settings.corpus), memoryBudget);
    const std::shared_ptr<const Vocabulary> vocabulary = vocabularyOf(settings);
    if (trained)
        beginWith(*trained, *vocabulary, settings);
    if (settings.task == TrainingTask::Text) {
        if (!prepareText(settings, vocabulary, material, stop))
            return std::nullopt;
    } else {
        const RecallTask task(settings.recall, settings.trainer.seed);
        settings.trainer.steps = task.steps();
        const int rows = settings.trainer.rows;
        material.batches = [task, rows](std::uint64_t number) {
            return task.batch(number, rows, DataSide::Training);
        };
        material.heldOut = [task, rows](std::uint64_t number) {
            return task.batch(number, rows, DataSide::HeldOut);
        };
        material.heldOutBatches = mostHeldOutBatches;
    }
    ModelShape& shape = settings.model;
    shape.vocabulary = vocabulary->size();
    if (shape.kind == ModelKind::Attention && shape.context == 0)
        shape.context = settings.positions == Positions::Learned ? settings.trainer.steps
                                                                 : longestSinusoidContext;
    refuseTooManyParameters(parameterCount(shape, settings.positions));
    refuseBeyondBudget(
        "the weights of this model in training", weightBytesNeeded(shape, settings), memoryBudget);
    material.initial = trained
        ? std::move(trained)
        : untrainedModel(shape, settings.positions, vocabulary, settings.trainer.seed,
            settings.start);
    return material;
}

} // namespace timestep
