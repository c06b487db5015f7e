// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/row_reading.h"

#include <algorithm>

namespace timestep {

namespace {

/// The first `count` in an order; ties: the earlier token.
template <typename Figure>
void keepLargest(std::vector<TokenRead>& tokens, int count, Figure figure)
{
    const auto middle = tokens.begin() + std::min<std::ptrdiff_t>(count, std::ssize(tokens));
    std::partial_sort(
        tokens.begin(), middle, tokens.end(), [&](const TokenRead& a, const TokenRead& b) {
            return figure(a) != figure(b) ? figure(a) > figure(b) : a.token < b.token;
        });
    tokens.erase(middle, tokens.end());
}

std::vector<TokenRead> allReadBy(const AffinityPicture& picture, int row)
{
    const std::vector<float> shares = picture.shares(row);
    const std::vector<float> norms = picture.affinities().valueNorms(picture.index());
    const IndexRange readable = picture.readable(row);
    std::vector<TokenRead> tokens;
    for (int token = readable.begin; token < readable.end; ++token)
        tokens.push_back({ token, shares[token], norms.empty() ? 0 : norms[token] });
    return tokens;
}

} // namespace

std::vector<TokenRead> mostReadBy(const AffinityPicture& picture, int row, int count)
{
    std::vector<TokenRead> tokens = allReadBy(picture, row);
    keepLargest(tokens, count, [](const TokenRead& read) { return read.share; });
    return tokens;
}

std::vector<TokenRead> mostPassedOnTo(const AffinityPicture& picture, int row, int count)
{
    if (picture.tokens() == 0 || picture.affinities().valueNorms(picture.index()).empty())
        return {};
    const TokenRead most = mostReadBy(picture, row, 1).front();
    std::vector<TokenRead> tokens = allReadBy(picture, row);
    keepLargest(tokens, count, [](const TokenRead& read) { return read.passedOn(); });
    const float least = tokens.front().passedOn() / 1000;
    std::erase_if(tokens, [least](const TokenRead& read) { return read.passedOn() < least; });
    const bool there = std::any_of(tokens.begin(), tokens.end(),
        [&most](const TokenRead& read) { return read.token == most.token; });
    if (!there && std::ssize(tokens) == count)
        tokens.back() = most;
    else if (!there)
        tokens.push_back(most);
    return tokens;
}

} // namespace timestep
