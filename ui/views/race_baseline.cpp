// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_baseline.h"

#include "ui/models/number_text.h"
#include "ui/views/race_changes.h"
#include "ui/views/race_comparison.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace timestep {

namespace {

struct Baseline
{
    Q_DECLARE_TR_FUNCTIONS(RaceBaseline)
};

constexpr RaceLine models[] = { RaceLine::Lstm, RaceLine::Attention };

QString nameOf(RaceLine line)
{
    return line == RaceLine::Attention ? Baseline::tr("attention") : Baseline::tr("LSTM");
}

/// The pictures whose times, or bytes, are compared.
std::vector<RacePicture> comparedPictures(RaceQuestion question)
{
    switch (question) {
    case RaceQuestion::Length:
        return { RacePicture::TimeOfRows, RacePicture::TimeOfOne };
    case RaceQuestion::Rows:
        return { RacePicture::LatencyOfManyRows };
    case RaceQuestion::SubBatches:
        return { RacePicture::TimeOfSubBatches };
    case RaceQuestion::Memory:
        return { RacePicture::ReadingMemory, RacePicture::TrainingMemory };
    }
    return {};
}

/// What a picture is drawn against.
int abscissa(RaceQuestion question, const SweepCell& cell)
{
    switch (question) {
    case RaceQuestion::Rows:
        return cell.batch;
    case RaceQuestion::SubBatches:
        return cell.subBatches;
    case RaceQuestion::Length:
    case RaceQuestion::Memory:
        break;
    }
    return cell.length;
}

const SweepPoint* pointAt(const RaceMeasurement& measurement, RacePlace place, int x)
{
    for (const SweepPoint* point : pointsAt(measurement.points, place))
        if (abscissa(measurement.request.question, point->cell) == x)
            return point;
    return nullptr;
}

/// What there is of each model in both measurements, at one place of a picture.
struct CommonPoints
{
    int x = 0;
    std::optional<TimePair> lstm, attention;

