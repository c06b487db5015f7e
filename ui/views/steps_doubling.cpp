// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_doubling.h"

#include "engine/measurement/state_bytes.h"
#include "ui/views/steps_figures.h"

#include <QCoreApplication>
#include <QStringList>

namespace timestep {

namespace {

QString tr(const char* text) { return QCoreApplication::translate("Steps", text); }

QString times(const QString& what, double half, double whole)
{
    return half > 0 ? tr("%1 × %2").arg(what, ratioNumber(whole / half)) : QString();
}

QString times(const QString& what, std::size_t half, std::size_t whole)
{
    return times(what, static_cast<double>(half), static_cast<double>(whole));
}

QStringList ofThePlans(const PlannedModel& half, const PlannedModel& whole)
{
    return { times(tr("done at"), half.schedule.length, whole.schedule.length),
        times(tr("longest chain"), double(half.chain), double(whole.chain)),
        times(tr("arithmetic"), half.summary.work, whole.summary.work) };
}

QString line(const QString& model, QStringList parts)
{
    parts.removeAll(QString());
    return tr("%1, twice the text: %2").arg(model, parts.join(tr(" · ")));
}

} // namespace

std::array<QString, 2> stepsDoubling(const PlannedPair& half, const PlannedPair& whole)
{
    const PlanShape& lstmHalf = half.lstm.plan.shape();
    const PlanShape& lstmWhole = whole.lstm.plan.shape();
    if (lstmWhole.steps <= lstmHalf.steps)
        return {};
    const PlanShape& attentionHalf = half.attention.plan.shape();
    const PlanShape& attentionWhole = whole.attention.plan.shape();
    QStringList lstm = ofThePlans(half.lstm, whole.lstm);
    lstm << times(tr("state"), lstmStateBytes(lstmHalf), lstmStateBytes(lstmWhole));
    QStringList attention = ofThePlans(half.attention, whole.attention);
    attention << times(
        tr("keys and values"), keyValueBytes(attentionHalf), keyValueBytes(attentionWhole))
              << times(tr("affinities"), storedAffinityBytes(attentionHalf),
                     storedAffinityBytes(attentionWhole));
    return { line(tr("LSTM"), lstm), line(tr("Attention"), attention) };
}

} // namespace timestep
