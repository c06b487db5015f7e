// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"

#include <optional>

namespace timestep {

/// The tokens of the window that are in view on a horizontal axis, fractions allowed; it never
/// leaves them.
class TokenAxis
{
public:
    /// What was whole stays whole; a part stays where it fits.
    void setTokens(int tokens);

    int tokens() const { return m_tokens; } // T
    double first() const { return m_first; } // left edge
    double extent() const { return m_extent; } // tokens in view
    bool whole() const { return m_extent >= m_tokens; }
    IndexRange inView() const; // all that show at least in part

    void showAll();
    /// Shows `factor` times as many tokens; the point `about` stays where it is on screen.
    void zoom(double factor, double about);
    void pan(double tokens);
    /// Moves as little as it can so that the token is in view.
    void reveal(int token);
    bool operator==(const TokenAxis&) const = default;

private:
    void clamp();

    int m_tokens = 0;
    double m_first = 0;
    double m_extent = 0;
};

/// An axis on the pixels of a picture.
struct TokenColumns
{
    TokenAxis axis;
    int left = 0; // px
    int width = 0; // px

    double tokenWidth() const; // px
    double middle(int token) const; // px; beyond the picture for a token out of view
    /// The pixels of a token, at least one; none where it is out of view.
    IndexRange pixelsOf(int token) const;
    IndexRange pixelsOf(IndexRange tokens) const;
    std::optional<int> tokenAt(double x) const;
    /// As tokenAt, but beyond the picture its first or last token in view. There must be one.
    int nearestToken(double x) const;
};

} // namespace timestep
