// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/printable_text.h"

#include <QTest>

#include <string>

using namespace timestep;

/// What readers of the JSON rely on: any bytes can be shown, valid text as it is.
class tst_PrintableText : public QObject
{
    Q_OBJECT

private slots:
    void showsEachByte_data();
    void showsEachByte();
    void refusesWhatNoBytesLookLike();
};

void tst_PrintableText::showsEachByte_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("shown");
    const auto row = [](const char* name, const std::string& bytes, const std::string& shown) {
        QTest::newRow(name) << bytes << shown;
    };
    row("empty", "", "");
    row("ASCII", "a b\n", "a b\n");
    row("NUL", std::string("a\0b", 3), std::string("a\0b", 3));
    row("backslash", R"(\xFF)", R"(\\xFF)");
    row("text", "é 中 👩‍👩‍👧 שלום", "é 中 👩‍👩‍👧 שלום");
    row("largest", "\xF4\x8F\xBF\xBF", "\xF4\x8F\xBF\xBF");
    row("beyond the largest", "\xF4\x90\x80\x80", R"(\xF4\x90\x80\x80)");
    row("stray continuation", "a\x80z", R"(a\x80z)");
    row("cut short at the end", "\xE4\xB8", R"(\xE4\xB8)");
    row("cut short in the middle", "\xE4\xB8z", R"(\xE4\xB8z)");
    row("overlong two", "\xC0\xAF", R"(\xC0\xAF)");
    row("overlong three", "\xE0\x9F\xBF", R"(\xE0\x9F\xBF)");
    row("shortest three", "\xE0\xA0\x80", "\xE0\xA0\x80");
    row("overlong four", "\xF0\x8F\xBF\xBF", R"(\xF0\x8F\xBF\xBF)");
    row("shortest four", "\xF0\x90\x80\x80", "\xF0\x90\x80\x80");
    row("surrogate", "\xED\xA0\x80", R"(\xED\xA0\x80)");
    row("before the surrogates", "\xED\x9F\xBF", "\xED\x9F\xBF");
    row("never in UTF-8", "\xFF\xFE", R"(\xFF\xFE)");
    row("half a character before a whole one", "\xC3\xC3\xA9", R"(\xC3é)");
}

void tst_PrintableText::showsEachByte()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, shown);
    QCOMPARE(printableText(bytes), shown);
    QVERIFY(bytesOfPrintableText(shown) == bytes);
}

void tst_PrintableText::refusesWhatNoBytesLookLike()
{
    for (const char* shown : { "\\", "\\q", "\\x", "\\xF", "\\xff", "\\x41", "\\x-1", "a\xFF" })
        QVERIFY2(!bytesOfPrintableText(shown), shown);
}

QTEST_APPLESS_MAIN(tst_PrintableText)
#include "tst_printable_text.moc"
