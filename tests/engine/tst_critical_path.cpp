// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/critical_path.h"
#include "tests/engine/traces.h"

#include <QTest>

#include <algorithm>

using namespace timestep;

/// The chain of needs that took longest, by hand-made traces of small plans.
class CriticalPathTest : public QObject
{
    Q_OBJECT
private slots:
    void followsTheCostliestSubBatch()
    {
        // Two sub-batches of two chunks: each is input, recurrent, input, recurrent.
        const Plan plan = chunkedLstmPlan(2, 2);
        QCOMPARE(plan.operations().size(), std::size_t(8));
        // The second sub-batch takes longer in its recurrent halves.
        const Trace trace = consecutive({ 10, 10, 10, 10, 10, 30, 10, 30 });
        // Its first input half, then both recurrent halves; the second input half waits for
        // nothing.
        QCOMPARE(criticalPath(plan, trace), (std::vector<int> { 4, 5, 7 }));
    }

    void anInputHalfThatTakesLongestBeginsTheChain()
    {
        const Plan plan = chunkedLstmPlan(1, 2);
        const Trace trace = consecutive({ 1, 1, 100, 1 });
        QCOMPARE(criticalPath(plan, trace), (std::vector<int> { 2, 3 }));
    }

    void everySpanNeedsTheOneBefore()
    {
        const Plan plan = chunkedLstmPlan(3, 5);
        std::vector<int> costs;
        for (std::size_t operation = 0; operation < plan.operations().size(); ++operation)
            costs.push_back(1 + static_cast<int>(operation * 7 % 5));
        const Trace trace = consecutive(costs);
        const std::vector<int> path = criticalPath(plan, trace);
        const std::vector<int> spans = spanOfOperation(plan, trace);
        QVERIFY(path.size() > 1);
        for (std::size_t step = 1; step < path.size(); ++step) {
            const std::vector<int> needed = neededSpans(plan, trace, spans, path[step]);
            QVERIFY(std::find(needed.begin(), needed.end(), path[step - 1]) != needed.end());
        }
    }

    void operationsWithoutASpanAreLeftOut()
    {
        const Plan plan = chunkedLstmPlan(1, 2);
        Trace trace = consecutive({ 1, 1, 1, 1 });
        trace.spans.erase(trace.spans.begin()); // the first input half was not seen
        const std::vector<int> spans = spanOfOperation(plan, trace);
        QCOMPARE(spans, (std::vector<int> { -1, 0, 1, 2 }));
        QCOMPARE(neededSpans(plan, trace, spans, 0), std::vector<int>());
        QCOMPARE(criticalPath(plan, Trace()), std::vector<int>());
    }

    void byProcessorTimeAnotherChainMayBeTheLongest()
    {
        const Plan plan = chunkedLstmPlan(2, 1);
        Trace trace = consecutive({ 10, 50, 10, 30 });
        QCOMPARE(criticalPath(plan, trace), (std::vector<int> { 0, 1 }));
        trace.spans[1].cpuNs = 5; // the rest of it another thread had the core
        QCOMPARE(criticalPath(plan, trace), (std::vector<int> { 0, 1 }));
        QCOMPARE(criticalPath(plan, trace, SpanTime::Processor), (std::vector<int> { 2, 3 }));
    }

    void whatASpanUnblockedNeededIt()
    {
        const Plan plan = chunkedLstmPlan(1, 3, Strategy::LayerWavefront, 2);
        std::vector<int> costs(plan.operations().size(), 1);
        const Trace trace = consecutive(costs);
        const std::vector<int> spans = spanOfOperation(plan, trace);
        int relations = 0;
        for (int span = 0; span < int(costs.size()); ++span) {
            for (const int later : unblockedSpans(plan, trace, spans, span)) {
                const std::vector<int> needed = neededSpans(plan, trace, spans, later);
                QVERIFY(std::find(needed.begin(), needed.end(), span) != needed.end());
                ++relations;
            }
            relations -= int(neededSpans(plan, trace, spans, span).size());
        }
        QCOMPARE(relations, 0); // none is missing
    }

private:
    /// One span for each operation, one after the other, that takes so many ns.
    static Trace consecutive(const std::vector<int>& durations)
    {
        Trace trace = traceOf(1, {});
        std::int64_t now = 0;
        for (std::size_t operation = 0; operation < durations.size(); ++operation) {
            trace.spans.push_back({ static_cast<int>(operation), 0, now, now + durations[operation],
                durations[operation] });
            now += durations[operation];
        }
        return trace;
    }
};

QTEST_APPLESS_MAIN(CriticalPathTest)
#include "tst_critical_path.moc"
