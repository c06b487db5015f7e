// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_sentence.h"

#include "ui/views/trace_statement.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Steps", text); }

constexpr double busyToTheEnd = 0.995; // of all workers' time
constexpr double hardlyIdle = 0.9;
constexpr double alike = 0.03; // shares or times that differ by less count as the same
constexpr double chainLimited = 1.005; // times the span: more workers could not finish sooner

QString workersText(int workers)
{
    return workers == 1 ? tr("1 worker") : tr("%1 workers").arg(countNumber(workers));
}

int percent(double share) { return int(std::floor(share * 100 + 1e-9)); }

bool sameTime(const StepsFigures& figures)
{
    const double lstm = figures.lstm.finishedAt;
    const double attention = figures.attention.finishedAt;
    return std::abs(lstm - attention) <= alike * std::max(lstm, attention);
}

/// "The LSTM is done at 8.5 units, attention at 1.1."
QString finishedText(const StepsFigures& figures)
{
    const QString lstm = unitsText(figures.lstm.finishedAt);
    const QString attention = unitsText(figures.attention.finishedAt);
    if (lstm == attention)
        return tr("Both are done at %1.").arg(lstm);
    if (figures.attention.finishedAt < figures.lstm.finishedAt)
        return tr("Attention is done at %1, the LSTM at %2.")
            .arg(attention, ratioNumber(figures.lstm.finishedAt));
    return tr("The LSTM is done at %1, attention at %2.")
        .arg(lstm, ratioNumber(figures.attention.finishedAt));
}

/// Why times differ although nobody is idle.
QString arithmeticText(const StepsFigures& figures)
{
    const double ratio = figures.attention.work / figures.lstm.work;
    const QString lstm = figures.oneLayer ? tr("One LSTM layer") : tr("The LSTM");
    const QString attention = figures.oneLayer ? tr("One attention layer") : tr("Attention");
    return tr("%1 has %2 times the arithmetic.")
        .arg(ratio > 1 ? attention : lstm, ratioNumber(ratio > 1 ? ratio : 1 / ratio));
}

QString whatKeepsTheLstmBusy(const StepsFigures& figures)
{
    const StepsModelFigures& lstm = figures.lstm;
    const double lead = lstm.busyShare - figures.attention.busyShare;
    const QString asBusy = lead < -alike ? tr("almost as busy as attention")
        : lead > alike                   ? tr("busier than attention")
                                         : tr("as busy as attention");
    if (lstm.subBatches > 1)
        return tr("%1 rows split into %2 keep an LSTM %3.")
            .arg(countNumber(figures.rows), countNumber(lstm.subBatches), asBusy);
    if (lstm.strategy == Strategy::HiddenSplit && lstm.slices > 1)
        return tr("hidden units split into %1 slices keep an LSTM %2.")
            .arg(countNumber(lstm.slices), asBusy);
    if (lstm.layers > 1)
        return tr("the layers of one chain, and what they can do ahead, keep an LSTM %1.")
            .arg(asBusy);
    return tr("one chain, and the input halves done ahead of it, keep an LSTM %1.").arg(asBusy);
}

QString bothBusy(const StepsFigures& figures)
{
    const double least = std::min(figures.lstm.busyShare, figures.attention.busyShare);
    const QString workers = workersText(figures.workers);
    const QString busy = least >= busyToTheEnd
        ? tr("%1 are busy to the end in both: ").arg(workers)
        : tr("%1 are busy at least %2 % of the time in both: ").arg(workers).arg(percent(least));
    return busy + whatKeepsTheLstmBusy(figures);
}

/// How many chains there are, as against the workers.
QString chainsText(const StepsFigures& figures)
{
    const int chains = figures.lstm.subBatches;
    if (chains > 1)
        return figures.workers > chains
            ? tr("More workers than chains: ")
            : tr("%1 chains for %2: ").arg(countNumber(chains), workersText(figures.workers));
    if (figures.rows == 1)
        return tr("One row is one chain: ");
    return tr("%1 rows kept together are one chain: ").arg(countNumber(figures.rows));
}

QString cellsText(int cells)
{
    return cells == 1 ? tr("1 cell") : tr("%1 cells").arg(countNumber(cells));
}

/// Of cells, a layer at a step each, that wait for each other. Where the counts are not what depth
/// and length make them, they stand alone.
QString chainsOfLayers(const StepsFigures& figures)
{
    const StepsModelFigures& lstm = figures.lstm;
    const StepsModelFigures& attention = figures.attention;
    QString text = tr("the LSTM's longest chain is %1").arg(cellsText(lstm.chain));
    if (lstm.chain == figures.steps + lstm.layers - 1)
        text += tr(", %1 tokens + %2 layers − 1")
                    .arg(countNumber(figures.steps), countNumber(lstm.layers));
    text += tr("; attention's is %1").arg(countNumber(attention.chain));
    if (attention.chain == attention.layers)
        text += tr(", one a layer, however long the text");
    return text + u'.';
}

QString whatHoldsTheLstmBack(const StepsFigures& figures)
{
    const StepsModelFigures& lstm = figures.lstm;
    if (lstm.finishedAt > chainLimited * lstm.span)
        return tr("the LSTM keeps its workers busy only %1 % of the time.")
            .arg(percent(lstm.busyShare));
    if (lstm.strategy == Strategy::HiddenSplit && lstm.slices > 1)
        return tr(
            "each LSTM step is split into %1 slices, and all wait for all of the step before.")
            .arg(countNumber(lstm.slices));
    if (lstm.layers > 1)
        return chainsOfLayers(figures);
    const int ahead = int(std::lround(lstm.inputShare * 100));
    if (ahead >= 49 && ahead <= 51)
        return tr("half of each LSTM step is done ahead, the other half stays a chain.");
    return tr("%1 % of each LSTM step is done ahead, the other %2 % stays a chain.")
        .arg(ahead)
        .arg(100 - ahead);
}

