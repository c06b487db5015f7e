// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/plan_events.h"

#include <QCoreApplication>

#include <algorithm>
#include <map>
#include <optional>

namespace timestep {

namespace {

struct PlanEvents
{
    Q_DECLARE_TR_FUNCTIONS(PlanEvents)
};

/// In flops; nothing where it is so from the beginning on, or never before the end.
std::optional<double> firstIdle(const Schedule& schedule, int workers)
{
    std::map<double, int> changes; // of those that run
    for (const ScheduledOperation& operation : schedule.operations) {
        ++changes[operation.begin];
        --changes[operation.end];
    }
    int running = 0;
    for (const auto& [time, change] : changes) {
        running += change;
        if (running < workers)
            return time > 0 && time < schedule.length ? std::optional(time) : std::nullopt;
    }
    return std::nullopt;
}

/// When the last operation of a kind ends, in flops; 0: there is none.
double lastEnd(const PlannedModel& model, OperationKind kind)
{
    double end = 0;
    const auto operations = model.plan.operations();
    for (std::size_t i = 0; i < model.schedule.operations.size(); ++i)
        if (operations[i].kind == kind)
            end = std::max(end, model.schedule.operations[i].end);
    return end;
}

class Events
{
public:
    explicit Events(double unitFlops)
        : m_unitFlops(unitFlops)
    {
    }

    void add(double flops, const QString& text)
    {
        m_events.push_back({ flops / m_unitFlops, text });
    }

    std::vector<PlaybackEvent> take()
    {
        std::stable_sort(m_events.begin(), m_events.end(),
            [](const PlaybackEvent& a, const PlaybackEvent& b) { return a.time < b.time; });
        std::vector<PlaybackEvent> merged;
        for (const PlaybackEvent& event : m_events) {
            if (!merged.empty() && event.time - merged.back().time < 1e-9 * event.time)
                merged.back().text += QStringLiteral(" · ") + event.text;
            else
                merged.push_back(event);
        }
        return merged;
    }

private:
    double m_unitFlops;
    std::vector<PlaybackEvent> m_events;
};

} // namespace

std::vector<PlaybackEvent> planEvents(const PlannedPair& pair)
{
    Events events(pair.unitFlops);
    const double inputs = lastEnd(pair.lstm, OperationKind::InputHalf);
    // While the last steps run, their input halves are always done: that says nothing.
    if (inputs > 0 && inputs < 0.9 * pair.lstm.schedule.length)
        events.add(inputs, PlanEvents::tr("LSTM: all input halves done, its chain is left"));
    for (const PlannedModel* model : { &pair.lstm, &pair.attention }) {
        const bool lstm = model == &pair.lstm;
        if (const auto idle = firstIdle(model->schedule, pair.workers))
            events.add(*idle,
                lstm ? PlanEvents::tr("LSTM: a worker has nothing to do")
                     : PlanEvents::tr("attention: a worker has nothing to do"));
        if (model->schedule.length > 0)
            events.add(model->schedule.length,
                lstm ? PlanEvents::tr("LSTM: done") : PlanEvents::tr("attention: done"));
    }
    return events.take();
}

} // namespace timestep
