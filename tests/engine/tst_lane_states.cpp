// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/bare_layer.h"
#include "engine/execution/executor.h"
#include "engine/execution/memory_account.h"
#include "engine/measurement/lane_states.h"
#include "engine/measurement/lane_timeline.h"
#include "tests/engine/traces.h"

#include <QTest>

#include <algorithm>
#include <random>
#include <string>

using namespace timestep;

namespace {

constexpr std::int64_t us = 1000; // ns

/// "work 0-10, barrier 10-20" in µs: so that a difference can be read.
std::string told(const std::vector<LaneInterval>& lane)
{
    static const char* const names[] = { "work", "core", "needs", "barrier", "nothing" };
    std::string text;
    for (const LaneInterval& interval : lane)
        text += (text.empty() ? "" : ", ") + std::string(names[static_cast<int>(interval.state)])
            + ' ' + std::to_string(interval.beginNs / us) + '-'
            + std::to_string(interval.endNs / us);
    return text;
}

Span span(int operation, int lane, std::int64_t beginUs, std::int64_t endUs)
{
    return { operation, lane, beginUs * us, endUs * us, (endUs - beginUs) * us };
}

/// By the definition, span by span: what totals must come to.
LaneTotals slowTotals(const std::vector<LaneInterval>& lane, double begin, double end)
{
    LaneTotals totals;
    totals.lanes = 1;
    totals.lengthNs = end - begin;
    double busy = 0;
    for (const LaneInterval& interval : lane) {
        const double part
            = std::min(end, double(interval.endNs)) - std::max(begin, double(interval.beginNs));
        if (part <= 0)
            continue;
        busy += part;
        const double wall = double(interval.endNs - interval.beginNs);
        const double working
            = interval.state == LaneState::Work ? part * double(interval.cpuNs) / wall : 0;
        totals.ns[std::size_t(LaneState::Work)] += working;
        totals.ns[std::size_t(
            interval.state == LaneState::Work ? LaneState::WaitingForCore : interval.state)]
            += part - working;
    }
    totals.ns[std::size_t(LaneState::NothingToDo)] = end - begin - busy;
    return totals;
}

} // namespace

/// What workers did between their spans, by hand-made traces of small plans and by a real run.
class LaneStatesTest : public QObject
{
    Q_OBJECT
private slots:
    void withoutAnyTaskLeftThereIsNothingToDo()
    {
        // One sub-batch is one task: the second worker has nothing to do, from the begin to the
        // end.
        const Plan plan = chunkedLstmPlan(1, 1);
        const Trace trace = traceOf(2, { span(0, 0, 5, 10), span(1, 0, 10, 90) });
        const auto lanes = laneStates(plan, trace);
        QCOMPARE(lanes.size(), std::size_t(2));
        QCOMPARE(told(lanes[0]), std::string("work 5-10, work 10-90"));
        QCOMPARE(told(lanes[1]), std::string());
        QCOMPARE(runEndNs(trace), 90 * us);
    }

    void aReadyTaskThatIsBegunLateWaitedForACore()
    {
        // Two sub-batches are two tasks, both ready from the begin.
        const Plan plan = chunkedLstmPlan(2, 1);
        const Trace trace = traceOf(2,
            { span(0, 0, 0, 100), span(1, 0, 100, 200), span(2, 1, 150, 250),
                span(3, 1, 250, 400) });
        const auto lanes = laneStates(plan, trace);
        QCOMPARE(told(lanes[0]), std::string("work 0-100, work 100-200"));
        QCOMPARE(told(lanes[1]), std::string("core 0-150, work 150-250, work 250-400"));
    }

    void aTaskGivenAtTheStartKeepsNoOtherWorkerWaiting()
    {
        // The only task is that of the first worker, who has no core at first: nothing that the
        // second could have done.
        const Plan plan = chunkedLstmPlan(1, 1);
        const Trace trace = traceOf(2, { span(0, 0, 70, 100), span(1, 0, 100, 200) });
        const auto lanes = laneStates(plan, trace);
        QCOMPARE(told(lanes[0]), std::string("core 0-70, work 70-100, work 100-200"));
        QCOMPARE(told(lanes[1]), std::string());
    }

