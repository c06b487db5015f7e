// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/threads_sentence.h"

#include "ui/models/number_text.h"

#include <QCoreApplication>

#include <algorithm>
#include <span>

namespace timestep {

namespace {

struct Sentence
{
    Q_DECLARE_TR_FUNCTIONS(ThreadsSentence)
};

constexpr double worthTelling = 0.02; // of the time

/// In one piece where lines break.
QString percent(double share)
{
    return Sentence::tr("%1 %")
        .arg(numberLocale().toString(100 * share, 'f', 0))
        .replace(QLatin1Char(' '), QChar::Nbsp);
}

QString rowsInWords(int rows)
{
    return rows == 1 ? Sentence::tr("one row") : Sentence::tr("%1 rows").arg(rows);
}

/// The threads of a run and the cores that carried them.
struct Carriers
{
    int threads = 1;
    int cores = 1;

    int carrying() const { return std::min(threads, cores); }
    /// "the cores", "the 8 cores", where there are cores to spare "the threads".
    QString all() const
    {
        const bool spare = threads < cores;
        if (carrying() == 1)
            return spare ? Sentence::tr("the thread") : Sentence::tr("the core");
        if (carrying() == 2)
            return spare ? Sentence::tr("the threads") : Sentence::tr("the cores");
        return (spare ? Sentence::tr("the %1 threads") : Sentence::tr("the %1 cores"))
            .arg(carrying());
    }
    /// The same as those that do something: "the cores are".
    QString are() const
    {
        return (carrying() == 1 ? Sentence::tr("%1 is") : Sentence::tr("%1 are")).arg(all());
    }
    /// Those that are left when one works: "a core", "7 of 8 cores".
    QString allButOne() const
    {
        const bool spare = threads < cores || cores == 1;
        const int of = cores == 1 ? threads : carrying();
        if (of == 2)
            return spare ? Sentence::tr("a thread") : Sentence::tr("a core");
        return (spare ? Sentence::tr("%1 of %2 threads") : Sentence::tr("%1 of %2 cores"))
            .arg(of - 1)
            .arg(of);
    }
};

/// Of the lanes on which something ran.
LaneTotals totalsOfWorkers(const TracedGroup& group)
{
    LaneTotals all;
    for (const LaneTimeline& lane : group.lanes) {
        const LaneTotals totals = lane.totals(0, static_cast<double>(group.endNs));
        if (totals.of(LaneState::Work) > 0)
            all += totals;
    }
    return all;
}

bool oneLaneWorked(const TracedGroup& group) { return totalsOfWorkers(group).lanes == 1; }

/// What was to share out the work.
QString meansText(const TracedGroup& group)
{
    switch (group.plan.cut().strategy) {
    case Strategy::HiddenSplit:
        return Sentence::tr("slices of the hidden units");
    case Strategy::LayerWavefront:
        return Sentence::tr("layers one behind the other");
    case Strategy::Head:
        return Sentence::tr("heads");
    case Strategy::QueryBlock:
        return Sentence::tr("blocks of positions");
    case Strategy::Sequential:
        return Sentence::tr("runs in one piece");
    default:
        return Sentence::tr("sub-batches");
    }
}

/// " and wait at barriers 20 %"
QString waitsText(const LaneTotals& totals)
{
    const double barrier = totals.share(LaneState::Barrier);
    const double needs = totals.share(LaneState::WaitingForNeeds);
    if (barrier >= worthTelling)
        return Sentence::tr(" and wait at barriers %1").arg(percent(barrier));
    if (needs >= worthTelling)
        return Sentence::tr(" and wait for what they need %1").arg(percent(needs));
    return {};
}

/// "the cores are busy 97 % of the time in the LSTM, 95 % in attention"
QString busyText(const TracedGroup& lstm, const TracedGroup& attention, const Carriers& carriers)
{
    return Sentence::tr("%1 busy %2 of the time in the LSTM, %3 in attention")
        .arg(carriers.are(), percent(lstm.totals().coresBusy(carriers.cores)),
            percent(attention.totals().coresBusy(carriers.cores)));
}

bool disturbed(std::span<const TracedGroup> groups)
{
    return std::any_of(
        groups.begin(), groups.end(), [](const TracedGroup& group) { return group.disturbed(); });
}

/// Of groups of which other programs disturbed some: nothing about how busy the cores were.
/// Of more threads than cores it is not known: the system may leave a core idle for a moment while
/// two of them queue for the other.
QString disturbedText(std::span<const TracedGroup> groups, const Carriers& carriers)
{
    CoreLoss loss;
    for (const TracedGroup& group : groups) {
        if (group.disturbed())
            loss += group.loss;
    }
    const QString text = carriers.threads > carriers.cores
        ? Sentence::tr("the system gave the cores to other programs, or left one idle, %1 of the "
                       "time: run again on a quiet machine")
        : Sentence::tr("other programs had the cores %1 of the time: run again on a quiet machine");
    return text.arg(percent(loss.share()));
}

/// All rows.
QString manyText(const TracedGroup& lstm, const TracedGroup& attention, const Carriers& carriers)
{
    const LaneTotals workers = totalsOfWorkers(lstm);
    const double waited = workers.share(LaneState::WaitingForCore);
    QString text = Sentence::tr("With %1 %2")
                       .arg(rowsInWords(lstm.rows), busyText(lstm, attention, carriers));
    if (workers.lanes > carriers.cores && waited >= worthTelling)
        text += Sentence::tr("; %1 threads take turns, each waits for a core %2")
                    .arg(workers.lanes)
                    .arg(percent(waited));
    return text + QLatin1Char('.');
}

/// What one model makes of one row: "heads keep the cores busy 48 %".
QString oneRowPart(
    const TracedGroup& group, const Carriers& carriers, const QString& busy, const QString& whose)
{
    const QString means = whose + meansText(group);
    if (oneLaneWorked(group))
        return Sentence::tr("%1 leave %2 with nothing to do").arg(means, carriers.allButOne());
    const LaneTotals totals = group.totals();
    return Sentence::tr("%1 keep %2 busy %3")
               .arg(means, busy, percent(totals.coresBusy(carriers.cores)))
        + waitsText(totals);
}

QString oneRowText(const TracedGroup& lstm, const TracedGroup& attention, const Carriers& carriers)
{
    if (oneLaneWorked(lstm) && oneLaneWorked(attention)) {
        const QString means = lstm.plan.cut().strategy == attention.plan.cut().strategy
            ? meansText(lstm)
            : Sentence::tr("%1 and %2").arg(meansText(lstm), meansText(attention));
        return Sentence::tr("With one row, %1 leave %2 with nothing to do.")
            .arg(means, carriers.allButOne());
    }
    const bool named = !oneLaneWorked(lstm); // "them" has been said
    return Sentence::tr("With one row, %1; %2.")
        .arg(oneRowPart(lstm, carriers, carriers.all(), Sentence::tr("the LSTM’s ")),
            oneRowPart(attention, carriers, named ? Sentence::tr("them") : carriers.all(),
                Sentence::tr("attention’s ")));
}

QString oneThreadText(const TracedRun& run, const Carriers& carriers)
{
    const auto& groups = run.groups;
    QString text = Sentence::tr("One thread waits for no other: with %1 it is busy %2 of the time "
                                "in the LSTM, %3 in attention")
                       .arg(rowsInWords(groups[0].rows),
                           percent(groups[0].totals().coresBusy(carriers.cores)),
                           percent(groups[1].totals().coresBusy(carriers.cores)));
    if (groups.size() == 4)
        text += Sentence::tr("; with one row %1 and %2")
                    .arg(percent(groups[2].totals().coresBusy(carriers.cores)),
                        percent(groups[3].totals().coresBusy(carriers.cores)));
    return text + QLatin1Char('.');
}

QString allDisturbedText(std::span<const TracedGroup> groups, const Carriers& carriers)
{
    QString text = disturbedText(groups, carriers) + QLatin1Char('.');
    text[0] = text[0].toUpper();
    return text;
}

/// "With one row, other programs had …"
QString partDisturbedText(std::span<const TracedGroup> groups, const Carriers& carriers)
{
    return Sentence::tr("With %1, %2.")
        .arg(rowsInWords(groups[0].rows), disturbedText(groups, carriers));
}

} // namespace

QString threadsSentence(const TracedRun& run)
{
    const Carriers carriers { run.request.settings.threads, run.request.cores };
    const std::span<const TracedGroup> groups = run.groups;
    if (carriers.threads == 1)
        return disturbed(groups) ? allDisturbedText(groups, carriers)
                                 : oneThreadText(run, carriers);
    const auto many = groups.first(2);
    const auto one = groups.last(2);
    if (disturbed(many) && disturbed(one))
        return allDisturbedText(groups, carriers);
    const QString oneText
        = disturbed(one) ? partDisturbedText(one, carriers) : oneRowText(one[0], one[1], carriers);
    if (groups.size() < 4)
        return oneText;
    return (disturbed(many) ? partDisturbedText(many, carriers)
                            : manyText(many[0], many[1], carriers))
        + QLatin1Char(' ') + oneText;
}

} // namespace timestep
