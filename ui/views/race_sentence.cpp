// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_sentence.h"

#include "ui/models/number_text.h"
#include "ui/models/sweep_point_model.h"
#include "ui/session/race_plan.h"
#include "ui/views/race_comparison.h"
#include "ui/views/race_question_sentences.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(RaceSentence)
};

QString questionText(RaceQuestion question, bool measuring)
{
    switch (question) {
    case RaceQuestion::Length:
        return measuring
            ? Sentence::tr("Which is faster, and because of waiting? Both are being timed.")
            : Sentence::tr("Which is faster, and because of waiting? Press Start: this machine "
                           "will tell.");
    case RaceQuestion::Rows:
        return measuring
            ? Sentence::tr("What do more rows bring, and what do they cost? Both are being timed.")
            : Sentence::tr("What do more rows bring, and what do they cost? Press Start: this "
                           "machine will tell.");
    case RaceQuestion::SubBatches:
        return measuring
            ? Sentence::tr("How many sub-batches are best? Both are being timed.")
            : Sentence::tr("How many sub-batches are best? Press Start: this machine will tell.");
    case RaceQuestion::Memory:
        break; // told by the formulas before anything is measured
    }
    return {};
}

QString answer(const RaceMeasurement& measurement, bool begins, RaceWords words)
{
    switch (measurement.request.question) {
    case RaceQuestion::Length:
        return words == RaceWords::Few ? briefLengthSentence(measurement)
                                       : lengthSentence(measurement, begins);
    case RaceQuestion::Rows:
        return manyRowsSentence(measurement, words);
    case RaceQuestion::SubBatches:
        return subBatchesSentence(measurement, words);
    case RaceQuestion::Memory:
        return memorySentence(measurement, words);
    }
    return {};
}

/// The fewest runs of a point; as many as asked for where there is none.
int fewestRuns(const RaceMeasurement& measurement)
{
    int runs = raceRepeats(measurement.request);
    for (const RacePoint& race : measurement.points)
        runs = std::min(runs, race.point.repeats);
    return runs;
}

/// What the plot of one core leaves out, and why.
QString leftOutShares(const RaceMeasurement& measurement)
{
    int unknown = 0;
    for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention })
        for (const SweepPoint* point :
            pointsAt(measurement.points, { RacePicture::PeakShareOfManyRows, line }))
            unknown += shareOfPeak(*point) ? 0 : 1;
    if (unknown == 0)
        return {};
    return Sentence::tr("Left out for want of a share of the peak, points: %1. Other programs had "
                        "the cores whenever the peak was measured.")
        .arg(unknown);
}

} // namespace

QString raceSentence(const RaceMeasurement& measurement, bool measuring, RaceWords words)
{
    const RaceRequest& request = measurement.request;
    if (request.question == RaceQuestion::Memory)
        return answer(measurement, true, words);
    const int runs = fewestRuns(measurement);
    const bool provisional = measuring || runs < request.repeats;
    const QString told = answer(measurement, !provisional, words);
    if (told.isEmpty())
        return questionText(request.question, measuring);
    return provisional
        ? Sentence::tr("So far, %1 of %2 runs: %3").arg(runs).arg(request.repeats).arg(told)
        : told;
}

QString raceFigures(const RaceMeasurement& measurement)
{
    if (measurement.request.question == RaceQuestion::Rows)
        return leftOutShares(measurement);
    if (measurement.request.question != RaceQuestion::Length)
        return {};
    QStringList shares;
    for (RacePicture picture : { RacePicture::TimeOfRows, RacePicture::TimeOfOne })
        if (const auto both = longestComparison(measurement.request, measurement.points, picture))
            shares.append(Sentence::tr("%1: LSTM %2, attention %3")
                              .arg(rowsText(both->lstm->cell.batch), shareOfPeakText(*both->lstm),
                                  shareOfPeakText(*both->attention)));
    return shares.isEmpty()
        ? QString()
        : Sentence::tr("Share of the measured peak, %1.").arg(shares.join(QStringLiteral("; ")));
}

} // namespace timestep
