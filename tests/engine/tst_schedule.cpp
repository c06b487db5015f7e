// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/plan_analysis.h"
#include "tests/engine/plan_cases.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <set>

using namespace timestep;

namespace {

constexpr double halfStep = 8.0 * 64 * 64; // flops of half an LSTM step of one row of 64 units

/// The rule for fine plans by definition: at each moment, for each free worker in turn, look at
/// every operation that is ready.
class ScheduleByDefinition
{
public:
    ScheduleByDefinition(const Plan& plan, int workers)
        : m_plan(plan)
        , m_free(static_cast<std::size_t>(workers))
        , m_schedule(plan.operations().size())
    {
        const int count = static_cast<int>(m_schedule.size());
        m_behind.resize(m_schedule.size());
        for (int operation = count - 1; operation >= 0; --operation)
            for (const OperationRange& range : plan.needs(operation))
                for (int need = range.begin; need < range.end; ++need)
                    behind(need) = std::max(behind(need), behind(operation) + flops(operation));
        for (double now = 0; std::isfinite(now); now = nextEnd(now))
            assignAt(now);
    }

    const std::vector<ScheduledOperation>& operations() const { return m_schedule; }

private:
    double& behind(int operation) { return m_behind[static_cast<std::size_t>(operation)]; }
    double flops(int operation) const
    {
        return m_plan.operations()[static_cast<std::size_t>(operation)].flops;
    }
    bool readyAt(double now, int operation) const
    {
        for (const OperationRange& range : m_plan.needs(operation)) {
            for (int need = range.begin; need < range.end; ++need) {
                const ScheduledOperation& needed = m_schedule[static_cast<std::size_t>(need)];
                if (needed.worker < 0 || needed.end > now)
                    return false;
            }
        }
        return m_schedule[static_cast<std::size_t>(operation)].worker < 0;
    }
    bool before(int a, int b)
    {
        if (behind(a) != behind(b))
            return behind(a) > behind(b);
        const auto step
            = [&](int o) { return m_plan.operations()[static_cast<std::size_t>(o)].steps.begin; };
        return step(a) != step(b) ? step(a) < step(b) : a < b;
    }
    void assignAt(double now)
    {
        for (std::size_t worker = 0; worker < m_free.size(); ++worker) {
            if (m_free[worker] > now)
                continue;
            std::optional<int> best;
            for (int operation = 0; operation < static_cast<int>(m_schedule.size()); ++operation)
                if (readyAt(now, operation) && (!best || before(operation, *best)))
                    best = operation;
            if (!best)
                return;
            m_free[worker] = now + flops(*best);
            m_schedule[static_cast<std::size_t>(*best)]
                = { now, m_free[worker], static_cast<int>(worker) };
        }
    }
    double nextEnd(double now) const
    {
        double next = std::numeric_limits<double>::infinity();
        for (const double end : m_free)
            if (end > now)
                next = std::min(next, end);
        return next;
    }

    const Plan& m_plan;
    std::vector<double> m_behind;
    std::vector<double> m_free;
    std::vector<ScheduledOperation> m_schedule;
};

void verifyLegal(const Plan& plan, const Schedule& schedule)
{
    const auto& scheduled = schedule.operations;
    QCOMPARE(scheduled.size(), plan.operations().size());
    std::vector<std::vector<ScheduledOperation>> lanes(static_cast<std::size_t>(schedule.workers));
    std::vector<std::set<int>> workersOfTask(static_cast<std::size_t>(plan.taskCount()));
    for (std::size_t operation = 0; operation < scheduled.size(); ++operation) {
        QVERIFY(scheduled[operation].worker >= 0 && scheduled[operation].worker < schedule.workers);
        QCOMPARE(scheduled[operation].end,
            scheduled[operation].begin + plan.operations()[operation].flops);
        QVERIFY(scheduled[operation].end <= schedule.length);
        for (const OperationRange& range : plan.needs(static_cast<int>(operation)))
            for (int need = range.begin; need < range.end; ++need)
                QVERIFY(
                    scheduled[static_cast<std::size_t>(need)].end <= scheduled[operation].begin);
        lanes[static_cast<std::size_t>(scheduled[operation].worker)].push_back(
            scheduled[operation]);
        workersOfTask[static_cast<std::size_t>(plan.operations()[operation].task)].insert(
            scheduled[operation].worker);
    }
    for (auto& lane : lanes) {
        std::sort(lane.begin(), lane.end(),
            [](const auto& a, const auto& b) { return a.begin < b.begin; });
        for (std::size_t next = 1; next < lane.size(); ++next)
            QVERIFY(lane[next - 1].end <= lane[next].begin);
    }
    for (const auto& workers : workersOfTask)
        QCOMPARE(workers.size(), std::size_t { 1 });
}

} // namespace

