// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/race_plan.h"
#include "ui/session/sweep_runner.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <set>

using namespace timestep;

namespace {

RaceRequest smallRequest(int repeats = 2)
{
    RaceRequest request;
    request.width = 16;
    request.heads = 2;
    request.rows = 4;
    request.threads = 2;
    request.threadCounts = { 1, 2 };
    request.longest = 32;
    request.repeats = repeats;
    return request;
}

const PlannedLine& lineOf(const std::vector<PlannedLine>& lines, RacePicture picture, RaceLine line)
{
    return *std::find_if(lines.begin(), lines.end(), [&](const PlannedLine& planned) {
        return planned.picture == picture && planned.line == line;
    });
}

} // namespace

class SweepRunnerTest : public QObject
{
    Q_OBJECT
private slots:
    void everyCellIsMeasured()
    {
        SweepRunner runner;
        QSignalSpy changed(&runner, &SweepRunner::pointsChanged);
        runner.plan(smallRequest());
        runner.start();
        QVERIFY(runner.running());
        QTRY_VERIFY_WITH_TIMEOUT(!runner.running(), 120000);
        const auto cells = raceCells(runner.request());
        QCOMPARE(runner.points().size(), cells.size());
        QVERIFY(changed.size() >= 2);
        for (std::size_t index = 0; index < cells.size(); ++index) {
            const RacePoint& race = runner.points()[index];
            QVERIFY(race.places == cells[index].places);
            QCOMPARE(race.point.cell.length, cells[index].cell.length);
            QCOMPARE(race.point.cell.threads, cells[index].cell.threads);
            QCOMPARE(race.point.cell.strategy, cells[index].cell.strategy);
            QCOMPARE(race.point.cell.subBatches, cells[index].cell.subBatches);
            QCOMPARE(race.point.repeats, 2);
            QVERIFY(race.point.medianMs > 0);
        }
        QCOMPARE(runner.progress().repeatsDone, runner.progress().repeats);
    }

    void stopKeepsThePoints()
    {
        SweepRunner runner;
        runner.plan(smallRequest(100000));
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(runner.points().size() >= 3, 120000);
        runner.stop();
        QVERIFY(!runner.running());
        const auto kept = runner.points().size();
        QTest::qWait(300);
        QCOMPARE(runner.points().size(), kept); // nothing comes after it
    }

