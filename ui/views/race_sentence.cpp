// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_sentence.h"

#include "ui/models/sweep_point_model.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <cmath>
#include <optional>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(RaceSentence)
};

/// Time and arithmetic go together where their ratio is certain to lie nearer to 1 than this.
constexpr double SameWithin = 1.25;

/// Of fewer runs the interval of the median says nothing.
constexpr int RunsForAnInterval = 5;

const SweepPoint* pointOf(const std::vector<RacePoint>& points, RacePicture picture, RaceLine line,
    int length, int threads)
{
    const auto found = std::find_if(points.begin(), points.end(), [&](const RacePoint& race) {
        return race.isAt({ picture, line }) && race.point.cell.length == length
            && race.point.cell.threads == threads;
    });
    return found == points.end() ? nullptr : &found->point;
}

/// Attention beside the LSTM at the longest length that both have been timed at.
struct Comparison
{
    const SweepPoint* lstm = nullptr;
    const SweepPoint* attention = nullptr;

    double time() const { return attention->medianMs / lstm->medianMs; }
    double arithmetic() const { return attention->flops / lstm->flops; }
    /// How much longer the LSTM takes for the same arithmetic, and between what it lies.
    double slowness() const { return arithmetic() / time(); }
    double leastSlowness() const
    {
        return arithmetic() * lstm->lowerMedianMs / attention->upperMedianMs;
    }
    double mostSlowness() const
    {
        return arithmetic() * lstm->upperMedianMs / attention->lowerMedianMs;
    }
    int runs() const { return std::min(lstm->repeats, attention->repeats); }
    bool hasIntervals() const { return runs() >= RunsForAnInterval; }
    bool overlaps() const
    {
        return lstm->lowerMedianMs <= attention->upperMedianMs
            && attention->lowerMedianMs <= lstm->upperMedianMs;
    }
    /// Neither a difference nor about the same.
    bool tooNoisy() const
    {
        return overlaps() && (time() >= SameWithin || time() <= 1 / SameWithin);
    }
};

std::optional<Comparison> longest(
    const RaceRequest& request, const std::vector<RacePoint>& points, RacePicture picture)
{
    std::optional<Comparison> best;
    for (const RacePoint& race : points) {
        if (!race.isAt({ picture, RaceLine::Lstm }))
            continue;
        const SweepPoint* attention = pointOf(
            points, picture, RaceLine::Attention, race.point.cell.length, request.threads);
        if (attention && (!best || best->lstm->cell.length < race.point.cell.length))
            best = Comparison { &race.point, attention };
    }
    return best;
}

QString factor(double times) { return QString::number(times, 'f', times < 9.95 ? 1 : 0); }

QString share(double ratio) { return QString::number(ratio, 'f', 2); }

/// "332 ms"
QString time(const SweepPoint& point)
{
    return Sentence::tr("%1 ms").arg(millisecondsText(point.medianMs, 3));
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
    return both.time() < 1 ? Sentence::tr("%1 of the time").arg(share(both.time()))
                           : Sentence::tr("%1 times as long").arg(share(both.time()));
}

QString arithmeticText(const Comparison& both)
{
    const double ratio = both.arithmetic();
    if (std::abs(ratio - 1) < 0.005)
        return Sentence::tr("for the same arithmetic");
    return ratio < 1 ? Sentence::tr("for %1 of the arithmetic").arg(share(ratio))
                     : Sentence::tr("for %1 times the arithmetic").arg(share(ratio));
}

