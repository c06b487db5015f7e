// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/plan.h"
#include "engine/measurement/sweep.h"
#include "engine/measurement/traced_cell.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <map>

using namespace timestep;

using Compute = SweepCell::Compute;

/// What the race and the table rely on. No time is asserted: only what must hold between numbers.
class SweepTest : public QObject
{
    Q_OBJECT
private slots:
    void columnsAgreeWithEachOther_data()
    {
        QTest::addColumn<Compute>("compute");
        QTest::addColumn<double>("flops");
        QTest::addColumn<qint64>("parameters");
        QTest::addColumn<quint64>("stateBytes");
        // B = 3, T = 20, H = D = 32, L = 2
        const double lstm = 2 * 8.0 * 3 * 20 * 32 * (32 + 32);
        const double projections = 8.0 * 20 * 32 * 32;
        QTest::newRow("lstm") << Compute::Lstm << lstm << qint64(2 * (4 * 32 * 64 + 8 * 32))
                              << quint64(8 * 2 * 3 * 32);
        QTest::newRow("attention")
            << Compute::Attention << 2 * 3 * (projections + 4.0 * 20 * 20 * 32)
            << qint64(2 * 4 * (32 * 32 + 32)) << quint64(8 * 2 * 3 * 20 * 32);
        QTest::newRow("attention, causal")
            << Compute::AttentionCausal << 2 * 3 * (projections + 4.0 * 210 * 32)
            << qint64(2 * 4 * (32 * 32 + 32)) << quint64(8 * 2 * 3 * 20 * 32);
    }
    void columnsAgreeWithEachOther()
    {
        QFETCH(Compute, compute);
        QFETCH(double, flops);
        QFETCH(qint64, parameters);
        QFETCH(quint64, stateBytes);
        SweepCell cell = smallCell(compute);
        cell.layers = 2;
        const std::vector<SweepPoint> points = runSweep({ cell }, settings(5), {}, nullptr);
        QCOMPARE(points.size(), std::size_t(1));
        const SweepPoint& point = points.front();
        QCOMPARE(point.repeats, 5);
        QCOMPARE(point.flops, flops);
        QCOMPARE(point.parameters, parameters);
        QCOMPARE(quint64(point.stateBytes), stateBytes);
        QVERIFY(point.minMs > 0);
        QVERIFY(point.minMs <= point.lowerQuartileMs);
        QVERIFY(point.lowerQuartileMs <= point.medianMs);
        QVERIFY(point.medianMs <= point.upperQuartileMs);
        QVERIFY(point.upperQuartileMs <= point.p90Ms);
        QVERIFY(point.lowerMedianMs <= point.medianMs && point.medianMs <= point.upperMedianMs);
        QVERIFY(std::abs(point.gflops * point.medianMs * 1e6 - point.flops) < 1e-9 * point.flops);
        QVERIFY(point.peakGflops > 0);
        QVERIFY(point.peakBytes > 0);
        QVERIFY(point.speedUpBound >= 1);
        QVERIFY(point.maxError >= 0);
        QVERIFY2(point.maxError < 1e-5, qPrintable(QString::number(point.maxError)));
        QCOMPARE(point.kernel, std::string(defaultKernels().name));
    }

    void trainingIsThreeTimesReadingAndRight()
    {
        for (const Compute compute :
            { Compute::Lstm, Compute::Attention, Compute::AttentionCausal }) {
            SweepCell cell = smallCell(compute);
            cell.subBatches = 1;
            const SweepPoint reading = runSweep({ cell }, settings(2), {}, nullptr).front();
            cell.pass = SweepCell::Pass::Training;
            const SweepPoint training = runSweep({ cell }, settings(2), {}, nullptr).front();
            QCOMPARE(training.flops, 3 * reading.flops);
            QCOMPARE(training.parameters, reading.parameters);
            QVERIFY(training.peakBytes > reading.peakBytes);
            QVERIFY2(training.maxError < 1e-5, qPrintable(QString::number(training.maxError)));
            cell.subBatches = 3; // their gradients are summed, too
            const SweepPoint split = runSweep({ cell }, settings(2), {}, nullptr).front();
            QVERIFY(split.flops > training.flops);
            QVERIFY2(split.maxError < 1e-5, qPrintable(QString::number(split.maxError)));
        }
    }

