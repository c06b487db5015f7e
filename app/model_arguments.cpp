// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_arguments.h"

#include "app/arguments.h"
#include "app/everywhere.h"
#include "engine/model/bundled_models.h"
#include "engine/model/open_models.h"

#include <iostream>

namespace timestep {

std::vector<ModelPointer> namedModels(
    const std::vector<std::string>& names, const Arguments& arguments)
{
    return openModels(names, chosenSeed(arguments));
}

std::vector<ModelPointer> chosenModels(const Arguments& arguments)
{
    if (arguments.has("--model"))
        return namedModels(arguments.texts("--model"), arguments);
    return namedModels({ BundledModels::ofProgram().defaultPair().name }, arguments);
}

void tellWarnings(const std::vector<ModelPointer>& models, std::string_view program)
{
    for (const ModelPointer& model : models) {
        for (const std::string& warning : model->warnings)
            std::cerr << std::string(program) + ": warning: " + warning + '\n';
    }
}

} // namespace timestep
