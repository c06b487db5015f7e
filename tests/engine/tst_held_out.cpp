// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/held_out.h"

#include <QTest>

#include <cmath>
#include <cstdlib>
#include <string>

using namespace timestep;

/// What judging a model relies on: a text stays on its side, and the share is as asked.
class TestHeldOut : public QObject
{
    Q_OBJECT

private slots:
    /// A model kept on disk must not be judged by what an earlier version trained it on: the sides
    /// come from FNV-1a and SplitMix64 written anew in Python.
    void sidesNeverChange_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<int>("oneIn");
        QTest::addColumn<DataSide>("side");
        QTest::newRow("prompt held out") << std::string("a2=1 a2=") << 16 << DataSide::HeldOut;
        QTest::newRow("prompt trained") << std::string("a2=2 a2=") << 16 << DataSide::Training;
        QTest::newRow("empty") << std::string() << 2 << DataSide::HeldOut;
        QTest::newRow("four") << std::string("four\n") << 2 << DataSide::HeldOut;
        QTest::newRow("three") << std::string("three\n") << 2 << DataSide::Training;
        QTest::newRow("none held out") << std::string("four\n") << 0 << DataSide::Training;
        QTest::newRow("all held out") << std::string("three\n") << 1 << DataSide::HeldOut;
    }
    void sidesNeverChange()
    {
        QFETCH(std::string, text);
        QFETCH(int, oneIn);
        QFETCH(DataSide, side);
        QCOMPARE(sideOf(text, oneIn), side);
    }

    /// Of texts that differ by a byte or two only. The deviation is √(16,000 · 1/n · (1 − 1/n)).
    void shareIsAsAsked_data()
    {
        QTest::addColumn<int>("oneIn");
        for (const int oneIn : { 2, 3, 16, 20, 100 })
            QTest::addRow("one in %d", oneIn) << oneIn;
    }
    void shareIsAsAsked()
    {
        QFETCH(int, oneIn);
        int heldOut = 0;
        for (int text = 0; text < 16000; ++text)
            heldOut += sideOf(std::to_string(text), oneIn) == DataSide::HeldOut ? 1 : 0;
        const double wanted = 16000.0 / oneIn;
        QVERIFY2(std::abs(heldOut - wanted) < 4 * std::sqrt(wanted),
            qPrintable(QString::number(heldOut)));
    }
};

QTEST_APPLESS_MAIN(TestHeldOut)
#include "tst_held_out.moc"
