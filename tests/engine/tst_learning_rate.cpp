// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/training/learning_rate.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numbers>

using namespace timestep;

/// What a training relies on: no step of rate 0 at the start, the peak reached, the end as asked.
class TestLearningRate : public QObject
{
    Q_OBJECT

private slots:
    void follows_data()
    {
        QTest::addColumn<LearningRateSettings>("settings");
        QTest::addColumn<int>("step");
        QTest::addColumn<double>("wanted");
        const LearningRateSettings both { 0.8, 4, 12, 0.25 }; // cosine from step 3 to step 11
        QTest::newRow("first") << both << 0 << 0.2;
        QTest::newRow("half way up") << both << 1 << 0.4;
        QTest::newRow("peak") << both << 3 << 0.8;
        QTest::newRow("quarter way down")
            << both << 5 << 0.2 + 0.6 * (1 + std::numbers::sqrt2 / 2) / 2;
        QTest::newRow("half way down") << both << 7 << 0.5;
        QTest::newRow("last") << both << 11 << 0.2;
        QTest::newRow("after") << both << 1000 << 0.2;
        QTest::newRow("no warm-up, first") << LearningRateSettings { 0.8, 0, 5, 0 } << 0 << 0.8;
        QTest::newRow("no warm-up, middle") << LearningRateSettings { 0.8, 0, 5, 0 } << 2 << 0.4;
        QTest::newRow("no warm-up, last") << LearningRateSettings { 0.8, 0, 5, 0 } << 4 << 0.0;
        QTest::newRow("one step") << LearningRateSettings { 0.8, 0, 1, 0.5 } << 0 << 0.8;
        QTest::newRow("only warm-up") << LearningRateSettings { 0.8, 4, 4, 0.5 } << 3 << 0.8;
        QTest::newRow("after only warm-up") << LearningRateSettings { 0.8, 4, 4, 0.5 } << 4 << 0.4;
        QTest::newRow("constant") << LearningRateSettings { 0.8, 0, 9, 1 } << 5 << 0.8;
    }
    void follows()
    {
        QFETCH(LearningRateSettings, settings);
        QFETCH(int, step);
        QFETCH(double, wanted);
        const double found = LearningRate(settings).at(step);
        QVERIFY2(std::abs(found - wanted) < 1e-15, qPrintable(QString::number(found, 'g', 17)));
    }

    void risesThenFalls()
    {
        const LearningRate rate({ 1e-3, 30, 200, 0.1 });
        for (int step = 1; step < 200; ++step)
            QCOMPARE(rate.at(step) > rate.at(step - 1), step < 30);
    }

    void refusesWhatIsOutOfRange_data()
    {
        QTest::addColumn<LearningRateSettings>("settings");
        const double none = std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("peak 0") << LearningRateSettings { 0, 0, 5, 0 };
        QTest::newRow("no peak") << LearningRateSettings { none, 0, 5, 0 };
        QTest::newRow("endless peak")
            << LearningRateSettings { std::numeric_limits<double>::infinity(), 0, 5, 0 };
        QTest::newRow("no steps") << LearningRateSettings { 1, 0, 0, 0 };
        QTest::newRow("warm-up too long") << LearningRateSettings { 1, 6, 5, 0 };
        QTest::newRow("warm-up below 0") << LearningRateSettings { 1, -1, 5, 0 };
        QTest::newRow("fraction above 1") << LearningRateSettings { 1, 0, 5, 1.5 };
        QTest::newRow("fraction below 0") << LearningRateSettings { 1, 0, 5, -0.5 };
        QTest::newRow("no fraction") << LearningRateSettings { 1, 0, 5, none };
    }
    void refusesWhatIsOutOfRange()
    {
        QFETCH(LearningRateSettings, settings);
        QVERIFY_EXCEPTION_THROWN(LearningRate { settings }, Error);
    }
};

QTEST_APPLESS_MAIN(TestLearningRate)
#include "tst_learning_rate.moc"
