// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/disturbance.h"

#include <QtTest>

#include <atomic>
#include <thread>
#include <vector>

using namespace timestep;

class DisturbanceTest : public QObject
{
    Q_OBJECT
private slots:
    /// More threads than cores: some are always ready, and have none.
    void threadsWithoutACoreAreSeen()
    {
        using namespace std::chrono_literals;
        std::atomic<bool> enough { false };
        const Disturbance disturbance;
        std::vector<std::jthread> threads;
        for (unsigned thread = 0; thread < 2 * std::thread::hardware_concurrency() + 2; ++thread)
            threads.emplace_back([&enough] {
                while (!enough) { }
            });
        std::this_thread::sleep_for(100ms);
        const bool seen = disturbance.seen(); // of threads that are still there
        enough = true;
        QVERIFY(seen);
    }
};

QTEST_APPLESS_MAIN(DisturbanceTest)
#include "tst_disturbance.moc"
