// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/bundled_choices.h"

#include "engine/error.h"
#include "engine/model/open_models.h"

namespace timestep {

namespace {

const BundledModels* listed()
{
    try {
        return &BundledModels::ofProgram();
    } catch (const Error&) {
        return nullptr;
    }
}

template <typename Entry>
ExplainedItem itemOf(const Entry& entry)
{
    return { QString::fromStdString(entry.name), QString::fromStdString(entry.title),
        QString::fromStdString(entry.sentence) };
}

bool comesWithProgram(const Model& model) { return model.bundled() || model.untrained(); }

} // namespace

std::vector<ExplainedItem> pairItems()
{
    std::vector<ExplainedItem> items;
    if (const BundledModels* const bundled = listed()) {
        for (const BundledPair& pair : bundled->pairs())
            items.push_back(itemOf(pair));
    }
    return items;
}

std::vector<ExplainedItem> modelItems(ModelKind kind, const Vocabulary& vocabulary)
{
    std::vector<ExplainedItem> items;
    if (const BundledModels* const bundled = listed()) {
        for (const BundledModel& model : bundled->models()) {
            if (model.kind == kind && *bundledVocabulary(model.vocabulary) == vocabulary)
                items.push_back(itemOf(model));
        }
    }
    return items;
}

const BundledPair* bundledPairOf(const ModelPair& models)
{
    const BundledModels* const bundled = listed();
    if (!bundled || !models.lstm || !comesWithProgram(*models.lstm)
        || !comesWithProgram(*models.attention))
        return nullptr;
    for (const BundledPair& pair : bundled->pairs()) {
        if (pair.lstm == models.lstm->name && pair.attention == models.attention->name)
            return &pair;
    }
    return nullptr;
}

bool readsAs(const Vocabulary& vocabulary, const std::string& pair)
{
    const BundledModels* const bundled = listed();
    const BundledPair* const found = bundled ? bundled->pair(pair) : nullptr;
    return found && *bundledVocabulary(bundled->model(found->lstm)->vocabulary) == vocabulary;
}

} // namespace timestep
