// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/planned_pair.h"

#include <vector>

namespace timestep {

enum class OperationState
{
    Waiting, // for something that is not done
    NoFreeWorker, // everything it needs is done
    Running,
    Done,
};

/// When each operation of one model could begin, begins and ends, in units of the clock.
class StepsTimes
{
public:
    StepsTimes() = default;
    StepsTimes(const PlannedModel& model, double unitFlops);

    double begin(int operation) const { return m_moments[std::size_t(operation)].begin; }
    double end(int operation) const { return m_moments[std::size_t(operation)].end; }
    int worker(int operation) const { return m_moments[std::size_t(operation)].worker; }
    /// The end of the last of its needs; 0 where it waits for nothing.
    double ready(int operation) const { return m_moments[std::size_t(operation)].ready; }
    /// The need that ends last; −1 where it waits for nothing.
    int lastNeed(int operation) const { return m_moments[std::size_t(operation)].lastNeed; }

    OperationState state(int operation, double time) const
    {
        const Moments& moments = m_moments[std::size_t(operation)];
        const double now = time + m_tolerance;
        if (moments.end <= now)
            return OperationState::Done;
        if (moments.begin <= now)
            return OperationState::Running;
        return moments.ready <= now ? OperationState::NoFreeWorker : OperationState::Waiting;
    }
    /// How much of it is done, 0 … 1.
    double progress(int operation, double time) const;
    /// Whether its picture differs between two times.
    bool changes(int operation, double from, double to) const;

    double finishedAt() const { return m_finishedAt; } // units
    int running(double time) const; // operations at work at that time, each on a worker of its own

private:
    struct Moments
    {
        double begin = 0;
        double end = 0;
        double ready = 0;
        int worker = -1;
        int lastNeed = -1;
    };

    void findReady(const Plan& plan);

    std::vector<Moments> m_moments; // by operation
    double m_finishedAt = 0;
    double m_tolerance = 0; // the clock may reach a moment by another way of rounding
};

} // namespace timestep
