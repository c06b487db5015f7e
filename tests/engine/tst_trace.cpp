// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/executor.h"
#include "engine/execution/time_stamp.h"
#include "engine/execution/trace_recorder.h"
#include "tests/engine/plan_cases.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <set>
#include <thread>

using namespace timestep;

namespace {

using Clock = std::chrono::steady_clock;

void computeFor(std::chrono::microseconds time)
{
    for (const auto end = Clock::now() + time; Clock::now() < end;) { }
}

class Computes : public Computation
{
public:
    explicit Computes(std::chrono::microseconds time)
        : m_time(time)
    {
    }
    void run(const Operation&, const Worker&) noexcept override { computeFor(m_time); }

private:
    std::chrono::microseconds m_time;
};

class Sleeps : public Computation
{
public:
    void run(const Operation&, const Worker&) noexcept override
    {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
};

Plan subBatches(int count, int steps)
{
    const Cut cut { .grain = Grain::Executed, .subBatches = count, .stepsPerChunk = 4 };
    return makePlan(lstmShape(1, 16, 16, steps, count), cut);
}

const Span& spanOf(const Trace& trace, int operation)
{
    return *std::find_if(trace.spans.begin(), trace.spans.end(),
        [&](const Span& span) { return span.operation == operation; });
}

} // namespace

Q_DECLARE_METATYPE(PlanCase)

class TraceTest : public QObject
{
    Q_OBJECT

private slots:
    void spansAgreeWithNeedsTasksAndLanes_data()
    {
        QTest::addColumn<PlanCase>("planCase");
        QTest::addColumn<int>("threads");
        for (const PlanCase& planCase : planCases(Grain::Executed))
            for (const int threads : { 1, 3 })
                QTest::addRow("%s, %d threads", planCase.name.c_str(), threads)
                    << planCase << threads;
    }
    void spansAgreeWithNeedsTasksAndLanes()
    {
        QFETCH(const PlanCase, planCase);
        QFETCH(const int, threads);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        Executor executor(threads);
        Computes computes(std::chrono::microseconds(2));
        Trace trace;
        QVERIFY(executor.run(plan, computes, {}, &trace) == Outcome::Finished);

        QCOMPARE(trace.spans.size(), plan.operations().size());
        std::vector<std::int64_t> laneEnd(trace.lanes.size());
        std::vector<int> laneOfTask(static_cast<std::size_t>(plan.taskCount()), -1);
        std::int64_t begin = 0;
        for (const Span& span : trace.spans) {
            QVERIFY(span.beginNs >= begin); // by begin
            begin = span.beginNs;
            QVERIFY(span.endNs > span.beginNs);
            QVERIFY(span.cpuNs >= 0 && span.cpuNs <= span.endNs - span.beginNs);
            std::int64_t& end = laneEnd[static_cast<std::size_t>(span.lane)];
            QVERIFY(span.beginNs >= end); // a lane does one thing at a time
            end = span.endNs;
            int& lane = laneOfTask[static_cast<std::size_t>(
                plan.operations()[static_cast<std::size_t>(span.operation)].task)];
            QVERIFY(lane < 0 || lane == span.lane); // a task stays on its lane
            lane = span.lane;
            for (const OperationRange& range : plan.needs(span.operation))
                for (int need = range.begin; need < range.end; ++need)
                    QVERIFY(spanOf(trace, need).endNs <= span.beginNs);
        }
    }

    void everyThreadHasALaneAlsoWithNothingToDo()
    {
        Executor executor(3);
        Computes computes(std::chrono::microseconds(500));
        Trace trace;
        // A thread that a loaded machine brings too late is not waited for.
        for (int run = 0; run < 20 && trace.lanes.size() < 3; ++run) {
            trace = {};
            executor.run(subBatches(1, 16), computes, {}, &trace);
        }
        QCOMPARE(trace.lanes.size(), std::size_t { 3 });
        std::set<std::int64_t> threads;
        for (std::size_t lane = 0; lane < trace.lanes.size(); ++lane) {
            QCOMPARE(trace.lanes[lane].lane, static_cast<int>(lane));
            threads.insert(trace.lanes[lane].thread);
        }
        QCOMPARE(threads.size(), std::size_t { 3 });
        for (const Span& span : trace.spans)
            QCOMPARE(span.lane, 0);
    }

    void waitingIsNoProcessorTime()
    {
        Executor executor(2);
        Sleeps sleeps;
        Trace trace;
        executor.run(subBatches(2, 8), sleeps, {}, &trace);
        for (const Span& span : trace.spans)
            QVERIFY(span.cpuNs < (span.endNs - span.beginNs) / 2);
    }

