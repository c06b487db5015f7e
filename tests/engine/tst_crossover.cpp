// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/crossover.h"
#include "engine/measurement/statistics.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <random>

using namespace timestep;

namespace {

using Curve = std::vector<MeasuredMedian>;

/// Medians at 1, 2, 4, 8 …, each with an interval of this share to either side.
Curve curve(const std::vector<double>& medians, double spread = 0.01)
{
    Curve points;
    double x = 1;
    for (const double y : medians) {
        points.push_back({ x, y, y * (1 - spread), y * (1 + spread) });
        x *= 2;
    }
    return points;
}

bool near(double value, double expected) { return std::abs(value / expected - 1) < 1e-9; }

} // namespace

/// What a reader of the plots relies on: a crossover that is claimed was measured, whoever wins.
class CrossoverTest : public QObject
{
    Q_OBJECT
private slots:
    void straightOnLogarithmicPaper()
    {
        // y = x and y = 16 ÷ x meet at 4; measured at 1, 2, 8 and 16, where nothing is at 4.
        Curve rising, falling;
        for (const double x : { 1.0, 2.0, 8.0, 16.0 }) {
            rising.push_back({ x, x, x * 0.99, x * 1.01 });
            falling.push_back({ x, 16 / x, 15.9 / x, 16.1 / x });
        }
        const CurveComparison found = compareCurves(rising, falling);
        QCOMPARE(found.crossovers.size(), 1u);
        const Crossover& crossover = found.crossovers[0];
        QVERIFY(near(crossover.x, 4));
        QCOMPARE(crossover.from, 2.0);
        QCOMPARE(crossover.to, 8.0);
        QCOMPARE(crossover.before, LowerCurve::First);
        QCOMPARE(crossover.after, LowerCurve::Second);
        QVERIFY(crossover.certain);
        QCOMPARE(crossover.untold, 0);
        QCOMPARE(found.firstLower, 2);
        QCOMPARE(found.secondLower, 2);
    }

    void theOtherWayRoundTheOtherWins()
    {
        const Curve slow = curve({ 1, 2, 4, 8 });
        const Curve steep = curve({ 0.5, 1.5, 4.5, 13.5 });
        const Crossover one = compareCurves(slow, steep).crossovers.at(0);
        const Crossover other = compareCurves(steep, slow).crossovers.at(0);
        QVERIFY(near(one.x, other.x));
        QCOMPARE(one.after, LowerCurve::First);
        QCOMPARE(other.after, LowerCurve::Second);
        QVERIFY(one.certain && other.certain);
    }

    void pointsNotToldApartMakeARange()
    {
        Curve first = curve({ 1, 10, 10, 10, 100 });
        Curve second = curve({ 2, 10.1, 10.1, 9.9, 50 });
        for (std::size_t point : { 1, 2, 3 }) {
            first[point].lower = second[point].lower = 8;
            first[point].upper = second[point].upper = 12;
        }
        const CurveComparison found = compareCurves(first, second);
        QCOMPARE(found.crossovers.size(), 1u);
        const Crossover& crossover = found.crossovers[0];
        QVERIFY(crossover.certain);
        QCOMPARE(crossover.from, 1.0);
        QCOMPARE(crossover.to, 16.0);
        QCOMPARE(crossover.untold, 3);
        QVERIFY(crossover.x > 4 && crossover.x < 8); // there the medians change places
        QCOMPARE(found.untold, 3);
    }

    void noiseWithinARangeIsOneCrossover()
    {
        // Medians change places between 2 and 4, 4 and 8, and 8 and 16.
        const Curve first = curve({ 1, 1, 1.01, 0.99, 4 }, 0.1);
        const Curve second = curve({ 2, 1.01, 1, 1, 2 }, 0.1);
        const CurveComparison found = compareCurves(first, second);
        QCOMPARE(found.crossovers.size(), 1u);
        QVERIFY(found.crossovers[0].certain);
        QVERIFY(found.crossovers[0].x > 2 && found.crossovers[0].x < 16);
        QCOMPARE(found.crossovers[0].from, 1.0);
        QCOMPARE(found.crossovers[0].to, 16.0);
    }

    void severalCrossings()
    {
        const CurveComparison found
            = compareCurves(curve({ 1, 3, 1, 3, 3 }), curve({ 2, 2, 2, 2, 2 }));
        QCOMPARE(found.crossovers.size(), 3u);
        for (std::size_t index = 0; index < 3; ++index) {
            const Crossover& crossover = found.crossovers[index];
            QVERIFY(crossover.certain);
            QCOMPARE(crossover.from, std::exp2(double(index)));
            QCOMPARE(crossover.to, 2 * crossover.from);
            QCOMPARE(crossover.after, index % 2 == 0 ? LowerCurve::Second : LowerCurve::First);
        }
    }

