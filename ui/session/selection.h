// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include <optional>

namespace timestep {

/// What the user has pinned and hovers over, the same in every pane: a click pins, Esc clears.
/// Tokens are indices into the text's tokens (not into the window).
class Selection : public QObject
{
    Q_OBJECT
public:
    explicit Selection(QObject* parent = nullptr);

    std::optional<int> pinnedToken() const;
    std::optional<int> hoveredToken() const;
    int head() const; // of the attention picture
    int layer() const; // of the attention picture

    void pinToken(std::optional<int> token);
    void hoverToken(std::optional<int> token);
    void setHead(int layer, int head);
    void clear(); // pin and hover; the head stays

    /// A text of `tokens` tokens is shown now: drops what points beyond it.
    void limitTokens(int tokens);

signals:
    void changed();
    void cleared(); // also where only a picture of its own had something to clear

private:
    std::optional<int> m_pinnedToken, m_hoveredToken;
    int m_layer = 0;
    int m_head = 0;
};

} // namespace timestep
