// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/typed_text.h"

#include <QTest>

#include <random>

using namespace timestep;

class TestTypedText : public QObject
{
    Q_OBJECT
private slots:
    void bytesSurviveTheLine_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("words") << QByteArray("Ann has the red key.");
        QTest::newRow("newlines") << QByteArray("a\nb\r\nc\r\n\n");
        QTest::newRow("the newline sign itself") << QByteArray("press ⏎ now");
        QTest::newRow("NUL and control characters") << QByteArray("a\0b\x01\x7f\t", 6);
        QTest::newRow("no-break space, line separator") << QByteArray("\xc2\xa0 \xe2\x80\xa8");
        QTest::newRow("emoji family") << QByteArray("👩‍👩‍👧 and 🏴");
        QTest::newRow("right to left") << QByteArray("שלום عالم");
        QTest::newRow("invalid bytes") << QByteArray("\xff\xfe\x80 a\xc0\xaf");
        QTest::newRow("half an emoji, then a word") << QByteArray("\xf0\x9f\x98 and");
        QTest::newRow("a surrogate as bytes") << QByteArray("\xed\xb2\x80");
        QTest::newRow("emoji, then an invalid byte") << QByteArray("🙂\xff");
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf"
                                                       "a");
    }

    void bytesSurviveTheLine()
    {
        QFETCH(QByteArray, bytes);
        const QString line = lineFromBytes(bytes.toStdString());
        QVERIFY(!line.contains(u'\n'));
        QCOMPARE(QByteArray::fromStdString(bytesFromLine(line)), bytes);
    }

    void anyBytesSurviveTheLine()
    {
        std::mt19937 random(7);
        for (int text = 0; text < 200; ++text) {
            std::string bytes(random() % 50, '\0');
            for (char& byte : bytes)
                byte = static_cast<char>(random());
            QCOMPARE(bytesFromLine(lineFromBytes(bytes)), bytes);
        }
    }

    void newlinesAreSeen() { QCOMPARE(lineFromBytes("a\nb"), QStringLiteral("a⏎b")); }
};

QTEST_APPLESS_MAIN(TestTypedText)
#include "tst_typed_text.moc"
