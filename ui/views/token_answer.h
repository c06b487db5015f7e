// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_picture.h"
#include "ui/views/token_bars.h"

#include <QObject>

#include <optional>
#include <vector>

class QWidget;

namespace timestep {

/// What is looked at when a question about the tokens is asked; steps are tokens of the window.
struct TokenContext
{
    LstmPicturePointer picture; // never null
    int step = 0; // the pinned one, else the last; of no meaning where there are no tokens
    std::optional<int> unit; // pinned
    std::optional<IndexRange> span; // brushed
    std::vector<int> foundUnits;

    int tokens() const { return picture->tokens(); }
    bool operator==(const TokenContext&) const = default;
};

/// A question that has a number for every token as its answer: a strip of bars with a line of text
/// and controls. Computes only while it is shown, and never on the interface's thread.
class TokenAnswer : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    virtual QString title() const = 0; // of its tab
    virtual QString purpose() const = 0; // one sentence
    virtual QWidget* line() = 0; // text and controls, owned by whoever shows it
    virtual TokenBars bars() const = 0;
    virtual QString tooltip(int step) const = 0; // empty: none
    virtual bool complete() const = 0; // nothing is on its way
    /// What the bars mean, with their numbers; empty: not known (yet). Only where there are tokens.
    virtual QString sentence() const = 0;

    virtual void setContext(const TokenContext& context) = 0;
    virtual void setShown(bool shown) = 0;

signals:
    void changed();
};

} // namespace timestep