    void threadsThatShareACoreShowIt()
    {
        const int cores = static_cast<int>(std::thread::hardware_concurrency());
        const int threads = 3 * cores;
        Executor executor(threads);
        Computes computes(std::chrono::milliseconds(20));
        Trace trace;
        executor.run(subBatches(threads, 8), computes, {}, &trace);
        std::int64_t wall = 0, cpu = 0, end = 0;
        for (const Span& span : trace.spans) {
            wall += span.endNs - span.beginNs;
            cpu += span.cpuNs;
            end = std::max(end, span.endNs);
        }
        QVERIFY(cpu > 0);
        // No more processor time than there are cores, however many threads claim to be computing.
        QVERIFY(static_cast<double>(cpu) <= 1.1 * cores * static_cast<double>(end));
        QVERIFY(static_cast<double>(wall) > 1.5 * static_cast<double>(cpu));
    }

    void manyShortOperationsOnALaneAddUpToItsProcessorTime()
    {
        LaneRecorder recorder(20'000, 100'000);
        const TimeStamp::Reading begin = TimeStamp::read();
        timespec cpuBegin {}, cpuEnd {};
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpuBegin);
        recorder.enter();
        for (int operation = 0; operation < 20'000; ++operation) {
            recorder.beginOperation();
            computeFor(std::chrono::microseconds(1));
            recorder.endOperation(operation);
        }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpuEnd);
        std::vector<Span> spans;
        recorder.appendSpans(0, TimeStampScale(begin, TimeStamp::read()), spans);
        QCOMPARE(spans.size(), std::size_t { 20'000 });
        double cpu = 0;
        for (const Span& span : spans)
            cpu += static_cast<double>(span.cpuNs);
        const double whole = static_cast<double>(cpuEnd.tv_sec - cpuBegin.tv_sec) * 1e9
            + static_cast<double>(cpuEnd.tv_nsec - cpuBegin.tv_nsec);
        QVERIFY2(cpu > 0.5 * whole && cpu <= 1.1 * whole,
            qPrintable(QString("%1 of %2 ns").arg(cpu).arg(whole)));
    }

    void aStoppedRunKeepsWhatRan()
    {
        std::stop_source stop;
        class StopsAtTheThird : public Computation
        {
        public:
            explicit StopsAtTheThird(std::stop_source& stop)
                : m_stop(stop)
            {
            }
            void run(const Operation&, const Worker&) noexcept override
            {
                if (++m_count == 3)
                    m_stop.request_stop();
            }

        private:
            std::stop_source& m_stop;
            int m_count = 0;
        } computation(stop);
        Executor executor(1);
        Trace trace;
        executor.run(subBatches(1, 40), computation, stop.get_token(), &trace);
        QCOMPARE(trace.spans.size(), std::size_t { 3 });
    }

    void ticksBecomeNanoseconds()
    {
        const TimeStampScale scale({ 1000, 5'000'000 }, { 5000, 5'002'000 }); // 2 ticks a ns
        QCOMPARE(scale.nsSinceBegin(1000), std::int64_t { 0 });
        QCOMPARE(scale.nsSinceBegin(2000), std::int64_t { 500 });
        QCOMPARE(scale.nsBetween(2000, 5000), std::int64_t { 1500 });
        QCOMPARE(scale.nsSinceBegin(800), std::int64_t { -100 });
    }

    void ticksRunAsTheSteadyClockDoes()
    {
        const TimeStamp::Reading begin = TimeStamp::read();
        computeFor(std::chrono::milliseconds(5));
        const TimeStamp::Reading middle = TimeStamp::read();
        computeFor(std::chrono::milliseconds(5));
        const TimeStampScale scale(begin, TimeStamp::read());
        const std::int64_t difference
            = scale.nsSinceBegin(middle.ticks) - (middle.steadyNs - begin.steadyNs);
        QVERIFY2(std::abs(difference) < 20'000, qPrintable(QString("%1 ns").arg(difference)));
    }

    /// The time stands in the output; the budget of a trace is 0.5 % of a run.
    void costOfAnEvent()
    {
        constexpr int events = 10'000;
        std::vector<Span> spans;
        QBENCHMARK
        {
            LaneRecorder recorder(events, 1'000'000'000);
            recorder.enter();
            for (int operation = 0; operation < events; ++operation) {
                recorder.beginOperation();
                recorder.endOperation(operation);
            }
            spans.clear();
            recorder.appendSpans(0, TimeStampScale({ 0, 0 }, { 1, 1 }), spans);
        }
        QCOMPARE(spans.size(), std::size_t { events });
    }
};

QTEST_GUILESS_MAIN(TraceTest)
#include "tst_trace.moc"