    void handingOverIsNoWaitForACore()
    {
        const Plan plan = chunkedLstmPlan(2, 1);
        const Trace trace = traceOf(1,
            { span(0, 0, 0, 100), span(1, 0, 103, 200), span(2, 0, 210, 250),
                span(3, 0, 250, 400) });
        QCOMPARE(told(laneStates(plan, trace)[0]),
            std::string("work 0-100, work 103-200, work 210-250, work 250-400"));
    }

    void slicesWaitForEachOtherAtABarrier()
    {
        // Two slices of one chunk of two steps: input halves 0 and 1, step 0 by 2 and 3, step 1 by
        // 4 and 5. The second slice is slow, and loses its core once.
        const Plan plan = chunkedLstmPlan(1, 1, Strategy::HiddenSplit, 1, 2);
        QCOMPARE(plan.operations().size(), std::size_t(6));
        const Trace trace = traceOf(2,
            { span(0, 0, 0, 10), span(1, 1, 0, 10), span(2, 0, 10, 20), span(3, 1, 10, 60),
                span(4, 0, 61, 70), span(5, 1, 90, 100) });
        const auto lanes = laneStates(plan, trace);
        // A microsecond later than the other slice was done: that it was told belongs to the wait.
        QCOMPARE(told(lanes[0]), std::string("work 0-10, work 10-20, barrier 20-61, work 61-70"));
        QCOMPARE(lanes[0][2].span, 4);
        QCOMPARE(told(lanes[1]), std::string("work 0-10, work 10-60, core 60-90, work 90-100"));
    }

    void aTaskThatIsNotReadyIsWaitedFor()
    {
        // Two layers of two chunks one behind the other: a task is a chunk of a layer, and layer 1
        // follows layer 0.
        const Plan plan = chunkedLstmPlan(1, 2, Strategy::LayerWavefront, 2);
        const auto operations = plan.operations();
        QCOMPARE(operations.size(), std::size_t(8));
        QCOMPARE(operations[2].layer, 1); // of the first chunk
        QCOMPARE(operations[4].layer, 0); // of the second chunk
        const Trace trace = traceOf(3,
            { span(0, 0, 0, 50), span(4, 1, 0, 50), span(1, 0, 50, 100), span(5, 1, 101, 150),
                span(2, 2, 140, 200), span(6, 0, 150, 200), span(3, 2, 200, 300),
                span(7, 0, 301, 350) });
        const auto lanes = laneStates(plan, trace);
        // Layer 1 of the first chunk is ready at 100 and begun at 140; of the second at 150.
        QCOMPARE(told(lanes[0]),
            std::string("work 0-50, work 50-100, core 100-140, needs 140-150, work 150-200, needs "
                        "200-301, work 301-350"));
        QCOMPARE(told(lanes[1]), std::string("work 0-50, needs 50-101, work 101-150"));
        QCOMPARE(
            told(lanes[2]), std::string("needs 0-100, core 100-140, work 140-200, work 200-300"));
    }

    void totalsAreThoseOfTheSpans()
    {
        std::mt19937 random(7);
        const auto upTo = [&](int most) { return std::int64_t(random() % unsigned(most)); };
        std::vector<LaneInterval> intervals;
        std::int64_t now = upTo(50);
        for (int i = 0; i < 1000; ++i) {
            const std::int64_t length = 1 + upTo(100);
            const auto state = static_cast<LaneState>(random() % 4);
            const std::int64_t cpu = state == LaneState::Work ? length - upTo(int(length)) : 0;
            intervals.push_back({ now, now + length, cpu, i, state });
            now += length + (random() % 3 == 0 ? upTo(80) : 0);
        }
        const LaneTimeline timeline(intervals);
        const auto compare = [&](double begin, double end) {
            const LaneTotals found = timeline.totals(begin, end);
            const LaneTotals expected = slowTotals(intervals, begin, end);
            double sum = 0;
            for (int state = 0; state < laneStateCount; ++state) {
                const auto index = std::size_t(state);
                if (std::abs(found.ns[index] - expected.ns[index]) > 1e-6 * double(now))
                    QFAIL(qPrintable(QStringLiteral("%1 to %2, state %3: %4, not %5")
                                         .arg(begin)
                                         .arg(end)
                                         .arg(state)
                                         .arg(found.ns[index])
                                         .arg(expected.ns[index])));
                sum += found.ns[index];
            }
            QVERIFY(std::abs(sum - (end - begin)) < 1e-6 * double(now));
        };
        compare(0, double(now));
        compare(-100, double(now) + 100);
        for (int i = 0; i < 2000; ++i) {
            const double begin = double(upTo(int(now)));
            compare(begin, begin + double(upTo(i % 2 ? 30 : int(now))));
        }
        QCOMPARE(timeline.spansBetween(0, intervals.size()),
            int(std::count_if(intervals.begin(), intervals.end(),
                [](const LaneInterval& i) { return i.state == LaneState::Work; })));
    }

