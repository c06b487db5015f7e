// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/printable_text.h"
#include "engine/text/tokenizer.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace timestep;

namespace {

using Merges = std::vector<std::pair<std::string, std::string>>;

Tokenizer tokenizerOf(const Merges& merges) { return Tokenizer(Vocabulary::fromMerges(merges)); }

std::vector<std::string> pieces(const std::string& text, const std::vector<Token>& tokens)
{
    std::vector<std::string> pieces;
    for (const Token& token : tokens)
        pieces.push_back(text.substr(token.begin, token.end - token.begin));
    return pieces;
}

QString shown(const std::vector<std::string>& pieces)
{
    QStringList each;
    for (const std::string& piece : pieces)
        each.append(QString::fromStdString(printableText(piece)));
    return each.join(" | ");
}

/// Merges that make one piece of every word that the rows below expect whole.
Merges wordMerges(const std::vector<std::string>& words)
{
    Merges merges;
    for (const std::string& word : words) {
        for (std::size_t length = 1; length < word.size(); ++length) {
            const std::pair<std::string, std::string> merge
                = { word.substr(0, length), word.substr(length, 1) };
            if (std::find(merges.begin(), merges.end(), merge) == merges.end())
                merges.push_back(merge);
        }
    }
    return merges;
}

} // namespace

/// What every screen relies on: GPT-2's pieces, for any bytes, covering the text without a gap.
class tst_Tokenizer : public QObject
{
    Q_OBJECT

private slots:
    void noMergeCrossesWords();
    void lowestRankMergesFirst_data();
    void lowestRankMergesFirst();
    void anyBytesAreCovered_data();
    void anyBytesAreCovered();
    void invalidBytesAreNotMerged();
    void typedEndOfTextIsOrdinaryText();
    void longRunsAreOnePiece_data();
    void longRunsAreOnePiece();
    void severalThreadsMayEncodeAtOnce();
};

void tst_Tokenizer::noMergeCrossesWords()
{
    const std::string text = "ab ab-ab";
    const Tokenizer tokenizer
        = tokenizerOf({ { "a", "b" }, { "ab", " " }, { "ab", "-" }, { "-", "ab" }, { " ", "ab" } });
    QCOMPARE(shown(pieces(text, tokenizer.encode(text))), shown({ "ab", " ab", "-", "ab" }));
}

void tst_Tokenizer::lowestRankMergesFirst_data()
{
    QTest::addColumn<Merges>("merges");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::vector<std::string>>("expected");
    using Pieces = std::vector<std::string>;

    QTest::newRow("rank before place")
        << Merges { { "b", "c" }, { "a", "b" } } << std::string("abc") << Pieces { "a", "bc" };
    QTest::newRow("place within a rank")
        << Merges { { "a", "a" } } << std::string("aaaaa") << Pieces { "aa", "aa", "a" };
    QTest::newRow("runs of pairs") << Merges { { "a", "a" }, { "aa", "aa" } }
                                   << std::string("aaaaaaa") << Pieces { "aaaa", "aa", "a" };
    QTest::newRow("several runs") << Merges { { "a", "a" } } << std::string("aaabaaaa")
                                  << Pieces { "aa", "a", "b", "aa", "aa" };
    QTest::newRow("merged piece merges on")
        << Merges { { "t", "h" }, { "th", "e" }, { " ", "the" } } << std::string("the the")
        << Pieces { "the", " the" };
    // "abc" is made by two merges, so a pair with it can outrank the one that just made it: all
    // places of a rank come first all the same.
    QTest::newRow("all places of a rank first")
        << Merges { { "a", "b" }, { "b", "c" }, { "a", "bc" }, { "abc", "ab" }, { "ab", "c" } }
        << std::string("abcabc") << Pieces { "abc", "abc" };
    QTest::newRow("no merge applies")
        << Merges { { "x", "y" } } << std::string("abc") << Pieces { "a", "b", "c" };
}

void tst_Tokenizer::lowestRankMergesFirst()
{
    QFETCH(Merges, merges);
    QFETCH(std::string, text);
    QFETCH(std::vector<std::string>, expected);
    QCOMPARE(shown(pieces(text, tokenizerOf(merges).encode(text))), shown(expected));
}