    /// Whichever is picked, it is the one whose gradients are compared.
    void autoTriesStrategiesOfTrainingWhereRowsAreTooFew()
    {
        SweepCell cell = smallCell(Compute::Lstm);
        cell.pass = SweepCell::Pass::Training;
        cell.strategy = Strategy::Auto;
        cell.width = 48;
        cell.layers = 2;
        cell.threads = 2;
        for (const int subBatches : { 0, 1 }) {
            cell.batch = subBatches == 0 ? 1 : 3;
            cell.subBatches = subBatches;
            for (int time = 0; time < 3; ++time) {
                const SweepPoint point = runSweep({ cell }, settings(1), {}, nullptr).at(0);
                QVERIFY(point.cell.strategy != Strategy::Auto);
                QCOMPARE(point.cell.subBatches, 1);
                QVERIFY2(point.maxError < 1e-5, qPrintable(QString::number(point.maxError)));
                QVERIFY(traceCell(cell, settings(1), {}));
            }
        }
    }

    void everyStrategyIsRightAndPrintedAsWhatRan_data()
    {
        QTest::addColumn<Compute>("compute");
        QTest::addColumn<Strategy>("strategy");
        QTest::addColumn<int>("threads");
        for (const int threads : { 1, 3 }) {
            for (const Strategy strategy : { Strategy::Auto, Strategy::Sequential,
                     Strategy::SubBatch, Strategy::HiddenSplit, Strategy::LayerWavefront }) {
                QTest::addRow("lstm %s %d", strategyName(strategy).data(), threads)
                    << Compute::Lstm << strategy << threads;
            }
            for (const Strategy strategy : { Strategy::Auto, Strategy::Sequential,
                     Strategy::SubBatch, Strategy::Head, Strategy::QueryBlock }) {
                QTest::addRow("attention %s %d", strategyName(strategy).data(), threads)
                    << Compute::AttentionCausal << strategy << threads;
            }
        }
    }
    void everyStrategyIsRightAndPrintedAsWhatRan()
    {
        QFETCH(Compute, compute);
        QFETCH(Strategy, strategy);
        QFETCH(int, threads);
        SweepCell cell = smallCell(compute);
        cell.strategy = strategy;
        cell.threads = threads;
        cell.layers = 2;
        const SweepPoint point = runSweep({ cell }, settings(1), {}, nullptr).at(0);
        QVERIFY(point.cell.strategy != Strategy::Auto);
        if (strategy != Strategy::Auto)
            QCOMPARE(point.cell.strategy, strategy);
        QVERIFY(point.cell.subBatches >= 1 && point.cell.subBatches <= cell.batch);
        QVERIFY2(point.maxError < 1e-5, qPrintable(QString::number(point.maxError)));
    }

    void everyStrategyWritesOneTokenMore_data()
    {
        QTest::addColumn<Compute>("compute");
        QTest::addColumn<Strategy>("strategy");
        for (const Strategy strategy :
            { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch, Strategy::HiddenSplit })
            QTest::addRow("lstm %s", strategyName(strategy).data()) << Compute::Lstm << strategy;
        for (const Strategy strategy : { Strategy::Auto, Strategy::Sequential, Strategy::SubBatch,
                 Strategy::Head, Strategy::QueryBlock }) {
            QTest::addRow("attention %s", strategyName(strategy).data())
                << Compute::Attention << strategy;
        }
    }
    void everyStrategyWritesOneTokenMore()
    {
        QFETCH(Compute, compute);
        QFETCH(Strategy, strategy);
        SweepCell cell = smallCell(compute);
        cell.pass = SweepCell::Pass::Generation;
        cell.strategy = strategy;
        cell.threads = 2;
        cell.layers = 2;
        const SweepPoint point = runSweep({ cell }, settings(2), {}, nullptr).at(0);
        if (strategy != Strategy::Auto)
            QCOMPARE(point.cell.strategy, strategy);
        QVERIFY2(point.maxError > 0 && point.maxError < 1e-5,
            qPrintable(QString::number(point.maxError)));
        const auto traced = traceCell(cell, settings(1), {});
        QVERIFY(traced);
        QVERIFY(!traced->trace.spans.empty());
        for (const Operation& operation : traced->plan.operations())
            QCOMPARE(operation.steps, (IndexRange { cell.length, cell.length + 1 }));
    }

