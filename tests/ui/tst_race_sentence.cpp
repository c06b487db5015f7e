// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/race_points.h"
#include "ui/views/race_sentence.h"

#include <QLocale>
#include <QTest>

using namespace timestep;
using namespace timestep::race_points;

class RaceSentenceTest : public QObject
{
    Q_OBJECT
private slots:
    void sentence_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<std::vector<RacePoint>>("points");
        QTest::addColumn<QString>("expected");
        const auto rows = RacePicture::TimeOfRows;
        const auto one = RacePicture::TimeOfOne;
        QTest::newRow("nothing yet")
            << 32 << std::vector<RacePoint>()
            << "Which is faster, and because of waiting? Press Start: this machine will tell.";
        QTest::newRow("nothing yet, one row")
            << 1 << std::vector<RacePoint>()
            << "Which is faster, and because of waiting? Press Start: this machine will tell.";
        QTest::newRow("only one of them timed so far")
            << 1 << std::vector<RacePoint> { point(one, RaceLine::Lstm, 16, 1, 2, 3) }
            << "Which is faster, and because of waiting? Press Start: this machine will tell.";
        QTest::newRow("time goes with the arithmetic")
            << 32 << times(rows, 32, { { 16, 1, 9 }, { 256, 100, 75, 1e9, 0.74e9 } })
            << "At 256 tokens, 32 rows took the LSTM 100 ms and attention 75.0 ms (0.75 of the "
               "time, for 0.74 of the arithmetic): waiting explains nothing here.";
        QTest::newRow("the LSTM is slower")
            << 8 << times(rows, 8, { { 1024, 100, 20, 1e9, 1.5e9 } })
            << "At 1,024 tokens, 8 rows took the LSTM 100 ms and attention 20.0 ms (0.20 of the "
               "time, for 1.50 times the arithmetic): for equal arithmetic the LSTM takes 7.5 "
               "times as long.";
        QTest::newRow("attention loses")
            << 8 << times(rows, 8, { { 4096, 100, 400, 1e9, 2e9 } })
            << "At 4,096 tokens, 8 rows took the LSTM 100 ms and attention 400 ms (4.00 times as "
               "long, for 2.00 times the arithmetic).";
        QTest::newRow("one row")
            << 1 << times(one, 1, { { 64, 12, 1 } })
            << "At 64 tokens, 1 row took the LSTM 12.0 ms and attention 1.00 ms (0.08 of the "
               "time, for the same arithmetic): for equal arithmetic the LSTM takes 12 times as "
               "long.";
        QTest::newRow("intervals overlap")
            << 1 << times(one, 1, { { 64, 10, 9.5, 1e9, 1.8e9 } })
            << "At 64 tokens, 1 row took the LSTM 10.0 ms and attention 9.50 ms (about the same "
               "time, for 1.80 times the arithmetic): for equal arithmetic the LSTM takes 1.9 "
               "times as long.";
        QTest::newRow("intervals so wide that nothing can be said")
            << 1 << times(one, 1, { { 64, 30, 20, 1e9, 1.8e9, 0.3 } })
            << "At 64 tokens, 1 row took the LSTM 30.0 ms and attention 20.0 ms (too noisy to "
               "tell apart, for 1.80 times the arithmetic).";
        QTest::newRow("apart, but it is open whether by more than the arithmetic")
            << 1 << times(one, 1, { { 64, 30, 20, 1e9, 0.8e9, 0.15 } })
            << "At 64 tokens, 1 row took the LSTM 30.0 ms and attention 20.0 ms (0.67 of the "
               "time, for 0.80 of the arithmetic).";
        QTest::newRow("too few runs for an interval")
            << 1 << times(one, 1, { { 64, 30, 20, 1e9, 1.8e9, 0, 3 } })
            << "So far, 3 of 5 runs: at 64 tokens, 1 row took the LSTM 30.0 ms and attention "
               "20.0 ms (for 1.80 times the arithmetic).";
        std::vector<RacePoint> both = times(rows, 32, { { 256, 100, 75, 1e9, 0.74e9 } });
        const auto latency = times(one, 1, { { 128, 10, 4 } });
        both.insert(both.end(), latency.begin(), latency.end());
        QTest::newRow("rows and one, at different lengths so far")
            << 32 << both
            << "At 256 tokens, 32 rows took the LSTM 100 ms and attention 75.0 ms (0.75 of the "
               "time, for 0.74 of the arithmetic): waiting explains nothing here. One row, 128 "
               "tokens: 10.0 ms and 4.00 ms (0.40 of the time, for the same arithmetic): for equal "
               "arithmetic the LSTM takes 2.5 times as long.";
        both = times(rows, 32, { { 256, 100, 75, 1e9, 0.74e9, 0.05, 2 } });
        const auto first = times(one, 1, { { 256, 10, 4, 1e9, 0.74e9, 0.05, 1 } });
        both.insert(both.end(), first.begin(), first.end());
        QTest::newRow("rows and one, early")
            << 32 << both
            << "So far, 1 of 5 runs: at 256 tokens, 32 rows took the LSTM 100 ms and attention "
               "75.0 ms (for 0.74 of the arithmetic). One row: 10.0 ms and 4.00 ms.";
    }

    void sentence()
    {
        QFETCH(int, rows);
        QFETCH(std::vector<RacePoint>, points);
        QFETCH(QString, expected);
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(raceSentence({ request(rows), {}, points }, false), expected);
        const QString measuring = raceSentence({ request(rows), {}, points }, true);
        if (expected.startsWith("Which"))
            QVERIFY(measuring.endsWith("Both are being timed."));
        else
            QVERIFY2(measuring.startsWith("So far, "), qPrintable(measuring));
    }

    void figures()
    {
        QVERIFY(raceFigures({ request(32), {}, {} }).isEmpty());
        std::vector<RacePoint> points = times(RacePicture::TimeOfRows, 32, { { 16, 20, 25 } });
        QCOMPARE(raceFigures({ request(32), {}, points }),
            "Share of the measured peak, 32 rows: LSTM 0.50, attention 0.40.");
        points.front().point.gflops = 120;
        QCOMPARE(raceFigures({ request(32), {}, points }),
            "Share of the measured peak, 32 rows: LSTM not known, attention 0.40.");
    }

    void nothingIsClaimedOfDisturbedPoints()
    {
        RaceMeasurement measurement { request(1), {},
            times(RacePicture::TimeOfOne, 1, { { 64, 1200, 1 } }) };
        measurement.points.front().point.disturbed = 2; // of 5
        measurement.points.front().point.cell.strategy = Strategy::HiddenSplit;
        QCOMPARE(raceSentence(measurement, false),
            "At 64 tokens, 1 row took the LSTM 1.20 s (hidden units split) and attention 1.00 ms "
            "(for the same arithmetic). Other programs had the cores meanwhile: run again on a "
            "quiet machine.");
    }

    void otherPassesSayWhatIsTimed()
    {
        RaceMeasurement measurement { request(1), {},
            times(RacePicture::TimeOfOne, 1, { { 64, 12, 1 } }) };
        for (auto pass : { SweepCell::Pass::Training, SweepCell::Pass::Generation }) {
            measurement.request.pass = pass;
            for (RacePoint& race : measurement.points)
                race.point.cell.pass = pass;
            const QString sentence = raceSentence(measurement, false);
            QVERIFY2(sentence.startsWith(pass == SweepCell::Pass::Training
                             ? "A training step of 64 tokens, 1 row, took the LSTM 12.0 ms"
                             : "One token more after 64, 1 row, took the LSTM 12.0 ms"),
                qPrintable(sentence));
        }
        QVERIFY(
            raceSentence(measurement, false).endsWith("the token after it has to wait for it."));
    }

    void manyRows()
    {
        RaceMeasurement measurement { request(32), {}, {} };
        measurement.request.question = RaceQuestion::Rows;
        QCOMPARE(raceSentence(measurement, false),
            "What do more rows bring, and what do they cost? Press Start: this machine will tell.");
        const auto add
            = [&](RacePicture picture, RaceLine line, int rows, double ms, double share) {
                  RacePoint race = point(picture, line, 16, rows, 1, ms);
                  race.point.gflops = share * race.point.peakGflops;
                  measurement.points.push_back(race);
              };
        add(RacePicture::PeakShareOfManyRows, RaceLine::Lstm, 1, 1, 0.21);
        add(RacePicture::PeakShareOfManyRows, RaceLine::Lstm, 64, 16, 0.85);
        add(RacePicture::PeakShareOfManyRows, RaceLine::Attention, 64, 64, 0.8);
        add(RacePicture::PeakShareOfManyRows, RaceLine::Attention, 1, 1, 0.7);
        add(RacePicture::LatencyOfManyRows, RaceLine::Lstm, 1, 1, 0.2);
        add(RacePicture::LatencyOfManyRows, RaceLine::Lstm, 64, 8, 0.9);
        add(RacePicture::LatencyOfManyRows, RaceLine::Attention, 1, 1, 0.7);
        add(RacePicture::LatencyOfManyRows, RaceLine::Attention, 64, 32, 0.8);
        QCOMPARE(raceSentence(measurement, false),
            "64 rows in place of 1: the LSTM brings 8.0 times the tokens a second, and each waits "
            "8.0 "
            "times as long; attention 2.0 and 32. One core reaches 21 % of its peak with 1 row of "
            "the LSTM and 85 % with 64 rows; attention 70 % and 80 %.");
    }

    void pointsWithoutAShareOfThePeakAreCounted()
    {
        RaceMeasurement measurement { request(32), {}, {} };
        measurement.request.question = RaceQuestion::Rows;
        for (const int rows : { 1, 2, 4 })
            measurement.points.push_back(
                point(RacePicture::PeakShareOfManyRows, RaceLine::Lstm, 16, rows, 1, 100));
        QCOMPARE(raceFigures(measurement), QString());
        measurement.points[2].point.gflops = 1.3 * measurement.points[2].point.peakGflops;
        QCOMPARE(raceFigures(measurement),
            "Left out for want of a share of the peak, points: 1. Other programs had the cores "
            "whenever the peak was measured.");
    }

    void fewWordsHaveTheFiguresAndWhatFollows()
    {
        RaceMeasurement measurement { request(32), {},
            times(RacePicture::TimeOfRows, 32, { { 1024, 332, 543, 1e9, 1.8e9, 0.01 } }) };
        for (RacePoint& race : times(RacePicture::TimeOfOne, 1, { { 1024, 1670, 4.12 } }))
            measurement.points.push_back(race);
        QCOMPARE(raceSentence(measurement, false, RaceWords::Few),
            "1,024 tokens, 32 rows: LSTM 332 ms, attention 543 ms (waiting explains nothing). One "
            "row: LSTM 1.67 s, attention 4.12 ms (for equal arithmetic the LSTM takes 405 times as "
            "long).");
        for (RacePoint& race : measurement.points)
            race.point.disturbed = race.point.repeats;
        QCOMPARE(raceSentence(measurement, false, RaceWords::Few),
            "1,024 tokens, 32 rows: LSTM 332 ms, attention 543 ms. One row: LSTM 1.67 s, attention "
            "4.12 ms. Disturbed: run again.");
        measurement.request.question = RaceQuestion::Memory;
        QVERIFY(raceSentence(measurement, false, RaceWords::Few).size()
            < raceSentence(measurement, false).size());
    }

    void subBatches()
    {
        RaceMeasurement measurement { request(32), {}, {} };
        measurement.request.question = RaceQuestion::SubBatches;
        const auto add = [&](RaceLine line, int subBatches, double ms) {
            RacePoint race = point(RacePicture::TimeOfSubBatches, line, 16, 32, 2, ms);
            race.point.cell.subBatches = subBatches;
            measurement.points.push_back(race);
        };
        add(RaceLine::Lstm, 1, 10);
        add(RaceLine::Attention, 1, 10);
        add(RaceLine::Lstm, 2, 5);
        add(RaceLine::Attention, 2, 9.8); // within the spread
        add(RaceLine::Lstm, 4, 6);
        QCOMPARE(raceSentence(measurement, false),
            "32 rows of 16 tokens on 2 threads: the LSTM was fastest in 2 sub-batches, 2.00 times "
            "as fast as in one; attention gained nothing certain.");
        measurement.request.rows = 1;
        QCOMPARE(raceSentence(measurement, false), "One row cannot be split into sub-batches.");
    }

    void memoryIsToldByFormulaBeforeAnythingIsMeasured()
    {
        RaceMeasurement measurement { request(2), {}, {} };
        measurement.request.question = RaceQuestion::Memory;
        measurement.request.width = 100;
        measurement.request.longest = 1024;
        // 8·B·H; 8·B·T·D; 4·A·B·T²; 24·B·T·H; 4·B·T·(4D + A)
        QCOMPARE(raceSentence(measurement, false),
            "After 2 rows of 1,024 tokens the LSTM keeps 1.6 kB to go on, whatever the length, and "
            "attention 1.64 MB of keys and values; its affinities would take 33.6 MB if they were "
            "stored. A training step keeps 4.92 MB and 3.31 MB: both grow with the length.");
    }
};

QTEST_APPLESS_MAIN(RaceSentenceTest)
#include "tst_race_sentence.moc"
