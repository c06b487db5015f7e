// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_front.h"

#include <algorithm>

namespace timestep {

StepsFront::StepsFront(const StepsModel& model)
    : m_done(std::size_t(model.grid.steps()), 0.0)
{
    for (const StepsStrip& strip : model.grid.strips()) {
        const StepsTier& last = strip.tiers.back();
        for (std::size_t step = 0; step < m_done.size(); ++step) {
            for (int part = 0; part < last.parts; ++part) {
                if (const int operation = last.operation(int(step), part); operation >= 0)
                    m_done[step] = std::max(m_done[step], model.times.end(operation));
            }
        }
    }
    for (std::size_t step = 1; step < m_done.size(); ++step)
        m_done[step] = std::max(m_done[step], m_done[step - 1]);
}

double StepsFront::at(double time) const
{
    const auto next = std::upper_bound(m_done.begin(), m_done.end(), time);
    if (next == m_done.end())
        return double(m_done.size());
    const double from = next == m_done.begin() ? 0.0 : *(next - 1);
    const double share = *next > from ? std::clamp((time - from) / (*next - from), 0.0, 1.0) : 0.0;
    return double(next - m_done.begin()) + share;
}

} // namespace timestep
