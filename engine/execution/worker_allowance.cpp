// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/worker_allowance.h"

#include <tbb/global_control.h>

#include <memory>
#include <mutex>

namespace timestep {

namespace {

/// The process's limit; oneTBB's pool is the process's, too.
class Limit
{
public:
    void add(int threads)
    {
        const std::lock_guard lock(m_mutex);
        m_threads += threads;
        // The new limit stands before the old one goes, or the number of cores would hold in
        // between.
        std::unique_ptr<tbb::global_control> next;
        if (m_threads > 0)
            next = std::make_unique<tbb::global_control>(
                tbb::global_control::max_allowed_parallelism,
                static_cast<std::size_t>(m_threads) + 1);
        m_control = std::move(next);
    }

private:
    std::mutex m_mutex;
    int m_threads = 0;
    std::unique_ptr<tbb::global_control> m_control;
};

Limit& limit()
{
    static Limit limit;
    return limit;
}

} // namespace

WorkerAllowance::WorkerAllowance(int threads)
    : m_threads(threads)
{
    limit().add(m_threads);
}

WorkerAllowance::~WorkerAllowance() { limit().add(-m_threads); }

} // namespace timestep
