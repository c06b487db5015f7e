// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_changes.h"

#include "ui/models/number_text.h"
#include "ui/models/race_text.h"
#include "ui/views/race_pictures.h"

#include <QCoreApplication>

#include <tuple>

namespace timestep {

namespace {

struct Changes
{
    Q_DECLARE_TR_FUNCTIONS(RaceChanges)
};

QString subBatchesText(int count)
{
    return count == 1 ? Changes::tr("1 sub-batch") : Changes::tr("%1 sub-batches").arg(count);
}

QString machineText(const Machine& machine)
{
    return machine.processor.empty()
        ? Changes::tr("an unknown machine")
        : Changes::tr("%1, %2").arg(
            QString::fromStdString(machine.processor), coresText(machine.cores));
}

class ChangeList
{
public:
    /// "4 sub-batches instead of 1 sub-batch"
    void add(const QString& before, const QString& now)
    {
        if (before != now)
            m_changes.append(Changes::tr("%1 instead of %2").arg(now, before));
    }

    /// "4 sub-batches instead of 1": the second number speaks for itself.
    void add(int before, int now, QString (*text)(int))
    {
        if (before != now)
            m_changes.append(Changes::tr("%1 instead of %2").arg(text(now), countNumber(before)));
    }

    void add(const QString& change) { m_changes.append(change); }

    QStringList take() { return std::move(m_changes); }

private:
    QStringList m_changes;
};

void addMachine(ChangeList& changes, const Machine& before, const Machine& now)
{
    const auto computer = [](const Machine& machine) {
        return std::tie(machine.processor, machine.cores, machine.memoryBytes);
    };
    if (computer(before) != computer(now)) {
        const QString was = machineText(before);
        const QString is = machineText(now);
        changes.add(was == is ? Changes::tr("another machine of the same kind")
                              : Changes::tr("another machine (%1 instead of %2)").arg(is, was));
    }
    if (before.version != now.version)
        changes.add(
            Changes::tr("version %1 instead of %2")
                .arg(QString::fromStdString(now.version), QString::fromStdString(before.version)));
}

/// What is drawn against anything but length is of one length.
void addLength(ChangeList& changes, const RaceRequest& before, const RaceRequest& now)
{
    const auto oneLength = [](RaceQuestion question) {
        return question == RaceQuestion::Rows || question == RaceQuestion::SubBatches;
    };
    if (oneLength(before.question) && oneLength(now.question))
        changes.add(before.speedUpLength, now.speedUpLength,
            [](int length) { return Changes::tr("%1 tokens").arg(countNumber(length)); });
}

} // namespace

QStringList raceChanges(const RaceMeasurement& before, const RaceMeasurement& now)
{
    const RaceRequest& was = before.request;
    const RaceRequest& is = now.request;
    ChangeList changes;
    if (was.question != RaceQuestion::Memory && is.question != RaceQuestion::Memory)
        changes.add(passText(was.pass), passText(is.pass));
    changes.add(racedText(was), racedText(is));
    if (was.question != RaceQuestion::Rows || is.question != RaceQuestion::Rows)
        changes.add(was.rows, is.rows, rowsText);
    if (was.question != RaceQuestion::SubBatches || is.question != RaceQuestion::SubBatches)
        changes.add(was.subBatches, is.subBatches, subBatchesText);
    if (was.lstmStrategy != is.lstmStrategy)
        changes.add(Changes::tr("LSTM %1 instead of %2")
                        .arg(strategyText(is.lstmStrategy), strategyText(was.lstmStrategy)));
    if (was.attentionStrategy != is.attentionStrategy)
        changes.add(
            Changes::tr("attention %1 instead of %2")
                .arg(strategyText(is.attentionStrategy), strategyText(was.attentionStrategy)));
    changes.add(was.threads, is.threads, threadsText);
    addLength(changes, was, is);
    if (!before.points.empty() && !now.points.empty())
        changes.add(kernelText(before), kernelText(now));
    addMachine(changes, before.machine, now.machine);
    return changes.take();
}

} // namespace timestep