Q_DECLARE_METATYPE(PlanCase)

class ScheduleTest : public QObject
{
    Q_OBJECT

private slots:
    void finePlansFollowTheRule_data()
    {
        QTest::addColumn<PlanCase>("planCase");
        QTest::addColumn<int>("workers");
        for (const PlanCase& planCase : planCases(Grain::Fine))
            for (const int workers : { 1, 3, 64 })
                QTest::addRow("%s, %d workers", planCase.name.c_str(), workers)
                    << planCase << workers;
    }
    void finePlansFollowTheRule()
    {
        QFETCH(const PlanCase, planCase);
        QFETCH(const int, workers);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        const Schedule found = listSchedule(plan, workers);
        verifyLegal(plan, found);
        const ScheduleByDefinition expected(plan, workers);
        for (std::size_t operation = 0; operation < found.operations.size(); ++operation) {
            QCOMPARE(found.operations[operation].begin, expected.operations()[operation].begin);
            QCOMPARE(found.operations[operation].worker, expected.operations()[operation].worker);
        }
    }

    void executedPlansAreLegalAndComplete_data()
    {
        QTest::addColumn<PlanCase>("planCase");
        QTest::addColumn<int>("workers");
        for (const PlanCase& planCase : planCases(Grain::Executed))
            for (const int workers : { 1, 2, 3, 64 })
                QTest::addRow("%s, %d workers", planCase.name.c_str(), workers)
                    << planCase << workers;
    }
    void executedPlansAreLegalAndComplete()
    {
        QFETCH(const PlanCase, planCase);
        QFETCH(const int, workers);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        const Schedule schedule = listSchedule(plan, workers);
        verifyLegal(plan, schedule);
        const PlanSummary summary = summarize(plan);
        QVERIFY(schedule.length >= summary.span);
        QVERIFY(schedule.length <= summary.work * (1 + 1e-12));
        if (workers == 1)
            QCOMPARE(schedule.length, summary.work);
    }

    void lstmOfTheMockUp_data()
    {
        QTest::addColumn<int>("workers");
        QTest::addColumn<double>("units");
        QTest::newRow("1") << 1 << 64.0;
        QTest::newRow("2") << 2 << 32.0;
        QTest::newRow("4") << 4 << 16.0;
        QTest::newRow("64") << 64 << 8.5;
        QTest::newRow("512") << 512 << 8.5;
    }
    void lstmOfTheMockUp()
    {
        QFETCH(const int, workers);
        const Plan plan = makePlan(lstmShape(1, 64, 64, 16, 32), Cut { .subBatches = 4 });
        QTEST(listSchedule(plan, workers).length / (2 * halfStep * 8), "units");
    }

    void attentionIsDoneWhenItsWorkersAre()
    {
        const Plan plan
            = makePlan(attentionShape(1, 64, 4, 16, 32, false), Cut { .subBatches = 4 });
        const double work = summarize(plan).work;
        QCOMPARE(listSchedule(plan, 4).length, work / 4);
        QCOMPARE(listSchedule(plan, 64).length, work / 64);
        QCOMPARE(listSchedule(plan, 512).length, work / 64);
    }

