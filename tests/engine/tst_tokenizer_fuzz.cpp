// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/text/printable_text.h"
#include "engine/text/tokenizer.h"

#include <QTest>

#include <algorithm>
#include <cctype>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace timestep;

namespace {

using Merges = std::vector<std::pair<std::string, std::string>>;
using Pieces = std::vector<std::string>;

/// GPT-2's pattern put down by hand for ASCII; every byte from 80 on counts as invalid.
class NaiveSplitter
{
public:
    explicit NaiveSplitter(std::string text)
        : m_text(std::move(text))
    {
    }

    /// Where the pre-token that begins at `begin` ends.
    std::size_t end(std::size_t begin) const
    {
        if (isInvalid(begin))
            return run(begin, &NaiveSplitter::isInvalid);
        for (const char* contraction : { "'s", "'t", "'re", "'ve", "'m", "'ll", "'d" }) {
            if (m_text.compare(begin, std::string(contraction).size(), contraction) == 0)
                return begin + std::string(contraction).size();
        }
        const std::size_t word = m_text[begin] == ' ' ? begin + 1 : begin;
        for (const auto kind :
            { &NaiveSplitter::isLetter, &NaiveSplitter::isDigit, &NaiveSplitter::isSign }) {
            if ((this->*kind)(word))
                return run(word, kind);
        }
        const std::size_t end = run(begin, &NaiveSplitter::isSpace);
        const bool leavesLast = end < m_text.size() && end > begin + 1;
        return leavesLast ? end - 1 : end;
    }

    bool isInvalid(std::size_t at) const { return at < m_text.size() && byte(at) >= 0x80; }

private:
    unsigned char byte(std::size_t at) const { return static_cast<unsigned char>(m_text[at]); }
    bool isAscii(std::size_t at) const { return at < m_text.size() && byte(at) < 0x80; }
    bool isLetter(std::size_t at) const { return isAscii(at) && std::isalpha(byte(at)) != 0; }
    bool isDigit(std::size_t at) const { return isAscii(at) && std::isdigit(byte(at)) != 0; }
    bool isSpace(std::size_t at) const { return isAscii(at) && std::isspace(byte(at)) != 0; }
    bool isSign(std::size_t at) const
    {
        return isAscii(at) && !isLetter(at) && !isDigit(at) && !isSpace(at);
    }

    std::size_t run(std::size_t begin, bool (NaiveSplitter::*kind)(std::size_t) const) const
    {
        while ((this->*kind)(begin))
            ++begin;
        return begin;
    }

    std::string m_text;
};

/// BPE as GPT-2 states it: of all pairs the one of lowest rank, all its occurrences from left to
/// right, and again.
Pieces naiveMerged(const std::string& word, const Merges& merges)
{
    Pieces pieces;
    for (const char letter : word)
        pieces.emplace_back(1, letter);
    while (true) {
        auto best = merges.end();
        for (std::size_t i = 0; i + 1 < pieces.size(); ++i) {
            const std::pair<std::string, std::string> pair { pieces[i], pieces[i + 1] };
            best = std::min(best, std::find(merges.begin(), merges.end(), pair));
        }
        if (best == merges.end())
            return pieces;
        Pieces merged;
        for (std::size_t i = 0; i < pieces.size(); ++i) {
            const bool isPair = i + 1 < pieces.size() && pieces[i] == best->first
                && pieces[i + 1] == best->second;
            merged.push_back(isPair ? pieces[i] + pieces[i + 1] : pieces[i]);
            i += isPair ? 1 : 0;
        }
        pieces = std::move(merged);
    }
}

Pieces naivePieces(const std::string& text, const Merges& merges)
{
    const NaiveSplitter splitter(text);
    Pieces pieces;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = splitter.end(begin);
        const std::string word = text.substr(begin, end - begin);
        for (const std::string& piece :
            naiveMerged(word, splitter.isInvalid(begin) ? Merges() : merges))
            pieces.push_back(piece);
        begin = end;
    }
    return pieces;
}

