// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/index_range.h"
#include "ui/session/model_influence.h"

#include <QObject>

#include <optional>

namespace timestep {

/// Some steps of some rows that really ran, as a span of a trace has them.
struct PinnedWork
{
    IndexRange window; // the tokens both models read
    IndexRange steps; // within the window
    IndexRange rows; // row r reads the window from its token r on, wrapping round

    /// Which token of the text a row reads at a step.
    int token(int step, int row) const { return window.begin + (step + row) % window.count(); }
    /// Whether the first row reads it at one of the steps. Of all rows together it would be nearly
    /// every token of a short text, and tell nothing.
    bool reads(int token) const;
    bool operator==(const PinnedWork&) const = default;
};

/// What the user has pinned and hovers over, the same in every pane: a click pins, Esc clears.
/// Tokens are indices into the text's tokens (not into the window).
class Selection : public QObject
{
    Q_OBJECT
public:
    explicit Selection(QObject* parent = nullptr);

    std::optional<int> pinnedToken() const;
    std::optional<int> hoveredToken() const;
    /// Where a span is pinned; then the pinned token is what its first row reads at its last step.
    const std::optional<PinnedWork>& pinnedWork() const;
    bool pins(int token) const; // alone, or among those that the pinned work's first row reads
    int head() const; // of the attention picture
    InfluenceTarget influenceTarget() const; // of which next token influence is shown
    int layer() const; // of the attention picture

    void pinToken(std::optional<int> token); // in place of any pinned work
    void pinWork(const PinnedWork& work); // its ranges are not empty
    void hoverToken(std::optional<int> token);
    void setHead(int layer, int head); // chosen by the user
    void suggestHead(int layer, int head); // shown, unless the user has chosen one
    void forgetChosenHead(); // what is shown stays
    void setInfluenceTarget(InfluenceTarget target);
    void clear(); // pin and hover; the rest stays

    /// A text of `tokens` tokens is shown now: drops what points beyond it.
    void limitTokens(int tokens);

signals:
    void changed();
    void cleared(); // also where only a picture of its own had something to clear

private:
    void showHead(int layer, int head);

    std::optional<int> m_pinnedToken, m_hoveredToken;
    std::optional<PinnedWork> m_pinnedWork;
    int m_layer = 0;
    int m_head = 0;
    bool m_headIsChosen = false;
    InfluenceTarget m_influenceTarget = InfluenceTarget::OwnBest;
};

} // namespace timestep
