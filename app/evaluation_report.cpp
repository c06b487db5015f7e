// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluation_report.h"

#include "app/json_stream.h"
#include "app/text_table.h"
#include "engine/text/printable_text.h"

#include <cmath>

namespace timestep {

namespace {

/// Nats a token of a guess that holds all tokens equally likely.
double evenLoss(const Model& model) { return std::log(model.shape.vocabulary); }

std::string percent(const Score& score) { return numberText(100 * score.shareRight(), 1) + " %"; }

/// That of a model that has gone astray has hundreds of digits.
std::string perplexityText(double perplexity)
{
    constexpr double longest = 1e9;
    return perplexity < longest ? numberText(perplexity, 1) : "> 10^9";
}

std::string nameOf(const Model& model) { return printableText(model.name); }

/// One line for each pairs (or distance), one column for each model.
std::string sharesText(
    const RecallReport& report, const char* head, std::map<int, Score> RecallScore::*shares)
{
    std::vector<std::vector<std::string>> lines { { head, "prompts" } };
    for (const RecallReport::Line& line : report.lines)
        lines.front().push_back(nameOf(*line.model));
    for (const auto& [key, score] : report.lines.front().score.*shares) {
        lines.push_back({ std::to_string(key), std::to_string(score.targets) });
        for (const RecallReport::Line& line : report.lines)
            lines.back().push_back(percent((line.score.*shares).at(key)));
    }
    return textTable(lines, 0);
}

void writeModel(JsonStream& json, const Model& model)
{
    json.key("name");
    json.text(nameOf(model));
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

void writeShares(
    JsonStream& json, const char* name, const char* keyName, const std::map<int, Score>& shares)
{
    json.key(name);
    json.beginArray();
    for (const auto& [key, score] : shares) {
        json.beginObject();
        json.key(keyName);
        json.integer(key);
        writeScore(json, score, "prompts");
        json.endObject();
    }
    json.endArray();
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
        lines.push_back({ nameOf(*line.model), std::string(kindName(line.model->shape.kind)),
            std::to_string(line.length), std::to_string(line.windows),
            std::to_string(score.tokens.targets), std::to_string(score.bytes),
            numberText(score.tokens.meanLoss(), 4), perplexityText(score.perplexity()),
            numberText(score.bitsPerByte(), 4), percent(score.tokens),
            numberText(evenLoss(*line.model), 4) });
    }
    return std::to_string(report.documents) + (report.documents == 1 ? " document" : " documents")
        + ", kernel " + report.kernel + "; loss in nats a token\n" + textTable(lines, 2);
}

std::string reportText(const RecallReport& report)
{
    std::vector<std::vector<std::string>> lines { { "model", "kind", "prompts", "right", "loss" } };
    for (const RecallReport::Line& line : report.lines)
        lines.push_back({ nameOf(*line.model), std::string(kindName(line.model->shape.kind)),
            std::to_string(line.score.all.targets), percent(line.score.all),
            numberText(line.score.all.meanLoss(), 4) });
    return "held-out prompts of " + std::to_string(report.task.minPairs) + " to "
        + std::to_string(report.task.maxPairs) + " pairs, seed " + std::to_string(report.seed)
        + ", kernel " + report.kernel + "; one of ten digits is right in 10 % by chance\n"
        + textTable(lines, 2) + "\nright, by pairs in the prompt\n"
        + sharesText(report, "pairs", &RecallScore::byPairs)
        + "\nright, by pairs between the one that is asked for and the question\n"
        + sharesText(report, "distance", &RecallScore::byDistance);
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

void writeReport(OutputFile& file, const RecallReport& report)
{
    JsonStream json(file);
    json.beginObject();
    json.key("task");
    json.text("recall");
    json.key("min_pairs");
    json.integer(report.task.minPairs);
    json.key("max_pairs");
    json.integer(report.task.maxPairs);
    json.key("seed");
    json.integer(static_cast<std::int64_t>(report.seed));
    json.key("kernel");
    json.text(report.kernel);
    json.key("models");
    json.beginArray();
    for (const RecallReport::Line& line : report.lines) {
        json.beginObject();
        writeModel(json, *line.model);
        writeScore(json, line.score.all, "prompts");
        writeShares(json, "by_pairs", "pairs", line.score.byPairs);
        writeShares(json, "by_distance", "distance", line.score.byDistance);
        json.endObject();
    }
    json.endArray();
    json.endObject();
    json.finish();
}

} // namespace timestep
