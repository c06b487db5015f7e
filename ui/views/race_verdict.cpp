// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_verdict.h"

#include "ui/models/number_text.h"
#include "ui/models/sweep_point_model.h"
#include "ui/session/race_plan.h"
#include "ui/views/race_comparison.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <optional>

namespace timestep {

namespace {

using Answer = VerdictLine::Answer;

struct Verdict
{
    Q_DECLARE_TR_FUNCTIONS(RaceVerdict)
};

/// What splitting brought, as far as it is certain.
enum class Effect
{
    Unknown, // not measured
    Uncertain,
    Faster,
    Slower,
};

Effect effectOf(const std::optional<TimePair>& pair)
{
    if (!pair)
        return Effect::Unknown;
    if (!pair->certain())
        return Effect::Uncertain;
    return pair->speedUp() > 1 ? Effect::Faster : Effect::Slower;
}

/// "LSTM × 1.94"; "LSTM × 1.02, not certain"
QString effectText(const QString& name, const std::optional<TimePair>& pair)
{
    if (!pair)
        return Verdict::tr("%1 not measured").arg(name);
    const QString text = Verdict::tr("%1 × %2").arg(name, ratioText(pair->speedUp()));
    return pair->certain() ? text : Verdict::tr("%1, not certain").arg(text);
}

/// What stands in the way of every answer; empty: nothing.
QString coresText(const RaceRequest& request)
{
    return request.cores == 1
        ? Verdict::tr("this machine has one core: its threads take turns, whatever is split")
        : QString();
}

std::vector<const SweepPoint*> pointsOf(const std::vector<std::optional<TimePair>>& pairs)
{
    std::vector<const SweepPoint*> points;
    for (const std::optional<TimePair>& pair : pairs)
        if (pair)
            points.insert(points.end(), { pair->before, pair->after });
    return points;
}

/// What it rests on, and a sentence about it, where there is one.
QString joined(QStringList parts, const QString& sentence)
{
    parts.removeAll(QString());
    const QString text = parts.join(QStringLiteral("; "));
    return sentence.isEmpty() ? text : text + QStringLiteral(". ") + sentence;
}

VerdictLine ofAllRows(const RaceMeasurement& measurement)
{
    const RaceRequest& request = measurement.request;
    const int most = mostThreads(request);
    VerdictLine line;
    line.claim = Verdict::tr("%1 on %2: parallel?").arg(rowsText(request.rows), threadsText(most));
    if (request.rows == 1) {
        line.answerText = Verdict::tr("one row cannot be split");
        line.figures = Verdict::tr("set Rows to more than one");
        return line;
    }
    if (most == 1) {
        line.answerText = Verdict::tr("one thread shares with nobody");
        line.figures = Verdict::tr("set Threads to two or more");
        return line;
    }
    const auto split = [&](RaceLine model) {
        return splitOf(request, measurement.points, RacePicture::SpeedUpOfRows, model, most);
    };
    const auto lstm = split(RaceLine::Lstm);
    const auto attention = split(RaceLine::Attention);
    if (!lstm && !attention) {
        line.answerText = Verdict::tr("not measured yet");
        return line;
    }
    const bool both = effectOf(lstm) == Effect::Faster && effectOf(attention) == Effect::Faster;
    const bool none = effectOf(lstm) != Effect::Faster && effectOf(attention) != Effect::Faster;
    const bool certain = (lstm && lstm->certain()) || (attention && attention->certain());
    line.answer = both ? Answer::Yes : none && certain ? Answer::No : Answer::Open;
    line.answerText = both                 ? Verdict::tr("yes, both")
        : none && certain                  ? Verdict::tr("no, neither gained")
        : none                             ? Verdict::tr("no gain is certain")
        : effectOf(lstm) == Effect::Faster ? Verdict::tr("the LSTM, yes")
                                           : Verdict::tr("attention, yes");
    const QString alone = request.subBatches == 1 && request.lstmStrategy == Strategy::SubBatch
        ? Verdict::tr("with 1 sub-batch the LSTM's rows are not shared out")
        : QString();
    line.figures = joined({ Verdict::tr("%1, %2").arg(effectText(Verdict::tr("LSTM"), lstm),
                                effectText(Verdict::tr("attention"), attention)),
                              alone, coresText(request) },
        disturbedSentence(pointsOf({ lstm, attention })));
    return line;
}

/// Every step of every layer ends in one.
QString barriersText(const RaceRequest& request, const TimePair& split)
{
    return Verdict::tr("(%1 barriers)")
        .arg(countNumber(request.speedUpLength * std::max(split.after->cell.layers, 1)));
}

VerdictLine ofOneText(const RaceMeasurement& measurement)
{
    const RaceRequest& request = measurement.request;
    const int most = mostThreads(request);
    VerdictLine line;
    line.claim = Verdict::tr("one text on %1: parallel?").arg(threadsText(most));
    const auto split = [&](RaceLine model) {
        return splitOf(request, measurement.points, RacePicture::SpeedUpOfOne, model, most);
    };
    const auto subBatches = split(RaceLine::Lstm);
    const auto hidden = split(RaceLine::HiddenSplit);
    const auto attention = split(RaceLine::Attention);
    if (!subBatches || !hidden || !attention) {
        line.answerText = most == 1 ? Verdict::tr("one thread shares with nobody")
                                    : Verdict::tr("not measured yet");
        return line;
    }
    const bool bySubBatches = effectOf(subBatches) == Effect::Faster;
    const bool byUnits = effectOf(hidden) == Effect::Faster;
    const bool disturbed = subBatches->disturbed() || hidden->disturbed() || attention->disturbed();
    line.answer = disturbed ? Answer::Open : bySubBatches ? Answer::Yes : Answer::No;
    line.answerText = disturbed ? Verdict::tr("too disturbed to tell")
        : bySubBatches          ? Verdict::tr("faster by sub-batches")
        : byUnits               ? Verdict::tr("LSTM: not by sub-batches, by hidden units")
        : effectOf(hidden) == Effect::Slower
        ? Verdict::tr("LSTM: not by sub-batches, slower by hidden units")
        : Verdict::tr("LSTM: not by sub-batches");
    line.figures = joined(
        { Verdict::tr("%1, %2 %3, %4")
                .arg(effectText(Verdict::tr("sub-batches"), subBatches),
                    effectText(Verdict::tr("hidden units"), hidden), barriersText(request, *hidden),
                    effectText(Verdict::tr("attention, by positions"), attention)),
            coresText(request) },
        disturbedSentence(pointsOf({ subBatches, hidden, attention })));
    return line;
}

/// The points of one line while a text is being written.
struct Writing
{
    const SweepPoint* alone = nullptr; // one row, one thread
    const SweepPoint* split = nullptr; // one row, the most threads
    const SweepPoint* rows = nullptr; // all rows, the most threads
};

Writing writingOf(const RaceMeasurement& measurement, RaceLine line)
{
    Writing writing;
    for (const SweepPoint* point : pointsAt(measurement.points, { RacePicture::Writing, line })) {
        if (point->cell.batch > 1)
            writing.rows = point;
        else if (point->cell.threads == 1)
            writing.alone = point;
        else
            writing.split = point;
    }
    return writing;
}

std::optional<TimePair> splitOfWriting(const Writing& writing)
{
    return writing.alone && writing.split ? std::optional(TimePair { writing.alone, writing.split })
                                          : std::nullopt;
}

/// "LSTM 0.043 ms a token (× 0.71 on 2 threads, 32 rows × 12 a second)"
QString writingText(const QString& name, const Writing& writing)
{
    QStringList parts;
    if (const auto split = splitOfWriting(writing))
        parts.append(
            effectText(Verdict::tr("on %1").arg(threadsText(split->after->cell.threads)), split));
    if (writing.rows) {
        const double perSecond
            = writing.rows->cell.batch * writing.alone->medianMs / writing.rows->medianMs;
        parts.append(Verdict::tr("%1: %2 times the tokens a second")
                         .arg(rowsText(writing.rows->cell.batch), timesText(perSecond)));
    }
    const QString text
        = Verdict::tr("%1 %2 a token").arg(name, durationText(writing.alone->medianMs, 3));
    return parts.isEmpty() ? text
                           : Verdict::tr("%1 (%2)").arg(text, parts.join(QStringLiteral(", ")));
}

VerdictLine ofWriting(const RaceMeasurement& measurement)
{
    VerdictLine line;
    line.claim = Verdict::tr("one text being written: parallel?");
    const Writing lstm = writingOf(measurement, RaceLine::Lstm);
    const Writing attention = writingOf(measurement, RaceLine::Attention);
    if (!lstm.alone || !attention.alone) {
        line.answerText = measurement.request.pass == SweepCell::Pass::Inference
            ? Verdict::tr("not measured yet")
            : Verdict::tr("measured with reading");
        return line;
    }
    // What follows waits for this token by necessity: nothing that is timed can say otherwise. What
    // is timed is whether a step itself could be shared out.
    line.answer = Answer::No;
    const bool lstmShares = effectOf(splitOfWriting(lstm)) == Effect::Faster;
    const bool attentionShares = effectOf(splitOfWriting(attention)) == Effect::Faster;
    line.answerText = lstmShares || attentionShares
        ? Verdict::tr("no, both wait; only within a step is work shared")
        : Verdict::tr("no, both wait");
    line.figures = joined({ writingText(Verdict::tr("LSTM"), lstm),
                              writingText(Verdict::tr("attention"), attention) },
        disturbedSentence({ lstm.alone, lstm.split, lstm.rows, attention.alone, attention.split,
            attention.rows }));
    return line;
}

} // namespace

std::vector<VerdictLine> raceVerdict(const RaceMeasurement& measurement)
{
    return { ofAllRows(measurement), ofOneText(measurement), ofWriting(measurement) };
}

} // namespace timestep
