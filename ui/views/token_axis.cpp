// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_axis.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double SmallestExtent = 4; // closer, nothing more is to be seen

} // namespace

void TokenAxis::setTokens(int tokens)
{
    const bool wasWhole = whole();
    m_tokens = tokens;
    if (wasWhole)
        showAll();
    clamp();
}

IndexRange TokenAxis::inView() const
{
    return { static_cast<int>(std::floor(m_first)),
        std::min(m_tokens, static_cast<int>(std::ceil(m_first + m_extent))) };
}

void TokenAxis::showAll()
{
    m_first = 0;
    m_extent = m_tokens;
}

void TokenAxis::zoom(double factor, double about)
{
    const double before = m_extent;
    m_extent *= factor;
    clamp();
    const double real = before > 0 ? m_extent / before : 1;
    m_first = about - (about - m_first) * real;
    clamp();
}

void TokenAxis::pan(double tokens)
{
    m_first += tokens;
    clamp();
}

void TokenAxis::reveal(int token)
{
    m_first = std::clamp(m_first, std::min(double(token), token + 1 - m_extent), double(token));
    clamp();
}

void TokenAxis::clamp()
{
    const double most = m_tokens;
    m_extent = std::clamp(m_extent, std::min(SmallestExtent, most), most);
    m_first = std::clamp(m_first, 0.0, most - m_extent);
}

double TokenColumns::tokenWidth() const { return axis.extent() > 0 ? width / axis.extent() : 0; }

double TokenColumns::middle(int token) const
{
    return left + (token + 0.5 - axis.first()) * tokenWidth();
}

IndexRange TokenColumns::pixelsOf(int token) const { return pixelsOf({ token, token + 1 }); }

IndexRange TokenColumns::pixelsOf(IndexRange tokens) const
{
    // A token begins with the first pixel whose middle lies in it, as an image of it does.
    const auto edge = [this](int token) {
        return static_cast<int>(std::ceil((token - axis.first()) * tokenWidth() - 0.5));
    };
    const int begin = edge(tokens.begin);
    const int end = std::max(begin + 1, edge(tokens.end));
    if (tokens.count() <= 0 || end <= 0 || begin >= width)
        return {};
    return { left + std::max(begin, 0), left + std::min(end, width) };
}

std::optional<int> TokenColumns::tokenAt(double x) const
{
    if (axis.tokens() == 0 || x < left || x >= left + width)
        return std::nullopt;
    return nearestToken(x);
}

int TokenColumns::nearestToken(double x) const
{
    const IndexRange seen = axis.inView();
    const double token = axis.first() + (x - left) / tokenWidth();
    return std::clamp(static_cast<int>(std::floor(token)), seen.begin, seen.end - 1);
}

} // namespace timestep
