// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/token_label.h"

#include <QTest>

#include <string>

using namespace timestep;

class TestTokenLabel : public QObject
{
    Q_OBJECT
private slots:
    void everyByteIsSeen_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("label");
        QTest::newRow("a word") << QByteArray("Ann") << "Ann";
        QTest::newRow("space in front") << QByteArray(" has") << "·has";
        QTest::newRow("only spaces") << QByteArray("  ") << "··";
        QTest::newRow("newline") << QByteArray("\n") << "⏎";
        QTest::newRow("tab") << QByteArray("\t") << "⇥";
        QTest::newRow("carriage return") << QByteArray("\r") << "␍";
        QTest::newRow("NUL") << QByteArray("\0", 1) << "␀";
        QTest::newRow("delete") << QByteArray("\x7f") << "␡";
        QTest::newRow("no bytes") << QByteArray() << "";
        QTest::newRow("letter beyond ASCII") << QByteArray("é") << "é";
        QTest::newRow("emoji") << QByteArray("🙂") << "🙂";
        QTest::newRow("half an emoji") << QByteArray("\xf0\x9f") << "\\xF0\\x9F";
        QTest::newRow("continuation alone") << QByteArray("\x80") << "\\x80";
        QTest::newRow("overlong") << QByteArray("\xc0\xaf") << "\\xC0\\xAF";
        QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << "\\xED\\xA0\\x80";
        QTest::newRow("beyond Unicode") << QByteArray("\xf4\x90\x80\x80") << "\\xF4\\x90\\x80\\x80";
        QTest::newRow("letter, then invalid") << QByteArray("a\xff") << "a\\xFF";
        QTest::newRow("zero width joiner") << QByteArray("\xe2\x80\x8d") << "U+200D";
        QTest::newRow("right-to-left override") << QByteArray("\xe2\x80\xae") << "U+202E";
        QTest::newRow("no-break space") << QByteArray("\xc2\xa0") << "U+00A0";
        QTest::newRow("mark without a letter") << QByteArray("\xcc\x81") << "◌\u0301";
        QTest::newRow("letter and mark") << QByteArray("e\xcc\x81") << "e\u0301";
    }

    void everyByteIsSeen()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, label);
        QCOMPARE(tokenLabel(bytes.toStdString()), label);
    }

    void wordsMayDropTheirSpace()
    {
        QCOMPARE(tokenLabel(" has", LeadingSpace::Hidden), QStringLiteral("has"));
        QCOMPARE(tokenLabel(" ", LeadingSpace::Hidden), QStringLiteral("·"));
        QCOMPARE(tokenLabel("  ", LeadingSpace::Hidden), QStringLiteral("··"));
    }
};

QTEST_APPLESS_MAIN(TestTokenLabel)
#include "tst_token_label.moc"
