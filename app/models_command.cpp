// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/everywhere.h"
#include "app/model_arguments.h"
#include "app/output_file.h"
#include "engine/model/open_models.h"
#include "engine/text/tokenizer.h"

namespace timestep {

namespace {

/// A folder's name may hold tabs and line breaks, which part fields and lines here.
std::string field(std::string_view text)
{
    std::string shown = printableText(text);
    for (char& letter : shown) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F)
            letter = ' ';
    }
    return shown;
}

std::string lineOf(const Model& model)
{
    const ModelShape& shape = model.shape;
    return field(model.name) + '\t' + std::string(kindName(shape.kind)) + '\t'
        + std::to_string(model.parameters()) + '\t' + std::to_string(shape.layers) + '\t'
        + std::to_string(shape.width) + '\t' + std::to_string(shape.heads) + '\t'
        + std::to_string(shape.context) + '\t' + field(model.origin) + '\n';
}

int runModels(const Arguments& arguments, std::stop_token)
{
    std::string lines;
    for (const BundledModel& model : BundledModels::ofProgram().models())
        lines += lineOf(*openBundledModel(model, chosenSeed(arguments)));
    for (const ModelPointer& model : namedModels(arguments.texts("--model"), arguments))
        lines += lineOf(*model);
    OutputFile("-").commit(lines);
    return 0;
}

} // namespace

Command modelsCommand()
{
    return { .name = "models",
        .purpose = "Lists the models that come with the program, and those named",
        .options
        = { { "--model", "DIR", "list the model of this folder too", Option::Takes::Values } },
        .notes = "One model a line: name, kind, parameters, layers, width, heads, context, origin, "
                 "parted by tabs.\nHeads 0: none. Context 0: texts of any length. Origin: bundled, "
                 "untrained, or a folder.",
        .run = runModels };
}

} // namespace timestep
