// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_arguments.h"

#include "app/arguments.h"
#include "app/everywhere.h"
#include "engine/error.h"
#include "engine/model/model_folder.h"
#include "engine/model/untrained_model.h"
#include "engine/text/vocabulary.h"

#include <algorithm>
#include <filesystem>
#include <iostream>

namespace timestep {

namespace {

bool isFolder(const std::string& name)
{
    std::error_code unknown;
    return std::filesystem::is_directory(name, unknown);
}

} // namespace

ModelPair bundledModels(const Arguments& arguments)
{
    return untrainedPair(Vocabulary::bundled(), chosenSeed(arguments));
}

std::vector<ModelPointer> namedModels(
    const std::vector<std::string>& names, const Arguments& arguments)
{
    const bool allFolders = std::all_of(names.begin(), names.end(), isFolder);
    const ModelPair bundled = allFolders ? ModelPair() : bundledModels(arguments);
    std::vector<ModelPointer> models;
    for (const std::string& nameOrFolder : names) {
        if (isFolder(nameOrFolder))
            models.push_back(loadModel(nameOrFolder));
        else if (nameOrFolder == bundled.lstm->name)
            models.push_back(bundled.lstm);
        else if (nameOrFolder == bundled.attention->name)
            models.push_back(bundled.attention);
        else {
            throw Error("'" + nameOrFolder
                + "' is neither a folder nor the name of a model; timestep models lists the names");
        }
    }
    return models;
}

std::vector<ModelPointer> chosenModels(const Arguments& arguments)
{
    if (arguments.has("--model"))
        return namedModels(arguments.texts("--model"), arguments);
    const ModelPair bundled = bundledModels(arguments);
    return { bundled.lstm, bundled.attention };
}

void tellWarnings(const std::vector<ModelPointer>& models, std::string_view program)
{
    for (const ModelPointer& model : models) {
        for (const std::string& warning : model->warnings)
            std::cerr << std::string(program) + ": warning: " + warning + '\n';
    }
}

} // namespace timestep
