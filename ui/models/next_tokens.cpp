// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/next_tokens.h"

#include "ui/models/number_text.h"
#include "ui/models/token_label.h"

#include <QCoreApplication>

#include <string_view>

namespace timestep {

namespace {

constexpr int shownTokens = 5;

} // namespace

QString tokenIdLabel(TokenId id, const Vocabulary& vocabulary)
{
    if (id < vocabulary.size() && !vocabulary.bytes(id).empty())
        return tokenLabel(vocabulary.bytes(id));
    return id == vocabulary.endOfText()
        ? QStringLiteral("<|endoftext|>")
        : QCoreApplication::translate("NextTokens", "id %1").arg(id);
}

std::vector<NextToken> bestNextTokens(const ModelRun& run, int step, int count)
{
    std::vector<NextToken> tokens;
    const std::span logits(run.logits.row(step).data(), static_cast<std::size_t>(run.logits.cols()));
    for (const Prediction& prediction : bestPredictions(logits, count))
        tokens.push_back(
            { tokenIdLabel(prediction.id, *run.model->vocabulary), prediction.probability });
    return tokens;
}

NextTokens nextTokens(const Run& run, std::optional<int> pinned, std::optional<int> hovered)
{
    NextTokens next;
    if (!run.lstm || !run.attention || run.window.count() == 0)
        return next;
    int token = run.window.end - 1;
    if (pinned && run.window.contains(*pinned))
        token = *pinned;
    else if (hovered && run.window.contains(*hovered))
        token = *hovered;
    next.token = token;
    next.isLast = token + 1 == static_cast<int>(run.tokens.size());
    const Token& place = run.tokens[static_cast<std::size_t>(token)];
    next.after
        = tokenLabel(std::string_view(run.text).substr(place.begin, place.end - place.begin));
    next.lstm = bestNextTokens(*run.lstm, token - run.window.begin, shownTokens);
    next.attention = bestNextTokens(*run.attention, token - run.window.begin, shownTokens);
    return next;
}

NextToken bestNextToken(const ModelRun& run, int step)
{
    return bestNextTokens(run, step, 1).front();
}

QString percentText(double share)
{
    const double percent = 100 * share;
    if (percent < 0.01)
        return QStringLiteral("< 0.01 %");
    const int decimals = percent >= 9.95 ? 0 : percent >= 0.995 ? 1 : 2;
    return QStringLiteral("%1 %").arg(numberLocale().toString(percent, 'f', decimals));
}

QString nextTokensLine(const std::vector<NextToken>& tokens)
{
    QStringList parts;
    for (const NextToken& token : tokens)
        parts << QStringLiteral("%1 %2").arg(token.label, percentText(token.probability));
    return parts.join(QStringLiteral(", "));
}

} // namespace timestep
