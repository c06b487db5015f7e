// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/race_points.h"
#include "ui/views/race_verdict.h"

#include <QtTest>

using namespace timestep;
using namespace timestep::race_points;

namespace {

RaceMeasurement onTwoCores(int rows)
{
    RaceMeasurement measurement { request(rows), {}, {} };
    measurement.request.cores = 2;
    return measurement;
}

void add(RaceMeasurement& measurement, RacePicture picture, RaceLine line, int rows, int threads,
    double ms)
{
    measurement.points.push_back(
        point(picture, line, measurement.request.speedUpLength, rows, threads, ms));
}

void addSplit(
    RaceMeasurement& measurement, RacePicture picture, RaceLine line, int rows, double speedUp)
{
    if (line != RaceLine::HiddenSplit)
        add(measurement, picture, line, rows, 1, 10);
    add(measurement, picture, line, rows, 2, 10 / speedUp);
}

} // namespace

class RaceVerdictTest : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsClaimedBeforeItIsMeasured()
    {
        for (const VerdictLine& line : raceVerdict(onTwoCores(32))) {
            QCOMPARE(line.answer, VerdictLine::Answer::Open);
            QCOMPARE(line.answerText, "not measured yet");
        }
    }

    void rows_data()
    {
        QTest::addColumn<double>("lstm");
        QTest::addColumn<double>("attention");
        QTest::addColumn<VerdictLine::Answer>("answer");
        QTest::addColumn<QString>("text");
        using Answer = VerdictLine::Answer;
        QTest::newRow("both") << 1.9 << 1.8 << Answer::Yes << "yes, both";
        QTest::newRow("one") << 1.9 << 1.02 << Answer::Open << "the LSTM, yes";
        QTest::newRow("other") << 0.5 << 1.8 << Answer::Open << "attention, yes";
        QTest::newRow("slower") << 0.5 << 0.6 << Answer::No << "no, neither gained";
        QTest::newRow("noise") << 1.03 << 0.98 << Answer::Open << "no gain is certain";
    }

    void rows()
    {
        QFETCH(double, lstm);
        QFETCH(double, attention);
        RaceMeasurement measurement = onTwoCores(32);
        addSplit(measurement, RacePicture::SpeedUpOfRows, RaceLine::Lstm, 32, lstm);
        addSplit(measurement, RacePicture::SpeedUpOfRows, RaceLine::Attention, 32, attention);
        const VerdictLine line = raceVerdict(measurement)[0];
        QTEST(line.answer, "answer");
        QTEST(line.answerText, "text");
        QCOMPARE(line.claim, "32 rows on 2 threads: parallel?");
    }

    void whatTheMachineAndTheSettingsForbidIsSaid()
    {
        RaceMeasurement oneCore = onTwoCores(32);
        oneCore.request.cores = 1;
        addSplit(oneCore, RacePicture::SpeedUpOfRows, RaceLine::Lstm, 32, 1.01);
        addSplit(oneCore, RacePicture::SpeedUpOfRows, RaceLine::Attention, 32, 0.99);
        QVERIFY(raceVerdict(oneCore)[0].figures.contains("one core: its threads take turns"));
        QCOMPARE(raceVerdict(onTwoCores(1))[0].answerText, "one row cannot be split");
        RaceMeasurement oneThread = onTwoCores(32);
        oneThread.request.threadCounts = { 1 };
        QCOMPARE(raceVerdict(oneThread)[0].answerText, "one thread shares with nobody");
        RaceMeasurement unsplit = onTwoCores(32);
        unsplit.request.subBatches = 1;
        addSplit(unsplit, RacePicture::SpeedUpOfRows, RaceLine::Lstm, 32, 1.0);
        QVERIFY(raceVerdict(unsplit)[0].figures.contains("with 1 sub-batch"));
    }

    void manyCores()
    {
        RaceMeasurement measurement = onTwoCores(32);
        measurement.request.cores = 64;
        measurement.request.threadCounts = { 1, 2, 64, 128 };
        add(measurement, RacePicture::SpeedUpOfRows, RaceLine::Lstm, 32, 1, 10);
        add(measurement, RacePicture::SpeedUpOfRows, RaceLine::Lstm, 32, 64, 0.4);
        const VerdictLine line = raceVerdict(measurement)[0];
        QCOMPARE(line.claim, "32 rows on 64 threads: parallel?"); // not more than there are cores
        QVERIFY(line.figures.startsWith("LSTM × 25.00, attention not measured"));
    }

    void oneText()
    {
        RaceMeasurement measurement = onTwoCores(32);
        const auto one = RacePicture::SpeedUpOfOne;
        addSplit(measurement, one, RaceLine::Lstm, 1, 1.0);
        addSplit(measurement, one, RaceLine::HiddenSplit, 1, 1.5);
        addSplit(measurement, one, RaceLine::Attention, 1, 1.8);
        VerdictLine line = raceVerdict(measurement)[1];
        QCOMPARE(line.answer, VerdictLine::Answer::No);
        QCOMPARE(line.answerText, "LSTM: not by sub-batches, by hidden units");
        QVERIFY2(
            line.figures.contains("hidden units × 1.50 (16 barriers)"), qPrintable(line.figures));
        measurement.points[2].point.medianMs = 20;
        measurement.points[2].point.lowerMedianMs = 19;
        measurement.points[2].point.upperMedianMs = 21;
        line = raceVerdict(measurement)[1];
        QCOMPARE(line.answerText, "LSTM: not by sub-batches, slower by hidden units");
    }

    void nothingIsSaidOfDisturbedPoints()
    {
        RaceMeasurement measurement = onTwoCores(32);
        addSplit(measurement, RacePicture::SpeedUpOfRows, RaceLine::Lstm, 32, 1.9);
        addSplit(measurement, RacePicture::SpeedUpOfRows, RaceLine::Attention, 32, 1.9);
        for (RaceLine line : { RaceLine::Lstm, RaceLine::HiddenSplit, RaceLine::Attention })
            addSplit(measurement, RacePicture::SpeedUpOfOne, line, 1, 0.2);
        for (RacePoint& race : measurement.points)
            race.point.disturbed = race.point.repeats;
        for (std::size_t claim : { 0, 1 }) {
            const VerdictLine line = raceVerdict(measurement)[claim];
            QCOMPARE(line.answer, VerdictLine::Answer::Open);
            QVERIFY(line.figures.endsWith("run again on a quiet machine."));
        }
    }

    void beingWritten()
    {
        RaceMeasurement measurement = onTwoCores(32);
        for (RaceLine line : { RaceLine::Lstm, RaceLine::Attention }) {
            add(measurement, RacePicture::Writing, line, 1, 1, 0.04);
            add(measurement, RacePicture::Writing, line, 1, 2, 0.04);
            add(measurement, RacePicture::Writing, line, 32, 2, 0.08);
        }
        VerdictLine line = raceVerdict(measurement)[2];
        QCOMPARE(line.answer, VerdictLine::Answer::No);
        QCOMPARE(line.answerText, "no, both wait");
        QVERIFY2(line.figures.startsWith("LSTM 0.0400 ms a token (on 2 threads × 1.00, not "
                                         "certain, 32 rows: 16 times the tokens a second)"),
            qPrintable(line.figures));
        measurement.points[4].point.medianMs = 0.02; // attention's heads on two threads
        measurement.points[4].point.lowerMedianMs = 0.019;
        measurement.points[4].point.upperMedianMs = 0.021;
        line = raceVerdict(measurement)[2];
        QCOMPARE(line.answerText, "no, both wait; only within a step is work shared");
    }
};

QTEST_APPLESS_MAIN(RaceVerdictTest)
#include "tst_race_verdict.moc"
