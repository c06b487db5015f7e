// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/pre_tokenizer.h"
#include "engine/text/printable_text.h"

#include <QTest>

#include <string>
#include <vector>

using namespace timestep;

namespace {

QString shown(const std::vector<std::string>& words)
{
    QStringList each;
    for (const std::string& word : words)
        each.append(QString::fromStdString(printableText(word)));
    return each.join(" | ");
}

std::string nameOf(const std::string& text)
{
    return QString::fromStdString(printableText(text)).replace('\n', "\\n").toStdString();
}

} // namespace

/// The words that GPT-2's pattern sees; the tokeniser merges within each of them only.
class tst_PreTokenizer : public QObject
{
    Q_OBJECT

private slots:
    void splitsAsGpt2Does_data();
    void splitsAsGpt2Does();
};

void tst_PreTokenizer::splitsAsGpt2Does_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::vector<std::string>>("words");
    const auto row = [](const std::string& text, const std::vector<std::string>& words) {
        QTest::newRow(nameOf(text).c_str()) << text << words;
    };
    row("it's we're I've I'm he'll he'd don't",
        { "it", "'s", " we", "'re", " I", "'ve", " I", "'m", " he", "'ll", " he", "'d", " don",
            "'t" });
    row("IT'S", { "IT", "'", "S" });
    row("'sound", { "'s", "ound" });
    row("a 'tis", { "a", " '", "tis" });
    row("x1y22 333", { "x", "1", "y", "22", " 333" });
    row("a, b!? (c)", { "a", ",", " b", "!?", " (", "c", ")" });
    row("a  b   c", { "a", " ", " b", "  ", " c" });
    row("a \n b", { "a", " \n", " b" });
    row("a\n\nb", { "a", "\n", "\n", "b" });
    row("a\t b", { "a", "\t", " b" });
    row("end  ", { "end", "  " });
    row("   ", { "   " });
    row("été naïve", { "été", " naïve" });
    row("e\u0301", { "e", "\u0301" }); // a combining mark is no letter
    row("½ ² Ⅷ", { "½", " ²", " Ⅷ" });
    row("a\u00a0b", { "a", "\u00a0", "b" }); // no-break space is white space, but not the space
    row("a\u3000\u2028b", { "a", "\u3000", "\u2028", "b" });
    row("a\u0085b", { "a", "\u0085", "b" });
    row("a\u200bb", { "a", "\u200b", "b" }); // a zero-width space is a sign
    row("a\x1c z", { "a", "\x1c", " z" }); // and so is a separator control
    row("שלום, עולם", { "שלום", ",", " עולם" });
    row("中文。", { "中文", "。" });
    row("👩‍👩‍👧 ok", { "👩‍👩‍👧", " ok" });
    row(std::string("a\0b", 3), { "a", std::string("\0", 1), "b" });
    row("a  \xFF", { "a", " ", " ", "\xFF" }); // an invalid byte is not white space
    row("a \xFF", { "a", " ", "\xFF" });
    row("a \n\xFF b", { "a", " ", "\n", "\xFF", " b" });
    row("\xC3\xC3\xA9", { "\xC3", "é" });
}

void tst_PreTokenizer::splitsAsGpt2Does()
{
    QFETCH(std::string, text);
    QFETCH(std::vector<std::string>, words);
    std::vector<std::string> found;
    std::size_t end = 0;
    bool contiguous = true;
    forEachPreToken(text, [&](const PreToken& word) {
        contiguous = contiguous && word.begin == end;
        end = word.end;
        found.push_back(text.substr(word.begin, word.end - word.begin));
        return true;
    });
    QCOMPARE(shown(found), shown(words));
    QVERIFY(contiguous);
}

QTEST_APPLESS_MAIN(tst_PreTokenizer)
#include "tst_pre_tokenizer.moc"
