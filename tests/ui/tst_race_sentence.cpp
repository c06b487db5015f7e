// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_curves.h"
#include "ui/views/race_sentence.h"

#include <QtTest>

using namespace timestep;

namespace {

struct Timed
{
    int length = 16;
    double lstmMs = 1;
    double attentionMs = 1;
    double lstmFlops = 1e9;
    double attentionFlops = 1e9;
};

RacePoint point(RacePicture picture, RaceLine line, int length, int rows, int threads, double ms,
    double flops = 1e9)
{
    RacePoint race { picture, line, {} };
    race.point.cell.length = length;
    race.point.cell.batch = rows;
    race.point.cell.threads = threads;
    race.point.medianMs = ms;
    race.point.lowerQuartileMs = ms * 0.9;
    race.point.upperQuartileMs = ms * 1.2;
    race.point.flops = flops;
    race.point.gflops = flops / (ms * 1e6);
    race.point.peakGflops = 100;
    race.point.repeats = 5;
    return race;
}

std::vector<RacePoint> times(RacePicture picture, int rows, const std::vector<Timed>& timed)
{
    std::vector<RacePoint> points;
    for (const Timed& both : timed) {
        points.push_back(
            point(picture, RaceLine::Lstm, both.length, rows, 2, both.lstmMs, both.lstmFlops));
        points.push_back(point(picture, RaceLine::Attention, both.length, rows, 2, both.attentionMs,
            both.attentionFlops));
    }
    return points;
}

RaceRequest request(int rows)
{
    RaceRequest wanted;
    wanted.rows = rows;
    wanted.threads = 2;
    wanted.threadCounts = { 1, 2 };
    return wanted;
}

} // namespace

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
            << "At 256 tokens attention took 0.75 of the time for 0.74 of the arithmetic: with 32 "
               "rows, "
               "waiting explains nothing here.";
        QTest::newRow("the LSTM is slower")
            << 8 << times(rows, 8, { { 1024, 100, 20, 1e9, 1.5e9 } })
            << "At 1,024 tokens attention took 0.20 of the time for 1.50 times the arithmetic: "
               "with 8 rows, attention computes 7.5 times faster.";
        QTest::newRow("attention loses")
            << 8 << times(rows, 8, { { 4096, 100, 400, 1e9, 2e9 } })
            << "At 4,096 tokens attention took 4.00 times the time for 2.00 times the arithmetic: "
               "with 8 rows, the LSTM computes 2.0 times faster.";
        QTest::newRow("one row")
            << 1 << times(one, 1, { { 64, 12, 1 } })
            << "At 64 tokens attention took 0.08 of the time for 1.00 times the arithmetic: with "
               "one row, attention computes 12 times faster.";
        std::vector<RacePoint> both = times(rows, 32, { { 256, 100, 75, 1e9, 0.74e9 } });
        const auto latency = times(one, 1, { { 128, 10, 4 } });
        both.insert(both.end(), latency.begin(), latency.end());
        QTest::newRow("rows and one")
            << 32 << both
            << "At 256 tokens attention took 0.75 of the time for 0.74 of the arithmetic: with 32 "
               "rows, waiting explains nothing here. With one row, attention computes 2.5 times "
               "faster.";
    }

    void sentence()
    {
        QFETCH(int, rows);
        QFETCH(std::vector<RacePoint>, points);
        QFETCH(QString, expected);
        QLocale::setDefault(QLocale::c());
        QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
        QCOMPARE(raceSentence(request(rows), points, false), expected);
        if (expected.startsWith("Which"))
            QVERIFY(raceSentence(request(rows), points, true).endsWith("Both are being timed."));
        else
            QCOMPARE(raceSentence(request(rows), points, true), expected);
    }

    void figures()
    {
        QVERIFY(raceFigures(request(32), {}).isEmpty());
        std::vector<RacePoint> points = times(RacePicture::TimeOfRows, 32, { { 16, 20, 25 } });
        const auto add = [&](RacePicture picture, RaceLine line, int threads, double ms) {
            points.push_back(point(
                picture, line, 16, picture == RacePicture::SpeedUpOfRows ? 32 : 1, threads, ms));
        };
        add(RacePicture::SpeedUpOfRows, RaceLine::Lstm, 1, 38);
        add(RacePicture::SpeedUpOfRows, RaceLine::Lstm, 2, 20);
        add(RacePicture::SpeedUpOfOne, RaceLine::Lstm, 1, 5);
        add(RacePicture::SpeedUpOfOne, RaceLine::Lstm, 2, 5);
        add(RacePicture::SpeedUpOfOne, RaceLine::HiddenSplit, 2, 4);
        add(RacePicture::SpeedUpOfOne, RaceLine::Attention, 2, 4); // not yet on one thread
        QCOMPARE(raceFigures(request(32), points),
            QStringLiteral(
                "Share of the measured peak, 32 rows: LSTM 0.50, attention 0.40. Splitting "
                "over 2 threads brought, at 16 tokens, 32 rows: LSTM in sub-batches × 1.90; "
                "1 row: LSTM in sub-batches × 1.00, in slices of hidden units × 1.25."));
    }

    void speedUpIsAgainstOneThread()
    {
        const auto one = RacePicture::SpeedUpOfOne;
        const std::vector<RacePoint> points { point(one, RaceLine::Lstm, 16, 1, 1, 6),
            point(one, RaceLine::Lstm, 16, 1, 2, 4), point(one, RaceLine::HiddenSplit, 16, 1, 2, 3),
            point(one, RaceLine::Attention, 16, 1, 2, 3) };
        const auto curves = speedUpCurves(request(1), points, {}, one);
        QCOMPARE(curves.size(), std::size_t(3));
        QCOMPARE(curves[0].dots.size(), std::size_t(2));
        QCOMPARE(curves[0].dots[0].y, 1.0);
        QCOMPARE(curves[0].dots[1].x, 2.0);
        QCOMPARE(curves[0].dots[1].y, 1.5);
        QCOMPARE(curves[0].dots[1].lower, 6 / (4 * 1.2));
        QCOMPARE(curves[0].dots[1].upper, 6 / (4 * 0.9));
        QCOMPARE(curves[1].dots[0].y, 2.0); // slices of hidden units, against the same LSTM
        QVERIFY(curves[2].dots.empty()); // nothing to compare with yet
    }

    void limitsAreNamedFromThePlan_data()
    {
        QTest::addColumn<RacePicture>("picture");
        QTest::addColumn<RaceLine>("line");
        QTest::addColumn<double>("most");
        QTest::addColumn<QString>("label");
        const auto rows = RacePicture::SpeedUpOfRows;
        const auto one = RacePicture::SpeedUpOfOne;
        QTest::newRow("LSTM, rows") << rows << RaceLine::Lstm << 64.0 << "LSTM: 2.0 times the rows";
        QTest::newRow("attention, rows")
            << rows << RaceLine::Attention << 500.0 << "attention: rows × length";
        QTest::newRow("attention, less")
            << rows << RaceLine::Attention << 256.0 << "attention: 0.5 × rows × length";
        QTest::newRow("attention, one")
            << one << RaceLine::Attention << 16.0 << "attention: the length";
        QTest::newRow("LSTM, one")
            << one << RaceLine::Lstm << 1.0 << "LSTM, sub-batches: nothing to split";
        QTest::newRow("hidden") << one << RaceLine::HiddenSplit << 200.0
                                << "LSTM, hidden units: a barrier a step";
    }

    void limitsAreNamedFromThePlan()
    {
        QFETCH(RacePicture, picture);
        QFETCH(RaceLine, line);
        QFETCH(double, most);
        QFETCH(QString, label);
        const PlannedLine planned { picture, line, { { 1, 1 }, { 2, 2 } }, most };
        const auto curves = speedUpCurves(request(32), {}, { planned }, picture);
        QVERIFY(curves.front().planned);
        QCOMPARE(curves.front().label, label);
    }

    void powers()
    {
        QCOMPARE(powersAround(0.3, 80, 10), (std::vector<double> { 0.1, 1, 10, 100 }));
        QCOMPARE(powersAround(1, 1000, 10), (std::vector<double> { 1, 10, 100, 1000 }));
        QCOMPARE(powersAround(10, 10, 10), (std::vector<double> { 10, 100 }));
    }
};

QTEST_APPLESS_MAIN(RaceSentenceTest)
#include "tst_race_sentence.moc"
