// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text_report.h"

#include "app/json_stream.h"
#include "app/model_figures.h"
#include "app/text_table.h"
#include "engine/text/printable_text.h"

#include <cmath>

namespace timestep {

namespace {

/// Nats a token of a guess that holds all tokens equally likely.
double evenLoss(const Model& model) { return std::log(model.shape.vocabulary); }

/// That of a model that has gone astray has hundreds of digits.
std::string perplexityText(double perplexity)
{
    constexpr double longest = 1e9;
    return perplexity < longest ? numberText(perplexity, 1) : "> 10^9";
}

void writeLine(JsonStream& json, const TextReport::Line& line)
{
    json.beginObject();
    writeModel(json, *line.model);
    json.key("length");
    json.integer(line.length);
    json.key("windows");
    json.integer(static_cast<std::int64_t>(line.windows));
    writeScore(json, line.score.tokens, "tokens");
    if (std::isfinite(line.score.perplexity())) {
        json.key("perplexity");
        json.number(line.score.perplexity());
    }
    json.key("bytes");
    json.integer(line.score.bytes);
    json.key("bits_per_byte");
    json.number(line.score.bitsPerByte());
    json.key("even_loss");
    json.number(evenLoss(*line.model));
    json.endObject();
}

} // namespace

std::string reportText(const TextReport& report)
{
    std::vector<std::vector<std::string>> lines { { "model", "kind", "length", "windows", "tokens",
        "bytes", "loss", "perplexity", "bits/byte", "right", "even guess" } };
    for (const TextReport::Line& line : report.lines) {
        const TextScore& score = line.score;
        lines.push_back({ shownName(*line.model), std::string(kindName(line.model->shape.kind)),
            std::to_string(line.length), std::to_string(line.windows),
            std::to_string(score.tokens.targets), std::to_string(score.bytes),
            numberText(score.tokens.meanLoss(), 4), perplexityText(score.perplexity()),
            numberText(score.bitsPerByte(), 4), percentText(score.tokens),
            numberText(evenLoss(*line.model), 4) });
    }
    return std::to_string(report.documents) + (report.documents == 1 ? " document" : " documents")
        + ", kernel " + report.kernel + "; loss in nats a token\n" + textTable(lines, 2);
}

void writeReport(OutputFile& file, const TextReport& report)
{
    JsonStream json(file);
    json.beginObject();
    json.key("task");
    json.text("text");
    json.key("corpus");
    json.beginArray();
    for (const std::string& path : report.corpus)
        json.text(printableText(path));
    json.endArray();
    json.key("documents");
    json.integer(static_cast<std::int64_t>(report.documents));
    json.key("kernel");
    json.text(report.kernel);
    json.key("models");
    json.beginArray();
    for (const TextReport::Line& line : report.lines)
        writeLine(json, line);
    json.endArray();
    json.endObject();
    json.finish();
}

} // namespace timestep
