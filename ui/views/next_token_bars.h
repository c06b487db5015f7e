// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "ui/models/next_tokens.h"

#include <QWidget>

#include <vector>

namespace timestep {

/// What one model expects next, side by side: each token with its share of 1 as a bar in the
/// model's colour and in percent. Where it is narrow there are fewer, so that a token of eight
/// letters can be read; a longer one ends in "…", and the tooltip has all of it.
class NextTokenBars : public QWidget
{
    Q_OBJECT
public:
    explicit NextTokenBars(ModelKind kind, QWidget* parent = nullptr);

    void setTokens(const std::vector<NextToken>& tokens); // best first
    /// What is to be read in a place (for tests, and as its tooltip).
    QString textOf(int place) const;
    int placeCount() const; // as many as there is room for, 3 to 5
    int widthOf(int places) const; // the least
    QRect placeRect(int place) const;
    QRect barRect(int place) const; // as wide as the share

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    int shownCount() const;
    int placeWidth() const;

    ModelKind m_kind;
    std::vector<NextToken> m_tokens;
};

} // namespace timestep