/// Merges in any order that can follow each other, so that later ones may outrank earlier ones and
/// a piece may be made in several ways.
Merges randomMerges(std::mt19937& random, const std::string& letters, int count)
{
    Pieces known;
    for (const char letter : letters)
        known.emplace_back(1, letter);
    std::set<std::pair<std::string, std::string>> seen;
    Merges merges;
    while (merges.size() < static_cast<std::size_t>(count)) {
        const std::pair<std::string, std::string> merge
            = { known[random() % known.size()], known[random() % known.size()] };
        if (merge.first.size() + merge.second.size() > 8 || !seen.insert(merge).second)
            continue;
        merges.push_back(merge);
        known.push_back(merge.first + merge.second);
    }
    return merges;
}

std::string randomText(std::mt19937& random, const std::string& letters, std::size_t length)
{
    std::string text;
    for (std::size_t i = 0; i < length; ++i)
        text += letters[random() % letters.size()];
    return text;
}

QString shown(const Pieces& pieces)
{
    QStringList each;
    for (const std::string& piece : pieces)
        each.append(QString::fromStdString(printableText(piece)));
    return each.join(" | ");
}

} // namespace

/// The fast tokeniser against the rules as they read, on random texts and random merges.
class tst_TokenizerFuzz : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheRules_data();
    void agreesWithTheRules();
    void coversAnyBytes();
};

void tst_TokenizerFuzz::agreesWithTheRules_data()
{
    QTest::addColumn<std::string>("letters");
    QTest::addColumn<int>("length");
    QTest::addColumn<int>("merges");
    QTest::newRow("one letter") << std::string("a") << 40 << 7;
    QTest::newRow("two letters") << std::string("ab") << 60 << 40;
    QTest::newRow("words") << std::string("abc  ") << 60 << 40;
    QTest::newRow("contractions") << std::string("'''strevmld ") << 40 << 30;
    QTest::newRow("white space") << std::string(" \t\n\r\v\fa1.") << 40 << 30;
    // Of these bytes none can be part of a character.
    QTest::newRow("invalid bytes") << std::string("\xFF\xC0\xF5 \n\xFF"
                                                  "a.")
                                   << 40 << 30;
    std::string ascii;
    for (char letter = 0; letter < 0x7F; ++letter)
        ascii += letter;
    QTest::newRow("all of ASCII") << ascii << 200 << 100;
}

void tst_TokenizerFuzz::agreesWithTheRules()
{
    QFETCH(std::string, letters);
    QFETCH(int, length);
    QFETCH(int, merges);
    std::mt19937 random(11);
    for (int round = 0; round < 200; ++round) {
        const Merges rules = randomMerges(random, letters, merges);
        const std::string text
            = randomText(random, letters, random() % static_cast<unsigned>(length));
        Pieces found;
        for (const Token& token : Tokenizer(Vocabulary::fromMerges(rules)).encode(text))
            found.push_back(text.substr(token.begin, token.end - token.begin));
        QCOMPARE(shown(found), shown(naivePieces(text, rules)));
    }
}

void tst_TokenizerFuzz::coversAnyBytes()
{
    std::mt19937 random(12);
    std::string bytes;
    for (int byte = 0; byte < 256; ++byte)
        bytes += static_cast<char>(byte);
    const std::string characters = "é中👩\u200d\u0301 שa\n";
    const Tokenizer tokenizer(Vocabulary::fromMerges(randomMerges(random, characters, 100)));
    for (int round = 0; round < 2000; ++round) {
        const std::string text
            = randomText(random, round % 2 == 0 ? bytes : characters, random() % 200);
        std::size_t end = 0;
        for (const Token& token : tokenizer.encode(text)) {
            QCOMPARE(token.begin, end);
            end = token.end;
            QCOMPARE(tokenizer.vocabulary()->bytes(token.id),
                std::string_view(text).substr(token.begin, token.end - token.begin));
        }
        QCOMPARE(end, text.size());
    }
}

QTEST_APPLESS_MAIN(tst_TokenizerFuzz)
#include "tst_tokenizer_fuzz.moc"