    void eachWorkerStaysOnItsSubBatch_data()
    {
        QTest::addColumn<PlanShape>("shape");
        QTest::newRow("LSTM") << lstmShape(1, 64, 64, 16, 32);
        QTest::newRow("LSTM, narrow input") << lstmShape(1, 64, 24, 16, 32);
        QTest::newRow("LSTM, wide input") << lstmShape(1, 64, 200, 16, 32);
        QTest::newRow("LSTM, 2 layers") << lstmShape(2, 64, 64, 16, 32);
        QTest::newRow("attention, causal") << attentionShape(1, 64, 4, 16, 32, true);
        QTest::newRow("attention, full") << attentionShape(1, 64, 4, 16, 32, false);
        QTest::newRow("attention, 3 layers") << attentionShape(3, 64, 4, 16, 32, true);
    }
    void eachWorkerStaysOnItsSubBatch()
    {
        QFETCH(const PlanShape, shape);
        const Plan plan = makePlan(shape, Cut { .subBatches = 4 });
        const Schedule schedule = listSchedule(plan, 4);
        for (std::size_t operation = 0; operation < schedule.operations.size(); ++operation)
            QCOMPARE(
                schedule.operations[operation].worker, plan.operations()[operation].rows.begin / 8);
    }

    void lstmHalvesAlternateInLockstep_data()
    {
        QTest::addColumn<int>("inputWidth");
        QTest::newRow("equal halves") << 64;
        QTest::newRow("narrow input") << 24;
        QTest::newRow("wide input") << 200;
    }
    void lstmHalvesAlternateInLockstep()
    {
        QFETCH(const int, inputWidth);
        const Plan plan = makePlan(lstmShape(1, 64, inputWidth, 16, 32), Cut { .subBatches = 4 });
        const Schedule schedule = listSchedule(plan, 4);
        const double input = 8.0 * 8 * 64 * inputWidth, recurrent = 8 * halfStep;
        for (std::size_t operation = 0; operation < schedule.operations.size(); ++operation) {
            const Operation& half = plan.operations()[operation];
            const double stepBegin = half.steps.begin * (input + recurrent);
            const bool isInput = half.kind == OperationKind::InputHalf;
            QCOMPARE(schedule.operations[operation].begin, isInput ? stepBegin : stepBegin + input);
        }
    }

    void attentionAdvancesFromLeftToRight()
    {
        const Plan plan = makePlan(attentionShape(2, 64, 4, 16, 32, true), Cut { .subBatches = 4 });
        const Schedule schedule = listSchedule(plan, 4);
        for (std::size_t next = 1; next < schedule.operations.size(); ++next) {
            const Operation& left = plan.operations()[next - 1];
            const Operation& right = plan.operations()[next];
            if (left.kind == right.kind && left.layer == right.layer && left.rows == right.rows)
                QVERIFY(schedule.operations[next - 1].end <= schedule.operations[next].begin);
        }
    }

    void stoppedScheduleIsEmpty()
    {
        std::stop_source stop;
        stop.request_stop();
        const Plan plan = makePlan(lstmShape(1, 64, 64, 16, 32), {});
        QVERIFY(listSchedule(plan, 4, stop.get_token()).operations.empty());
    }

    void emptyPlanHasAnEmptySchedule()
    {
        const Schedule schedule = listSchedule(makePlan(lstmShape(1, 64, 64, 0, 32), {}), 4);
        QVERIFY(schedule.operations.empty());
        QCOMPARE(schedule.length, 0.0);
    }

    void largePlans_data()
    {
        QTest::addColumn<PlanShape>("shape");
        QTest::addColumn<int>("workers");
        QTest::newRow("LSTM 128 x 32") << lstmShape(1, 256, 256, 128, 32) << 64;
        QTest::newRow("attention 128 x 32") << attentionShape(1, 160, 5, 128, 32, true) << 64;
        QTest::newRow("LSTM 1,000 x 32") << lstmShape(2, 256, 256, 1000, 32) << 512;
        QTest::newRow("attention 1,000 x 32") << attentionShape(4, 160, 5, 1000, 32, true) << 512;
        QTest::newRow("full attention 1,000 x 32")
            << attentionShape(4, 160, 5, 1000, 32, false) << 4096;
    }
    /// The times stand in the output: a picture is to follow a slider within a frame.
    void largePlans()
    {
        QFETCH(const PlanShape, shape);
        QFETCH(const int, workers);
        const Plan plan = makePlan(shape, Cut { .subBatches = 32 });
        double length = 0;
        QBENCHMARK { length = listSchedule(plan, workers).length; }
        const PlanSummary summary = summarize(plan);
        QVERIFY(length >= summary.work / workers * (1 - 1e-12));
        QVERIFY(length <= summary.work / workers + summary.span);
    }
};

QTEST_GUILESS_MAIN(ScheduleTest)
#include "tst_schedule.moc"
