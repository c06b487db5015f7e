// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/model_figures.h"

#include "app/json_stream.h"
#include "app/text_table.h"
#include "engine/text/printable_text.h"

namespace timestep {

std::string shownName(const Model& model) { return printableText(model.name); }

std::string percentText(const Score& score)
{
    return numberText(100 * score.shareRight(), 1) + " %";
}

void writeModel(JsonStream& json, const Model& model)
{
    json.key("name");
    json.text(shownName(model));
    json.key("kind");
    json.text(kindName(model.shape.kind));
    json.key("parameters");
    json.integer(model.parameters());
}

void writeScore(JsonStream& json, const Score& score, const char* targets)
{
    json.key(targets);
    json.integer(score.targets);
    json.key("right");
    json.integer(score.right);
    json.key("share_right");
    json.number(score.shareRight());
    json.key("loss");
    json.number(score.meanLoss());
}

} // namespace timestep
