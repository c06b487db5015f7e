// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/core_loss.h"

#include <QTest>

#include <vector>

using namespace timestep;

namespace {

LaneInterval work(std::int64_t begin, std::int64_t end, std::int64_t cpu)
{
    return { begin, end, cpu, 0, LaneState::Work };
}

double lost(const std::vector<LaneTimeline>& lanes, int cores)
{
    return coreLoss(lanes, cores).share();
}

} // namespace

class CoreLossTest : public QObject
{
    Q_OBJECT
private slots:
    void threadsThatTakeTurnsLoseNothing()
    {
        // Each has two thirds of a core, and the two cores are always theirs.
        const LaneTimeline lane({ work(0, 900, 600) });
        QCOMPARE(lost({ lane, lane, lane }, 2), 0.0);
    }

    void othersAreToldFromOwnThreads()
    {
        const LaneTimeline lane({ work(0, 900, 300) });
        QCOMPARE(lost({ lane, lane, lane }, 2), 0.5);
    }

    void aSingleThreadLosesTooWhereThereAreCoresToSpare()
    {
        const LaneTimeline lane({ work(0, 1000, 750) });
        QCOMPARE(lost({ lane, LaneTimeline() }, 2), 0.25);
    }

    void whatWasNotRunYetCounts()
    {
        const LaneInterval waits { 0, 500, 0, -1, LaneState::WaitingForCore };
        QCOMPARE(lost({ LaneTimeline({ waits, work(500, 1000, 500) }) }, 2), 0.5);
    }

    void theTailOfOneThreadIsNoLoss()
    {
        // Three crowd two cores for a while; then one is left, and a core has nothing to do.
        const LaneTimeline brief({ work(0, 300, 200) });
        const LaneTimeline longer({ work(0, 300, 200), work(300, 1000, 700) });
        QCOMPARE(lost({ brief, brief, longer }, 2), 0.0);
    }

    void whoWaitsAtABarrierMayHoldACore()
    {
        const LaneInterval waits { 0, 1000, 0, -1, LaneState::Barrier };
        const LaneTimeline lane({ work(0, 1000, 500) });
        QCOMPARE(lost({ lane, lane, LaneTimeline({ waits }) }, 2), 0.0);
    }
};

QTEST_APPLESS_MAIN(CoreLossTest)
#include "tst_core_loss.moc"
