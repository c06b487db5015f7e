// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/traced_test_run.h"
#include "ui/views/threads_sentence.h"

#include <QTest>

using namespace timestep;

namespace {

QString plain(QString text) { return text.replace(QChar::Nbsp, QLatin1Char(' ')); }

QString sentence(int threads, int cores)
{
    return plain(threadsSentence(*testRun(threads, cores)));
}

/// As many sub-batches as threads, each span 400 µs long with so much processor time.
TracedGroup sharedWithOthers(int threads, int cores, int cpuUs)
{
    Cut cut;
    cut.subBatches = threads;
    cut.stepsPerChunk = 16;
    std::vector<TestSpan> spans;
    for (int lane = 0; lane < threads; ++lane)
        for (int half = 0; half < 2; ++half)
            spans.push_back({ 2 * lane + half, lane, 400 * half, 400 * half + 400, cpuUs });
    return testGroup(testShape(ModelKind::Lstm, 8, 16), cut, spans, threads, threads, cores);
}

} // namespace

class ThreadsSentenceTest : public QObject
{
    Q_OBJECT
private slots:
    void twoThreadsOnTwoCores()
    {
        QCOMPARE(sentence(2, 2),
            QString("With 8 rows the cores are busy 100 % of the time in the LSTM, 100 % in "
                    "attention. With one row, sub-batches leave a core with nothing to do."));
    }

    void manyCores()
    {
        QCOMPARE(sentence(8, 8),
            QString("With 8 rows the 8 cores are busy 100 % of the time in the LSTM, 100 % in "
                    "attention. With one row, sub-batches leave 7 of 8 cores with nothing to do."));
        // Nobody must believe that there are no more.
        QCOMPARE(sentence(4, 64),
            QString("With 8 rows the 4 threads are busy 100 % of the time in the LSTM, 100 % in "
                    "attention. With one row, sub-batches leave 3 of 4 threads with nothing to "
                    "do."));
    }

    void oneThread()
    {
        QCOMPARE(sentence(1, 1),
            QString("One thread waits for no other: with 8 rows it is busy 100 % of the time in "
                    "the LSTM, 100 % in attention; with one row 100 % and 100 %."));
    }

    void twoThreadsOnOneCore()
    {
        QCOMPARE(sentence(2, 1).section(". ", 1),
            QString("With one row, sub-batches leave a thread with nothing to do."));
    }

    void threadsThatTakeTurns()
    {
        auto run = std::make_shared<TracedRun>(*testRun(4, 2));
        run->groups[0] = sharedWithOthers(4, 2, 200);
        QVERIFY(plain(threadsSentence(*run))
                    .startsWith("With 8 rows the cores are busy 100 % of the time in the LSTM"));
        QVERIFY(plain(threadsSentence(*run))
                    .contains("; 4 threads take turns, each waits for a core 50 %."));
    }

    void othersThatHaveTheCoresAreNotTakenForTurns()
    {
        auto run = std::make_shared<TracedRun>(*testRun(3, 2));
        run->groups[0] = sharedWithOthers(3, 2, 100);
        const QString text = plain(threadsSentence(*run));
        QVERIFY2(
            text.startsWith("With 8 rows, the system gave the cores to other programs, or left "
                            "one idle, 63 % of the time: run again on a quiet machine. With "
                            "one row, sub-batches leave"),
            qPrintable(text));
    }

    void aDisturbedRunSaysNothingOfTheCores_data()
    {
        QTest::addColumn<int>("threads");
        for (const int threads : { 1, 2 })
            QTest::addRow("%d threads", threads) << threads;
    }

    void aDisturbedRunSaysNothingOfTheCores()
    {
        QFETCH(int, threads);
        auto run = std::make_shared<TracedRun>(*testRun(threads, 2));
        for (TracedGroup& group : run->groups)
            group.loss = { 100, 40 };
        QCOMPARE(plain(threadsSentence(*run)),
            QString("Other programs had the cores 40 % of the time: run again on a quiet "
                    "machine."));
    }

    void aDisturbedRowIsToldByItself()
    {
        auto run = std::make_shared<TracedRun>(*testRun(2, 2));
        run->groups[3].loss = { 100, 20 };
        QCOMPARE(plain(threadsSentence(*run)),
            QString("With 8 rows the cores are busy 100 % of the time in the LSTM, 100 % in "
                    "attention. With one row, other programs had the cores 20 % of the time: run "
                    "again on a quiet machine."));
    }

    void positionsOfOneRowFillTheCores()
    {
        auto run = std::make_shared<TracedRun>(*testRun(2, 2));
        Cut cut;
        cut.strategy = Strategy::QueryBlock;
        cut.stepsPerChunk = 16;
        cut.slices = 2;
        run->groups[3] = testGroupByTasks(testShape(ModelKind::Attention, 1, 16), cut, 50, 2, 2);
        QCOMPARE(plain(threadsSentence(*run)).section(". ", 1),
            QString("With one row, the LSTM’s sub-batches leave a core with nothing to do; "
                    "attention’s blocks of positions keep the cores busy 100 %."));
    }

    void threadsWithoutWorkTakeNoTurns()
    {
        auto run = std::make_shared<TracedRun>(*testRun(16, 2));
        Cut cut;
        cut.subBatches = 2;
        cut.stepsPerChunk = 16;
        run->groups[0] = testGroup(testShape(ModelKind::Lstm, 8, 16), cut,
            { { 0, 0, 0, 400 }, { 1, 0, 400, 800, 300 }, { 2, 1, 0, 400 }, { 3, 1, 400, 800 } }, 2,
            16, 2);
        QVERIFY(!threadsSentence(*run).contains("take turns"));
    }

    void aBarrierIsTold()
    {
        auto run = std::make_shared<TracedRun>(*testRun(2, 2));
        Cut cut;
        cut.strategy = Strategy::HiddenSplit;
        cut.slices = 2;
        cut.stepsPerChunk = 1;
        // Input halves 0 and 1, recurrent halves 2 and 3, of one step: the second slice is slow.
        run->groups[2] = testGroup(testShape(ModelKind::Lstm, 1, 2), cut,
            { { 0, 0, 0, 100 }, { 1, 1, 0, 100 }, { 2, 0, 100, 200 }, { 3, 1, 100, 300 },
                { 4, 0, 200, 250 }, { 5, 1, 300, 350 }, { 6, 0, 300, 400 }, { 7, 1, 350, 400 } },
            2, 2, 2);
        const QString text = plain(threadsSentence(*run)).section(". ", 1);
        QCOMPARE(text,
            QString(
                "With one row, the LSTM’s slices of the hidden units keep the cores busy 94 % and "
                "wait at barriers 6 %; attention’s sub-batches leave a core with nothing to "
                "do."));
    }

    void withOneRowThereIsNothingToCompare()
    {
        auto run = std::make_shared<TracedRun>(*testRun(2, 2));
        run->groups.erase(run->groups.begin(), run->groups.begin() + 2);
        QCOMPARE(plain(threadsSentence(*run)),
            QString("With one row, sub-batches leave a core with nothing to do."));
    }
};

QTEST_APPLESS_MAIN(ThreadsSentenceTest)
#include "tst_threads_sentence.moc"
