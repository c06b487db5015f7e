// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"
#include "ui/models/sweep_point_model.h"
#include "ui/views/race_comparison.h"
#include "ui/views/race_question_sentences.h"

#include <QCoreApplication>
#include <QStringList>

#include <cmath>
#include <optional>
#include <vector>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(RaceSentence)
};

/// "332 ms"; of one row "332 ms in slices of hidden units", where it was cut so: that may well be
/// slower than not to cut it.
QString time(const SweepPoint& point)
{
    const QString took = durationText(point.medianMs, 3);
    return point.cell.batch == 1 && point.cell.strategy == Strategy::HiddenSplit
        ? Sentence::tr("%1 (hidden units split)").arg(took)
        : took;
}

/// What the 95 % intervals of both allow to say of the times; empty: nothing.
QString timeText(const Comparison& both)
{
    if (!both.hasIntervals())
        return {};
    if (both.tooNoisy())
        return Sentence::tr("too noisy to tell apart");
    if (both.overlaps())
        return Sentence::tr("about the same time");
    return both.time() < 1 ? Sentence::tr("%1 of the time").arg(ratioText(both.time()))
                           : Sentence::tr("%1 times as long").arg(ratioText(both.time()));
}

QString arithmeticText(const Comparison& both)
{
    const double ratio = both.arithmetic();
    if (std::abs(ratio - 1) < 0.005)
        return Sentence::tr("for the same arithmetic");
    return ratio < 1 ? Sentence::tr("for %1 of the arithmetic").arg(ratioText(ratio))
                     : Sentence::tr("for %1 times the arithmetic").arg(ratioText(ratio));
}

/// Whether the arithmetic explains the times, or the LSTM takes longer than that, as far as the
/// runs agree; empty: that is open.
QString conclusion(const Comparison& both)
{
    if (!both.hasIntervals() || both.tooNoisy())
        return {};
    if (both.explained())
        return Sentence::tr(": waiting explains nothing here");
    if (both.leastSlowness() > 1)
        return Sentence::tr(": for equal arithmetic the LSTM takes %1 times as long")
            .arg(timesText(both.slowness()));
    return {};
}

/// " (0.69 of the time, for 1.80 times the arithmetic): waiting explains nothing here."
QString comparisonText(const Comparison& both, const QString& arithmetic)
{
    QStringList parts { timeText(both), arithmetic };
    parts.removeAll(QString());
    const QString text = parts.join(QStringLiteral(", "));
    return (text.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(text)) + conclusion(both)
        + QLatin1Char('.');
}

QString tokensText(int length) { return countNumber(length); }

/// What took the time, of %1 tokens and %2.
QString whatTookTime(SweepCell::Pass pass, bool begins)
{
    switch (pass) {
    case SweepCell::Pass::Inference:
        return begins ? Sentence::tr("At %1 tokens, %2 took")
                      : Sentence::tr("at %1 tokens, %2 took");
    case SweepCell::Pass::Training:
        return begins ? Sentence::tr("A training step of %1 tokens, %2, took")
                      : Sentence::tr("a training step of %1 tokens, %2, took");
    case SweepCell::Pass::Generation:
        return begins ? Sentence::tr("One token more after %1, %2, took")
                      : Sentence::tr("one token more after %1, %2, took");
    }
    return {};
}

/// All of one comparison, at its length.
QString wholeText(const Comparison& both, bool begins)
{
    const SweepCell& cell = both.lstm->cell;
    return Sentence::tr("%1 the LSTM %2 and attention %3")
               .arg(whatTookTime(cell.pass, begins)
                        .arg(tokensText(cell.length), rowsText(cell.batch)),
                   time(*both.lstm), time(*both.attention))
        + comparisonText(both, arithmeticText(both));
}

