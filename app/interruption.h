// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/error.h"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace timestep {

/// The work was stopped by Ctrl-C: exit 1, one line.
class Interrupted : public Error
{
public:
    Interrupted()
        : Error("interrupted")
    {
    }
    using Error::Error;
};

/// While it lives, work is not ended by force: for a file that is being put in its place.
class UninterruptedWork
{
public:
    UninterruptedWork();
    ~UninterruptedWork();
    UninterruptedWork(const UninterruptedWork&) = delete;
    UninterruptedWork& operator=(const UninterruptedWork&) = delete;
};

/// Turns SIGINT and SIGTERM into a stop request. To be made before any other thread, since a thread
/// of its own waits for the signals and all others must have them blocked. Work that does not end
/// within the time promised for Ctrl-C is ended for it, its unfinished output files removed.
class Interruption
{
public:
    Interruption();
    ~Interruption();
    Interruption(const Interruption&) = delete;
    Interruption& operator=(const Interruption&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }

private:
    void waitForSignal();
    void endUnlessFinished();

    std::stop_source m_stop;
    std::mutex m_mutex;
    std::condition_variable m_finishedChanged;
    bool m_finished = false;
    std::thread m_waiter;
};

} // namespace timestep
