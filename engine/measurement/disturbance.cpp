// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/disturbance.h"

#include <filesystem>
#include <fstream>
#include <sys/resource.h>
#include <system_error>

namespace timestep {

/// Of all threads of this process so far: the second number of each thread's schedstat (Linux,
/// Documentation/scheduler/sched-stats). Not set where the system does not tell.
std::optional<double> Disturbance::millisecondsWithoutACore()
{
    double milliseconds = 0;
    bool told = false;
    std::error_code failure;
    std::filesystem::directory_iterator thread("/proc/self/task", failure);
    for (; !failure && thread != std::filesystem::directory_iterator(); thread.increment(failure)) {
        std::ifstream file(thread->path() / "schedstat");
        double ran = 0;
        double waited = 0; // both ns
        if (file >> ran >> waited) {
            milliseconds += waited * 1e-6;
            told = true;
        }
    }
    return told ? std::optional(milliseconds) : std::nullopt;
}

long Disturbance::involuntarySwitches()
{
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_nivcsw;
}

bool Disturbance::seen() const
{
    constexpr double Negligible = 0.05;
    const std::chrono::duration<double, std::milli> passed
        = std::chrono::steady_clock::now() - m_begin;
    const std::optional<double> waited = millisecondsWithoutACore();
    if (waited && m_waitedBefore)
        return *waited - *m_waitedBefore > Negligible * passed.count();
    return involuntarySwitches() > m_switchesBefore;
}

} // namespace timestep