void tst_Tokenizer::anyBytesAreCovered_data()
{
    QTest::addColumn<std::string>("text");
    std::string everyByte;
    for (int byte = 0; byte < 256; ++byte)
        everyByte += static_cast<char>(byte);
    QTest::newRow("empty") << std::string();
    QTest::newRow("one byte") << std::string("a");
    QTest::newRow("NUL alone") << std::string(3, '\0');
    QTest::newRow("every byte") << everyByte;
    QTest::newRow("every byte backwards") << std::string(everyByte.rbegin(), everyByte.rend());
    QTest::newRow("only spaces") << std::string(50, ' ');
    QTest::newRow("only invalid") << std::string(50, '\xFF');
    QTest::newRow("right to left") << std::string("abc שלום עולם 123");
    QTest::newRow("combining") << std::string("e\u0301e\u0301 Z\u0335\u0321\u0353");
    QTest::newRow("emoji") << std::string(
        "👩🏽‍🚀👨‍👩‍👧‍👦🇪🇺 ❤️");
    QTest::newRow("byte order mark") << std::string("\xEF\xBB\xBFtext\r\n");
}

void tst_Tokenizer::anyBytesAreCovered()
{
    QFETCH(std::string, text);
    const Tokenizer tokenizer
        = tokenizerOf({ { "\xC3", "\xA9" }, { " ", " " }, { "\xFF", "\xFF" }, { "a", "b" } });
    std::size_t end = 0;
    for (const Token& token : tokenizer.encode(text)) {
        QCOMPARE(token.begin, end);
        QVERIFY(token.end > token.begin);
        QCOMPARE(std::string(tokenizer.vocabulary()->bytes(token.id)),
            text.substr(token.begin, token.end - token.begin));
        end = token.end;
    }
    QCOMPARE(end, text.size());
}

void tst_Tokenizer::invalidBytesAreNotMerged()
{
    const Tokenizer tokenizer
        = tokenizerOf({ { "\xE4", "\xB8" }, { "\xE4\xB8", "\xAD" }, { "\xFF", "\xFF" } });
    const std::string text = "中\xE4\xB8\xFF\xFF中";
    QCOMPARE(shown(pieces(text, tokenizer.encode(text))),
        shown({ "中", "\xE4", "\xB8", "\xFF", "\xFF", "中" }));
}

void tst_Tokenizer::typedEndOfTextIsOrdinaryText()
{
    const Tokenizer tokenizer = tokenizerOf(wordMerges({ "<|endoftext|>" }));
    const auto tokens = tokenizer.encode("a<|endoftext|>");
    for (const Token& token : tokens)
        QVERIFY(token.id != tokenizer.vocabulary()->endOfText());
    QVERIFY(tokens.size() > 2);
}

void tst_Tokenizer::longRunsAreOnePiece_data()
{
    QTest::addColumn<std::string>("text");
    const std::size_t length = std::size_t { 1 } << 18U;
    QTest::newRow("letters") << std::string(length, 'a');
    QTest::newRow("digits") << std::string(length, '7');
    QTest::newRow("signs") << std::string(length, '-');
    QTest::newRow("spaces") << std::string(length, ' ');
    QTest::newRow("line ends") << std::string(length, '\n');
}

/// A quarter of a million bytes without a word boundary neither meet a limit of the pattern matcher
/// nor take quadratic time, which would be hours here.
void tst_Tokenizer::longRunsAreOnePiece()
{
    QFETCH(std::string, text);
    Merges doublings;
    for (std::size_t length = 1; length < text.size(); length *= 2)
        doublings.emplace_back(text.substr(0, length), text.substr(0, length));
    QCOMPARE(tokenizerOf(doublings).encode(text).size(), 1U);
    QCOMPARE(tokenizerOf({}).encode(text + "\xFFx").size(), text.size() + 2);
}

void tst_Tokenizer::severalThreadsMayEncodeAtOnce()
{
    const Tokenizer tokenizer = tokenizerOf(wordMerges({ " red", " key", "Ann", " has", " the" }));
    std::string text;
    for (int i = 0; i < 1000; ++i)
        text += "Ann has the red key, doesn't she?  ";
    const auto expected = tokenizer.encode(text);
    std::vector<std::vector<Token>> results(4);
    {
        std::vector<std::jthread> threads;
        for (auto& result : results)
            threads.emplace_back([&] { result = tokenizer.encode(text); });
    }
    for (const auto& result : results)
        QVERIFY(result == expected);
}

QTEST_APPLESS_MAIN(tst_Tokenizer)
#include "tst_tokenizer.moc"