    void aLongGenerationIsTimedWithoutAReference()
    {
        SweepCell cell = smallCell(Compute::AttentionCausal);
        cell.pass = SweepCell::Pass::Generation;
        cell.length = 20000; // the layer below looks back from every position
        cell.layers = 2;
        cell.batch = 1;
        const SweepPoint point = runSweep({ cell }, settings(1), {}, nullptr).at(0);
        QVERIFY(point.medianMs > 0);
        QVERIFY(std::isnan(point.maxError));
    }

    void moreSubBatchesThanRowsAreAsManyAsRows()
    {
        SweepCell cell = smallCell(Compute::Lstm);
        cell.subBatches = 8;
        QCOMPARE(runSweep({ cell }, settings(1), {}, nullptr).at(0).cell.subBatches, 3);
    }

    void repeatsAreInterleaved()
    {
        // Every cell has its k-th repeat before any has its (k + 1)-th.
        std::vector<int> lengths;
        const auto update = [&lengths](const SweepPoint& point, const SweepProgress&) {
            lengths.push_back(point.cell.length);
        };
        runSweep(threeCells(), settings(6), {}, update);
        QCOMPARE(lengths.size(), std::size_t(18));
        std::vector<std::vector<int>> rounds;
        for (std::size_t round = 0; round < 6; ++round) {
            rounds.emplace_back(lengths.begin() + static_cast<std::ptrdiff_t>(3 * round),
                lengths.begin() + static_cast<std::ptrdiff_t>(3 * round + 3));
            std::vector<int> sorted = rounds.back();
            std::sort(sorted.begin(), sorted.end());
            QCOMPARE(sorted, (std::vector<int> { 4, 8, 16 }));
        }
        // In an order that varies, or drift would always favour the same cell.
        QCOMPARE(rounds.front(), (std::vector<int> { 4, 8, 16 })); // what is soon done first
        QVERIFY(std::any_of(rounds.begin(), rounds.end(),
            [&rounds](const std::vector<int>& round) { return round != rounds.front(); }));
        std::vector<int> again;
        runSweep(
            threeCells(), settings(6), {}, [&again](const SweepPoint& point, const SweepProgress&) {
                again.push_back(point.cell.length);
            });
        QCOMPARE(again, lengths);
    }

    void thePeakIsTheLargestSeenOnAsManyThreads()
    {
        std::vector<SweepCell> cells = threeCells();
        cells.back().threads = 2;
        std::map<int, double> largest; // by threads, of what was told while it was measured
        const std::vector<SweepPoint> points = runSweep(
            cells, settings(4), {}, [&largest](const SweepPoint& point, const SweepProgress&) {
                double& peak = largest[point.cell.threads];
                QVERIFY(point.peakGflops >= peak); // never less than another was told
                peak = point.peakGflops;
            });
        for (const SweepPoint& point : points)
            QCOMPARE(point.peakGflops, largest[point.cell.threads]);
    }

    void everyRepeatIsToldBeforeItBegins()
    {
        std::vector<SweepStep> steps;
        const auto update = [&steps](const SweepPoint& point, const SweepProgress& progress) {
            QCOMPARE(int(steps.size()), progress.repeatsDone);
            QCOMPARE(steps.back().index, point.index);
            QCOMPARE(steps.back().repeatsDone, point.repeats - 1);
        };
        runSweep(threeCells(), settings(3), {}, update,
            [&steps](SweepStep step) { steps.push_back(step); });
        QCOMPARE(steps.size(), std::size_t(9));
    }

    void progressCountsUpToTheEnd()
    {
        SweepProgress last;
        int updates = 0;
        runSweep(threeCells(), settings(2), {},
            [&](const SweepPoint& point, const SweepProgress& progress) {
                ++updates;
                QCOMPARE(progress.repeatsDone, updates);
                QVERIFY(point.repeats >= 1);
                last = progress;
            });
        QCOMPARE(last.repeatsDone, 6);
        QCOMPARE(last.repeats, 6);
        QCOMPARE(last.pointsDone, 3);
        QCOMPARE(last.points, 3);
    }

