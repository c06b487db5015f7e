// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_sentence.h"

#include "ui/models/token_label.h"
#include "ui/session/influence_job.h"
#include "ui/views/attention_sentence.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(InfluenceSentence)
};

constexpr std::size_t MostNamed = 2;
constexpr int LongestLabel = 12; // characters

QString quoted(const QString& label)
{
    const bool tooLong = label.size() > LongestLabel;
    return QStringLiteral("“%1”").arg(tooLong ? label.left(LongestLabel - 1) + u'…' : label);
}

const InfluenceOnPrediction& rowOf(const ModelInfluence& influence, int row)
{
    return influence.rows[static_cast<std::size_t>(row)];
}

/// The tokens that sway a row most, most first; ties: the earliest.
QString mostSwaying(const InfluenceOnPrediction& row, const QStringList& labels)
{
    if (!row.known())
        return Sentence::tr("not computed yet");
    std::vector<int> order(row.shares.size());
    std::iota(order.begin(), order.end(), 0);
    const auto share = [&row](int token) { return row.shares[static_cast<std::size_t>(token)]; };
    const auto named = std::min(order.size(), MostNamed);
    std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(named),
        order.end(),
        [&share](int a, int b) { return share(a) > share(b) || (share(a) == share(b) && a < b); });
    QStringList parts;
    for (std::size_t i = 0; i < named && share(order[i]) > 0; ++i)
        parts.append(
            QStringLiteral("%1 %2").arg(quoted(labels[order[i]]), shareText(share(order[i]))));
    return parts.isEmpty() ? Sentence::tr("nothing") : parts.join(QStringLiteral(", "));
}

QString shareOf(const InfluenceOnPrediction& row, int token)
{
    if (!row.known())
        return Sentence::tr("not computed yet");
    if (token >= static_cast<int>(row.shares.size()))
        return Sentence::tr("not read, it comes later");
    return shareText(row.shares[static_cast<std::size_t>(token)]);
}

QString swayedToken(const InfluenceOnPrediction& row, const Vocabulary& vocabulary)
{
    return quoted(tokenLabel(vocabulary.bytes(row.target), LeadingSpace::Hidden));
}

QString normOf(const InfluenceOnPrediction& row, const Vocabulary& vocabulary)
{
    if (!row.known())
        return Sentence::tr("not computed yet");
    return Sentence::tr("‖∂ log p(%1)‖ = %2")
        .arg(swayedToken(row, vocabulary), QString::number(row.norm, 'g', 3));
}

QString distance(int row, int column)
{
    const int tokens = std::abs(row - column);
    if (tokens == 0)
        return Sentence::tr("the last token read");
    const QString unit = tokens == 1 ? Sentence::tr("token") : Sentence::tr("tokens");
    return (row > column ? Sentence::tr("%1 %2 back") : Sentence::tr("%1 %2 ahead"))
        .arg(tokens)
        .arg(unit);
}

} // namespace

QString InfluenceText::row(int row) const
{
    const InfluenceOnPrediction& inLstm = rowOf(lstm, row);
    const InfluenceOnPrediction& inAttention = rowOf(attention, row);
    if (!inLstm.known() && !inAttention.known())
        return {};
    return Sentence::tr("After %1, swayed most by: LSTM %2; attention %3.")
        .arg(quoted(labels[row]), mostSwaying(inLstm, labels), mostSwaying(inAttention, labels));
}

QString InfluenceText::norms(int row) const
{
    const InfluenceOnPrediction& inLstm = rowOf(lstm, row);
    const InfluenceOnPrediction& inAttention = rowOf(attention, row);
    if (!inLstm.known() && !inAttention.known())
        return {};
    const auto norm = [this](const InfluenceOnPrediction& of) {
        return of.known() ? QStringLiteral("%1 (%2)").arg(
                   QString::number(of.norm, 'g', 3), swayedToken(of, vocabulary))
                          : Sentence::tr("not computed yet");
    };
    return Sentence::tr("‖∂ log p‖: LSTM %1, attention %2").arg(norm(inLstm), norm(inAttention));
}

QString InfluenceText::cell(QPoint cell) const
{
    const int row = cell.y();
    const int column = cell.x();
    const InfluenceOnPrediction& inLstm = rowOf(lstm, row);
    const InfluenceOnPrediction& inAttention = rowOf(attention, row);
    const QStringList lines {
        Sentence::tr("%1 sways the prediction after %2 (%3)")
            .arg(quoted(labels[column]), quoted(labels[row]), distance(row, column)),
        Sentence::tr("share: LSTM %1 · attention %2")
            .arg(shareOf(inLstm, column), shareOf(inAttention, column)),
        Sentence::tr("whole row: LSTM %1 · attention %2")
            .arg(normOf(inLstm, vocabulary), normOf(inAttention, vocabulary)),
        Sentence::tr("Shares may be compared; the norms of two models may not."),
    };
    return lines.join(u'\n');
}

QString influenceCaption(double fullColor, bool causal)
{
    const QString full = fullColor >= 1 ? QStringLiteral("1") : shareText(fullColor);
    return (causal ? Sentence::tr("which earlier tokens, as shares; full colour: %1 in both")
                   : Sentence::tr("which tokens, as shares; full colour: %1 in both"))
        .arg(full);
}

QString influenceProgress(const ModelInfluence& lstm, const ModelInfluence& attention)
{
    const QLocale locale;
    return Sentence::tr("%1 of %2 rows")
        .arg(locale.toString(lstm.known() + attention.known()),
            locale.toString(qint64(lstm.rows.size() + attention.rows.size())));
}

QString influenceTooLong(int tokens)
{
    const QLocale locale;
    const double times = double(tokens) / InfluenceJob::MostTokensUnasked;
    return Sentence::tr("Beyond %1 tokens it is computed only on demand: its work grows with the "
                        "square of the length, here %2 times as much.")
        .arg(locale.toString(InfluenceJob::MostTokensUnasked),
            locale.toString(times * times, 'f', 1));
}

} // namespace timestep
