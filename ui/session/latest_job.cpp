// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/latest_job.h"

#include <utility>

namespace timestep {

LatestJob::LatestJob(std::function<void()> wake)
    : m_wake(std::move(wake))
    , m_thread([this](const std::stop_token& closing) { workOff(closing); })
{
}

LatestJob::~LatestJob()
{
    cancel();
    m_thread.request_stop();
    m_thread.join();
}

void LatestJob::start(Work work)
{
    {
        const std::lock_guard lock(m_mutex);
        replaceLocked();
        m_waiting = Job { m_latestId, std::move(work), std::stop_source() };
    }
    m_newJob.notify_one();
}

void LatestJob::cancel()
{
    const std::lock_guard lock(m_mutex);
    replaceLocked();
}

void LatestJob::replaceLocked()
{
    ++m_latestId;
    m_runningStop.request_stop();
    m_waiting.reset();
    m_deliveries.clear();
}

void LatestJob::deliver()
{
    std::unique_lock lock(m_mutex);
    m_wakePending = false;
    const std::uint64_t id = m_latestId;
    std::vector<Delivery> deliveries = std::exchange(m_deliveries, {});
    for (const Delivery& delivery : deliveries) {
        lock.unlock();
        delivery();
        lock.lock();
        if (id != m_latestId)
            return; // the delivery itself has started a newer job
    }
}

bool LatestJob::busy() const
{
    const std::lock_guard lock(m_mutex);
    return m_waiting || m_runningId == m_latestId || !m_deliveries.empty();
}

void LatestJob::workOff(const std::stop_token& closing)
{
    while (true) {
        Job job;
        {
            std::unique_lock lock(m_mutex);
            if (!m_newJob.wait(lock, closing, [this] { return m_waiting.has_value(); }))
                return;
            job = std::move(*m_waiting);
            m_waiting.reset();
            m_runningId = job.id;
            m_runningStop = job.stop;
        }
        job.work(job.stop.get_token(),
            [this, id = job.id](Delivery delivery) { handOver(id, std::move(delivery)); });
        finished(job.id);
    }
}

void LatestJob::handOver(std::uint64_t id, Delivery delivery)
{
    std::unique_lock lock(m_mutex);
    if (id != m_latestId)
        return;
    m_deliveries.push_back(std::move(delivery));
    wakeOwner(lock);
}

/// The owner hears of the end, too: `busy` has changed.
void LatestJob::finished(std::uint64_t id)
{
    std::unique_lock lock(m_mutex);
    m_runningId.reset();
    if (id == m_latestId)
        wakeOwner(lock);
}

void LatestJob::wakeOwner(std::unique_lock<std::mutex>& lock)
{
    if (std::exchange(m_wakePending, true))
        return;
    lock.unlock(); // the owner may come at once
    m_wake();
}

} // namespace timestep
