// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/training/text_corpus.h"

#include <QTest>

#include <string>
#include <vector>

using namespace timestep;

namespace {

const Tokenizer& tokenizer()
{
    static const Tokenizer tokenizer(Vocabulary::fromMerges({ { "t", "h" }, { "th", "e" } }));
    return tokenizer;
}

std::string textOf(std::span<const TokenId> tokens)
{
    std::string text;
    for (const TokenId id : tokens)
        text += tokenizer().vocabulary()->bytes(id);
    return text;
}

std::vector<std::string> textsOf(const TokenDocuments& documents)
{
    std::vector<std::string> texts;
    for (std::size_t k = 0; k < documents.count(); ++k)
        texts.push_back(textOf(documents.document(k)));
    return texts;
}

QString errorOf(const std::vector<std::string>& documents, int heldOutOneIn)
{
    try {
        tokenizedCorpus(documents, tokenizer(), heldOutOneIn);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

std::vector<std::string> numberedDocuments(int count)
{
    std::vector<std::string> documents;
    for (int k = 0; k < count; ++k)
        documents.push_back("the document " + std::to_string(k) + "\n");
    return documents;
}

} // namespace

/// What training on a text relies on: every document, whole, on one side.
class TestTextCorpus : public QObject
{
    Q_OBJECT

private slots:
    void keepsTheDocuments()
    {
        const std::vector<std::string> documents { "the\n", "", "\xFF theory <|endoftext|>" };
        const std::optional<TextCorpus> corpus = tokenizedCorpus(documents, tokenizer(), 0);
        QVERIFY(textsOf(*corpus->training) == (std::vector { documents[0], documents[2] }));
        QCOMPARE(corpus->training->document(0).size(), 2U); // "the" and the line end
        QCOMPARE(corpus->heldOut->count(), 0U);
        QCOMPARE(corpus->heldOut->readLength(), 0U);
    }

    /// Read one after the other with a separator between two of them.
    void separatorIsThatOfTheVocabulary()
    {
        const TextCorpus corpus = *tokenizedCorpus({ "the", "a", "b" }, tokenizer(), 0);
        QCOMPARE(corpus.training->separator, tokenizer().vocabulary()->endOfText());
        QVERIFY(corpus.training->separator.has_value());
        QCOMPARE(corpus.training->readLength(), 3U + 2U);
        TokenDocuments unparted = *corpus.training;
        unparted.separator.reset();
        QCOMPARE(unparted.readLength(), 3U);
    }

    void holdsOutWholeDocuments()
    {
        const std::vector<std::string> documents = numberedDocuments(400);
        const TextCorpus corpus = *tokenizedCorpus(documents, tokenizer(), 4);
        std::vector<std::string> trained;
        std::vector<std::string> heldOut;
        for (const std::string& document : documents)
            (sideOf(document, 4) == DataSide::HeldOut ? heldOut : trained).push_back(document);
        QVERIFY(textsOf(*corpus.training) == trained);
        QVERIFY(textsOf(*corpus.heldOut) == heldOut);
        QVERIFY(heldOut.size() > 60 && heldOut.size() < 140);
    }

    void stops()
    {
        std::stop_source source;
        source.request_stop();
        QVERIFY(!tokenizedCorpus(numberedDocuments(3), tokenizer(), 0, source.get_token()));
    }

    void saysWhyThereIsNothingToTrainOn()
    {
        QVERIFY(errorOf({}, 20).contains("empty"));
        QVERIFY(errorOf({ "", "" }, 0).contains("empty"));
        QVERIFY(errorOf({ "one", "two" }, 1).contains("(2) are held out"));
        QVERIFY(errorOf({ "one" }, -1).contains("-1"));
    }
};

QTEST_APPLESS_MAIN(TestTextCorpus)
#include "tst_text_corpus.moc"
