// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/recall_report.h"

#include "app/json_stream.h"
#include "app/model_figures.h"
#include "app/text_table.h"
#include "engine/measurement/csv_field.h"
#include "engine/measurement/state_bytes.h"

#include <algorithm>
#include <bit>

namespace timestep {

namespace {

using Lines = std::vector<std::vector<std::string>>;

constexpr double chance = 0.1; // a value is one of ten digits

/// What the model keeps of a prompt of so many pairs when it is to answer.
std::int64_t stateBytesAtAnswer(const Model& model, int pairs)
{
    return static_cast<std::int64_t>(stateBytesOfText(model.shape, recallPromptSteps(pairs)));
}

std::string pairsText(int pairs)
{
    return std::to_string(pairs) + (pairs == 1 ? " pair" : " pairs");
}

/// "1 to 8 pairs"; "1, 2, 4 pairs" where some are left out.
std::string askedPairsText(const std::vector<int>& pairs)
{
    if (static_cast<int>(pairs.size()) == pairs.back() - pairs.front() + 1)
        return std::to_string(pairs.front()) + " to " + pairsText(pairs.back());
    std::string text;
    for (const int one : pairs)
        text += one == pairs.back() ? pairsText(one) : std::to_string(one) + ", ";
    return text;
}

/// One line for each pairs (or distance), one column for each model.
std::string sharesText(
    const RecallReport& report, const char* head, std::map<int, Score> RecallScore::*shares)
{
    Lines lines { { head, "prompts" } };
    for (const RecallReport::Line& line : report.lines)
        lines.front().push_back(shownName(*line.model));
    for (const auto& [key, score] : report.lines.front().score.*shares) {
        lines.push_back({ std::to_string(key), std::to_string(score.targets) });
        for (const RecallReport::Line& line : report.lines)
            lines.back().push_back(percentText((line.score.*shares).at(key)));
    }
    return textTable(lines, 0);
}

/// Of several with the lowest share, the one of the fewest pairs and the smallest distance.
std::string worstCellText(const RecallScore& score)
{
    const auto worst = std::min_element(score.byCell.begin(), score.byCell.end(),
        [](const auto& a, const auto& b) { return a.second.shareRight() < b.second.shareRight(); });
    return percentText(worst->second) + " at " + pairsText(worst->first.pairs) + ", distance "
        + std::to_string(worst->first.distance);
}

/// Distances 0, 1, 2–3, 4–7, … : a screen holds them all, and recall fades by factors.
int distanceBand(int distance)
{
    return static_cast<int>(std::bit_width(static_cast<unsigned>(distance)));
}

std::string bandText(int band)
{
    const int first = band == 0 ? 0 : 1 << (band - 1);
    const int last = band == 0 ? 0 : (1 << band) - 1;
    return first == last ? std::to_string(first)
                         : std::to_string(first) + "–" + std::to_string(last);
}

/// A line for each number of pairs, a column for each band of distances.
std::string gridText(const RecallScore& score)
{
    std::map<int, std::map<int, Score>> bands; // of each number of pairs
    for (const auto& [cell, ofCell] : score.byCell)
        bands[cell.pairs][distanceBand(cell.distance)].add(ofCell);
    const int bandCount = distanceBand(score.byDistance.rbegin()->first) + 1;
    Lines lines { { "pairs", "all" } };
    for (int band = 0; band < bandCount; ++band)
        lines.front().push_back(bandText(band));
    for (const auto& [pairs, ofBands] : bands) {
        lines.push_back({ std::to_string(pairs), percentText(score.byPairs.at(pairs)) });
        for (int band = 0; band < bandCount; ++band)
            lines.back().push_back(ofBands.contains(band) ? percentText(ofBands.at(band)) : "");
    }
    return textTable(lines, 0);
}

std::string drawnText(const RecallReport& report)
{
    std::string text = ", seed " + std::to_string(report.seed) + ", kernel " + report.kernel
        + "; one of ten digits is right in 10 % by chance\n";
    Lines lines { { "model", "kind", "prompts", "right", "loss" } };
    for (const RecallReport::Line& line : report.lines)
        lines.push_back({ shownName(*line.model), std::string(kindName(line.model->shape.kind)),
            std::to_string(line.score.all.targets), percentText(line.score.all),
            numberText(line.score.all.meanLoss(), 4) });
    if (report.promptsPerCell) {
        lines.front().emplace_back("worst cell");
        for (std::size_t i = 0; i < report.lines.size(); ++i)
            lines[i + 1].push_back(worstCellText(report.lines[i].score));
    }
    return text + textTable(lines, 2);
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

void writeGrid(JsonStream& json, const RecallReport::Line& line)
{
    json.key("grid");
    json.beginArray();
    for (const auto& [cell, score] : line.score.byCell) {
        json.beginObject();
        json.key("pairs");
        json.integer(cell.pairs);
        json.key("distance");
        json.integer(cell.distance);
        writeScore(json, score, "prompts");
        json.key("state_bytes");
        json.integer(stateBytesAtAnswer(*line.model, cell.pairs));
        json.endObject();
    }
    json.endArray();
}

void writeLine(JsonStream& json, const RecallReport::Line& line)
{
    json.beginObject();
    writeModel(json, *line.model);
    writeScore(json, line.score.all, "prompts");
    writeShares(json, "by_pairs", "pairs", line.score.byPairs);
    writeShares(json, "by_distance", "distance", line.score.byDistance);
    writeGrid(json, line);
    json.endObject();
}

} // namespace

std::string reportText(const RecallReport& report)
{
    if (!report.promptsPerCell)
        return "held-out prompts of " + askedPairsText(report.pairs) + drawnText(report)
            + "\nright, by pairs in the prompt\n"
            + sharesText(report, "pairs", &RecallScore::byPairs)
            + "\nright, by pairs between the one that is asked for and the question\n"
            + sharesText(report, "distance", &RecallScore::byDistance);
    std::string text = "held-out prompts, " + std::to_string(*report.promptsPerCell)
        + " for each distance at " + askedPairsText(report.pairs) + drawnText(report);
    for (const RecallReport::Line& line : report.lines) {
        text += '\n';
        text += shownName(*line.model)
            + ": right, by pairs in the prompt, and by pairs between the one that is asked for and "
              "the question\n"
            + gridText(line.score);
    }
    return text;
}

std::string reportCsv(const RecallReport& report)
{
    std::string csv = "model,kind,parameters,state_bytes,pairs,distance,prompts,right,share_right,"
                      "chance\n";
    for (const RecallReport::Line& line : report.lines) {
        const Model& model = *line.model;
        const std::string ofModel = csvField(shownName(model)) + ','
            + std::string(kindName(model.shape.kind)) + ',' + std::to_string(model.parameters());
        for (const auto& [cell, score] : line.score.byCell)
            csv += ofModel + ',' + std::to_string(stateBytesAtAnswer(model, cell.pairs)) + ','
                + std::to_string(cell.pairs) + ',' + std::to_string(cell.distance) + ','
                + std::to_string(score.targets) + ',' + std::to_string(score.right) + ','
                + numberText(score.shareRight(), 6) + ',' + numberText(chance, 1) + '\n';
    }
    return csv;
}

void writeReport(OutputFile& file, const RecallReport& report)
{
    JsonStream json(file);
    json.beginObject();
    json.key("task");
    json.text("recall");
    json.key("min_pairs");
    json.integer(report.pairs.front());
    json.key("max_pairs");
    json.integer(report.pairs.back());
    if (report.promptsPerCell) {
        json.key("prompts_per_cell");
        json.integer(*report.promptsPerCell);
    }
    json.key("chance");
    json.number(chance);
    json.key("seed");
    json.integer(static_cast<std::int64_t>(report.seed));
    json.key("kernel");
    json.text(report.kernel);
    json.key("models");
    json.beginArray();
    for (const RecallReport::Line& line : report.lines)
        writeLine(json, line);
    json.endArray();
    json.endObject();
    json.finish();
}

} // namespace timestep