    void notCertain_data()
    {
        QTest::addColumn<Curve>("first");
        QTest::addColumn<Curve>("second");
        QTest::addColumn<int>("crossovers");
        QTest::newRow("nothing told apart before")
            << curve({ 1, 1, 3 }, 0.1) << curve({ 1.05, 0.95, 1 }, 0.1) << 1;
        QTest::newRow("nothing told apart after")
            << curve({ 3, 1, 1 }, 0.1) << curve({ 1, 0.95, 1.05 }, 0.1) << 1;
        QTest::newRow("the same one lower on both sides")
            << curve({ 1, 2.02, 1 }, 0.1) << curve({ 2, 2, 2 }, 0.1) << 2;
        QTest::newRow("nothing told apart at all")
            << curve({ 1, 1.1, 1, 1.1 }, 0.5) << curve({ 1.1, 1, 1.1, 1 }, 0.5) << 3;
    }

    void notCertain()
    {
        QFETCH(Curve, first);
        QFETCH(Curve, second);
        const CurveComparison found = compareCurves(first, second);
        QTEST(int(found.crossovers.size()), "crossovers");
        for (const Crossover& crossover : found.crossovers) {
            QVERIFY(!crossover.certain);
            QVERIFY(crossover.from < crossover.x && crossover.x < crossover.to);
        }
    }

    void neverCrossing_data()
    {
        QTest::addColumn<Curve>("first");
        QTest::addColumn<Curve>("second");
        QTest::addColumn<int>("firstLower");
        QTest::addColumn<int>("untold");
        const Curve some = curve({ 1, 2, 3 });
        QTest::newRow("equal curves") << some << some << 0 << 3;
        QTest::newRow("equal without spread") << curve({ 1, 2 }, 0) << curve({ 1, 2 }, 0) << 0 << 2;
        QTest::newRow("one below") << some << curve({ 2, 4, 6 }) << 3 << 0;
        QTest::newRow("they touch and part") << curve({ 1, 2, 1 }) << curve({ 2, 2, 2 }) << 2 << 1;
        QTest::newRow("a single point") << curve({ 1 }) << curve({ 2 }) << 1 << 0;
        QTest::newRow("nothing measured") << Curve() << some << 0 << 0;
        QTest::newRow("nothing in common") << some << Curve { { 3, 1, 1, 1 } } << 0 << 0;
        constexpr double endless = std::numeric_limits<double>::infinity();
        QTest::newRow("no place on logarithmic paper")
            << Curve { { 0, 1, 1, 1 }, { 1, 0, 0, 0 }, { 2, endless, endless, endless } }
            << Curve { { 0, 2, 2, 2 }, { 1, 2, 2, 2 }, { 2, 2, 2, 2 } } << 0 << 0;
    }

    void neverCrossing()
    {
        QFETCH(Curve, first);
        QFETCH(Curve, second);
        const CurveComparison found = compareCurves(first, second);
        QVERIFY(found.crossovers.empty());
        QTEST(found.firstLower, "firstLower");
        QCOMPARE(found.secondLower, 0);
        QTEST(found.untold, "untold");
        QVERIFY(compareCurves(second, first).crossovers.empty());
    }

    void equalMediansOnTheWayAreTheMeetingPlace()
    {
        const Crossover crossover
            = compareCurves(curve({ 1, 2, 2, 4 }), curve({ 2, 2, 2, 2 })).crossovers.at(0);
        QVERIFY(near(crossover.x, std::sqrt(2.0 * 4.0)));
        QCOMPARE(crossover.from, 1.0);
        QCOMPARE(crossover.to, 8.0);
    }

    void pointsThatOneLacksAreLeftOut()
    {
        Curve first = curve({ 1, 1, 1, 4, 4 });
        Curve second = curve({ 2, 2, 2, 2, 2 });
        first.erase(first.begin() + 2); // x = 4
        second.erase(second.begin() + 1); // x = 2
        const CurveComparison found = compareCurves(first, second);
        QCOMPARE(found.firstLower + found.secondLower + found.untold, 3);
        QCOMPARE(found.crossovers.at(0).from, 1.0);
        QCOMPARE(found.crossovers.at(0).to, 8.0);
    }

    /// Two programs equally fast, timed 25 times at 8 lengths: medians change places all the time.
    void noiseIsRarelyClaimed()
    {
        std::mt19937_64 random(7);
        const auto measured = [&random] {
            Curve points;
            for (int length = 0; length < 8; ++length) {
                std::vector<double> times;
                for (int repeat = 0; repeat < 25; ++repeat)
                    times.push_back(100 + double(random() % 1000) / 100);
                const Interval interval = medianInterval(times, 1);
                points.push_back({ std::exp2(double(length)), quantile(times, 0.5), interval.lower,
                    interval.upper });
            }
            return points;
        };
        int changes = 0;
        int claimed = 0;
        for (int trial = 0; trial < 20; ++trial) {
            for (const Crossover& crossover : compareCurves(measured(), measured()).crossovers) {
                ++changes;
                claimed += crossover.certain ? 1 : 0;
            }
        }
        QVERIFY(changes > 40);
        QVERIFY2(claimed <= 1, qPrintable(QString::number(claimed)));
    }
};

QTEST_APPLESS_MAIN(CrossoverTest)
#include "tst_crossover.moc"
