// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/model_pair_source.h"

#include "engine/error.h"
#include "engine/model/model_folder.h"
#include "engine/model/untrained_model.h"

#include <utility>

namespace timestep {

namespace {

ModelPair pairOf(const ModelPointer& first, const ModelPointer& second)
{
    return first->shape.kind == ModelKind::Lstm ? ModelPair { first, second }
                                                : ModelPair { second, first };
}

void requirePair(const Model& first, const Model& second)
{
    if (first.shape.kind == second.shape.kind) {
        throw Error(first.origin + " and " + second.origin + ": both models are of kind "
            + std::string(kindName(first.shape.kind))
            + ", a pair needs an lstm and an attention model; name one of each");
    }
    if (!(*first.vocabulary == *second.vocabulary)) {
        throw Error(first.origin + " and " + second.origin
            + ": the vocabularies differ, so the models would read different tokens; name two "
              "models "
              "that were trained with the same vocab.json and merges.txt");
    }
}

} // namespace

ModelPair openModelPair(const std::vector<std::filesystem::path>& folders, std::uint64_t seed)
{
    if (folders.empty())
        return untrainedPair(Vocabulary::bundled(), seed);
    const ModelPointer first = loadModel(folders[0]);
    if (folders.size() == 1)
        return pairOf(first, untrainedPartner(*first, seed));
    if (folders.size() > 2)
        throw Error(std::to_string(folders.size()) + " models were named: the window compares two");
    const ModelPointer second = loadModel(folders[1]);
    requirePair(*first, *second);
    return pairOf(first, second);
}

ModelPair openModelBeside(
    const std::filesystem::path& folder, const ModelPair& beside, std::uint64_t seed)
{
    const ModelPointer opened = loadModel(folder);
    const ModelPointer& other
        = opened->shape.kind == ModelKind::Lstm ? beside.attention : beside.lstm;
    const bool pairs = other && !other->untrained() && *other->vocabulary == *opened->vocabulary;
    return pairOf(opened, pairs ? other : untrainedPartner(*opened, seed));
}

std::vector<std::filesystem::path> foldersOf(const ModelPair& pair)
{
    std::vector<std::filesystem::path> folders;
    for (const ModelPointer& model : { pair.lstm, pair.attention }) {
        if (!model->untrained())
            folders.emplace_back(model->origin);
    }
    return folders;
}

} // namespace timestep
