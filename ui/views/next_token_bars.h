// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "ui/models/next_tokens.h"

#include <QWidget>

#include <vector>

namespace timestep {

/// What one model expects next, side by side: each token with its share of 1 as a bar in the
/// model's colour and in percent. A label too long for its place ends in "…"; the tooltip has all.
class NextTokenBars : public QWidget
{
    Q_OBJECT
public:
    explicit NextTokenBars(ModelKind kind, QWidget* parent = nullptr);

    void setTokens(const std::vector<NextToken>& tokens); // best first
    /// What is to be read in a place (for tests, and as its tooltip).
    QString textOf(int place) const;
    QRect placeRect(int place) const;
    QRect barRect(int place) const; // as wide as the share

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    ModelKind m_kind;
    std::vector<NextToken> m_tokens;
};

} // namespace timestep
