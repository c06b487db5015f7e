// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/model_pair_source.h"

#include "engine/error.h"
#include "engine/model/bundled_models.h"
#include "engine/model/open_models.h"
#include "engine/model/untrained_model.h"

#include <utility>

namespace timestep {

namespace {

ModelPair pairOf(const ModelPointer& first, const ModelPointer& second)
{
    return first->shape.kind == ModelKind::Lstm ? ModelPair { first, second }
                                                : ModelPair { second, first };
}

/// Under which it can be opened again.
const std::string& sourceOf(const Model& model)
{
    return model.bundled() || model.untrained() ? model.name : model.origin;
}

void requirePair(const Model& first, const Model& second)
{
    const std::string both = sourceOf(first) + " and " + sourceOf(second);
    if (first.shape.kind == second.shape.kind) {
        throw Error(both + ": both models are of kind " + std::string(kindName(first.shape.kind))
            + ", a pair needs an lstm and an attention model; name one of each");
    }
    if (!(*first.vocabulary == *second.vocabulary)) {
        throw Error(both
            + ": the vocabularies differ, so the models would read different tokens; name two "
              "models that were trained with the same vocab.json and merges.txt");
    }
}

OpenedPair openedAlone(const ModelPointer& model, std::uint64_t seed)
{
    if (model->bundled() || model->untrained()) {
        const BundledModels& bundled = BundledModels::ofProgram();
        const BundledModel* const partner = bundled.partner(*bundled.model(model->name));
        if (partner)
            return { pairOf(model, openBundledModel(*partner, seed)),
                { model->name, partner->name } };
    }
    return { pairOf(model, untrainedPartner(*model, seed)), { sourceOf(*model) } };
}

} // namespace

OpenedPair openModelPair(const std::vector<std::string>& namesOrFolders, std::uint64_t seed)
{
    if (namesOrFolders.empty())
        return openModelPair({ BundledModels::ofProgram().defaultPair().name }, seed);
    const std::vector<ModelPointer> models = openModels(namesOrFolders, seed);
    if (models.size() == 1)
        return openedAlone(models[0], seed);
    if (models.size() > 2)
        throw Error(std::to_string(models.size()) + " models were named: the window compares two");
    requirePair(*models[0], *models[1]);
    return { pairOf(models[0], models[1]), namesOrFolders };
}

OpenedPair openModelBeside(
    const std::string& nameOrFolder, const ModelPair& beside, std::uint64_t seed)
{
    const std::vector<ModelPointer> models = openModels({ nameOrFolder }, seed);
    if (models.size() == 2)
        return { pairOf(models[0], models[1]), { nameOrFolder } };
    const ModelPointer& opened = models.front();
    const ModelPointer& other
        = opened->shape.kind == ModelKind::Lstm ? beside.attention : beside.lstm;
    if (other && !other->untrained() && *other->vocabulary == *opened->vocabulary)
        return { pairOf(opened, other), { sourceOf(*opened), sourceOf(*other) } };
    return openedAlone(opened, seed);
}

} // namespace timestep
