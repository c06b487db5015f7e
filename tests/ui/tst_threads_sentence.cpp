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

} // namespace

class ThreadsSentenceTest : public QObject
{
    Q_OBJECT
private slots:
    void twoThreadsOnTwoCores()
    {
        QCOMPARE(sentence(2, 2),
            QString("With 8 rows both cores are busy 100 % of the time in the LSTM, 100 % in "
                    "attention. With one row, sub-batches leave a core with nothing to do."));
    }

    void manyCores()
    {
        QCOMPARE(sentence(8, 8),
            QString("With 8 rows all 8 cores are busy 100 % of the time in the LSTM, 100 % in "
                    "attention. With one row, sub-batches leave 7 of 8 cores with nothing to do."));
        // Nobody must believe that there are no more.
        QCOMPARE(sentence(4, 64),
            QString("With 8 rows all 4 threads are busy 100 % of the time in the LSTM, 100 % in "
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
        Cut cut;
        cut.subBatches = 4;
        cut.stepsPerChunk = 16;
        std::vector<TestSpan> spans;
        for (int lane = 0; lane < 4; ++lane)
            for (int half = 0; half < 2; ++half)
                spans.push_back({ 2 * lane + half, lane, 400 * half, 400 * half + 400, 200 });
        run->groups[0] = testGroup(testShape(ModelKind::Lstm, 8, 16), cut, spans, 4, 4, 2);
        QVERIFY(plain(threadsSentence(*run))
                    .startsWith("With 8 rows both cores are busy 100 % of the time in the LSTM"));
        QVERIFY(plain(threadsSentence(*run))
                    .contains("; 4 threads take turns, each waits for a core 50 %."));
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
            QString("With one row, slices of the hidden units keep both cores busy 94 % and "
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
