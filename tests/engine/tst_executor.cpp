// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/executor.h"
#include "tests/engine/plan_cases.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <ctime>
#include <limits>
#include <set>
#include <thread>

using namespace timestep;

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double processCpuMilliseconds()
{
    timespec time {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Each operation makes a number from its own index and the numbers it needs, without any lock:
/// where the executor hands over wrongly, numbers differ, and the thread sanitizer objects.
class Mixing : public Computation
{
public:
    explicit Mixing(const Plan& plan)
        : m_plan(plan)
        , m_values(plan.operations().size())
        , m_runs(plan.operations().size())
        , m_taskRuns(static_cast<std::size_t>(plan.taskCount()))
    {
    }

    void run(const Operation& operation, const Worker&) noexcept override
    {
        const auto index = static_cast<std::size_t>(&operation - m_plan.operations().data());
        std::uint64_t value = index + 1;
        for (const OperationRange& range : m_plan.needs(static_cast<int>(index)))
            for (int need = range.begin; need < range.end; ++need)
                value = (value ^ m_values[static_cast<std::size_t>(need)]) * 0x9E3779B97F4A7C15U;
        m_values[index] = value;
        ++m_runs[index];
        // The order within a task: each operation sees how many of its task came before.
        m_values[index]
            += static_cast<std::uint64_t>(m_taskRuns[static_cast<std::size_t>(operation.task)]++);
    }

    const std::vector<std::uint64_t>& values() const { return m_values; }
    const std::vector<int>& runs() const { return m_runs; }

private:
    const Plan& m_plan;
    std::vector<std::uint64_t> m_values;
    std::vector<int> m_runs;
    std::vector<int> m_taskRuns;
};

std::vector<std::uint64_t> valuesOneByOne(const Plan& plan)
{
    Mixing mixing(plan);
    for (const Operation& operation : plan.operations())
        mixing.run(operation, {});
    return mixing.values();
}

/// Computes for some time, polling as a real computation does.
class Slow : public Computation
{
public:
    explicit Slow(std::chrono::microseconds time)
        : m_time(time)
    {
    }
    void run(const Operation&, const Worker& worker) noexcept override
    {
        m_started = true;
        const auto end = Clock::now() + m_time;
        while (Clock::now() < end && !worker.stop.stop_requested()) { }
    }
    bool started() const { return m_started; }

private:
    std::chrono::microseconds m_time;
    std::atomic<bool> m_started = false;
};

Plan executedLstm(
    Strategy strategy, int layers, int steps, int rows, int subBatches, int slices = 0)
{
    const Cut cut { .strategy = strategy,
        .grain = Grain::Executed,
        .subBatches = subBatches,
        .slices = slices,
        .stepsPerChunk = 4 };
    return makePlan(lstmShape(layers, 64, 64, steps, rows), cut);
}

} // namespace

Q_DECLARE_METATYPE(PlanCase)

class ExecutorTest : public QObject
{
    Q_OBJECT

private slots:
    void everyOperationRunsOnceAfterItsNeeds_data()
    {
        QTest::addColumn<PlanCase>("planCase");
        QTest::addColumn<int>("threads");
        for (const PlanCase& planCase : planCases(Grain::Executed))
            for (const int threads : { 1, 2, 5 })
                QTest::addRow("%s, %d threads", planCase.name.c_str(), threads)
                    << planCase << threads;
    }
    void everyOperationRunsOnceAfterItsNeeds()
    {
        QFETCH(const PlanCase, planCase);
        QFETCH(const int, threads);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        Executor executor(threads);
        Mixing mixing(plan);
        QVERIFY(executor.run(plan, mixing, {}) == Outcome::Finished);
        QCOMPARE(mixing.runs(), std::vector<int>(plan.operations().size(), 1));
        QCOMPARE(mixing.values(), valuesOneByOne(plan));
    }

    void oneExecutorRunsManyPlans()
    {
        Executor executor(4);
        for (int repeat = 0; repeat < 20; ++repeat) {
            for (const Strategy strategy :
                { Strategy::SubBatch, Strategy::HiddenSplit, Strategy::LayerWavefront }) {
                const Plan plan = executedLstm(strategy, 2, 24, 8, 2, 4);
                Mixing mixing(plan);
                QVERIFY(executor.run(plan, mixing, {}) == Outcome::Finished);
                QCOMPARE(mixing.values(), valuesOneByOne(plan));
            }
        }
    }

    void slicesThatWaitForEachOtherNeedNoWorkerEach_data()
    {
        QTest::addColumn<int>("threads");
        for (const int threads : { 1, 2, 3, 8, 11 })
            QTest::addRow("%d threads", threads) << threads;
    }
    void slicesThatWaitForEachOtherNeedNoWorkerEach()
    {
        QFETCH(const int, threads);
        const Plan plan = executedLstm(Strategy::HiddenSplit, 2, 40, 4, 2, 4);
        QCOMPARE(plan.taskCount(), 8);
        Executor executor(threads);
        Mixing mixing(plan);
        QVERIFY(executor.run(plan, mixing, {}) == Outcome::Finished);
        QCOMPARE(mixing.values(), valuesOneByOne(plan));
    }

    void moreThreadsThanCoresReallyRun()
    {
        const int threads = static_cast<int>(std::thread::hardware_concurrency()) + 3;
        Executor executor(threads);
        const Plan plan = executedLstm(Strategy::SubBatch, 1, 4, 2 * threads, threads);
        Slow slow(std::chrono::milliseconds(5));
        Trace trace;
        QVERIFY(executor.run(plan, slow, {}, &trace) == Outcome::Finished);
        QCOMPARE(trace.lanes.size(), static_cast<std::size_t>(threads));
        std::set<std::int64_t> systemThreads;
        for (const Lane& lane : trace.lanes)
            systemThreads.insert(lane.thread);
        QCOMPARE(systemThreads.size(), static_cast<std::size_t>(threads));
        std::set<int> lanesAtWork;
        for (const Span& span : trace.spans)
            lanesAtWork.insert(span.lane);
        QCOMPARE(lanesAtWork.size(), static_cast<std::size_t>(threads));
    }

    void twoExecutorsAtOnceGetAllTheirThreads()
    {
        const Plan plan = executedLstm(Strategy::SubBatch, 1, 4, 8, 4);
        Executor small(2), large(4);
        Trace smallTrace, largeTrace;
        Slow slow(std::chrono::milliseconds(5));
        std::jthread other([&] { small.run(plan, slow, {}, &smallTrace); });
        large.run(plan, slow, {}, &largeTrace);
        other.join();
        QCOMPARE(smallTrace.lanes.size(), std::size_t { 2 });
        QCOMPARE(largeTrace.lanes.size(), std::size_t { 4 });
    }

    void subBatchesGoToTheLanesInOrder()
    {
        const Plan plan = executedLstm(Strategy::SubBatch, 1, 8, 8, 4);
        Executor executor(4);
        for (int repeat = 0; repeat < 10; ++repeat) {
            Slow slow(std::chrono::milliseconds(1));
            Trace trace;
            executor.run(plan, slow, {}, &trace);
            for (const Span& span : trace.spans)
                QCOMPARE(
                    span.lane, plan.operations()[static_cast<std::size_t>(span.operation)].task);
        }
    }

    void stopEndsARun_data()
    {
        QTest::addColumn<Strategy>("strategy");
        QTest::addColumn<int>("threads");
        for (const Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                 Strategy::HiddenSplit, Strategy::LayerWavefront })
            for (const int threads : { 1, 2, 4 })
                QTest::addRow("%s, %d threads", strategyName(strategy).data(), threads)
                    << strategy << threads;
    }
    void stopEndsARun()
    {
        QFETCH(const Strategy, strategy);
        QFETCH(const int, threads);
        // Would take minutes.
        const Plan plan = executedLstm(strategy, 2, 4000, 8, 2, 3);
        Slow slow(std::chrono::milliseconds(50));
        Executor executor(threads);
        std::stop_source stop;
        std::jthread stopping([&] {
            while (!slow.started())
                std::this_thread::yield();
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            stop.request_stop();
        });
        Trace trace;
        QVERIFY(executor.run(plan, slow, stop.get_token(), &trace) == Outcome::Cancelled);
        QVERIFY(trace.spans.size() < plan.operations().size());
        // And the executor is as good as new.
        const Plan next = executedLstm(strategy, 1, 12, 4, 2, 2);
        Mixing mixing(next);
        QVERIFY(executor.run(next, mixing, {}) == Outcome::Finished);
        QCOMPARE(mixing.values(), valuesOneByOne(next));
    }

    void stoppedBeforehandRunsNothing()
    {
        const Plan plan = executedLstm(Strategy::SubBatch, 1, 12, 4, 2);
        std::stop_source stop;
        stop.request_stop();
        Mixing mixing(plan);
        Executor executor(3);
        QVERIFY(executor.run(plan, mixing, stop.get_token()) == Outcome::Cancelled);
        QCOMPARE(mixing.runs(), std::vector<int>(plan.operations().size(), 0));
    }

    void stopWithinTheLastOperationIsNoResult()
    {
        const Plan plan = executedLstm(Strategy::Sequential, 1, 1, 1, 1);
        class StopsItself : public Computation
        {
        public:
            std::stop_source stop;
            void run(const Operation& operation, const Worker&) noexcept override
            {
                if (operation.kind == OperationKind::RecurrentHalf)
                    stop.request_stop();
            }
        } computation;
        Executor executor(1);
        QVERIFY(
            executor.run(plan, computation, computation.stop.get_token()) == Outcome::Cancelled);
    }

    void emptyPlanIsFinished()
    {
        const Plan plan = executedLstm(Strategy::SubBatch, 1, 0, 4, 2);
        Mixing mixing(plan);
        Executor executor(2);
        Trace trace;
        QVERIFY(executor.run(plan, mixing, {}, &trace) == Outcome::Finished);
        QVERIFY(trace.spans.empty());
    }

    void denormalsAreZeroDuringARunOnly()
    {
        class Halves : public Computation
        {
        public:
            std::atomic<int> denormals { 0 };
            void run(const Operation&, const Worker&) noexcept override
            {
                if (halfOfSmallest() != 0)
                    ++denormals;
            }
            static float halfOfSmallest()
            {
                volatile float smallest = std::numeric_limits<float>::min();
                return smallest * 0.5F;
            }
        } computation;
        const Plan plan = executedLstm(Strategy::SubBatch, 1, 8, 4, 4);
        Executor executor(2);
        executor.run(plan, computation, {});
        QCOMPARE(computation.denormals.load(), 0);
        QVERIFY(Halves::halfOfSmallest() != 0);
    }

    void workersWithNothingToDoSleep()
    {
        class Sleeps : public Computation
        {
        public:
            void run(const Operation&, const Worker&) noexcept override
            {
                std::this_thread::sleep_for(std::chrono::milliseconds(20));
            }
        } computation;
        Executor executor(4);
        executor.warmUp(1); // threads are made here
        const auto begin = Clock::now();
        const double cpuBegin = processCpuMilliseconds();
        executor.run(executedLstm(Strategy::SubBatch, 1, 8, 1, 1), computation, {});
        QVERIFY(processCpuMilliseconds() - cpuBegin < millisecondsSince(begin) / 2);
    }

    void warmUpLastsAsLongAsAsked()
    {
        Executor executor(2);
        const auto begin = Clock::now();
        executor.warmUp(20);
        QVERIFY(millisecondsSince(begin) >= 20);
    }
};

QTEST_GUILESS_MAIN(ExecutorTest)
#include "tst_executor.moc"