/// Whether the arithmetic explains the times, or the LSTM takes longer than that, as far as the
/// runs agree; empty: that is open.
QString conclusion(const Comparison& both)
{
    if (!both.hasIntervals() || both.tooNoisy())
        return {};
    if (both.leastSlowness() > 1 / SameWithin && both.mostSlowness() < SameWithin)
        return Sentence::tr(": waiting explains nothing here");
    if (both.leastSlowness() > 1)
        return Sentence::tr(": for equal arithmetic the LSTM takes %1 times as long")
            .arg(factor(both.slowness()));
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

QString tokensText(int length) { return QLocale().toString(length); }

QString rowsText(int rows)
{
    return rows == 1 ? Sentence::tr("one row") : Sentence::tr("%1 rows").arg(rows);
}

/// All of one comparison, at its length.
QString wholeText(const Comparison& both, bool begins)
{
    const QString text = begins
        ? Sentence::tr("At %1 tokens, %2 took the LSTM %3 and attention %4")
        : Sentence::tr("at %1 tokens, %2 took the LSTM %3 and attention %4");
    return text.arg(tokensText(both.lstm->cell.length), rowsText(both.lstm->cell.batch),
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

} // namespace

QString raceSentence(
    const RaceRequest& request, const std::vector<RacePoint>& points, bool measuring)
{
    const auto rows = longest(request, points, RacePicture::TimeOfRows);
    const auto one = longest(request, points, RacePicture::TimeOfOne);
    if (!rows && !one)
        return measuring
            ? Sentence::tr("Which is faster, and because of waiting? Both are being timed.")
            : Sentence::tr("Which is faster, and because of waiting? Press Start: this "
                           "machine will tell.");
    const int runs
        = std::min(rows ? rows->runs() : request.repeats, one ? one->runs() : request.repeats);
    const bool provisional = measuring || runs < request.repeats;
    QStringList parts;
    if (provisional)
        parts.append(Sentence::tr("So far, %1 of %2 runs:").arg(runs).arg(request.repeats));
    parts.append(wholeText(rows ? *rows : *one, !provisional));
    if (rows && one)
        parts.append(oneRowText(*one, *rows));
    return parts.join(QLatin1Char(' '));
}

namespace {

/// One line on one thread and on the most there are.
struct Split
{
    const SweepPoint* before = nullptr;
    const SweepPoint* after = nullptr;

    bool certain() const
    {
        return before->upperMedianMs < after->lowerMedianMs
            || after->upperMedianMs < before->lowerMedianMs;
    }
};

/// Not set while one of them has too few runs.
std::optional<Split> split(const RaceRequest& request, const std::vector<RacePoint>& points,
    RacePicture picture, RaceLine line)
{
    const RaceLine alone = line == RaceLine::HiddenSplit ? RaceLine::Lstm : line;
    const int most = request.threadCounts.back();
    const SweepPoint* before = pointOf(points, picture, alone, request.speedUpLength, 1);
    const SweepPoint* after = pointOf(points, picture, line, request.speedUpLength, most);
    if (!before || !after || most == 1
        || std::min(before->repeats, after->repeats) < RunsForAnInterval)
        return std::nullopt;
    return Split { before, after };
}

QString nameOf(RaceLine line, const SweepCell& cell)
{
    if (line == RaceLine::Attention)
        return Sentence::tr("attention");
    if (line == RaceLine::HiddenSplit)
        return Sentence::tr("in slices of hidden units");
    return cell.strategy == Strategy::SubBatch ? Sentence::tr("LSTM in sub-batches")
                                               : Sentence::tr("LSTM");
}

QString splitsText(const RaceRequest& request, const std::vector<RacePoint>& points,
    RacePicture picture, const QString& rows)
{
    QStringList parts;
    bool allCertain = true;
    for (RaceLine line : { RaceLine::Lstm, RaceLine::HiddenSplit, RaceLine::Attention }) {
        const auto brought = split(request, points, picture, line);
        if (!brought)
            continue;
        allCertain = allCertain && brought->certain();
        if (brought->certain())
            parts.append(Sentence::tr("%1 × %2").arg(nameOf(line, brought->after->cell),
                share(brought->before->medianMs / brought->after->medianMs)));
    }
    if (!allCertain)
        parts.append(parts.isEmpty() ? Sentence::tr("nothing certain")
                                     : Sentence::tr("else nothing certain"));
    return parts.isEmpty() ? QString() : rows + parts.join(QStringLiteral(", "));
}

} // namespace

QString raceFigures(const RaceRequest& request, const std::vector<RacePoint>& points)
{
    QStringList lines;
    QStringList shares;
    for (RacePicture picture : { RacePicture::TimeOfRows, RacePicture::TimeOfOne }) {
        if (const auto both = longest(request, points, picture))
            shares.append(Sentence::tr("%1: LSTM %2, attention %3")
                              .arg(rowsText(both->lstm->cell.batch), shareOfPeakText(*both->lstm),
                                  shareOfPeakText(*both->attention)));
    }
    if (!shares.isEmpty())
        lines.append(
            Sentence::tr("Share of the measured peak, %1.").arg(shares.join(QStringLiteral("; "))));

    QStringList splits { splitsText(request, points, RacePicture::SpeedUpOfRows,
                             rowsText(request.rows) + QStringLiteral(": ")),
        splitsText(
            request, points, RacePicture::SpeedUpOfOne, rowsText(1) + QStringLiteral(": ")) };
    splits.removeAll(QString());
    if (!splits.isEmpty())
        lines.append(
            Sentence::tr("Splitting over %1 threads brought, at %2 tokens, %3.")
                .arg(request.threadCounts.back())
                .arg(tokensText(request.speedUpLength), splits.join(QStringLiteral("; "))));
    return lines.join(QLatin1Char(' '));
}

} // namespace timestep
