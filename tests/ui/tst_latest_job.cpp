// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/latest_job.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <semaphore>
#include <string>
#include <vector>

using namespace timestep;
using namespace std::chrono_literals;

namespace {

/// The owner's side without an event loop: waits for wake-ups and delivers.
class Owner
{
public:
    std::function<void()> wake()
    {
        return [this] {
            const std::lock_guard lock(m_mutex);
            ++m_wakeUps;
            m_woken.notify_one();
        };
    }

    /// False when nothing woke the owner within ten seconds.
    bool waitAndDeliver(LatestJob& lane)
    {
        {
            std::unique_lock lock(m_mutex);
            if (!m_woken.wait_for(lock, 10s, [this] { return m_wakeUps > 0; }))
                return false;
            m_wakeUps = 0;
        }
        lane.deliver();
        return true;
    }

    bool deliverUntilIdle(LatestJob& lane)
    {
        while (lane.busy()) {
            if (!waitAndDeliver(lane))
                return false;
        }
        return true;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_woken;
    int m_wakeUps = 0;
};

} // namespace

class TestLatestJob : public QObject
{
    Q_OBJECT
private slots:
    void resultsArriveInOrderOnTheOwnersThread()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::vector<std::string> results; // no lock: only this thread may touch it
        std::thread::id deliveredOn, workedOn;
        lane.start([&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            workedOn = std::this_thread::get_id();
            handOver([&] { results.emplace_back("tokens"); });
            handOver([&] {
                results.emplace_back("run");
                deliveredOn = std::this_thread::get_id();
            });
        });
        QVERIFY(owner.deliverUntilIdle(lane));
        QCOMPARE(results, (std::vector<std::string> { "tokens", "run" }));
        QVERIFY(deliveredOn == std::this_thread::get_id());
        QVERIFY(workedOn != std::this_thread::get_id());
    }

    void aFirstResultNeedNotWaitForTheSecond()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::binary_semaphore mayEnd(0);
        int results = 0;
        lane.start([&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            handOver([&] { ++results; });
            mayEnd.acquire();
            handOver([&] { ++results; });
        });
        QVERIFY(owner.waitAndDeliver(lane));
        QCOMPARE(results, 1);
        QVERIFY(lane.busy());
        mayEnd.release();
        QVERIFY(owner.deliverUntilIdle(lane));
        QCOMPARE(results, 2);
    }

    void onlyTheLatestOfManyIsDelivered()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::vector<int> delivered;
        constexpr int jobs = 200;
        for (int i = 0; i < jobs; ++i) {
            lane.start(
                [&delivered, i](const std::stop_token&, const LatestJob::HandOver& handOver) {
                    handOver([&delivered, i] { delivered.push_back(i); });
                });
        }
        QVERIFY(owner.deliverUntilIdle(lane));
        QCOMPARE(delivered, std::vector<int> { jobs - 1 });
    }

    void aNewerJobStopsTheOneThatRuns()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::binary_semaphore running(0);
        std::atomic<bool> stopped = false;
        int stale = 0, latest = 0;
        lane.start([&](const std::stop_token& stop, const LatestJob::HandOver& handOver) {
            running.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
            stopped = true;
            handOver([&] { ++stale; }); // too late
        });
        running.acquire();
        lane.start([&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            handOver([&] { ++latest; });
        });
        QVERIFY(owner.deliverUntilIdle(lane));
        QVERIFY(stopped);
        QCOMPARE(stale, 0);
        QCOMPARE(latest, 1);
    }

    void whatWaitsForDeliveryIsDroppedToo()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::vector<int> delivered;
        std::binary_semaphore handedOver(0);
        lane.start([&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            handOver([&] { delivered.push_back(1); });
            handedOver.release();
        });
        handedOver.acquire();
        lane.start([&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            handOver([&] { delivered.push_back(2); });
        });
        QVERIFY(owner.deliverUntilIdle(lane));
        QCOMPARE(delivered, std::vector<int> { 2 });
    }

    void aDeliveryMayStartTheNextJob()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::vector<int> delivered;
        const auto second = [&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            handOver([&] { delivered.push_back(2); });
        };
        lane.start([&](const std::stop_token&, const LatestJob::HandOver& handOver) {
            handOver([&] {
                delivered.push_back(1);
                lane.start(second);
            });
            handOver([&] { delivered.push_back(-1); }); // stale by then
        });
        QVERIFY(owner.deliverUntilIdle(lane));
        QCOMPARE(delivered, (std::vector<int> { 1, 2 }));
    }

    void cancellingLeavesNothing()
    {
        Owner owner;
        LatestJob lane(owner.wake());
        std::binary_semaphore running(0);
        int delivered = 0;
        lane.start([&](const std::stop_token& stop, const LatestJob::HandOver& handOver) {
            handOver([&] { ++delivered; });
            running.release();
            while (!stop.stop_requested())
                std::this_thread::yield();
        });
        running.acquire();
        lane.cancel();
        QVERIFY(!lane.busy());
        lane.deliver();
        QCOMPARE(delivered, 0);
    }

    void closingStopsTheJobAndWaitsForItsEnd()
    {
        Owner owner;
        std::atomic<bool> ended = false;
        {
            LatestJob lane(owner.wake());
            std::binary_semaphore running(0);
            lane.start([&](const std::stop_token& stop, const LatestJob::HandOver&) {
                running.release();
                while (!stop.stop_requested())
                    std::this_thread::yield();
                ended = true;
            });
            running.acquire();
        }
        QVERIFY(ended);
    }
};

QTEST_APPLESS_MAIN(TestLatestJob)
#include "tst_latest_job.moc"
