// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"

#include <QtTest>

using namespace timestep;

class NumberTextTest : public QObject
{
    Q_OBJECT
private slots:
    void bytes_data()
    {
        QTest::addColumn<double>("bytes");
        QTest::addColumn<QString>("text");
        QTest::newRow("none") << 0.0 << "0 B";
        QTest::newRow("few") << 999.0 << "999 B";
        QTest::newRow("a thousand") << 1000.0 << "1 kB";
        QTest::newRow("three digits") << 46080.0 << "46.1 kB";
        QTest::newRow("no zeros behind") << 4100.0 << "4.1 kB";
        QTest::newRow("rounds into the next unit") << 999'900.0 << "1 MB";
        QTest::newRow("an integer keeps its zeros") << 120e6 << "120 MB";
        QTest::newRow("large") << 21.47e9 << "21.5 GB";
    }

    void bytes()
    {
        QFETCH(double, bytes);
        QFETCH(QString, text);
        QCOMPARE(bytesText(bytes), text);
    }
};

QTEST_APPLESS_MAIN(NumberTextTest)
#include "tst_number_text.moc"
