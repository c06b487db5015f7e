// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/open_models.h"

#include "engine/error.h"
#include "engine/model/model_folder.h"
#include "engine/model/untrained_model.h"

#include <algorithm>
#include <filesystem>

namespace timestep {

namespace fs = std::filesystem;

namespace {

/// The folder of a bundled model is that model, whichever way it was named.
const BundledModel* bundledIn(const fs::path& folder)
{
    const std::vector<BundledModel>& models = BundledModels::ofProgram().models();
    const auto found = std::ranges::find_if(models, [&folder](const BundledModel& model) {
        std::error_code unknown;
        return !model.folder.empty() && fs::equivalent(model.folder, folder, unknown);
    });
    return found == models.end() ? nullptr : &*found;
}

/// Folders with a vocabulary of their own need nothing that comes with the program.
ModelPointer openFolder(const fs::path& folder, std::uint64_t seed)
{
    std::error_code unknown;
    if (fs::is_directory(folder, unknown) && !fs::exists(folder / "vocab.json", unknown)) {
        if (const BundledModel* const bundled = bundledIn(folder))
            return openBundledModel(*bundled, seed);
    }
    return loadModel(folder);
}

/// Whoever has a folder of the same name here may have meant that one.
std::vector<ModelPointer> warned(std::vector<ModelPointer> models, const std::string& name)
{
    std::error_code unknown;
    if (fs::exists(fs::path(name) / "config.json", unknown) && bundledIn(name) == nullptr) {
        Model first = *models.front();
        first.warnings.push_back(
            "'" + name + "' comes with the program; the folder here is ./" + name);
        models.front() = std::make_shared<const Model>(std::move(first));
    }
    return models;
}

std::vector<ModelPointer> open(const std::string& nameOrFolder, std::uint64_t seed)
{
    if (nameOrFolder.find('/') != std::string::npos)
        return { openFolder(nameOrFolder, seed) };
    const BundledModels& bundled = BundledModels::ofProgram();
    if (const BundledPair* const pair = bundled.pair(nameOrFolder)) {
        return warned({ openBundledModel(*bundled.model(pair->lstm), seed),
                          openBundledModel(*bundled.model(pair->attention), seed) },
            nameOrFolder);
    }
    if (const BundledModel* const model = bundled.model(nameOrFolder))
        return warned({ openBundledModel(*model, seed) }, nameOrFolder);
    std::error_code unknown;
    if (!fs::is_directory(nameOrFolder, unknown)) {
        throw Error("'" + nameOrFolder
            + "' is neither a folder nor a name of a model or pair; there are " + bundled.names());
    }
    return { openFolder(nameOrFolder, seed) };
}

} // namespace

std::shared_ptr<const Vocabulary> bundledVocabulary(BundledVocabulary vocabulary)
{
    return vocabulary == BundledVocabulary::Words ? Vocabulary::bundled()
                                                  : Vocabulary::singleBytes();
}

ModelPointer openBundledModel(const BundledModel& model, std::uint64_t seed)
{
    auto vocabulary = bundledVocabulary(model.vocabulary);
    if (model.folder.empty())
        return untrainedModel(model.kind, std::move(vocabulary), seed);
    return loadBundledModel(model.folder, model.name, std::move(vocabulary));
}

std::vector<ModelPointer> openModels(
    const std::vector<std::string>& namesOrFolders, std::uint64_t seed)
{
    std::vector<ModelPointer> models;
    for (const std::string& name : namesOrFolders) {
        for (ModelPointer& model : open(name, seed))
            models.push_back(std::move(model));
    }
    return models;
}

} // namespace timestep
