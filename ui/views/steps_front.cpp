// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_front.h"

#include <algorithm>

namespace timestep {

namespace {

/// When each step is done in every strip, by one tier.
void takeEnds(const StepsModel& model, const StepsTier& tier, std::vector<double>& done)
{
    for (std::size_t step = 0; step < done.size(); ++step) {
        for (int part = 0; part < tier.parts; ++part) {
            if (const int operation = tier.operation(int(step), part); operation >= 0)
                done[step] = std::max(done[step], model.times.end(operation));
        }
    }
}

/// How many entries of an ascending list are over, with the share of the next one.
double passed(const std::vector<double>& done, double time)
{
    const auto next = std::upper_bound(done.begin(), done.end(), time);
    if (next == done.end())
        return double(done.size());
    const double from = next == done.begin() ? 0.0 : *(next - 1);
    const double share = *next > from ? std::clamp((time - from) / (*next - from), 0.0, 1.0) : 0.0;
    return double(next - done.begin()) + share;
}

void accumulateLargest(std::vector<double>& values)
{
    for (std::size_t i = 1; i < values.size(); ++i)
        values[i] = std::max(values[i], values[i - 1]);
}

} // namespace

StepsFront::StepsFront(const StepsModel& model)
    : m_done(std::size_t(model.grid.steps()), 0.0)
    , m_end(model.grid.stepsAndTails())
{
    std::vector<double> back;
    for (const StepsStrip& strip : model.grid.strips()) {
        takeEnds(model, strip.forwardEnd(), m_done);
        if (const StepsTier* tier = strip.tier(OperationKind::RecurrentBackward)) {
            back.resize(m_done.size());
            takeEnds(model, *tier, back);
        }
    }
    accumulateLargest(m_done);
    m_backDone.assign(back.rbegin(), back.rend());
    accumulateLargest(m_backDone);
}

double StepsFront::at(double time) const
{
    if (!m_backDone.empty() && time > m_done.back())
        return time > m_backDone.back() ? m_end : double(m_done.size()) - passed(m_backDone, time);
    return passed(m_done, time);
}

} // namespace timestep
