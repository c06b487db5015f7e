// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_export.h"

#include "engine/error.h"
#include "engine/measurement/csv_field.h"
#include "engine/shortest_number.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace timestep {

namespace {

void refuseTooLong(const AffinityPicture& picture)
{
    if (picture.tokens() > mostTokensWritten)
        throw Error("a head of " + std::to_string(picture.tokens())
            + " tokens has too many pairs "
              "to write; set a window length of at most "
            + std::to_string(mostTokensWritten));
}

/// (T), or empty where they are not kept.
std::vector<float> scoresOf(const AffinityPicture& picture, int row)
{
    std::vector<float> scores(picture.tokens());
    const AffinityTile line { { row, row + 1 }, { 0, picture.tokens() }, scores.data(),
        scores.size() };
    if (!picture.affinities().readScores(picture.index(), line))
        scores.clear();
    return scores;
}

/// [1,2]
void append(std::string& text, const std::vector<float>& numbers)
{
    text += '[';
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (i > 0)
            text += ',';
        appendNumber(text, numbers[i]);
    }
    text += ']';
}

template <typename RowOf>
std::string matrix(int rows, RowOf rowOf)
{
    std::string text = "[";
    for (int row = 0; row < rows; ++row) {
        if (row > 0)
            text += ',';
        append(text, rowOf(row));
    }
    return text + ']';
}

} // namespace

std::string affinityCsv(const AffinityPicture& picture)
{
    refuseTooLong(picture);
    std::string text = "layer,head,row,column,row_token,column_token,share,score\n";
    std::vector<std::string> labels;
    for (int token = 0; token < picture.tokens(); ++token)
        labels.push_back(csvField(picture.label(token).toStdString()));
    const std::string head
        = std::to_string(picture.layer + 1) + ',' + std::to_string(picture.head + 1) + ',';
    for (int row = 0; row < picture.tokens(); ++row) {
        const std::vector<float> shares = picture.shares(row);
        const std::vector<float> scores = scoresOf(picture, row);
        const IndexRange readable = picture.readable(row);
        for (int column = readable.begin; column < readable.end; ++column) {
            text += head + std::to_string(row) + ',' + std::to_string(column) + ',' + labels[row]
                + ',' + labels[column] + ',';
            appendNumber(text, shares[column]);
            text += ',';
            if (!scores.empty())
                appendNumber(text, scores[column]);
            text += '\n';
        }
    }
    return text;
}

std::string affinityJson(const AffinityPicture& picture)
{
    refuseTooLong(picture);
    QJsonArray labels;
    for (int token = 0; token < picture.tokens(); ++token)
        labels.append(picture.label(token));
    std::string text = "{\"layer\":" + std::to_string(picture.layer + 1)
        + ",\"head\":" + std::to_string(picture.head + 1)
        + ",\"causal\":" + (picture.mask.causal ? "true" : "false")
        + ",\"window\":" + std::to_string(picture.mask.window)
        + ",\"tokens\":" + QJsonDocument(labels).toJson(QJsonDocument::Compact).toStdString()
        + ",\"affinity\":" + matrix(picture.tokens(), [&](int row) { return picture.shares(row); });
    if (picture.tokens() > 0 && picture.score(0, 0))
        text += ",\"scores\":"
            + matrix(picture.tokens(), [&](int row) { return scoresOf(picture, row); });
    return text + "}\n";
}

} // namespace timestep
