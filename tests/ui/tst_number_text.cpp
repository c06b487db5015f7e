// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"

#include <QTest>

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

    void durations_data()
    {
        QTest::addColumn<double>("ms");
        QTest::addColumn<QString>("text");
        QTest::newRow("nothing") << 0.0 << "0.00 ms";
        QTest::newRow("tiny") << 0.074184 << "0.0742 ms";
        QTest::newRow("below 1") << 0.3017 << "0.302 ms";
        QTest::newRow("zeros stay") << 29.0 << "29.0 ms";
        QTest::newRow("rounds up to more digits") << 9.996 << "10.0 ms";
        QTest::newRow("hundreds") << 331.99 << "332 ms";
        QTest::newRow("the longest in milliseconds") << 999.4 << "999 ms";
        QTest::newRow("rounds to a second") << 999.6 << "1.00 s";
        QTest::newRow("a second") << 1000.0 << "1.00 s";
        QTest::newRow("seconds") << 74552.0 << "74.6 s";
        QTest::newRow("no power of ten") << 12345678.0 << "12,346 s";
    }

    void durations()
    {
        QFETCH(double, ms);
        QTEST(durationText(ms, 3), "text");
    }

    void bothEndsOfARangeHaveOneUnit()
    {
        QCOMPARE(durationRangeText(4.5, 6, 3), "4.50 to 6.00 ms");
        QCOMPARE(durationRangeText(980, 1210, 3), "0.980 to 1.21 s");
        QCOMPARE(durationRangeText(980, 1210, 2, QStringLiteral("–")), "0.98–1.2 s");
    }

    void aNumberStaysWithItsUnit()
    {
        QCOMPARE(
            withUnbrokenQuantities("32 rows took 907 ms, 46.1 kB, 1 unit of 19 units, 92 % and "
                                   "2 small ones"),
            QString("32 rows took 907~ms, 46.1~kB, 1~unit of 19~units, 92~% and 2 small ones")
                .replace('~', QChar::Nbsp));
    }

    void numbersAreEnglishWhateverTheMachine()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        const QString text = durationText(1234567, 3);
        QLocale::setDefault(before);
        QCOMPARE(text, "1,235 s");
    }
};

QTEST_APPLESS_MAIN(NumberTextTest)
#include "tst_number_text.moc"
