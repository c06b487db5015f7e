// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/heads_report.h"

#include "app/json_stream.h"
#include "app/model_figures.h"
#include "app/text_table.h"
#include "engine/text/printable_text.h"

#include <algorithm>

namespace timestep {

namespace {

using Lines = std::vector<std::vector<std::string>>;

/// Those with a score: a text in which no token occurs twice has none of induction.
std::vector<HeadJob> scoredJobs(const HeadScores& scores)
{
    std::vector<HeadJob> jobs;
    std::copy_if(headJobs.begin(), headJobs.end(), std::back_inserter(jobs),
        [&](HeadJob job) { return scores.positions(job) > 0; });
    return jobs;
}

/// "previous token"
std::string shownJob(HeadJob job)
{
    std::string name(headJobName(job));
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

std::string scoreText(double score) { return numberText(score, 3); }

std::string bestHeadsText(const HeadScores& scores)
{
    Lines lines;
    for (const HeadJob job : scoredJobs(scores)) {
        const HeadIndex best = scores.best(job);
        lines.push_back({ shownJob(job),
            "layer " + std::to_string(best.layer + 1) + " head " + std::to_string(best.head + 1)
                + ": " + scoreText(scores.score(job, best)) + " (even spread "
                + scoreText(scores.evenSpread(job)) + ")" });
    }
    return textTable(lines, 2);
}

std::string allHeadsText(const HeadScores& scores)
{
    const std::vector<HeadJob> jobs = scoredJobs(scores);
    Lines lines { { "layer", "head" } };
    for (const HeadJob job : jobs)
        lines.front().push_back(shownJob(job));
    for (int layer = 0; layer < scores.layers(); ++layer)
        for (int head = 0; head < scores.heads(); ++head) {
            lines.push_back({ std::to_string(layer + 1), std::to_string(head + 1) });
            for (const HeadJob job : jobs)
                lines.back().push_back(scoreText(scores.score(job, { layer, head })));
        }
    lines.push_back({ "even", "spread" });
    for (const HeadJob job : jobs)
        lines.back().push_back(scoreText(scores.evenSpread(job)));
    return textTable(lines, 0);
}

void writeHeads(JsonStream& json, const HeadScores& scores)
{
    const std::vector<HeadJob> jobs = scoredJobs(scores);
    json.key("even_spread");
    json.beginObject();
    for (const HeadJob job : jobs) {
        json.key(headJobName(job));
        json.number(scores.evenSpread(job));
    }
    json.endObject();
    json.key("heads");
    json.beginArray();
    for (int layer = 0; layer < scores.layers(); ++layer)
        for (int head = 0; head < scores.heads(); ++head) {
            json.beginObject();
            json.key("layer");
            json.integer(layer + 1);
            json.key("head");
            json.integer(head + 1);
            for (const HeadJob job : jobs) {
                json.key(headJobName(job));
                json.number(scores.score(job, { layer, head }));
            }
            json.endObject();
        }
    json.endArray();
}

void writeLine(JsonStream& json, const HeadsReport::Line& line)
{
    json.beginObject();
    writeModel(json, *line.model);
    json.key("windows");
    json.integer(static_cast<std::int64_t>(line.windows));
    json.key("repeated_tokens");
    json.integer(line.repeated);
    writeHeads(json, line.scores);
    json.endObject();
}

} // namespace

std::string reportText(const HeadsReport& report)
{
    std::string text = "mean affinities, over windows of " + std::to_string(report.length)
        + " tokens of " + std::to_string(report.documents)
        + (report.documents == 1 ? " document" : " documents") + "; kernel " + report.kernel
        + ", seed " + std::to_string(report.seed) + '\n';
    for (const HeadsReport::Line& line : report.lines) {
        text += '\n';
        text += shownName(*line.model) + ": " + std::to_string(line.windows) + " windows, and "
            + std::to_string(line.windows) + " times " + std::to_string(line.repeated)
            + " random tokens read twice\n" + bestHeadsText(line.scores) + '\n'
            + allHeadsText(line.scores);
    }
    return text;
}

void writeReport(OutputFile& file, const HeadsReport& report)
{
    JsonStream json(file);
    json.beginObject();
    json.key("task");
    json.text("heads");
    json.key("corpus");
    json.beginArray();
    for (const std::string& path : report.corpus)
        json.text(printableText(path));
    json.endArray();
    json.key("documents");
    json.integer(static_cast<std::int64_t>(report.documents));
    json.key("length");
    json.integer(report.length);
    json.key("seed");
    json.integer(static_cast<std::int64_t>(report.seed));
    json.key("kernel");
    json.text(report.kernel);
    json.key("models");
    json.beginArray();
    for (const HeadsReport::Line& line : report.lines)
        writeLine(json, line);
    json.endArray();
    json.endObject();
    json.finish();
}

} // namespace timestep
