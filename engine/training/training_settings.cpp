// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/training_settings.h"

#include "engine/error.h"
#include "engine/model/shallow_json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <type_traits>

namespace timestep {

namespace {

using nlohmann::json;

constexpr const char* questionsKey = "questions"; // absent: one
constexpr const char* allTokensKey = "all_tokens"; // absent: the loss counts answers
constexpr const char* oneLetterKey = "one_letter"; // absent: keys of any letters
constexpr const char* mimeticKey = "mimetic_start"; // absent: a random one
constexpr const char* windowKey = "attention_window"; // absent: attention looks at all keys

/// Visits every setting with its key, to be written or to be read.
template <typename Settings, typename Visitor>
void visitSettings(Settings& s, Visitor&& visit)
{
    visit("corpus", s.corpus);
    visit("corpus_digest", s.corpusDigest);
    visit("vocabulary", s.vocabulary);
    visit("held_out_one_in", s.heldOutOneIn);
    visit("min_pairs", s.recall.minPairs);
    visit("max_pairs", s.recall.maxPairs);
    visit("layers", s.model.layers);
    visit("width", s.model.width);
    visit("embedding", s.model.embedding);
    visit("heads", s.model.heads);
    visit("context", s.model.context);
    visit("tied", s.model.tied);
    visit("batch", s.trainer.rows);
    visit("length", s.trainer.steps);
    visit("sub_batches", s.trainer.subBatches);
    visit("average_every", s.trainer.averageEvery);
    visit("threads", s.trainer.threads);
    visit("first_decay", s.trainer.optimizer.firstDecay);
    visit("second_decay", s.trainer.optimizer.secondDecay);
    visit("epsilon", s.trainer.optimizer.epsilon);
    visit("weight_decay", s.trainer.optimizer.weightDecay);
    visit("learning_rate", s.trainer.learningRate.peak);
    visit("warm_up", s.trainer.learningRate.warmUpSteps);
    visit("steps", s.trainer.learningRate.steps);
    visit("final_fraction", s.trainer.learningRate.finalFraction);
    visit("clip", s.trainer.largestNorm);
    visit("dropout", s.trainer.dropout);
    visit("seed", s.trainer.seed);
    visit("kernel", s.kernel);
}

class Reader
{
public:
    Reader(const json& document, const std::string& where)
        : m_document(document)
        , m_where(where)
    {
    }

    template <typename Value>
    void operator()(const char* key, Value& value) const
    {
        try {
            const json& found = m_document.at(key);
            // A broken number would be read as the whole one below it.
            constexpr bool whole = std::is_integral_v<Value> && !std::is_same_v<Value, bool>;
            if (whole && !found.is_number_integer())
                throw unusable(key);
            found.get_to(value);
        } catch (const json::exception&) {
            throw unusable(key);
        }
    }

    /// One of some names; its place among them.
    std::size_t choice(const char* key, const std::vector<std::string_view>& names) const
    {
        std::string name;
        (*this)(key, name);
        const auto found = std::find(names.begin(), names.end(), name);
        if (found == names.end())
            throw Error(m_where + ": \"" + key + "\" is \"" + name
                + "\", which this version does not know");
        return static_cast<std::size_t>(found - names.begin());
    }

private:
    Error unusable(const char* key) const
    {
        return Error(m_where + ": the settings have no usable \"" + key
            + "\"; the checkpoint is damaged or of another version");
    }

    const json& m_document;
    const std::string& m_where;
};

/// Only a file that was tampered with has them.
void refuseImpossibleSizes(const TrainingSettings& s, const std::string& where)
{
    constexpr int most = 1 << 20;
    for (const int size :
        { s.model.layers, s.model.width, s.model.embedding, s.trainer.rows, s.trainer.steps,
            s.trainer.threads, s.model.attentionWindow == 0 ? 1 : s.model.attentionWindow })
        if (size < 1 || size > most)
            throw Error(where + ": the settings have a size of " + std::to_string(size)
                + "; the checkpoint is damaged, use another");
}

} // namespace

std::string_view taskName(TrainingTask task)
{
    return task == TrainingTask::Text ? "text" : "recall";
}

std::string formatTrainingSettings(const TrainingSettings& settings)
{
    nlohmann::ordered_json document { { "task", taskName(settings.task) },
        { "compute", kindName(settings.model.kind) },
        { "positions", settings.positions == Positions::Learned ? "learned" : "sinusoids" },
        { "strategy", strategyName(settings.trainer.strategy) } };
    visitSettings(settings, [&](const char* key, const auto& value) { document[key] = value; });
    if (settings.recall.questions > 1)
        document[questionsKey] = settings.recall.questions;
    if (settings.recall.keys == RecallKeys::OneLetter)
        document[oneLetterKey] = true;
    if (settings.recall.targets == RecallTargets::AllTokens)
        document[allTokensKey] = true;
    if (settings.start == Start::Mimetic)
        document[mimeticKey] = true;
    if (settings.model.attentionWindow > 0)
        document[windowKey] = settings.model.attentionWindow;
    return document.dump();
}

TrainingSettings parseTrainingSettings(std::string_view text, const std::string& where)
{
    const json document = parseShallowJson(text, 2, where);
    const Reader read(document, where);
    TrainingSettings settings;
    settings.task = static_cast<TrainingTask>(
        read.choice("task", { taskName(TrainingTask::Text), taskName(TrainingTask::Recall) }));
    settings.model.kind = static_cast<ModelKind>(
        read.choice("compute", { kindName(ModelKind::Lstm), kindName(ModelKind::Attention) }));
    settings.positions = read.choice("positions", { "learned", "sinusoids" }) == 0
        ? Positions::Learned
        : Positions::Sinusoids;
    std::string strategy;
    read("strategy", strategy);
    if (const auto known = strategyFromName(strategy))
        settings.trainer.strategy = *known;
    else
        throw Error(where + ": there is no strategy \"" + strategy + '"');
    visitSettings(settings, read);
    if (document.contains(questionsKey))
        read(questionsKey, settings.recall.questions);
    if (document.contains(oneLetterKey))
        settings.recall.keys = RecallKeys::OneLetter;
    if (document.contains(allTokensKey))
        settings.recall.targets = RecallTargets::AllTokens;
    if (document.contains(mimeticKey))
        settings.start = Start::Mimetic;
    if (document.contains(windowKey))
        read(windowKey, settings.model.attentionWindow);
    refuseImpossibleSizes(settings, where);
    return settings;
}

} // namespace timestep