    void stoppingHandsOutWhatThereIs()
    {
        std::stop_source stop;
        const auto update = [&stop](const SweepPoint&, const SweepProgress& progress) {
            if (progress.repeatsDone == 4) // the first round and one more repeat
                stop.request_stop();
        };
        const std::vector<SweepPoint> points
            = runSweep(threeCells(), settings(1000000), stop.get_token(), update);
        QCOMPARE(points.size(), std::size_t(3));
        int repeats = 0;
        for (const SweepPoint& point : points) {
            QVERIFY(point.repeats >= 1);
            QVERIFY(point.medianMs > 0);
            repeats += point.repeats;
        }
        QCOMPARE(repeats, 4);
    }

    void stoppedAtOnceThereIsNothing()
    {
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(
            runSweep(threeCells(), settings(3), stop.get_token(), nullptr).size(), std::size_t(0));
        QVERIFY(!traceCell(smallCell(Compute::Lstm), settings(1), stop.get_token()));
    }

    void memoryIsRefusedBeforeAnythingRuns()
    {
        std::vector<SweepCell> cells = threeCells();
        cells.back().length = 1 << 20;
        cells.back().batch = 1 << 20;
        int updates = 0;
        SweepSettings limited = settings(1);
        limited.memoryBudget = 100 << 20;
        try {
            runSweep(cells, limited, {},
                [&updates](const SweepPoint&, const SweepProgress&) { ++updates; });
            QFAIL("a sweep of some petabytes was let through");
        } catch (const Error& error) {
            QVERIFY2(QByteArray(error.what()).contains("--memory"), error.what());
        }
        QCOMPARE(updates, 0);
    }

    void aCacheBeyondTheMemoryIsRefused()
    {
        SweepSettings limited = settings(1);
        limited.memoryBudget = 100 << 20;
        SweepCell cell = smallCell(Compute::AttentionCausal);
        cell.pass = SweepCell::Pass::Generation;
        cell.length = 100000; // keys and values of 3 rows and 8 layers: 600 MB
        cell.layers = 8;
        QVERIFY_EXCEPTION_THROWN(runSweep({ cell }, limited, {}, nullptr), Error);
        QVERIFY_EXCEPTION_THROWN(traceCell(cell, limited, {}), Error);
    }

    void cellsThatDoNotFitTogetherAreTimedAllTheSame()
    {
        std::vector<SweepCell> cells = threeCells();
        SweepSettings limited = settings(3);
        limited.memoryBudget = 1 << 20;
        for (SweepCell& cell : cells) {
            cell.length = 64 + cell.length;
            cell.batch = 8;
        }
        for (const SweepPoint& point : runSweep(cells, limited, {}, nullptr)) {
            QCOMPARE(point.repeats, 3);
            QVERIFY(point.maxError < 1e-5);
        }
    }

    void unsuitedStrategyIsRefused()
    {
        SweepCell cell = smallCell(Compute::Lstm);
        cell.strategy = Strategy::QueryBlock;
        QVERIFY_EXCEPTION_THROWN(runSweep({ cell }, settings(1), {}, nullptr), Error);
    }

private:
    static SweepCell smallCell(Compute compute)
    {
        SweepCell cell;
        cell.compute = compute;
        cell.strategy = Strategy::SubBatch;
        cell.length = 20;
        cell.batch = 3;
        cell.width = 32;
        cell.heads = 4;
        return cell;
    }

    static std::vector<SweepCell> threeCells()
    {
        std::vector<SweepCell> cells;
        for (const int length : { 4, 8, 16 }) {
            cells.push_back(smallCell(Compute::Lstm));
            cells.back().length = length;
        }
        return cells;
    }

    static SweepSettings settings(int repeats)
    {
        SweepSettings settings;
        settings.repeats = repeats;
        return settings;
    }
};

QTEST_APPLESS_MAIN(SweepTest)
#include "tst_sweep.moc"
