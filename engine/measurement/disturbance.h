// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <optional>

namespace timestep {

/// Whether other programs take cores from this one's threads, from its making on. To ask takes some
/// 0.1 ms, in which workers may fall asleep: so it is made and asked outside of what is timed.
class Disturbance
{
public:
    /// Threads of this process were ready, but without a core, for more than 5 % of the time so
    /// far, all of them together: what a quiet system takes for itself (1 to 2 %) does not count.
    /// Where the system does not tell, whether any thread has lost its core.
    bool seen() const;

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
    std::optional<double> m_waitedBefore = millisecondsWithoutACore();
    long m_switchesBefore = involuntarySwitches();

    static std::optional<double> millisecondsWithoutACore();
    static long involuntarySwitches();
};

} // namespace timestep