    void coresBusyCountsTheCoresThatCarryTheLanes()
    {
        // Four threads, each with a core for half of the time.
        LaneTotals totals;
        for (int lane = 0; lane < 4; ++lane)
            totals += LaneTimeline({ { 0, 100, 50, 0, LaneState::Work } }).totals(0, 100);
        QCOMPARE(totals.share(LaneState::Work), 0.5);
        QCOMPARE(totals.share(LaneState::WaitingForCore), 0.5);
        QCOMPARE(totals.coresBusy(2), 1.0);
        QCOMPARE(totals.coresBusy(4), 0.5);
        QCOMPARE(totals.coresBusy(64), 0.5);
    }

    void intervalsAreFoundFromAnywhere()
    {
        const LaneTimeline timeline({ { 0, 10, 10, 0, LaneState::Work },
            { 20, 30, 10, 1, LaneState::Work }, { 30, 40, 0, 2, LaneState::Barrier } });
        QCOMPARE(timeline.firstEndingAfter(-5), std::size_t(0));
        QCOMPARE(timeline.firstEndingAfter(10), std::size_t(1)); // it ends at 10, not after
        QCOMPARE(timeline.firstEndingAfter(15), std::size_t(1));
        QCOMPARE(timeline.firstEndingAfter(35, 1), std::size_t(2));
        QCOMPARE(timeline.firstEndingAfter(40), std::size_t(3));
        QCOMPARE(LaneTimeline().firstEndingAfter(0), std::size_t(0));
        QCOMPARE(LaneTimeline().totals(0, 10).share(LaneState::NothingToDo), 1.0);
    }

    void aRealHiddenSplitRunWaitsAtBarriers()
    {
        PlanShape shape;
        shape.kind = ModelKind::Lstm;
        shape.width = shape.inputWidth = 64;
        shape.steps = 200;
        shape.rows = 2;
        shape.bareLayer = true;
        Cut cut;
        cut.strategy = Strategy::HiddenSplit;
        cut.grain = Grain::Executed;
        cut.slices = 2;
        const Plan plan = makePlan(shape, cut);
        BareLayer layer(shape, defaultKernels(), 1);
        MemoryAccount account;
        const auto computation = layer.prepare(plan, 2, account);
        Executor executor(2);
        Trace trace;
        QCOMPARE(executor.run(plan, *computation, {}, &trace), Outcome::Finished);
        const auto lanes = laneStates(plan, trace);
        std::size_t work = 0;
        bool barrier = false;
        for (const auto& lane : lanes) {
            std::int64_t free = 0;
            for (const LaneInterval& interval : lane) {
                QVERIFY(interval.beginNs >= free);
                QVERIFY(interval.endNs >= interval.beginNs);
                free = interval.endNs;
                work += interval.state == LaneState::Work ? 1 : 0;
                barrier = barrier || interval.state == LaneState::Barrier;
            }
        }
        QCOMPARE(work, plan.operations().size());
        // One thread may have done both slices, in turn; two must have met.
        const bool shared = std::any_of(trace.spans.begin(), trace.spans.end(),
                                [](const Span& span) { return span.lane == 0; })
            && std::any_of(trace.spans.begin(), trace.spans.end(),
                [](const Span& span) { return span.lane == 1; });
        QCOMPARE(barrier, shared);
    }
};

QTEST_APPLESS_MAIN(LaneStatesTest)
#include "tst_lane_states.moc"
