// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/replacement_token.h"

#include <QCoreApplication>
#include <QStringList>

#include <string>
#include <vector>

namespace timestep {

namespace {

class Text
{
    Q_DECLARE_TR_FUNCTIONS(ReplacementToken)
};

constexpr std::size_t mostNamed = 4; // tokens, in a line

QString quoted(std::string_view bytes)
{
    return QStringLiteral("“%1”").arg(QString::fromStdString(printableText(bytes)));
}

bool beginsWithSpace(std::string_view text) { return !text.empty() && text.front() == ' '; }

/// `typed` as it is and the other way round, first the one that begins as the original does.
std::vector<std::string> readings(std::string_view typed, std::string_view original)
{
    const bool spaced = beginsWithSpace(typed);
    const std::string other = spaced ? std::string(typed.substr(1)) : std::string(" ").append(typed);
    if (spaced == beginsWithSpace(original) || other.empty())
        return { std::string(typed), other };
    return { other, std::string(typed) };
}

QString tooMany(std::string_view typed, const std::vector<Token>& tokens)
{
    QStringList pieces;
    for (const Token& token : tokens)
        if (std::size_t(pieces.size()) < mostNamed)
            pieces << quoted(typed.substr(token.begin, token.end - token.begin));
    if (tokens.size() > mostNamed)
        pieces << QStringLiteral("…");
    return Text::tr("%1 is %2 tokens: %3. Type what is one.")
        .arg(quoted(typed))
        .arg(tokens.size())
        .arg(pieces.join(QStringLiteral(", ")));
}

} // namespace

ReplacementToken replacementToken(
    const Tokenizer& tokenizer, std::string_view typed, std::string_view original)
{
    if (typed.empty())
        return { .token = {}, .error = Text::tr("Type a token to be read in its place.") };
    for (const std::string& reading : readings(typed, original))
        if (const std::vector<Token> tokens = tokenizer.encode(reading); tokens.size() == 1)
            return { .token = tokens.front().id, .error = {} };
    return { .token = {}, .error = tooMany(typed, tokenizer.encode(typed)) };
}

} // namespace timestep
