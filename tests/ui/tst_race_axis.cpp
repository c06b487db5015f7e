// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_axis.h"

#include <QtTest>

#include <cmath>

using namespace timestep;

class RaceAxisTest : public QObject
{
    Q_OBJECT
private slots:
    void numbers_data()
    {
        QTest::addColumn<double>("value");
        QTest::addColumn<int>("unit");
        QTest::addColumn<QString>("text");
        const int number = int(RaceUnit::Number);
        const int bytes = int(RaceUnit::Bytes);
        QTest::newRow("nothing") << 0.0 << number << "0";
        QTest::newRow("whole") << 4096.0 << number << "4,096";
        QTest::newRow("many") << 1048576.0 << number << "1,048,576";
        QTest::newRow("a part") << 0.25 << number << "0.25";
        QTest::newRow("small") << 0.001 << number << "0.001";
        QTest::newRow("very small") << 1e-6 << number << "1e-06";
        QTest::newRow("whole and part") << 2.5 << number << "2.5";
        QTest::newRow("a step's rounding") << 3 * 0.1 << number << "0.3";
        QTest::newRow("bytes") << 512.0 << bytes << "512 B";
        QTest::newRow("thousands") << 1000.0 << bytes << "1 kB";
        QTest::newRow("millions") << 1.5e6 << bytes << "1.5 MB";
        QTest::newRow("percent") << 0.25 << int(RaceUnit::Percent) << "25 %";
    }

    void numbers()
    {
        QFETCH(double, value);
        QFETCH(int, unit);
        QTEST(tickText(value, RaceUnit(unit)), "text");
    }

    void linear_data()
    {
        QTest::addColumn<double>("to");
        QTest::addColumn<int>("steps");
        QTest::addColumn<QList<double>>("ticks");
        QTest::newRow("ones") << 4.2 << 5 << QList<double> { 0, 1, 2, 3, 4 };
        QTest::newRow("twos") << 900.0 << 5 << QList<double> { 0, 200, 400, 600, 800 };
        QTest::newRow("just one") << 1000.0 << 1 << QList<double> { 0, 1000 };
        QTest::newRow("not none") << 4.9 << 1 << QList<double> { 0, 2, 4 };
    }

    void linear()
    {
        QFETCH(double, to);
        QFETCH(int, steps);
        const std::vector<double> ticks = linearTicks(to, steps);
        QTEST(QList<double>(ticks.begin(), ticks.end()), "ticks");
    }

    void logarithmic_data()
    {
        QTest::addColumn<double>("from");
        QTest::addColumn<double>("to");
        QTest::addColumn<int>("most");
        QTest::addColumn<QList<double>>("ticks");
        QTest::newRow("one, two, five") << 3.0 << 60.0 << 6 << QList<double> { 5, 10, 20, 50 };
        QTest::newRow("tens") << 3.0 << 6000.0 << 4 << QList<double> { 10, 100, 1000 };
        QTest::newRow("hundreds") << 1.0 << 10000.0 << 3 << QList<double> { 1, 100, 10000 };
        QTest::newRow("none within") << 2.5 << 4.5 << 3 << QList<double> { 1 };
    }

    void logarithmic()
    {
        QFETCH(double, from);
        QFETCH(double, to);
        QFETCH(int, most);
        std::vector<double> ticks = logarithmicTicks(from, to, most);
        for (double& tick : ticks)
            tick = std::round(tick);
        QTEST(QList<double>(ticks.begin(), ticks.end()), "ticks");
    }

    void labelsAreThinnedUntilNoneTouch()
    {
        const std::vector<LabelExtent> labels { { 0, 10 }, { 12, 22 }, { 24, 34 }, { 36, 46 } };
        QCOMPARE(labelStride(labels, 2), 1);
        QCOMPARE(labelStride(labels, 3), 2);
        QCOMPARE(labelStride(labels, 20), 3);
        QCOMPARE(labelStride(labels, 1000), 4); // the first alone
        const std::vector<LabelExtent> upwards { { 90, 100 }, { 85, 95 }, { 70, 80 } };
        QCOMPARE(labelStride(upwards, 0), 2);
        QCOMPARE(labelStride({}, 5), 1);
    }
};

QTEST_APPLESS_MAIN(RaceAxisTest)
#include "tst_race_axis.moc"