/// Nothing but the rows, and what a single step can be cut into, is left to share out.
QString bothChains(const StepsFigures& figures)
{
    const int chains = std::max(figures.lstm.subBatches, figures.attention.subBatches);
    const QString both = chains == 1
        ? tr("While the text is being written, both are one chain: ")
        : tr("While the text is being written, both are %1 chains, one a sub-batch: ")
              .arg(countNumber(chains));
    return both + tr("each token waits for the one before it, in attention as in the LSTM. ")
        + finishedText(figures);
}

/// What it would bring to begin a step without the one before it. What that costs stands below.
QString brokenLinkText(const StepsFigures& figures)
{
    const StepsModelFigures& lstm = figures.lstm;
    const double saved = figures.finishedUnbroken - lstm.finishedAt;
    const QString done = saved > alike * figures.finishedUnbroken
        ? tr("it is done at %1 instead of %2")
              .arg(unitsText(lstm.finishedAt), ratioNumber(figures.finishedUnbroken))
        : tr("it is done at %1 all the same, %2 being busy anyway")
              .arg(unitsText(lstm.finishedAt), workersText(figures.workers));
    return tr("With one link broken the LSTM's longest chain is %1 instead of %2 and %3")
        .arg(cellsText(lstm.chain), countNumber(figures.chainUnbroken), done);
}

/// There and back, then once together.
QString trainingText(const StepsFigures& figures)
{
    const QString chains
        = tr("Trained, the LSTM is a chain of %1 there and back, attention of %2")
              .arg(cellsText(figures.lstm.chain), countNumber(figures.attention.chain));
    const QString after = figures.lstm.subBatches > 1
        ? tr("; then %1 sub-batches wait once for the sum of their gradients. ")
              .arg(countNumber(figures.lstm.subBatches))
        : QStringLiteral(". ");
    return chains + after + finishedText(figures);
}

/// One worker does everything in one model at least.
QString sequentialText(const StepsFigures& figures)
{
    const bool both = figures.attention.strategy == Strategy::Sequential;
    const StepsModelFigures& lstm = figures.lstm;
    if (both)
        return tr("Sequential: one worker does everything, one cell after the other. ")
            + finishedText(figures);
    if (lstm.strategy == Strategy::Sequential)
        return tr("The LSTM sequential: one worker does %1 layers × %2 steps one after the other. ")
                   .arg(countNumber(lstm.layers), countNumber(figures.steps))
            + finishedText(figures);
    return tr("Attention sequential: one worker does all positions one after the other. ")
        + finishedText(figures);
}

QString attentionIdle(const StepsFigures& figures)
{
    return tr("The LSTM keeps %1 busy %2 % of the time, attention %3 %. ")
               .arg(workersText(figures.workers))
               .arg(percent(figures.lstm.busyShare))
               .arg(percent(figures.attention.busyShare))
        + finishedText(figures);
}

QString sentenceOf(const StepsFigures& figures, bool brief)
{
    if (figures.steps == 0)
        return tr("Type a text above, and see which steps wait for which.");
    if (figures.steps == 1)
        return tr("One token has no step before it to wait for. ") + finishedText(figures);
    if (figures.workers == 1)
        return tr("One worker is never idle, whatever waits for what. ") + finishedText(figures);
    if (figures.lstm.strategy == Strategy::Sequential
        || figures.attention.strategy == Strategy::Sequential)
        return sequentialText(figures);
    if (figures.training)
        return trainingText(figures);
    if (figures.beingWritten)
        return bothChains(figures);
    if (figures.brokenLink)
        return brokenLinkText(figures)
            + (brief ? QStringLiteral(".") : tr(", but it no longer knows what came before."));
    const bool lstmBusy = figures.lstm.busyShare >= hardlyIdle;
    const bool attentionBusy = figures.attention.busyShare >= hardlyIdle;
    if (lstmBusy && attentionBusy)
        return brief || sameTime(figures) ? bothBusy(figures)
                                          : bothBusy(figures) + u' ' + arithmeticText(figures);
    if (lstmBusy)
        return attentionIdle(figures);
    return chainsText(figures) + whatHoldsTheLstmBack(figures) + u' ' + finishedText(figures);
}

} // namespace

QString realRunSentence(const StepsFigures& planned, const MeasuredPair& measured)
{
    const auto both = [&](int model) {
        const auto index = std::size_t(model);
        return tr("%1 by the plan, measured %2 = %3")
            .arg(unitsText(measured.plannedUnits[index]), traceMs(measured.ns[index] * 1e-6),
                unitsText(measured.measuredUnits(model)));
    };
    const QString threads = measured.threads > measured.cores
        ? tr("%1 threads of %2 cores").arg(measured.threads).arg(measured.cores)
        : measured.threads == 1 ? tr("1 thread")
                                : tr("%1 threads").arg(measured.threads);
    const QString sentence
        = tr("Planned above on %1: LSTM %2, attention %3. On the %4 that ran: LSTM %5; attention "
             "%6.")
              .arg(planned.workers == 1 ? tr("1 imagined worker")
                                        : tr("%1 imagined workers").arg(planned.workers),
                  unitsText(planned.lstm.finishedAt), ratioNumber(planned.attention.finishedAt),
                  threads, both(0), both(1));
    return measured.disturbed ? sentence + tr(" Other programs disturbed it.") : sentence;
}

QString stepsSentence(const StepsFigures& figures) { return sentenceOf(figures, false); }

QString briefStepsSentence(const StepsFigures& figures) { return sentenceOf(figures, true); }

} // namespace timestep
