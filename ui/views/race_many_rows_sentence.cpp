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

/// One line with the fewest and with the most rows that it has been measured with.
struct FewAndMany
{
    const SweepPoint* few = nullptr;
    const SweepPoint* many = nullptr;

    bool there() const { return few && many && few != many; }
    bool sharesKnown() const { return shareOfPeak(*few) && shareOfPeak(*many); }
    double latency() const { return many->medianMs / few->medianMs; }
    double throughput() const
    {
        return double(many->cell.batch) / few->cell.batch * few->medianMs / many->medianMs;
    }
};

FewAndMany fewAndMany(const RaceMeasurement& measurement, RacePlace place)
{
    const std::vector<const SweepPoint*> points = pointsAt(measurement.points, place);
    const auto byRows = [](const SweepPoint* left, const SweepPoint* right) {
        return left->cell.batch < right->cell.batch;
    };
    const auto [few, many] = std::minmax_element(points.begin(), points.end(), byRows);
    return points.empty() ? FewAndMany {} : FewAndMany { *few, *many };
}

QString shareText(const SweepPoint& point)
{
    return Sentence::tr("%1 %").arg(100 * shareOfPeak(point).value_or(0), 0, 'f', 0);
}

/// What one core makes of them. Few rows share what is read of the weights: an LSTM reads them at
/// every step, attention once for all positions of a block.
QString coreText(const FewAndMany& lstm, const FewAndMany& attention)
{
    return Sentence::tr("One core reaches %1 of its peak with %2 of the LSTM and %3 with %4; "
                        "attention %5 and %6.")
        .arg(shareText(*lstm.few), rowsText(lstm.few->cell.batch), shareText(*lstm.many),
            rowsText(lstm.many->cell.batch), shareText(*attention.few), shareText(*attention.many));
}

QString tradeText(const FewAndMany& lstm, const FewAndMany& attention)
{
    return Sentence::tr("%1 in place of %2: the LSTM brings %3 times the tokens a second, and each "
                        "waits %4 times as long; attention %5 and %6.")
        .arg(rowsText(lstm.many->cell.batch), QString::number(lstm.few->cell.batch),
            timesText(lstm.throughput()), timesText(lstm.latency()),
            timesText(attention.throughput()), timesText(attention.latency()));
}

} // namespace

QString manyRowsSentence(const RaceMeasurement& measurement, RaceWords words)
{
    const auto of = [&](RacePicture picture, RaceLine line) {
        return fewAndMany(measurement, { picture, line });
    };
    const FewAndMany lstmCore = of(RacePicture::PeakShareOfManyRows, RaceLine::Lstm);
    const FewAndMany attentionCore = of(RacePicture::PeakShareOfManyRows, RaceLine::Attention);
    const FewAndMany lstm = of(RacePicture::LatencyOfManyRows, RaceLine::Lstm);
    const FewAndMany attention = of(RacePicture::LatencyOfManyRows, RaceLine::Attention);
    QStringList parts;
    if (lstm.there() && attention.there())
        parts.append(tradeText(lstm, attention));
    // The third plot shows it, too.
    const bool coreTold = words == RaceWords::All || parts.isEmpty();
    if (coreTold && lstmCore.there() && attentionCore.there())
        parts.append(lstmCore.sharesKnown() && attentionCore.sharesKnown()
                ? coreText(lstmCore, attentionCore)
                : Sentence::tr("What one core reaches of its peak cannot be told: the peak was "
                               "measured too low."));
    if (parts.isEmpty())
        return {};
    parts.append(
        disturbedSentence({ lstmCore.few, lstmCore.many, attentionCore.few, attentionCore.many,
                              lstm.few, lstm.many, attention.few, attention.many },
            words));
    parts.removeAll(QString());
    return parts.join(QLatin1Char(' '));
}

} // namespace timestep
