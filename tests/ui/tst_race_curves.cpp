// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/race_points.h"
#include "ui/views/race_curves.h"

#include <QtTest>

#include <algorithm>

using namespace timestep;
using namespace timestep::race_points;

class RaceCurvesTest : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates)); }

    void speedUpIsAgainstOneThread()
    {
        const auto one = RacePicture::SpeedUpOfOne;
        const std::vector<RacePoint> points { point(one, RaceLine::Lstm, 16, 1, 1, 6),
            point(one, RaceLine::Lstm, 16, 1, 2, 4), point(one, RaceLine::HiddenSplit, 16, 1, 2, 3),
            point(one, RaceLine::Attention, 16, 1, 2, 3) };
        const auto curves = raceCurves({ request(1), {}, points }, one);
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
            << one << RaceLine::Attention << 16.0 << "attention, positions: the length";
        QTest::newRow("LSTM, one")
            << one << RaceLine::Lstm << 1.0 << "LSTM, sub-batches: one row, one task";
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
        const auto curves = raceCurves({ request(32), { planned }, {} }, picture);
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
            const std::vector<RaceCurve> curves = raceCurves({ request(32), {}, points }, rows);
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
        const auto curves = raceCurves({ wanted, {}, points }, speedUps);
        QVERIFY(curves.front().dots[1].joined);
        QVERIFY(!curves.front().dots[2].joined);
    }

    void aPointIsDrawnAtAllItsPlaces()
    {
        RacePoint shared = point(RacePicture::TimeOfOne, RaceLine::Lstm, 16, 1, 2, 3);
        shared.places.push_back({ RacePicture::SpeedUpOfOne, RaceLine::HiddenSplit });
        const std::vector<RacePoint> points { shared,
            point(RacePicture::SpeedUpOfOne, RaceLine::Lstm, 16, 1, 1, 6) };
        const auto times = raceCurves({ request(1), {}, points }, RacePicture::TimeOfOne);
        QCOMPARE(times.front().dots.size(), std::size_t(1));
        QCOMPARE(times.front().dots.front().y, 3.0);
        const auto curves = raceCurves({ request(1), {}, points }, RacePicture::SpeedUpOfOne);
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
        RaceDot dot;
        dot.lower = lower;
        curve.dots.push_back(dot);
        QTEST(leastOf({ curve }, 1), "begin");
    }

    void powers()
    {
        QCOMPARE(powersAround(0.3, 80, 10), (std::vector<double> { 0.1, 1, 10, 100 }));
        QCOMPARE(powersAround(1, 1000, 10), (std::vector<double> { 1, 10, 100, 1000 }));
        QCOMPARE(powersAround(10, 10, 10), (std::vector<double> { 10, 100 }));
    }

    void otherPicturesDrawWhatTheyAreNamedAfter()
    {
        RaceMeasurement measurement { request(8), {}, {} };
        measurement.request.question = RaceQuestion::Rows;
        RacePoint race = point(RacePicture::ThroughputOfManyRows, RaceLine::Lstm, 16, 8, 1, 4);
        race.places.push_back({ RacePicture::LatencyOfManyRows, RaceLine::Lstm });
        race.places.push_back({ RacePicture::PeakShareOfManyRows, RaceLine::Lstm });
        race.places.push_back({ RacePicture::TimeOfSubBatches, RaceLine::Lstm });
        race.point.cell.subBatches = 4;
        race.point.peakGflops = 1000;
        measurement.points = { race };
        const auto dotOf = [&](RacePicture picture) {
            return raceCurves(measurement, picture).front().dots.front();
        };
        QCOMPARE(dotOf(RacePicture::ThroughputOfManyRows).x, 8.0);
        QCOMPARE(dotOf(RacePicture::ThroughputOfManyRows).y, 1000.0 * 8 * 16 / 4);
        QVERIFY(dotOf(RacePicture::ThroughputOfManyRows).lower
            < dotOf(RacePicture::ThroughputOfManyRows).y);
        QCOMPARE(dotOf(RacePicture::LatencyOfManyRows).y, 4.0);
        QCOMPARE(dotOf(RacePicture::PeakShareOfManyRows).y, 1e9 / 4e6 / 1000);
        QCOMPARE(dotOf(RacePicture::TimeOfSubBatches).x, 4.0);
    }

    void aShareOfThePeakIsNeverAboveAll()
    {
        const auto core = RacePicture::PeakShareOfManyRows;
        RaceMeasurement measurement { request(2), {}, {} };
        measurement.request.question = RaceQuestion::Rows;
        measurement.points = { point(core, RaceLine::Lstm, 16, 1, 1, 4),
            point(core, RaceLine::Lstm, 16, 2, 1, 4) };
        SweepPoint& almostAll = measurement.points[0].point;
        almostAll.peakGflops = 1.05 * almostAll.gflops; // its fastest runs seem to be beyond
        SweepPoint& beyond = measurement.points[1].point;
        beyond.peakGflops = 0.9 * beyond.gflops; // the peak was measured too low
        const auto dots = raceCurves(measurement, core).front().dots;
        QCOMPARE(dots.size(), std::size_t(1));
        QCOMPARE(dots.front().x, 1.0);
        QVERIFY(dots.front().y < 1);
        QCOMPARE(dots.front().upper, 1.0);
    }

    void memoryHasFormulasAndWhatWasAllocated()
    {
        RaceMeasurement measurement { request(2), {}, {} };
        measurement.request.question = RaceQuestion::Memory;
        measurement.request.width = 100;
        RacePoint race = point(RacePicture::ReadingMemory, RaceLine::Attention, 16, 2, 1, 4);
        race.point.peakBytes = 12345;
        measurement.points = { race };
        const auto curves = raceCurves(measurement, RacePicture::ReadingMemory);
        const auto curveOf = [&](RaceLine line, bool planned) {
            return *std::find_if(curves.begin(), curves.end(), [&](const RaceCurve& curve) {
                return curve.line == line && curve.planned == planned;
            });
        };
        const RaceCurve lstm = curveOf(RaceLine::Lstm, true);
        QCOMPARE(lstm.dots.front().y, lstm.dots.back().y); // a state, whatever the length
        QCOMPARE(lstm.dots.front().y, 8.0 * 2 * 100);
        QCOMPARE(lstm.dots.back().x, 16384.0);
        const RaceCurve attention = curveOf(RaceLine::Attention, true);
        QCOMPARE(attention.dots.back().y, 8.0 * 2 * 16384 * 100);
        const RaceCurve stored = curveOf(RaceLine::StoredAffinities, true);
        QCOMPARE(stored.dots.back().y - attention.dots.back().y, 4.0 * 4 * 2 * 16384 * 16384);
        QVERIFY2(stored.dots.back().text.contains("8,616,148,992 bytes"),
            qPrintable(stored.dots.back().text));
        const RaceCurve allocated = curveOf(RaceLine::Attention, false);
        QCOMPARE(allocated.dots.front().y, 12345.0);
        QVERIFY(allocated.dots.front().text.contains("12,345 bytes"));
    }
};

QTEST_APPLESS_MAIN(RaceCurvesTest)
#include "tst_race_curves.moc"
