// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "ui/views/theme.h"
#include "ui/views/token_axis.h"

#include <QFont>
#include <QRect>
#include <QString>

#include <optional>
#include <vector>

class QPainter;

namespace timestep {

/// One number a token, of one model or of both: what a strip of bars shows. One model's bars stand
/// on the lower edge, or on the middle where there are values of both signs; of two, the LSTM's
/// stand on the middle and attention's hang below it, on one scale.
struct TokenBars
{
    struct Series
    {
        ModelKind kind = ModelKind::Lstm;
        std::vector<double> values; // (T); not a number: none
        QString name; // at the left: "LSTM", and what stands beside it
        QString detail; // below it, in lines
    };
    struct Tick // on the token axis
    {
        double token = 0; // its middle is at + 0.5; before the first: only the label, at the edge
        QString label; // empty: told by that of a neighbour
    };
    std::vector<Series> series;
    double full = 1; // length of the longest bar there may be
    QString fullText; // what it stands for: "52 %"
    std::vector<Tick> ticks;
    QString emptyText; // where there is nothing to show: why

    bool bothSigns() const; // a single series that goes below 0
    /// The smallest of 1, 2, 5 × 10^k that no value exceeds; 1 where all are 0.
    double roundFull() const;
};

/// Where the strip lies in its widget, in pixels.
struct TokenBarsLayout
{
    QRect bars; // as wide as the tokens in view
    QRect ticks; // below
    /// What the longest bar stands for has a line above the bars of its own.
    static TokenBarsLayout of(
        QSize widget, int left, int width, const TokenBars& bars, int lineHeight);
};

/// Draws the strip; knows no widget. A pixel that covers several tokens shows the largest of them.
void paintTokenBars(QPainter& painter, const TokenBars& bars, const TokenBarsLayout& layout,
    const TokenColumns& columns, const Theme& theme, const QFont& font);

} // namespace timestep
