// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/critical_path.h"

#include <QTest>

using namespace timestep;

/// The chain of needs that took longest, by hand-made traces of small plans.
class CriticalPathTest : public QObject
{
    Q_OBJECT
private slots:
    void followsTheCostliestSubBatch()
    {
        // Two sub-batches of two chunks: each is input, recurrent, input, recurrent.
        const Plan plan = lstmPlan(2, 2);
        QCOMPARE(plan.operations().size(), std::size_t(8));
        // The second sub-batch takes longer in its recurrent halves.
        const Trace trace = traceOf({ 10, 10, 10, 10, 10, 30, 10, 30 });
        // Its first input half, then both recurrent halves; the second input half waits for
        // nothing.
        QCOMPARE(criticalPath(plan, trace), (std::vector<int> { 4, 5, 7 }));
    }

    void anInputHalfThatTakesLongestBeginsTheChain()
    {
        const Plan plan = lstmPlan(1, 2);
        const Trace trace = traceOf({ 1, 1, 100, 1 });
        QCOMPARE(criticalPath(plan, trace), (std::vector<int> { 2, 3 }));
    }

    void everySpanNeedsTheOneBefore()
    {
        const Plan plan = lstmPlan(3, 5);
        std::vector<int> costs;
        for (std::size_t operation = 0; operation < plan.operations().size(); ++operation)
            costs.push_back(1 + static_cast<int>(operation * 7 % 5));
        const Trace trace = traceOf(costs);
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
        const Plan plan = lstmPlan(1, 2);
        Trace trace = traceOf({ 1, 1, 1, 1 });
        trace.spans.erase(trace.spans.begin()); // the first input half was not seen
        const std::vector<int> spans = spanOfOperation(plan, trace);
        QCOMPARE(spans, (std::vector<int> { -1, 0, 1, 2 }));
        QCOMPARE(neededSpans(plan, trace, spans, 0), std::vector<int>());
        QCOMPARE(criticalPath(plan, Trace()), std::vector<int>());
    }

private:
    static Plan lstmPlan(int subBatches, int chunks)
    {
        PlanShape shape;
        shape.kind = ModelKind::Lstm;
        shape.width = shape.inputWidth = 4;
        shape.steps = 2 * chunks;
        shape.rows = subBatches;
        Cut cut;
        cut.grain = Grain::Executed;
        cut.subBatches = subBatches;
        cut.stepsPerChunk = 2;
        return makePlan(shape, cut);
    }

    /// One span for each operation, one after the other, that takes so many ns.
    static Trace traceOf(const std::vector<int>& durations)
    {
        Trace trace;
        trace.lanes = { { 0, 1 } };
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
