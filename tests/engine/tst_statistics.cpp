// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/peak_flops.h"
#include "engine/measurement/state_bytes.h"
#include "engine/measurement/statistics.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace timestep;

/// What a reader of the tables relies on: that median, p90 and interval are what their names say.
class StatisticsTest : public QObject
{
    Q_OBJECT
private slots:
    void quantileIsInterpolatedBetweenRanks_data()
    {
        QTest::addColumn<QList<double>>("values");
        QTest::addColumn<double>("p");
        QTest::addColumn<double>("expected");
        QTest::newRow("one value") << QList<double> { 7 } << 0.9 << 7.0;
        QTest::newRow("median of odd count") << QList<double> { 9, 1, 5 } << 0.5 << 5.0;
        QTest::newRow("median of even count") << QList<double> { 4, 1, 3, 2 } << 0.5 << 2.5;
        QTest::newRow("least") << QList<double> { 4, 1, 3, 2 } << 0.0 << 1.0;
        QTest::newRow("greatest") << QList<double> { 4, 1, 3, 2 } << 1.0 << 4.0;
        // Rank 0.9 · 4 = 3.6: between 40 and 50, six tenths of the way.
        QTest::newRow("p90") << QList<double> { 50, 40, 30, 20, 10 } << 0.9 << 46.0;
        QTest::newRow("lower quartile") << QList<double> { 10, 20, 30, 40 } << 0.25 << 17.5;
        QTest::newRow("upper quartile") << QList<double> { 10, 20, 30, 40 } << 0.75 << 32.5;
        QTest::newRow("ties") << QList<double> { 2, 2, 2, 8 } << 0.5 << 2.0;
    }
    void quantileIsInterpolatedBetweenRanks()
    {
        QFETCH(QList<double>, values);
        QFETCH(double, p);
        QFETCH(double, expected);
        QVERIFY(std::abs(quantile({ values.begin(), values.end() }, p) - expected) < 1e-12);
    }

    // Half-lives may be endless, and what is asked of the others is then still a number.
    void infinityLiesAboveAllOthers()
    {
        constexpr double endless = std::numeric_limits<double>::infinity();
        QCOMPARE(quantile({ endless, 1, 3, endless, 2 }, 0.25), 2.0);
        QCOMPARE(quantile({ endless, 1, 3, endless, 2 }, 0.5), 3.0);
        QCOMPARE(quantile({ endless, 1, 3, endless, 2 }, 0.6), endless);
        QCOMPARE(quantile({ endless, 1, 3, endless, 2 }, 0.9), endless);
        QCOMPARE(quantile({ endless }, 0.5), endless);
    }

    void intervalHoldsTheMedianAndNarrowsWithMoreRepeats()
    {
        std::vector<double> few, many;
        for (int repeat = 0; repeat < 900; ++repeat) {
            const double value = 100 + (repeat * 7919 % 900) / 100.0;
            many.push_back(value);
            if (repeat < 9)
                few.push_back(value);
        }
        const Interval wide = medianInterval(few, 1);
        const Interval narrow = medianInterval(many, 1);
        QVERIFY(wide.lower <= quantile(few, 0.5) && quantile(few, 0.5) <= wide.upper);
        QVERIFY(narrow.lower <= quantile(many, 0.5) && quantile(many, 0.5) <= narrow.upper);
        QVERIFY(narrow.upper - narrow.lower < wide.upper - wide.lower);
        // The median of n evenly spread values of width w varies by w ÷ (2 √n): ± 1.96 of it.
        const double expected = 2 * 1.96 * 9.0 / (2 * std::sqrt(900.0));
        QVERIFY(std::abs((narrow.upper - narrow.lower) - expected) < 0.4 * expected);
    }

    void intervalDependsOnNothingButValuesAndSeed()
    {
        const std::vector<double> values { 5, 3, 9, 1, 4, 4, 8 };
        const Interval once = medianInterval(values, 3);
        const Interval again = medianInterval(values, 3);
        QCOMPARE(once.lower, again.lower);
        QCOMPARE(once.upper, again.upper);
    }

    void intervalOfEqualValuesIsThatValue()
    {
        const Interval interval = medianInterval({ 2.5, 2.5, 2.5 }, 1);
        QCOMPARE(interval.lower, 2.5);
        QCOMPARE(interval.upper, 2.5);
    }

    void stateBytesFollowTheDocumentedFormulas()
    {
        // L = 2, B = 3, H = 256: 8 · 2 · 3 · 256, at any length.
        PlanShape lstm {
            .kind = ModelKind::Lstm, .layers = 2, .width = 256, .steps = 100, .rows = 3
        };
        QCOMPARE(stateBytes(lstm), std::size_t(12288));
        lstm.steps = 1000;
        QCOMPARE(stateBytes(lstm), std::size_t(12288));
        lstm.training = true;
        QCOMPARE(stateBytes(lstm), std::size_t(36864000)); // 4 · 2 · 3 · 1000 · 6 · 256
        // L = 4, A = 5, B = 3, T = 100, D = 160.
        PlanShape attention { .kind = ModelKind::Attention,
            .layers = 4,
            .width = 160,
            .heads = 5,
            .steps = 100,
            .rows = 3 };
        QCOMPARE(stateBytes(attention), std::size_t(1536000)); // 8 · 4 · 3 · 100 · 160
        QCOMPARE(storedAffinityBytes(attention), std::size_t(2400000)); // 4 · 4 · 5 · 3 · 100²
        QCOMPARE(tiledAffinityBytes(attention), std::size_t(24000)); // 4 · 4 · 5 · 3 · 100
        attention.attentionWindow = 30; // 8 · 4 · 3 · 30 · 160
        QCOMPARE(stateBytes(attention), std::size_t(460800));
        attention.attentionWindow = 101;
        QCOMPARE(stateBytes(attention), std::size_t(1536000));
        attention.training = true; // 4 · 4 · 3 · 100 · (10 · 160 + 7) + 4 · 3 · 100 · 161
        QCOMPARE(stateBytes(attention), std::size_t(7906800));
        attention.bareLayer = true; // 4 · 4 · 3 · 100 · (4 · 160 + 5) + 4 · 3 · 3 · 100 · 160
        QCOMPARE(stateBytes(attention), std::size_t(3672000));
    }

    void storedAffinitiesOfALongTextAreCountedInFull()
    {
        const PlanShape shape { .kind = ModelKind::Attention,
            .layers = 4,
            .width = 160,
            .heads = 5,
            .steps = 16384,
            .rows = 32 };
        QCOMPARE(storedAffinityBytes(shape), std::size_t(687194767360));
    }

    void peakOfSeveralThreadsIsTheirsTogether()
    {
        // Twice as many threads never do less than a fair share of what one does: a probe that
        // counted one thread only, or added up times, would fall far below or rise far above.
        const double one = measuredPeakGflops(1);
        const double two = measuredPeakGflops(2);
        QVERIFY2(one > 0.1, qPrintable(QString::number(one)));
        QVERIFY2(
            two > 0.25 * one && two < 8 * one, qPrintable(QString("%1 and %2").arg(one).arg(two)));
    }
};

QTEST_APPLESS_MAIN(StatisticsTest)
#include "tst_statistics.moc"
