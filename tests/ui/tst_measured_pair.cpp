// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/strategy_choice.h"
#include "tests/ui/steps_pairs.h"
#include "ui/session/measured_pair.h"

#include <QTest>

#include <algorithm>

using namespace timestep;
using namespace timestep::test;

namespace {

/// A run that kept to the list schedule of its plan on two threads, a flop a nanosecond.
TracedGroup ranAsPlanned(const PlanShape& shape, Strategy strategy)
{
    PlanShape executed = shape;
    executed.updatesLayers = false;
    Cut cut = smallestOperations(executedCut(executed, strategy, 4, 2));
    Plan plan = makePlan(executed, cut);
    const Schedule schedule = listSchedule(plan, 2);
    Trace trace { { { 0, 1 }, { 1, 2 } }, {} };
    for (int i = 0; i < int(plan.operations().size()); ++i) {
        const ScheduledOperation& when = schedule.operations[std::size_t(i)];
        trace.spans.push_back({ i, when.worker, std::int64_t(when.begin), std::int64_t(when.end),
            std::int64_t(when.end - when.begin) });
    }
    std::sort(trace.spans.begin(), trace.spans.end(),
        [](const Span& a, const Span& b) { return a.beginNs < b.beginNs; });
    return tracedGroup(std::move(plan), std::move(trace), 2, 2);
}

PlanRequest allLayers(int steps)
{
    PlanRequest request = stepsRequest(steps);
    request.lstm.layers = 2;
    request.attention.layers = 3;
    request.layer = -1;
    return request;
}

TracedRun runOf(const PlannedPair& pair, Strategy lstm, Strategy attention)
{
    TracedRun run;
    run.request.settings.threads = 2;
    run.request.cores = 2;
    run.groups.push_back(ranAsPlanned(pair.lstm.plan.shape(), lstm));
    run.groups.push_back(ranAsPlanned(pair.attention.plan.shape(), attention));
    return run;
}

} // namespace

class TestMeasuredPair : public QObject
{
    Q_OBJECT
private slots:
    void everyCellRanWhenItsSpansDid_data();
    void everyCellRanWhenItsSpansDid();
    void aUnitIsAStepOfTheLstm();
    void onlyARunOfTheSameIsLaidOverThePlan();
};

void TestMeasuredPair::everyCellRanWhenItsSpansDid_data()
{
    QTest::addColumn<Strategy>("lstm");
    QTest::addColumn<Strategy>("attention");
    QTest::newRow("as planned") << Strategy::SubBatch << Strategy::SubBatch;
    QTest::newRow("cut otherwise") << Strategy::HiddenSplit << Strategy::QueryBlock;
    QTest::newRow("heads") << Strategy::LayerWavefront << Strategy::Head;
    QTest::newRow("as suits") << Strategy::Auto << Strategy::Auto;
}

void TestMeasuredPair::everyCellRanWhenItsSpansDid()
{
    QFETCH(const Strategy, lstm);
    QFETCH(const Strategy, attention);
    const auto planned = plannedPair(allLayers(19));
    const TracedRun run = runOf(*planned, lstm, attention);
    QVERIFY(runsWhatIsPlanned(*planned, run));
    const MeasuredPairPointer measured = measuredPair(*planned, run);
    for (int model = 0; model < 2; ++model) {
        const PlannedModel& cells = model == 0 ? measured->pair->lstm : measured->pair->attention;
        const TracedGroup& group = run.groups[std::size_t(model)];
        for (std::size_t i = 0; i < cells.plan.operations().size(); ++i) {
            const Operation& cell = cells.plan.operations()[i];
            const ScheduledOperation& ran = cells.schedule.operations[i];
            QVERIFY(ran.worker >= 0 && ran.worker < 2);
            QVERIFY(ran.begin < ran.end);
            const auto ofTheCell = [&](const Span& span) {
                const Operation& executed = group.plan.operations()[std::size_t(span.operation)];
                return executed.layer == cell.layer && executed.rows.begin < cell.rows.end
                    && cell.rows.begin < executed.rows.end
                    && executed.steps.begin <= cell.steps.begin
                    && executed.steps.end >= cell.steps.end;
            };
            const auto& spans = group.trace.spans;
            QVERIFY(std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
                return ofTheCell(span) && double(span.beginNs) == ran.begin;
            }));
            QVERIFY(std::any_of(spans.begin(), spans.end(), [&](const Span& span) {
                return ofTheCell(span) && double(span.endNs) == ran.end;
            }));
        }
        QCOMPARE(measured->ns[std::size_t(model)], double(group.endNs));
    }
    QVERIFY(std::is_sorted(measured->pair->moments.begin(), measured->pair->moments.end()));
}

/// A run that keeps to its plan takes as many units as the plan says.
void TestMeasuredPair::aUnitIsAStepOfTheLstm()
{
    const auto planned = plannedPair(allLayers(8));
    const MeasuredPairPointer measured
        = measuredPair(*planned, runOf(*planned, Strategy::SubBatch, Strategy::SubBatch));
    for (int model = 0; model < 2; ++model) {
        const double expected = measured->plannedUnits[std::size_t(model)];
        QVERIFY(std::abs(measured->measuredUnits(model) - expected) < 1e-3 * expected);
    }
    QVERIFY(std::abs(measured->measuredUnits(0) - 2 * 8 * 2) < 0.01); // 4 sub-batches on 2 threads
}

void TestMeasuredPair::onlyARunOfTheSameIsLaidOverThePlan()
{
    const auto planned = plannedPair(allLayers(6));
    const TracedRun run = runOf(*planned, Strategy::SubBatch, Strategy::SubBatch);
    QVERIFY(!runsWhatIsPlanned(*plannedPair(allLayers(7)), run));
    QVERIFY(!runsWhatIsPlanned(*planned, TracedRun()));
    PlanRequest other = allLayers(6);
    other.layer = 0;
    QVERIFY(!runsWhatIsPlanned(*plannedPair(other), run));
    other = allLayers(6);
    other.training = true;
    QVERIFY(!runsWhatIsPlanned(*plannedPair(other), run));
    other = allLayers(6);
    other.beingWritten = true;
    QVERIFY(!runsWhatIsPlanned(*plannedPair(other), run));
    other = allLayers(6);
    other.rows = 31;
    QVERIFY(!runsWhatIsPlanned(*plannedPair(other), run));
}

QTEST_GUILESS_MAIN(TestMeasuredPair)
#include "tst_measured_pair.moc"