    int count() const { return int(lstm.has_value()) + int(attention.has_value()); }
    const std::optional<TimePair>& of(RaceLine line) const
    {
        return line == RaceLine::Attention ? attention : lstm;
    }
};

std::optional<TimePair> pairAt(
    const RaceMeasurement& baseline, const RaceMeasurement& now, RacePlace place, int x)
{
    const TimePair pair { pointAt(baseline, place, x), pointAt(now, place, x) };
    return pair.before && pair.after ? std::optional(pair) : std::nullopt;
}

/// At the largest place where there are both models; where there is none, one of them.
std::optional<CommonPoints> largestCommon(
    const RaceMeasurement& baseline, const RaceMeasurement& now, RacePicture picture)
{
    std::optional<CommonPoints> best;
    for (const RaceLine line : models) {
        for (const SweepPoint* point : pointsAt(now.points, { picture, line })) {
            const int x = abscissa(now.request.question, point->cell);
            const CommonPoints common { x, pairAt(baseline, now, { picture, RaceLine::Lstm }, x),
                pairAt(baseline, now, { picture, RaceLine::Attention }, x) };
            if (common.count() > 0
                && (!best || std::pair(common.count(), x) > std::pair(best->count(), best->x)))
                best = common;
        }
    }
    return best;
}

/// "1.9", and "1.04" where one digit would say nothing.
QString timesAsText(double ratio)
{
    constexpr double Small = 1.095;
    return ratio < Small ? ratioText(ratio) : timesText(ratio);
}

/// "1.9 times as fast", "1.3 times as slow", as far as it is certain.
QString timeText(const TimePair& pair)
{
    const double ratio = pair.speedUp();
    if (pair.disturbed())
        return Baseline::tr("disturbed by other programs");
    if (!pair.hasIntervals())
        return Baseline::tr("too few runs to tell");
    if (pair.certain())
        return ratio > 1 ? Baseline::tr("%1 times as fast").arg(timesAsText(ratio))
                         : Baseline::tr("%1 times as slow").arg(timesAsText(1 / ratio));
    return pair.aboutTheSame() ? Baseline::tr("about the same")
                               : Baseline::tr("too noisy to tell apart");
}

/// Bytes are the same in every run.
QString bytesChangeText(const TimePair& pair)
{
    const std::size_t before = pair.before->peakBytes;
    const std::size_t now = pair.after->peakBytes;
    if (before == now)
        return Baseline::tr("the same");
    return Baseline::tr("%1 instead of %2").arg(bytesText(double(now)), bytesText(double(before)));
}

/// "LSTM 1.9 times as fast, attention about the same"; said once where it is the same of both.
QString bothText(const CommonPoints& common, QString (*text)(const TimePair&))
{
    if (common.count() == 2 && text(*common.lstm) == text(*common.attention))
        return Baseline::tr("both %1").arg(text(*common.lstm));
    QStringList parts;
    for (const RaceLine line : models)
        if (const auto& pair = common.of(line))
            parts.append(Baseline::tr("%1 %2").arg(nameOf(line), text(*pair)));
    return parts.join(QStringLiteral(", "));
}

QString tokensText(const RaceMeasurement& measurement, int length)
{
    return measurement.request.pass == SweepCell::Pass::Generation
        ? Baseline::tr("after %1 tokens").arg(countNumber(length))
        : Baseline::tr("at %1 tokens").arg(countNumber(length));
}

/// Where in the picture it is compared. Rows that differ are told of among the changes.
QString placeText(
    const RaceMeasurement& baseline, const RaceMeasurement& now, RacePicture picture, int x)
{
    const bool sameRows = baseline.request.rows == now.request.rows;
    switch (picture) {
    case RacePicture::TimeOfRows:
        return Baseline::tr("%1, %2").arg(
            tokensText(now, x), sameRows ? rowsText(now.request.rows) : Baseline::tr("all rows"));
    case RacePicture::TimeOfOne:
        return Baseline::tr("%1, %2").arg(tokensText(now, x), rowsText(1));
    case RacePicture::LatencyOfManyRows:
        return Baseline::tr("with %1").arg(rowsText(x));
    case RacePicture::TimeOfSubBatches:
        return x == 1 ? Baseline::tr("in 1 sub-batch") : Baseline::tr("in %1 sub-batches").arg(x);
    case RacePicture::ReadingMemory:
        return Baseline::tr("memory for reading %1 tokens").arg(countNumber(x));
    case RacePicture::TrainingMemory:
        return Baseline::tr("memory for a training step of %1 tokens").arg(countNumber(x));
    default:
        return {};
    }
}

QString comparedText(const RaceMeasurement& baseline, const RaceMeasurement& now)
{
    const bool memory = now.request.question == RaceQuestion::Memory;
    QStringList parts;
    for (const RacePicture picture : comparedPictures(now.request.question))
        if (const auto common = largestCommon(baseline, now, picture))
            parts.append(Baseline::tr("%1: %2").arg(placeText(baseline, now, picture, common->x),
                bothText(*common, memory ? bytesChangeText : timeText)));
    return parts.isEmpty() ? Baseline::tr("nothing was measured in both yet")
                           : parts.join(QStringLiteral("; "));
}

QString disturbedText(const RaceMeasurement& baseline, const RaceMeasurement& now)
{
    if (baseline.disturbed && now.disturbed)
        return Baseline::tr(" Both were disturbed: this program did something else meanwhile.");
    if (baseline.disturbed)
        return Baseline::tr(
            " The baseline was disturbed: this program did something else meanwhile.");
    return now.disturbed
        ? Baseline::tr(" This was disturbed: this program did something else meanwhile.")
        : QString();
}

} // namespace

QString baselineSentence(const RaceMeasurement& baseline, const RaceMeasurement& now)
{
    if (baseline.request.question != now.request.question)
        return Baseline::tr("The baseline is of another question: there is nothing to compare.");
    const QStringList changes = raceChanges(baseline, now);
    const QString changed = changes.isEmpty() ? Baseline::tr("nothing was set otherwise")
                                              : changes.join(QStringLiteral(", "));
    return Baseline::tr("Against the baseline (%1): %2.").arg(changed, comparedText(baseline, now))
        + disturbedText(baseline, now);
}

} // namespace timestep
