// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/vocabulary.h"
#include "ui/session/model_influence.h"

#include <QPoint>
#include <QString>
#include <QStringList>

namespace timestep {

/// What the words are written from.
struct InfluenceText
{
    const ModelInfluence& lstm;
    const ModelInfluence& attention;
    const QStringList& labels; // one a token (T)
    const Vocabulary& vocabulary; // of both models

    /// "After “red”, swayed most by: LSTM “red” 0.41, “the” 0.22; attention …": the prediction is.
    /// Empty where neither model's row is there.
    QString row(int row) const;

    /// "‖∂ log p‖: LSTM 3.1 (“key”), attention 0.4 (“.”)": of whole rows, each with the token whose
    /// probability is swayed. Empty where neither model's row is there.
    QString norms(int row) const;

    /// What one cell (x: the token read, y: the row) says in both models: who is swayed by what,
    /// the shares, and the norms of the rows with a warning not to compare them.
    QString cell(QPoint cell) const;
};

/// "which earlier tokens, as shares; full colour: 0.5 in both".
QString influenceCaption(double fullColor, bool causal);

/// "37 of 128 rows": of both models together.
QString influenceProgress(const ModelInfluence& lstm, const ModelInfluence& attention);

/// Why the influence of so long a text is not computed by itself.
QString influenceTooLong(int tokens);

} // namespace timestep
