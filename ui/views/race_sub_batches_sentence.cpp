// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"
#include "ui/views/race_comparison.h"
#include "ui/views/race_question_sentences.h"

#include <QCoreApplication>

#include <algorithm>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(RaceSentence)
};

QString subBatchesText(int count)
{
    return count == 1 ? Sentence::tr("1 sub-batch") : Sentence::tr("%1 sub-batches").arg(count);
}

/// "the LSTM was fastest in 4 sub-batches, 1.93 times as fast as in one"
QString bestText(const RaceMeasurement& measurement, RaceLine line, const QString& name)
{
    const auto points = pointsAt(measurement.points, { RacePicture::TimeOfSubBatches, line });
    const auto whole = std::find_if(points.begin(), points.end(),
        [](const SweepPoint* point) { return point->cell.subBatches == 1; });
    if (points.size() < 2 || whole == points.end())
        return {};
    const auto best = std::min_element(
        points.begin(), points.end(), [](const SweepPoint* left, const SweepPoint* right) {
            return left->medianMs < right->medianMs;
        });
    // Of those that are as fast as far as can be told, the fewest.
    const auto fewest = std::find_if(points.begin(), points.end(),
        [best](const SweepPoint* point) { return !TimePair { point, *best }.certain(); });
    const TimePair pair { *whole, *fewest };
    if (!pair.certain())
        return Sentence::tr("%1 gained nothing certain").arg(name);
    return Sentence::tr("%1 was fastest in %2, %3 times as fast as in one")
        .arg(name, subBatchesText((*fewest)->cell.subBatches), ratioText(pair.speedUp()));
}

QString lengthText(const RaceRequest& request)
{
    return request.pass == SweepCell::Pass::Generation
        ? Sentence::tr("one token more after %1").arg(request.speedUpLength)
        : Sentence::tr("%1 tokens").arg(request.speedUpLength);
}

} // namespace

QString subBatchesSentence(const RaceMeasurement& measurement, RaceWords words)
{
    const RaceRequest& request = measurement.request;
    if (request.rows == 1)
        return Sentence::tr("One row cannot be split into sub-batches.");
    QStringList parts { bestText(measurement, RaceLine::Lstm, Sentence::tr("the LSTM")),
        bestText(measurement, RaceLine::Attention, Sentence::tr("attention")) };
    parts.removeAll(QString());
    if (parts.isEmpty())
        return {};
    std::vector<const SweepPoint*> told;
    for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
        for (const SweepPoint* point :
            pointsAt(measurement.points, { RacePicture::TimeOfSubBatches, line }))
            told.push_back(point);
    const QString disturbed = disturbedSentence(told, words);
    return Sentence::tr("%1 of %2 on %3: %4.")
               .arg(rowsText(request.rows), lengthText(request), threadsText(request.threads),
                   parts.join(QStringLiteral("; ")))
        + (disturbed.isEmpty() ? QString() : QLatin1Char(' ') + disturbed);
}

} // namespace timestep
