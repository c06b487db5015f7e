// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/text/pre_tokenizer.h"
#include "engine/text/tokenizer.h"
#include "engine/text/vocabulary_learner.h"

#include <QTest>

#include <map>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

using namespace timestep;

namespace {

using Merges = std::vector<std::pair<std::string, std::string>>;
using Split = std::vector<std::string>;

std::vector<std::string_view> views(const std::vector<std::string>& documents)
{
    return { documents.begin(), documents.end() };
}

Merges mergesOf(const Vocabulary& vocabulary)
{
    Merges merges;
    for (const Merge& merge : vocabulary.merges())
        merges.emplace_back(vocabulary.bytes(merge.left), vocabulary.bytes(merge.right));
    return merges;
}

/// The rule of the header put down as it reads: all pairs of all words are counted for each merge.
class NaiveLearner
{
public:
    explicit NaiveLearner(const std::vector<std::string>& documents)
    {
        for (const std::string& document : documents) {
            forEachPreToken(document, [&](const PreToken& word) {
                if (word.isText)
                    m_words.push_back(letters(document.substr(word.begin, word.end - word.begin)));
                return true;
            });
        }
    }

    Merges learn(int merges)
    {
        Merges learnt;
        for (int i = 0; i < merges; ++i) {
            learnt.push_back(mostFrequent());
            m_known.insert(learnt.back().first + learnt.back().second);
            for (Split& word : m_words)
                word = merged(word, learnt.back());
        }
        return learnt;
    }

private:
    static Split letters(const std::string& word)
    {
        Split letters;
        for (const char letter : word)
            letters.emplace_back(1, letter);
        return letters;
    }

    std::pair<std::string, std::string> mostFrequent() const
    {
        std::map<std::pair<std::string, std::string>, int> counts;
        for (const Split& word : m_words) {
            for (std::size_t i = 0; i + 1 < word.size(); ++i)
                ++counts[{ word[i], word[i + 1] }];
        }
        std::pair<std::string, std::string> best;
        int most = 0;
        for (const auto& [pair, count] : counts) { // ascending by bytes, so the first of a tie wins
            if (count > most && !m_known.contains(pair.first + pair.second)) {
                most = count;
                best = pair;
            }
        }
        return best;
    }

    static Split merged(const Split& word, const std::pair<std::string, std::string>& pair)
    {
        Split result;
        for (std::size_t i = 0; i < word.size(); ++i) {
            const bool isPair
                = i + 1 < word.size() && word[i] == pair.first && word[i + 1] == pair.second;
            result.push_back(isPair ? word[i] + word[i + 1] : word[i]);
            i += isPair ? 1 : 0;
        }
        return result;
    }

    std::vector<Split> m_words;
    std::set<std::string> m_known;
};

} // namespace

/// What later training relies on: the vocabulary follows from the text alone, by the rule stated.
class tst_VocabularyLearner : public QObject
{
    Q_OBJECT

private slots:
    void mergesMostFrequentFirst();
    void breaksTiesByBytes();
    void agreesWithCountingAnew_data();
    void agreesWithCountingAnew();
    void ordersOfDocumentsDoNotMatter();
    void encodesItsOwnTextInFewerTokens();
    void invalidBytesTeachNothing();
    void refusesMoreMergesThanThereAre_data();
    void refusesMoreMergesThanThereAre();
    void stops();
};

void tst_VocabularyLearner::mergesMostFrequentFirst()
{
    const auto vocabulary = learnVocabulary({ "the the the then", " them" }, 3, {});
    QVERIFY(mergesOf(*vocabulary) == (Merges { { "h", "e" }, { "t", "he" }, { " ", "the" } }));
    QCOMPARE(vocabulary->bytes(256), "he");
    QCOMPARE(vocabulary->bytes(258), " the");
    QCOMPARE(vocabulary->endOfText().value_or(-1), 259);
}

void tst_VocabularyLearner::breaksTiesByBytes()
{
    const auto vocabulary = learnVocabulary({ "bz", "\xC3\xA9", "ac", "ab" }, 4, {});
    QVERIFY(mergesOf(*vocabulary)
        == (Merges { { "a", "b" }, { "a", "c" }, { "b", "z" }, { "\xC3", "\xA9" } }));
}

void tst_VocabularyLearner::agreesWithCountingAnew_data()
{
    QTest::addColumn<std::string>("letters");
    QTest::addColumn<int>("length");
    QTest::addColumn<int>("merges");
    QTest::newRow("two letters, long runs") << std::string("ab") << 60 << 40;
    QTest::newRow("one letter") << std::string("aaaaaaa ") << 200 << 5;
    QTest::newRow("words") << std::string("abcde  ") << 400 << 50;
    QTest::newRow("signs and digits") << std::string("ab1.,' \n") << 400 << 50;
}

void tst_VocabularyLearner::agreesWithCountingAnew()
{
    QFETCH(std::string, letters);
    QFETCH(int, length);
    QFETCH(int, merges);
    std::mt19937 random(7);
    for (int round = 0; round < 10; ++round) {
        std::vector<std::string> documents(3);
        for (std::string& document : documents) {
            for (int i = 0; i < length; ++i)
                document += letters[random() % letters.size()];
        }
        const auto learnt = learnVocabulary(views(documents), merges, {});
        QVERIFY(mergesOf(*learnt) == NaiveLearner(documents).learn(merges));
        QCOMPARE(learnt->size(), 256 + merges + 1);
    }
}

void tst_VocabularyLearner::ordersOfDocumentsDoNotMatter()
{
    const std::string one = "Ann has the red key and Bob has the blue key.";
    const std::string two = "The red key is hers, the blue one is his.";
    QVERIFY(*learnVocabulary({ one, two }, 20, {}) == *learnVocabulary({ two, one }, 20, {}));
}

void tst_VocabularyLearner::encodesItsOwnTextInFewerTokens()
{
    const std::string text = "Ann has the red key. Bob has the blue key. Ann has the red key.";
    const Tokenizer tokenizer(learnVocabulary({ text }, 22, {}));
    QCOMPARE(tokenizer.encode("Ann has the red key.").size(), 6U);
}

void tst_VocabularyLearner::invalidBytesTeachNothing()
{
    const auto vocabulary = learnVocabulary({ "\xFF\xFF\xFF\xFF\xFF\xFF"
                                              "ab" },
        1, {});
    QVERIFY(mergesOf(*vocabulary) == (Merges { { "a", "b" } }));
}

void tst_VocabularyLearner::refusesMoreMergesThanThereAre_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<int>("merges");
    QTest::addColumn<QString>("message");
    QTest::newRow("empty") << std::string() << 1 << "holds only 0 different merges";
    QTest::newRow("too few") << std::string("abc") << 3 << "holds only 2 different merges";
    QTest::newRow("negative") << std::string("abc") << -1 << "cannot have -1 merges";
}

void tst_VocabularyLearner::refusesMoreMergesThanThereAre()
{
    QFETCH(std::string, text);
    QFETCH(int, merges);
    QFETCH(QString, message);
    try {
        learnVocabulary({ text }, merges, {});
        QFAIL("nothing was thrown");
    } catch (const Error& error) {
        QVERIFY2(QString(error.what()).contains(message), error.what());
    }
}

void tst_VocabularyLearner::stops()
{
    std::stop_source source;
    source.request_stop();
    QVERIFY(!learnVocabulary({ "the words of a text" }, 2, source.get_token()));
}

QTEST_APPLESS_MAIN(tst_VocabularyLearner)
#include "tst_vocabulary_learner.moc"
