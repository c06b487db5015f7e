// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/model/predictions.h"

#include <QString>

#include <optional>
#include <vector>

namespace timestep {

/// A token that may come next, as it is shown.
struct NextToken
{
    QString label; // white space is visible
    double probability = 0; // of all V tokens
};

/// What both models expect after one token of the text.
struct NextTokens
{
    QString after; // its label; empty: there is no text
    int token = 0; // of the text, from 0
    bool isLast = true; // of the text
    std::vector<NextToken> lstm, attention; // best first
};

/// After the token that is pinned, else hovered, else the last, of those the models have read.
NextTokens nextTokens(const Run& run, std::optional<int> pinned, std::optional<int> hovered);

/// A token's label by its id. One without a piece is told by its number.
QString tokenIdLabel(TokenId id, const Vocabulary& vocabulary);

/// What one model expects after a step of the tokens it has read: the best first, or just that one.
std::vector<NextToken> bestNextTokens(const ModelRun& run, int step, int count);
NextToken bestNextToken(const ModelRun& run, int step);

/// "46 %", "3.1 %", "0.42 %", "< 0.01 %".
QString percentText(double share);

/// "·the 46 %, ·a 3.1 %": for a line of text, and for who cannot see bars.
QString nextTokensLine(const std::vector<NextToken>& tokens);

} // namespace timestep
