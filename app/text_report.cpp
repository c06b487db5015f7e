// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/text_report.h"

#include "app/json_stream.h"
#include "app/model_figures.h"
#include "app/text_table.h"
#include "engine/text/printable_text.h"

#include <cmath>
#include <numeric>

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

/// Of one model: a line for each source, and one for all.
std::string sourcesText(const TextReport& report, const TextReport::Line& line)
{
    std::vector<std::vector<std::string>> lines { { "source", "documents", "tokens", "bytes",
        "loss", "bits/byte", "right" } };
    const auto add = [&](const std::string& name, std::size_t documents, const TextScore& score) {
        lines.push_back({ name, std::to_string(documents), std::to_string(score.tokens.targets),
            std::to_string(score.bytes), numberText(score.tokens.meanLoss(), 4),
            numberText(score.bitsPerByte(), 4), percentText(score.tokens) });
    };
    for (std::size_t i = 0; i < report.sources.size(); ++i)
        add(printableText(report.sources[i].name), report.sources[i].documents, line.sources[i]);
    add("together", report.documents(), line.all);
    return textTable(lines, 1);
}

void writeTextScore(JsonStream& json, const TextScore& score)
{
    writeScore(json, score.tokens, "tokens");
    json.key("bytes");
    json.integer(score.bytes);
    json.key("bits_per_byte");
    json.number(score.bitsPerByte());
}

void writeSources(JsonStream& json, const TextReport& report, const TextReport::Line& line)
{
    json.key("sources");
    json.beginArray();
    for (std::size_t i = 0; i < report.sources.size(); ++i) {
        json.beginObject();
        json.key("name");
        json.text(printableText(report.sources[i].name));
        json.key("documents");
        json.integer(static_cast<std::int64_t>(report.sources[i].documents));
        writeTextScore(json, line.sources[i]);
        json.endObject();
    }
    json.endArray();
}

void writeLine(JsonStream& json, const TextReport& report, const TextReport::Line& line)
{
    json.beginObject();
    writeModel(json, *line.model);
    json.key("length");
    json.integer(line.length);
    json.key("windows");
    json.integer(static_cast<std::int64_t>(line.windows));
    writeTextScore(json, line.all);
    if (std::isfinite(line.all.perplexity())) {
        json.key("perplexity");
        json.number(line.all.perplexity());
    }
    json.key("even_loss");
    json.number(evenLoss(*line.model));
    writeSources(json, report, line);
    json.endObject();
}

} // namespace

std::size_t TextReport::documents() const
{
    return std::accumulate(sources.begin(), sources.end(), std::size_t { 0 },
        [](std::size_t sum, const Source& source) { return sum + source.documents; });
}

std::string reportText(const TextReport& report)
{
    std::vector<std::vector<std::string>> lines { { "model", "kind", "length", "windows", "tokens",
        "bytes", "loss", "perplexity", "bits/byte", "right", "even guess" } };
    for (const TextReport::Line& line : report.lines) {
        const TextScore& score = line.all;
        lines.push_back({ shownName(*line.model), std::string(kindName(line.model->shape.kind)),
            std::to_string(line.length), std::to_string(line.windows),
            std::to_string(score.tokens.targets), std::to_string(score.bytes),
            numberText(score.tokens.meanLoss(), 4), perplexityText(score.perplexity()),
            numberText(score.bitsPerByte(), 4), percentText(score.tokens),
            numberText(evenLoss(*line.model), 4) });
    }
    const std::size_t documents = report.documents();
    std::string text = std::to_string(documents) + (documents == 1 ? " document" : " documents")
        + ", kernel " + report.kernel + "; loss in nats a token\n" + textTable(lines, 2);
    if (report.sources.size() == 1)
        return text;
    for (const TextReport::Line& line : report.lines) {
        text += '\n';
        text += shownName(*line.model) + ", by source\n" + sourcesText(report, line);
    }
    return text;
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
    json.integer(static_cast<std::int64_t>(report.documents()));
    json.key("kernel");
    json.text(report.kernel);
    json.key("models");
    json.beginArray();
    for (const TextReport::Line& line : report.lines)
        writeLine(json, report, line);
    json.endArray();
    json.endObject();
    json.finish();
}

} // namespace timestep
