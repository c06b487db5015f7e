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
    double spread = 0.05; // of the 95 % interval, either way
    int repeats = 5;
};

RacePoint point(RacePicture picture, RaceLine line, int length, int rows, int threads, double ms,
    double flops = 1e9)
{
    RacePoint race { { { picture, line } }, {} };
    race.point.cell.length = length;
    race.point.cell.batch = rows;
    race.point.cell.threads = threads;
    race.point.cell.strategy
        = line == RaceLine::HiddenSplit ? Strategy::HiddenSplit : Strategy::SubBatch;
    race.point.medianMs = ms;
    race.point.lowerQuartileMs = ms * 0.9;
    race.point.upperQuartileMs = ms * 1.2;
    race.point.lowerMedianMs = ms * 0.95;
    race.point.upperMedianMs = ms * 1.05;
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
        for (std::size_t added = points.size() - 2; added < points.size(); ++added) {
            SweepPoint& latest = points[added].point;
            latest.lowerMedianMs = latest.medianMs * (1 - both.spread);
            latest.upperMedianMs = latest.medianMs * (1 + both.spread);
            latest.repeats = both.repeats;
        }
    }
    return points;
}

RaceRequest request(int rows)
{
    RaceRequest wanted;
    wanted.rows = rows;
    wanted.threads = 2;
    wanted.threadCounts = { 1, 2 };
    wanted.longest = 4096;
    wanted.repeats = 5;
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
            << "At 64 tokens, one row took the LSTM 12.0 ms and attention 1.00 ms (0.08 of the "
               "time, for the same arithmetic): for equal arithmetic the LSTM takes 12 times as "
               "long.";
        QTest::newRow("intervals overlap")
            << 1 << times(one, 1, { { 64, 10, 9.5, 1e9, 1.8e9 } })
            << "At 64 tokens, one row took the LSTM 10.0 ms and attention 9.50 ms (about the same "
               "time, for 1.80 times the arithmetic): for equal arithmetic the LSTM takes 1.9 "
               "times as long.";
        QTest::newRow("intervals so wide that nothing can be said")
            << 1 << times(one, 1, { { 64, 30, 20, 1e9, 1.8e9, 0.3 } })
            << "At 64 tokens, one row took the LSTM 30.0 ms and attention 20.0 ms (too noisy to "
               "tell apart, for 1.80 times the arithmetic).";
        QTest::newRow("apart, but it is open whether by more than the arithmetic")
            << 1 << times(one, 1, { { 64, 30, 20, 1e9, 0.8e9, 0.15 } })
            << "At 64 tokens, one row took the LSTM 30.0 ms and attention 20.0 ms (0.67 of the "
               "time, for 0.80 of the arithmetic).";
        QTest::newRow("too few runs for an interval")
            << 1 << times(one, 1, { { 64, 30, 20, 1e9, 1.8e9, 0, 3 } })
            << "So far, 3 of 5 runs: at 64 tokens, one row took the LSTM 30.0 ms and attention "
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
        QCOMPARE(raceSentence(request(rows), points, false), expected);
        const QString measuring = raceSentence(request(rows), points, true);
        if (expected.startsWith("Which"))
            QVERIFY(measuring.endsWith("Both are being timed."));
        else
            QVERIFY2(measuring.startsWith("So far, "), qPrintable(measuring));
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
                "one row: in slices of hidden units × 1.25, else nothing certain."));
        for (RacePoint& race : points)
            race.point.repeats = 4;
        points.front().point.gflops = 120;
        QCOMPARE(raceFigures(request(32), points),
            QStringLiteral("Share of the measured peak, 32 rows: LSTM 1.20 (disturbed), attention "
                           "0.40."));
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
        const int rows = picture == RacePicture::SpeedUpOfRows ? 32 : 1;
        const PlannedLine planned { picture, line, rows, 16, { { 1, 1 }, { 2, 2 } }, most };
        const auto curves = speedUpCurves(request(32), {}, { planned }, picture);
        QVERIFY(curves.front().planned);
        QCOMPARE(curves.front().label, label);
    }

    void onlyNeighboursAreJoined()
    {
        const auto rows = RacePicture::TimeOfRows;
        const auto lengths = [&](const std::vector<int>& measured) {
            std::vector<RacePoint> points;
            for (int length : measured)
                points.push_back(point(rows, RaceLine::Lstm, length, 32, 2, length));
            std::vector<bool> joined;
            const std::vector<RaceCurve> curves = timeCurves(request(32), points, rows);
            for (const RaceDot& dot : curves.front().dots)
                joined.push_back(dot.joined);
            return joined;
        };
        QCOMPARE(lengths({ 16, 32, 64 }), (std::vector<bool> { false, true, true }));
        QCOMPARE(lengths({ 16, 64, 128 }), (std::vector<bool> { false, false, true }));
        QCOMPARE(lengths({ 128, 16, 32 }), (std::vector<bool> { false, true, false })); // by length
        std::vector<RacePoint> points;
        const auto speedUps = RacePicture::SpeedUpOfRows;
        for (int threads : { 1, 2, 8 })
            points.push_back(point(speedUps, RaceLine::Lstm, 16, 32, threads, 1.0 / threads));
        RaceRequest wanted = request(32);
        wanted.threadCounts = { 1, 2, 4, 8 };
        const auto curves = speedUpCurves(wanted, points, {}, speedUps);
        QVERIFY(curves.front().dots[1].joined);
        QVERIFY(!curves.front().dots[2].joined);
    }

    void aPointIsDrawnAtAllItsPlaces()
    {
        RacePoint shared = point(RacePicture::TimeOfOne, RaceLine::Lstm, 16, 1, 2, 3);
        shared.places.push_back({ RacePicture::SpeedUpOfOne, RaceLine::HiddenSplit });
        const std::vector<RacePoint> points { shared,
            point(RacePicture::SpeedUpOfOne, RaceLine::Lstm, 16, 1, 1, 6) };
        const auto times = timeCurves(request(1), points, RacePicture::TimeOfOne);
        QCOMPARE(times.front().dots.size(), std::size_t(1));
        QCOMPARE(times.front().dots.front().y, 3.0);
        const auto curves = speedUpCurves(request(1), points, {}, RacePicture::SpeedUpOfOne);
        QCOMPARE(curves[1].line, RaceLine::HiddenSplit);
        QCOMPARE(curves[1].dots.front().y, 2.0);
    }

    void theAxisOfSpeedUpsReachesTheLowestDot_data()
    {
        QTest::addColumn<double>("lower");
        QTest::addColumn<double>("begin");
        QTest::newRow("above 1") << 1.3 << 1.0;
        QTest::newRow("1") << 1.0 << 1.0;
        QTest::newRow("a little slower") << 0.9 << 0.5;
        QTest::newRow("half") << 0.5 << 0.5;
        QTest::newRow("less") << 0.2 << 0.125;
    }

    void theAxisOfSpeedUpsReachesTheLowestDot()
    {
        QFETCH(double, lower);
        RaceCurve curve;
        curve.dots.push_back({ 2, 1.5, lower, 2, false, {} });
        QTEST(speedUpAxisBegin({ curve }), "begin");
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