/// The same of one row, after all rows; at the same length the arithmetic is that of a row there.
QString oneRowText(const Comparison& one, const Comparison& rows)
{
    const bool sameLength = one.lstm->cell.length == rows.lstm->cell.length;
    const QString begin = sameLength
        ? Sentence::tr("One row:")
        : Sentence::tr("One row, %1 tokens:").arg(tokensText(one.lstm->cell.length));
    return Sentence::tr("%1 %2 and %3").arg(begin, time(*one.lstm), time(*one.attention))
        + comparisonText(one, sameLength ? QString() : arithmeticText(one));
}

/// The two comparisons at their longest lengths.
struct LongestComparisons
{
    std::optional<Comparison> rows, one;

    explicit LongestComparisons(const RaceMeasurement& measurement)
        : rows(longestComparison(measurement.request, measurement.points, RacePicture::TimeOfRows))
        , one(longestComparison(measurement.request, measurement.points, RacePicture::TimeOfOne))
    {
    }

    std::vector<const SweepPoint*> points() const
    {
        std::vector<const SweepPoint*> told;
        for (const auto& both : { rows, one }) {
            if (both) {
                told.push_back(both->lstm);
                told.push_back(both->attention);
            }
        }
        return told;
    }
};

QString joined(QStringList parts)
{
    parts.removeAll(QString());
    return parts.join(QLatin1Char(' '));
}

/// " (waiting explains nothing)", " (0.69 of the time)"
QString briefConclusion(const Comparison& both)
{
    const bool told = both.hasIntervals() && !both.tooNoisy();
    const QString text = told && both.explained() ? Sentence::tr("waiting explains nothing")
        : told && both.leastSlowness() > 1
        ? Sentence::tr("for equal arithmetic the LSTM takes %1 times as long")
              .arg(timesText(both.slowness()))
        : timeText(both);
    return text.isEmpty() ? text : QStringLiteral(" (%1)").arg(text);
}

/// "1,024 tokens, 32 rows", and what is done with them.
QString briefSubject(const SweepCell& cell)
{
    const QString text = cell.pass == SweepCell::Pass::Training
        ? Sentence::tr("Trained on %1 tokens, %2")
        : cell.pass == SweepCell::Pass::Generation ? Sentence::tr("One token after %1, %2")
                                                   : Sentence::tr("%1 tokens, %2");
    return text.arg(countNumber(cell.length), rowsText(cell.batch));
}

QString briefText(const Comparison& both, const QString& subject)
{
    return Sentence::tr("%1: LSTM %2, attention %3%4.")
        .arg(subject, durationText(both.lstm->medianMs, 3),
            durationText(both.attention->medianMs, 3), briefConclusion(both));
}

} // namespace

QString briefLengthSentence(const RaceMeasurement& measurement)
{
    const LongestComparisons longest(measurement);
    QStringList parts;
    if (longest.rows)
        parts.append(briefText(*longest.rows, briefSubject(longest.rows->lstm->cell)));
    if (longest.one) {
        const SweepCell& cell = longest.one->lstm->cell;
        const bool sameLength = longest.rows && longest.rows->lstm->cell.length == cell.length;
        parts.append(
            briefText(*longest.one, sameLength ? Sentence::tr("One row") : briefSubject(cell)));
    }
    if (!parts.isEmpty())
        parts.append(disturbedSentence(longest.points(), RaceWords::Few));
    return joined(parts);
}

QString lengthSentence(const RaceMeasurement& measurement, bool begins)
{
    const LongestComparisons longest(measurement);
    const auto& [rows, one] = longest;
    if (!rows && !one)
        return {};
    QStringList parts { wholeText(rows ? *rows : *one, begins) };
    if (rows && one)
        parts.append(oneRowText(*one, *rows));
    if (measurement.request.pass == SweepCell::Pass::Generation)
        parts.append(Sentence::tr("Whichever is faster, the token after it has to wait for it."));
    parts.append(disturbedSentence(longest.points()));
    return joined(parts);
}

} // namespace timestep
