// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_sentence.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(RaceSentence)
};

/// Time and arithmetic go together where they differ by less: about what two medians differ by
/// when a machine has other things to do as well.
constexpr double SameWithin = 1.15;

const SweepPoint* pointOf(const std::vector<RacePoint>& points, RacePicture picture, RaceLine line,
    int length, int threads)
{
    const auto found = std::find_if(points.begin(), points.end(), [&](const RacePoint& race) {
        return race.picture == picture && race.line == line && race.point.cell.length == length
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
    /// How much longer the LSTM takes for the same arithmetic.
    double slowness() const { return arithmetic() / time(); }
};

std::optional<Comparison> longest(
    const RaceRequest& request, const std::vector<RacePoint>& points, RacePicture picture)
{
    std::optional<Comparison> best;
    for (const RacePoint& race : points) {
        if (race.picture != picture || race.line != RaceLine::Lstm)
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

/// "0.75 of the time", "1.80 times the arithmetic"
QString part(double ratio, const QString& whole)
{
    return ratio < 0.995 ? Sentence::tr("%1 of %2").arg(share(ratio), whole)
                         : Sentence::tr("%1 times %2").arg(share(ratio), whole);
}

QString measured(const Comparison& both)
{
    return Sentence::tr("took %1 for %2")
        .arg(part(both.time(), Sentence::tr("the time")),
            part(both.arithmetic(), Sentence::tr("the arithmetic")));
}

/// Whether the arithmetic explains the time; else who does more of it a second.
QString conclusion(const Comparison& both)
{
    if (both.slowness() > SameWithin)
        return Sentence::tr("attention computes %1 times faster").arg(factor(both.slowness()));
    if (both.slowness() < 1 / SameWithin)
        return Sentence::tr("the LSTM computes %1 times faster").arg(factor(1 / both.slowness()));
    return Sentence::tr("waiting explains nothing here");
}

QString tokensText(int length) { return QLocale().toString(length); }

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
    QStringList parts;
    if (rows)
        parts.append(Sentence::tr("At %1 tokens attention %2: with %3 rows, %4.")
                         .arg(tokensText(rows->lstm->cell.length), measured(*rows))
                         .arg(request.rows)
                         .arg(conclusion(*rows)));
    if (one && rows)
        parts.append(Sentence::tr("With one row, %1.").arg(conclusion(*one)));
    else if (one)
        parts.append(
            Sentence::tr("At %1 tokens attention %2: with one row, %3.")
                .arg(tokensText(one->lstm->cell.length), measured(*one), conclusion(*one)));
    return parts.join(QLatin1Char(' '));
}

namespace {

/// Times faster on the most threads than on one; nothing while one of them is missing.
std::optional<double> speedUp(const RaceRequest& request, const std::vector<RacePoint>& points,
    RacePicture picture, RaceLine line)
{
    const RaceLine alone = line == RaceLine::HiddenSplit ? RaceLine::Lstm : line;
    const int most = request.threadCounts.back();
    const SweepPoint* before = pointOf(points, picture, alone, request.speedUpLength, 1);
    const SweepPoint* after = pointOf(points, picture, line, request.speedUpLength, most);
    if (!before || !after || most == 1)
        return std::nullopt;
    return before->medianMs / after->medianMs;
}

QString speedUpText(const RaceRequest& request, const std::vector<RacePoint>& points,
    RacePicture picture, const QString& rows)
{
    QStringList parts;
    const auto add = [&](RaceLine line, const QString& name) {
        if (const auto times = speedUp(request, points, picture, line))
            parts.append(QStringLiteral("%1 × %2").arg(name, share(*times)));
    };
    add(RaceLine::Lstm, Sentence::tr("LSTM in sub-batches"));
    add(RaceLine::HiddenSplit, Sentence::tr("in slices of hidden units"));
    add(RaceLine::Attention, Sentence::tr("attention"));
    return parts.isEmpty() ? QString() : rows + parts.join(QStringLiteral(", "));
}

} // namespace

QString raceFigures(const RaceRequest& request, const std::vector<RacePoint>& points)
{
    QStringList lines;
    QStringList shares;
    for (RacePicture picture : { RacePicture::TimeOfRows, RacePicture::TimeOfOne }) {
        if (const auto both = longest(request, points, picture))
            shares.append(
                Sentence::tr("%1 %2: LSTM %3, attention %4")
                    .arg(both->lstm->cell.batch)
                    .arg(both->lstm->cell.batch == 1 ? Sentence::tr("row") : Sentence::tr("rows"),
                        share(both->lstm->gflops / both->lstm->peakGflops),
                        share(both->attention->gflops / both->attention->peakGflops)));
    }
    if (!shares.isEmpty())
        lines.append(
            Sentence::tr("Share of the measured peak, %1.").arg(shares.join(QStringLiteral("; "))));

    QStringList splits { speedUpText(request, points, RacePicture::SpeedUpOfRows,
                             Sentence::tr("%1 rows: ").arg(request.rows)),
        speedUpText(request, points, RacePicture::SpeedUpOfOne, Sentence::tr("1 row: ")) };
    splits.removeAll(QString());
    if (!splits.isEmpty())
        lines.append(
            Sentence::tr("Splitting over %1 threads brought, at %2 tokens, %3.")
                .arg(request.threadCounts.back())
                .arg(tokensText(request.speedUpLength), splits.join(QStringLiteral("; "))));
    return lines.join(QLatin1Char(' '));
}

} // namespace timestep
