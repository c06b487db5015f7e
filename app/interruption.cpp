// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/interruption.h"

#include "app/output_file.h"

#include <chrono>
#include <csignal>
#include <pthread.h>
#include <string_view>
#include <unistd.h>

namespace timestep {

namespace {

/// Ctrl-C stops within 100 ms; the rest is for the system to take the process down.
constexpr std::chrono::milliseconds timeToFinish(60);

/// Held by work that is not to be ended by force.
std::mutex uninterrupted;

/// Ends the waiting for signals; it has no other meaning here.
constexpr int wakeSignal = SIGUSR1;

sigset_t waitedSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int signal : { SIGINT, SIGTERM, wakeSignal })
        sigaddset(&signals, signal);
    return signals;
}

} // namespace

UninterruptedWork::UninterruptedWork() { uninterrupted.lock(); }

UninterruptedWork::~UninterruptedWork() { uninterrupted.unlock(); }

Interruption::Interruption()
{
    const sigset_t signals = waitedSignals();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    m_waiter = std::thread(&Interruption::waitForSignal, this);
}

Interruption::~Interruption()
{
    {
        const std::lock_guard lock(m_mutex);
        m_finished = true;
    }
    m_finishedChanged.notify_all();
    pthread_kill(m_waiter.native_handle(), wakeSignal);
    m_waiter.join();
}

void Interruption::waitForSignal()
{
    const sigset_t signals = waitedSignals();
    int signal = 0;
    while (sigwait(&signals, &signal) != 0) { }
    if (signal == wakeSignal)
        return;
    m_stop.request_stop();
    endUnlessFinished();
}

void Interruption::endUnlessFinished()
{
    std::unique_lock lock(m_mutex);
    if (m_finishedChanged.wait_for(lock, timeToFinish, [this] { return m_finished; }))
        return;
    lock.unlock();
    const std::lock_guard ended(uninterrupted);
    lock.lock(); // what was waited for may have been the last thing to do
    if (m_finishedChanged.wait_for(lock, timeToFinish, [this] { return m_finished; }))
        return;
    OutputFile::removeUnfinished();
    constexpr std::string_view message = "timestep: interrupted\n";
    [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message.data(), message.size());
    _exit(1);
}

} // namespace timestep
