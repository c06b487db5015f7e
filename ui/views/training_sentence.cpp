// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/training_sentence.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(TrainingSentence)
};

QString factor(double times) { return numberLocale().toString(times, 'f', times < 9.95 ? 1 : 0); }

/// In one piece where lines break.
QString percent(double share)
{
    return Sentence::tr("%1 %").arg(100 * share, 0, 'g', 2).replace(QLatin1Char(' '), QChar::Nbsp);
}

QString threadsInWords(int threads)
{
    return threads == 1 ? Sentence::tr("one thread") : Sentence::tr("%1 threads").arg(threads);
}

/// Intervals must lie so far apart: those of a few runs do not know what a machine that does other
/// things will do next.
constexpr double certainlyApart = 1.05;

/// "1.9 times as fast", as far as the intervals allow.
QString speedText(const TrainingTrial& trial, ComparedWay way)
{
    const TimedWay* before = timedWay(trial, ComparedWay::OneThread);
    const TimedWay* after = timedWay(trial, way);
    if (!before || !after)
        return {};
    if (certainlyApart * after->upperMs >= before->lowerMs
        && certainlyApart * before->upperMs >= after->lowerMs)
        return Sentence::tr("no certain difference");
    const double times = before->medianMs / after->medianMs;
    return times >= 1 ? Sentence::tr("%1 times as fast").arg(factor(times))
                      : Sentence::tr("%1 times as slow").arg(factor(1 / times));
}

/// "LSTM 1.9 times as fast, attention 1.8 times as fast"
QString bothSpeeds(const TrainingResult& result)
{
    const TrainingTrial* lstm = currentTrial(result.lstm, result.course);
    const TrainingTrial* attention = currentTrial(result.attention, result.course);
    if (!lstm || !attention)
        return {};
    const QString ofLstm = speedText(*lstm, ComparedWay::SubBatches);
    const QString ofAttention = speedText(*attention, ComparedWay::SubBatches);
    return ofLstm == ofAttention ? Sentence::tr("%1 for both").arg(ofLstm)
                                 : Sentence::tr("LSTM %1, attention %2").arg(ofLstm, ofAttention);
}

/// "Summing takes the LSTM 1.2 % of a step, attention 2 %"
QString summingText(const TrainingResult& result)
{
    const auto lstm = trainingMeasures(result.lstm, result).consolidation;
    const auto attention = trainingMeasures(result.attention, result).consolidation;
    if (!lstm || !attention)
        return {};
    return Sentence::tr("Summing takes the LSTM %1 of a step, attention %2")
        .arg(percent(lstm->share), percent(attention->share));
}

/// "0 of 1,048,576 numbers differ"
QString equalityText(const TrainingResult& result)
{
    GradientDifference all;
    for (const TrainingProgress* progress : { &result.lstm, &result.attention }) {
        const TrainingTrial* trial = currentTrial(*progress, result.course);
        if (!trial)
            return {};
        all.numbers += trial->check.oneThread.numbers;
        all.differing += trial->check.oneThread.differing;
    }
    return Sentence::tr("%1 of %2 gradients differ from one thread's")
        .arg(countNumber(all.differing), countNumber(all.numbers));
}

QString dataParallelText(const TrainingResult& result)
{
    const int subBatches = std::min(result.course.subBatches, result.course.rows);
    if (subBatches == 1)
        return Sentence::tr(
            "In one sub-batch there is nothing to sum, and one thread does it all.");
    QStringList parts;
    const QString speeds = bothSpeeds(result);
    if (!speeds.isEmpty())
        parts.append(
            Sentence::tr("%1 sub-batches on %2 beside one piece on one: %3.")
                .arg(QString::number(subBatches), threadsInWords(result.course.threads), speeds));
    QStringList costs { summingText(result), equalityText(result) };
    costs.removeAll(QString());
    if (!costs.isEmpty())
        parts.append(costs.join(Sentence::tr("; ")) + QLatin1Char('.'));
    return parts.join(QLatin1Char(' '));
}

QString modelParallelText(const TrainingResult& result)
{
    const bool units = result.course.way == TrainingWay::HiddenUnits;
    const TrainingTrial* trial = currentTrial(result.lstm, result.course);
    const auto consolidation = trainingMeasures(result.lstm, result).consolidation;
    if (!trial || result.course.threads == 1)
        return units ? Sentence::tr("The LSTM's hidden units are split: every step waits for all "
                                    "slices.")
                     : Sentence::tr("The LSTM's layers are split: the second follows the first a "
                                    "few steps behind.");
    const ComparedWay way = units ? ComparedWay::HiddenUnits : ComparedWay::Layers;
    QStringList parts;
    parts.append((units ? Sentence::tr("Hidden units split over %1 train the LSTM: %2 (rows: %3).")
                        : Sentence::tr("Layers split over %1 train the LSTM: %2 (rows: %3)."))
                     .arg(threadsInWords(result.course.threads), speedText(*trial, way),
                         timedWay(*trial, ComparedWay::SubBatches)
                             ? speedText(*trial, ComparedWay::SubBatches)
                             : Sentence::tr("not split")));
    QStringList costs;
    if (consolidation)
        costs.append(Sentence::tr("%1 of its workers' time goes to waiting for each other")
                         .arg(percent(consolidation->share)));
    const QString equality = equalityText(result);
    if (!equality.isEmpty())
        costs.append(equality);
    if (!costs.isEmpty())
        parts.append(costs.join(Sentence::tr("; ")) + QLatin1Char('.'));
    return parts.join(QLatin1Char(' '));
}

QString averagedText(const TrainingResult& result)
{
    const int copies = std::min(result.course.subBatches, result.course.rows);
    if (copies == 1)
        return Sentence::tr("One sub-batch, one copy: there is nothing to average.");
    QString text = Sentence::tr("%1 copies, averaged every %2 steps")
                       .arg(copies)
                       .arg(result.course.averageEvery);
    const auto lstm = trainingMeasures(result.lstm, result);
    const auto attention = trainingMeasures(result.attention, result);
    if (lstm.copiesApart && attention.copiesApart)
        text += Sentence::tr(": by then they are %1 (LSTM) and %2 (attention) from their mean")
                    .arg(percent(*lstm.copiesApart), percent(*attention.copiesApart));
    return text
        + Sentence::tr(". Nothing is exchanged in between, and what they learn is not what "
                       "one model learns from the whole batch.");
}

} // namespace

QString trainingSentence(const TrainingResult& result, bool running)
{
    const bool nothing = result.attention.points.empty() && !result.lstm.trial;
    if (nothing)
        return running
            ? Sentence::tr("Are the gradients of sub-batches those of the batch? They are being "
                           "compared.")
            : Sentence::tr("Does a model learn the same when its batch is split? Press Train: both "
                           "learn here, live.");
    switch (result.course.way) {
    case TrainingWay::HiddenUnits:
    case TrainingWay::Layers:
        return modelParallelText(result);
    case TrainingWay::AveragedCopies:
        return averagedText(result);
    case TrainingWay::DataParallel:
        break;
    }
    const QString text = dataParallelText(result);
    return text.isEmpty() ? Sentence::tr("Both models are being trained in sub-batches.") : text;
}

} // namespace timestep
