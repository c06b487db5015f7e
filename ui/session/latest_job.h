// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <vector>

namespace timestep {

/// One lane of work: a thread that works on the latest job it was given. A newer job stops the one
/// that runs and replaces one that waits, and whatever a replaced job handed over is dropped.
/// Knows nothing of widgets or event loops: `wake` asks the owner's thread to call `deliver` soon.
class LatestJob
{
public:
    /// Run by the owner's thread, and only while the job that handed it over is the latest.
    using Delivery = std::function<void()>;
    using HandOver = std::function<void(Delivery)>;
    /// Runs on the lane's thread; must not throw, and must return soon after a stop request.
    using Work = std::function<void(std::stop_token stop, const HandOver& handOver)>;

    /// `wake` is called from the lane's thread, once for any number of deliveries that wait.
    explicit LatestJob(std::function<void()> wake);
    /// Stops the job that runs and waits for its end.
    ~LatestJob();
    LatestJob(const LatestJob&) = delete;
    LatestJob& operator=(const LatestJob&) = delete;

    void start(Work work);
    void cancel(); // as `start` with nothing to do

    /// Owner's thread: runs what the latest job has handed over so far, in order.
    void deliver();
    /// A job waits, runs, or has something to deliver.
    bool busy() const;

private:
    struct Job
    {
        std::uint64_t id = 0;
        Work work;
        std::stop_source stop;
    };

    void workOff(const std::stop_token& closing);
    void handOver(std::uint64_t id, Delivery delivery);
    void finished(std::uint64_t id);
    void replaceLocked();
    void wakeOwner(std::unique_lock<std::mutex>& lock);

    const std::function<void()> m_wake;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_newJob;
    std::uint64_t m_latestId = 0;
    std::optional<Job> m_waiting;
    std::optional<std::uint64_t> m_runningId;
    std::stop_source m_runningStop;
    std::vector<Delivery> m_deliveries; // of the latest job
    bool m_wakePending = false;
    std::jthread m_thread; // last: it uses everything above
};

} // namespace timestep