    void startingAnewBeginsWithNothing()
    {
        SweepRunner runner;
        runner.plan(smallRequest(100000));
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.points().empty(), 120000);
        RaceRequest other = smallRequest(1);
        other.rows = 1;
        runner.plan(other);
        QVERIFY(runner.points().empty());
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.running(), 120000);
        QCOMPARE(runner.points().size(), raceCells(other).size());
        for (const RacePoint& race : runner.points())
            QCOMPARE(race.point.cell.batch, 1);
    }

    void goingAwayWhileMeasuring()
    {
        for (int wait : { 0, 5, 60 }) {
            SweepRunner runner;
            runner.plan(smallRequest(100000));
            runner.start();
            QTest::qWait(wait);
        }
    }

    void whatCannotBeMeasuredIsToldInALine()
    {
        SweepRunner runner;
        QSignalSpy failed(&runner, &SweepRunner::failed);
        RaceRequest impossible = smallRequest();
        impossible.memoryBudget = 1;
        runner.plan(smallRequest());
        runner.plan(impossible);
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.running(), 120000);
        QCOMPARE(failed.size(), 1);
        QVERIFY(!failed.first().first().toString().contains('\n'));
    }

    void whatIsTooLargeIsLeftOutAndToldOf()
    {
        SweepRunner runner;
        QSignalSpy failed(&runner, &SweepRunner::failed);
        RaceRequest request = smallRequest();
        request.question = RaceQuestion::Memory;
        request.longest = 1024;
        request.memoryBudget = 1 << 20;
        runner.plan(request);
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.running(), 120000);
        QVERIFY(failed.isEmpty());
        QVERIFY(!runner.points().empty());
        QVERIFY(runner.points().size() < raceCells(request).size());
        QVERIFY2(runner.measurement().refusal.find("steps") != std::string::npos,
            runner.measurement().refusal.c_str());
        for (const RacePoint& race : runner.points())
            QVERIFY(race.point.peakBytes <= request.memoryBudget);
    }

    void everyQuestionIsMeasured_data()
    {
        QTest::addColumn<RaceQuestion>("question");
        QTest::addColumn<SweepCell::Pass>("pass");
        QTest::newRow("training") << RaceQuestion::Length << SweepCell::Pass::Training;
        QTest::newRow("being written") << RaceQuestion::Length << SweepCell::Pass::Generation;
        QTest::newRow("rows") << RaceQuestion::Rows << SweepCell::Pass::Training;
        QTest::newRow("sub-batches") << RaceQuestion::SubBatches << SweepCell::Pass::Generation;
        QTest::newRow("memory") << RaceQuestion::Memory << SweepCell::Pass::Inference;
    }

    void everyQuestionIsMeasured()
    {
        QFETCH(RaceQuestion, question);
        QFETCH(SweepCell::Pass, pass);
        RaceRequest request = smallRequest(1);
        request.question = question;
        request.pass = pass;
        request.rows = 2;
        request.attentionStrategy = Strategy::QueryBlock; // suits neither training nor writing
        request.lstmStrategy = Strategy::LayerWavefront; // nor that a single step
        SweepRunner runner;
        QSignalSpy failed(&runner, &SweepRunner::failed);
        runner.plan(request);
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.running(), 120000);
        QVERIFY2(failed.isEmpty(), qPrintable(failed.value(0).value(0).toString()));
        QCOMPARE(runner.points().size(), raceCells(request).size());
        QVERIFY(runner.measurement().refusal.empty());
        for (const PlannedLine& line : runner.lines())
            QVERIFY(line.points.back().speedUp >= 1);
    }

    void passesAreThoseAskedFor()
    {
        RaceRequest request = smallRequest();
        for (const RaceCell& cell : raceCells(request))
            QCOMPARE(cell.cell.pass,
                cell.places.front().picture == RacePicture::Writing ? SweepCell::Pass::Generation
                                                                    : SweepCell::Pass::Inference);
        request.question = RaceQuestion::Memory; // both ways
        for (const RaceCell& cell : raceCells(request))
            QCOMPARE(cell.cell.pass,
                cell.places.front().picture == RacePicture::TrainingMemory
                    ? SweepCell::Pass::Training
                    : SweepCell::Pass::Inference);
        QCOMPARE(raceRepeats(request), 1); // bytes are the same in every run
    }

    void rowsAndSubBatchesAreCountedInPowersOfTwo()
    {
        RaceRequest request = smallRequest();
        request.rows = 12;
        QCOMPARE(raceRowCounts(request), (std::vector<int> { 1, 2, 4, 8, 12, 16, 32, 64 }));
        QCOMPARE(raceSubBatchCounts(request), (std::vector<int> { 1, 2, 4, 8, 12 }));
        request.question = RaceQuestion::SubBatches;
        std::set<int> measured;
        for (const RaceCell& cell : raceCells(request)) {
            QCOMPARE(cell.cell.batch, 12);
            measured.insert(cell.cell.subBatches);
        }
        QCOMPARE(measured, (std::set<int> { 1, 2, 4, 8, 12 }));
        request.question = RaceQuestion::Rows;
        for (const RaceCell& cell : raceCells(request))
            if (cell.places.front().picture == RacePicture::PeakShareOfManyRows) {
                QCOMPARE(cell.cell.threads, 1);
                QCOMPARE(cell.cell.subBatches, 1);
            }
    }

    void subBatchesArePlannedOnTheCoresThereAre()
    {
        RaceRequest request = smallRequest();
        request.question = RaceQuestion::SubBatches;
        request.cores = 2;
        SweepRunner runner;
        runner.plan(request);
        QTRY_VERIFY(!runner.planning());
        const PlannedLine& lstm
            = lineOf(runner.lines(), RacePicture::SpeedUpOfSubBatches, RaceLine::Lstm);
        QCOMPARE(lstm.points.size(), std::size_t(3)); // 1, 2, 4
        QCOMPARE(lstm.points[0].speedUp, 1.0);
        QCOMPARE(lstm.points[1].speedUp, 2.0);
        QCOMPARE(lstm.points[2].speedUp, 2.0); // two workers, however many sub-batches
    }

    void whatWasMeasuredComesBack()
    {
        SweepRunner runner;
        runner.plan(smallRequest(1));
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(!runner.running(), 120000);
        const RaceMeasurement kept = runner.measurement();
        RaceRequest other = smallRequest(1);
        other.question = RaceQuestion::Rows;
        runner.plan(other);
        QVERIFY(runner.points().empty());
        runner.restore(kept);
        QCOMPARE(runner.points().size(), kept.points.size());
        QCOMPARE(runner.lines().size(), std::size_t(5));
        QCOMPARE(runner.progress().repeatsDone, runner.progress().repeats);
        QVERIFY(!runner.planning() && !runner.running());
    }

    void plansSayWhatMustWait()
    {
        SweepRunner runner;
        QSignalSpy lines(&runner, &SweepRunner::linesChanged);
        runner.plan(smallRequest());
        QTRY_VERIFY(!runner.planning());
        QCOMPARE(runner.lines().size(), std::size_t(5));
        QVERIFY(lines.size() >= 5); // each as soon as it is there
        const auto rows = RacePicture::SpeedUpOfRows;
        const auto one = RacePicture::SpeedUpOfOne;
        for (const PlannedLine& line : runner.lines()) {
            QCOMPARE(line.points.size(), std::size_t(13)); // 1 … 4,096
            QCOMPARE(line.points.front().speedUp, 1.0);
            for (std::size_t next = 1; next < line.points.size(); ++next) {
                QVERIFY(line.points[next].speedUp >= line.points[next - 1].speedUp * 0.999);
                QVERIFY(line.points[next].speedUp <= line.points[next].count * 1.001);
            }
        }
        // Rows help both alike, length only attention; one row leaves sub-batches nothing to split.
        QVERIFY(lineOf(runner.lines(), rows, RaceLine::Lstm).points.back().speedUp < 2.5 * 4);
        QVERIFY(
            lineOf(runner.lines(), rows, RaceLine::Attention).points.back().speedUp > 0.5 * 4 * 16);
        QCOMPARE(lineOf(runner.lines(), one, RaceLine::Lstm).points.back().speedUp, 1.0);
        QVERIFY(lineOf(runner.lines(), one, RaceLine::HiddenSplit).points.back().speedUp > 4);
    }

    void plansThatStayTheSameAreNotMadeAgain()
    {
        SweepRunner runner;
        runner.plan(smallRequest());
        QTRY_VERIFY(!runner.planning());
        QSignalSpy lines(&runner, &SweepRunner::linesChanged);
        RaceRequest request = smallRequest();
        request.threads = 1;
        request.repeats = 7;
        request.subBatches = 2;
        runner.plan(request);
        QVERIFY(!runner.planning());
        QCOMPARE(runner.lines().size(), std::size_t(5));
        request.rows = 3;
        runner.plan(request);
        QVERIFY(runner.lines().empty()); // those of other rows are not shown for them
        QTRY_VERIFY(!runner.planning());
        QVERIFY(lines.size() >= 5);
        QCOMPARE(runner.lines().back().rows, 3);
    }

    void nothingIsTimedWhileItPlans()
    {
        SweepRunner runner;
        RaceRequest request = smallRequest(1);
        request.rows = 64;
        request.speedUpLength = 64;
        bool disturbed = false;
        connect(&runner, &SweepRunner::pointsChanged, this, [&] {
            disturbed
                = disturbed || (runner.planning() && (runner.step() || !runner.points().empty()));
        });
        runner.plan(request);
        runner.start();
        QVERIFY(runner.running() && runner.planning());
        QTRY_VERIFY_WITH_TIMEOUT(!runner.points().empty(), 120000);
        QVERIFY(!disturbed);
        QCOMPARE(runner.lines().size(), std::size_t(5));
        // Stopped while it plans, it does not begin afterwards.
        request.rows = 63;
        runner.plan(request);
        runner.start();
        runner.stop();
        QTRY_VERIFY(!runner.planning());
        QTest::qWait(100);
        QVERIFY(!runner.running() && runner.points().empty());
    }

    void whatGoesOnIsTold()
    {
        SweepRunner runner;
        bool warmingUp = false;
        int last = 0;
        connect(&runner, &SweepRunner::pointsChanged, this, [&] {
            if (runner.step()) {
                warmingUp = warmingUp || runner.step()->repeatsDone == 0;
                last = std::max(last, runner.step()->repeatsDone);
            }
        });
        runner.plan(smallRequest(200));
        runner.start();
        QTRY_VERIFY_WITH_TIMEOUT(last > 0, 120000);
        QVERIFY(warmingUp);
        runner.stop();
        QVERIFY(!runner.step());
    }

    void rowsAreCutAsTheUserSetThem_data()
    {
        QTest::addColumn<int>("subBatches");
        QTest::addColumn<Strategy>("lstm");
        QTest::addColumn<Strategy>("attention");
        for (int subBatches : { 1, 2, 4 })
            QTest::addRow("%d sub-batches", subBatches)
                << subBatches << Strategy::SubBatch << Strategy::SubBatch;
        QTest::newRow("other strategies") << 2 << Strategy::HiddenSplit << Strategy::QueryBlock;
    }

    void rowsAreCutAsTheUserSetThem()
    {
        QFETCH(int, subBatches);
        QFETCH(Strategy, lstm);
        QFETCH(Strategy, attention);
        RaceRequest request = smallRequest();
        request.subBatches = subBatches;
        request.lstmStrategy = lstm;
        request.attentionStrategy = attention;
        for (const RaceCell& cell : raceCells(request)) {
            QCOMPARE(cell.cell.subBatches, cell.cell.batch == 1 ? 1 : subBatches);
            if (cell.cell.batch > 1 && cell.cell.pass == SweepCell::Pass::Inference)
                QCOMPARE(cell.cell.strategy,
                    cell.places.front().line == RaceLine::Attention ? attention : lstm);
        }
    }

    void whatIsChosenForOneRowHoldsThereToo()
    {
        RaceRequest request = smallRequest();
        request.lstmStrategy = Strategy::Sequential;
        request.attentionStrategy = Strategy::Head;
        for (const RaceCell& cell : raceCells(request)) {
            if (cell.places.front() == RacePlace { RacePicture::TimeOfOne, RaceLine::Lstm })
                QCOMPARE(cell.cell.strategy, Strategy::Sequential);
            if (cell.places.front() == RacePlace { RacePicture::TimeOfOne, RaceLine::Attention })
                QCOMPARE(cell.cell.strategy, Strategy::Head);
        }
        request.attentionStrategy = Strategy::SubBatch; // nothing to split
        for (const RaceCell& cell : raceCells(request))
            if (cell.places.front() == RacePlace { RacePicture::TimeOfOne, RaceLine::Attention })
                QCOMPARE(cell.cell.strategy, Strategy::QueryBlock);
    }

    void eachCellIsMeasuredOnce()
    {
        const RaceRequest request = smallRequest();
        const auto cells = raceCells(request);
        int shared = 0;
        for (std::size_t index = 0; index < cells.size(); ++index) {
            shared += cells[index].places.size() > 1 ? 1 : 0;
            for (std::size_t other = index + 1; other < cells.size(); ++other)
                QVERIFY(cells[index].cell != cells[other].cell);
        }
        // Times at the length and on the threads of the speed-ups: both models with all rows,
        // attention with one.
        QVERIFY(shared >= 3);
        const auto hasPlace = [&](RacePicture picture, RaceLine line, int length, int threads) {
            return std::count_if(cells.begin(), cells.end(), [&](const RaceCell& cell) {
                return cell.cell.length == length && cell.cell.threads == threads
                    && std::count(
                           cell.places.begin(), cell.places.end(), RacePlace { picture, line })
                    == 1;
            }) == 1;
        };
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
            for (int length : raceLengths(request)) {
                QVERIFY(hasPlace(RacePicture::TimeOfRows, line, length, 2));
                QVERIFY(hasPlace(RacePicture::TimeOfOne, line, length, 2));
            }
            for (int threads : request.threadCounts) {
                QVERIFY(hasPlace(RacePicture::SpeedUpOfRows, line, 16, threads));
                QVERIFY(hasPlace(RacePicture::SpeedUpOfOne, line, 16, threads));
            }
        }
    }

    void headsAreThoseOfBench()
    {
        for (const RaceCell& cell : raceCells(smallRequest()))
            QCOMPARE(cell.cell.heads, cell.cell.compute == SweepCell::Compute::Lstm ? 0 : 2);
    }

    void cellsFollowTheRequest()
    {
        RaceRequest request = smallRequest();
        request.rows = 1;
        for (const RaceCell& cell : raceCells(request))
            QCOMPARE(cell.cell.batch, 1);
        QCOMPARE(measuredThreadCounts(4, 4), (std::vector<int> { 1, 2, 3, 4 }));
        QCOMPARE(measuredThreadCounts(2, 4), (std::vector<int> { 1, 2, 4 }));
        QCOMPARE(
            measuredThreadCounts(24, 3), (std::vector<int> { 1, 2, 3, 4, 5, 6, 7, 8, 16, 24 }));
        QCOMPARE(speedUpLength(0, 1), 16);
        QCOMPARE(speedUpLength(17, 32), 32);
        QCOMPARE(speedUpLength(5000, 32), 256);
        QCOMPARE(speedUpLength(5000, 100), 64);
        QCOMPARE(speedUpLength(5000, 256), 32);
        QCOMPARE(speedUpLength(20, 256), 32);
        QCOMPARE(longestSpeedUpLength(1), 256);
        QCOMPARE(longestSpeedUpLength(32), 256);
        QCOMPARE(longestSpeedUpLength(256), 32);
    }
};

QTEST_GUILESS_MAIN(SweepRunnerTest)
#include "tst_sweep_runner.moc"
