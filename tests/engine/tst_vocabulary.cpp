// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/text/byte_symbols.h"
#include "engine/text/vocabulary.h"
#include "engine/whole_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <string>

using namespace timestep;

namespace {

using Json = nlohmann::ordered_json;

/// The 256 byte symbols with GPT-2's ids.
Json byteSymbols()
{
    Json pieces = Json::object();
    int id = 0;
    for (const unsigned char byte : byteOrder())
        pieces[symbolsOf(std::string(1, static_cast<char>(byte)))] = id++;
    return pieces;
}

std::string errorOf(const std::function<void()>& action)
{
    try {
        action();
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

/// What callers of Vocabulary rely on: GPT-2's files are read and written as they are, and a wrong
/// one ends in one line that names the file and the entry.
class tst_Vocabulary : public QObject
{
    Q_OBJECT

private slots:
    void readsWhatGpt2Writes();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();
    void namesTheMissingFile();
    void saysWhyItCannotBeSaved();
    void comesBackAsItWasSaved();
    void writesTheFormatOfHuggingFace();
    void numbersPiecesInTheOrderOfMerges();
    void refusesMergesThatDoNotFollow_data();
    void refusesMergesThatDoNotFollow();
    void everyByteHasItsOwnId();
    void differsWhereAMergeDiffers();
    void bundledHasTwoThousandMerges();

private:
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    void write(const std::string& vocab, const std::string& merges) const
    {
        writeWholeFile(folder() / "vocab.json", vocab);
        writeWholeFile(folder() / "merges.txt", merges);
    }

    QTemporaryDir m_folder;
};

void tst_Vocabulary::readsWhatGpt2Writes()
{
    Json pieces = byteSymbols();
    pieces["Ġt"] = 256;
    pieces["he"] = 258; // 257 has no piece
    pieces["Ġthe"] = 259;
    pieces["<|endoftext|>"] = 260;
    // ASCII escapes as in OpenAI's encoder.json, and CRLF as some editors leave it.
    write(pieces.dump(2, ' ', true), "#version: 0.2\r\nĠ t\r\nh e\r\nĠt he\r\n");

    const auto vocabulary = Vocabulary::load(folder());
    QCOMPARE(vocabulary->size(), 261);
    QCOMPARE(vocabulary->bytes(256), " t");
    QCOMPARE(vocabulary->bytes(257), "");
    QCOMPARE(vocabulary->bytes(259), " the");
    QCOMPARE(vocabulary->bytes(260), "");
    QCOMPARE(vocabulary->bytes(-1), "");
    QCOMPARE(vocabulary->bytes(261), "");
    QCOMPARE(vocabulary->endOfText().value_or(-1), 260);
    QCOMPARE(vocabulary->merges().size(), 3U);
    QCOMPARE(vocabulary->rank(256, 258).value_or(99), 2U);
    QVERIFY(!vocabulary->rank(258, 256));
}

void tst_Vocabulary::namesWhatIsWrong_data()
{
    QTest::addColumn<std::string>("vocab");
    QTest::addColumn<std::string>("merges");
    QTest::addColumn<QString>("message");

    const std::string none = "#version: 0.2\n";
    const auto with = [](const std::string& piece, const Json& id) {
        Json pieces = byteSymbols();
        pieces[piece] = id;
        return pieces.dump();
    };
    const std::string good = with("he", 256);
    std::string twice = byteSymbols().dump();
    twice.insert(twice.size() - 1, R"(,"!":300)");
    Json withoutSpace = byteSymbols();
    withoutSpace.erase("Ġ");

    QTest::newRow("empty file") << std::string() << none << "vocab.json: not valid JSON";
    QTest::newRow("broken JSON") << good.substr(0, 100) << none
                                 << "vocab.json: not valid JSON at byte 101";
    QTest::newRow("text after it") << good + "x" << none << "vocab.json: not valid JSON";
    QTest::newRow("not UTF-8") << std::string("{\"\xFF\": 1}") << none
                               << "vocab.json: not valid JSON";
    QTest::newRow("a list") << std::string(
        "[1]") << none << "vocab.json: expected an object of pieces and their ids, found a list";
    QTest::newRow("deep list") << std::string(1'000'000, '[') << none << "found a list";
    std::string deepObject;
    for (int i = 0; i < 100'000; ++i)
        deepObject += R"({"a":)";
    QTest::newRow("deep object") << deepObject << none
                                 << "vocab.json: entry \"a\": expected an id from 0 to 1048575, "
                                    "found an object";
    QTest::newRow("no id") << with("he", "x") << none << "entry \"he\": expected an id";
    QTest::newRow("negative id") << with("he", -1) << none << "found the number -1";
    QTest::newRow("fraction") << with("he", 1.5) << none << "found the number 1.5";
    QTest::newRow("enormous id") << with("he", 4'000'000'000U) << none
                                 << "found the number 4000000000";
    QTest::newRow("id twice") << with("he", 0) << none
                              << "entry \"he\": its id 0 is that of \"!\" as well";
    QTest::newRow("piece twice") << twice << none << "entry \"!\" occurs twice";
    QTest::newRow("empty piece") << with("", 256) << none << "must not be empty";
    QTest::newRow("byte missing") << withoutSpace.dump() << none
                                  << "the symbol \"Ġ\" of byte 20 is missing";
    QTest::newRow("merge of one") << good << none + "he\n"
                                  << "merges.txt: line 2: expected two pieces";
    QTest::newRow("merge of three") << good << none + "h e e\n"
                                    << "line 2: expected two pieces";
    QTest::newRow("merge without left") << good << none + " e\n"
                                        << "line 2: expected two pieces";
    QTest::newRow("merge without right") << good << none + "h \n"
                                         << "line 2: expected two pieces";
    QTest::newRow("merge of unknown")
        << good << none + "h e\nhe he\n"
        << "merges.txt: line 3: the piece \"hehe\" is not in vocab.json";
    QTest::newRow("unknown piece") << good << none + "xy e\n"
                                   << "line 2: the piece \"xy\" is not";
    QTest::newRow("merge twice") << good << none + "h e\nh e\n"
                                 << "line 3: the merge \"h e\" occurs twice";
}

void tst_Vocabulary::namesWhatIsWrong()
{
    QFETCH(std::string, vocab);
    QFETCH(std::string, merges);
    QFETCH(QString, message);
    write(vocab, merges);

    const QString said = QString::fromStdString(errorOf([&] { Vocabulary::load(folder()); }));
    QVERIFY2(said.contains(message), qPrintable(said));
    QVERIFY2(said.startsWith(m_folder.path()), qPrintable(said));
    QVERIFY2(!said.contains('\n'), qPrintable(said));
}

void tst_Vocabulary::namesTheMissingFile()
{
    const auto said = [this](const std::string& path) {
        return QString::fromStdString(errorOf([&] { Vocabulary::load(folder() / path); }));
    };
    QVERIFY2(said("none").contains("none/vocab.json: No such file"), qPrintable(said("none")));

    writeWholeFile(folder() / "vocab.json", byteSymbols().dump());
    std::filesystem::remove(folder() / "merges.txt");
    QVERIFY2(said("").contains("merges.txt: No such file"), qPrintable(said("")));

    std::filesystem::create_directories(folder() / "odd" / "vocab.json");
    QVERIFY2(said("odd").contains("vocab.json is a folder"), qPrintable(said("odd")));
}

void tst_Vocabulary::saysWhyItCannotBeSaved()
{
    writeWholeFile(folder() / "file", "");
    const auto vocabulary = Vocabulary::fromMerges({});
    const QString said
        = QString::fromStdString(errorOf([&] { vocabulary->save(folder() / "file" / "inside"); }));
    QVERIFY2(said.contains("file/inside"), qPrintable(said));
}

void tst_Vocabulary::comesBackAsItWasSaved()
{
    const auto vocabulary = Vocabulary::fromMerges(
        { { "h", "e" }, { " ", "t" }, { " t", "he" }, { "\xE2", "\x80" }, { "\"", "\\" } });
    const std::filesystem::path place = folder() / "new" / "place";
    vocabulary->save(place);
    QVERIFY(*Vocabulary::load(place) == *vocabulary);

    vocabulary->save(place); // over what is there
    QVERIFY(*Vocabulary::load(place) == *vocabulary);
    const auto files = std::filesystem::directory_iterator(place);
    QCOMPARE(std::distance(begin(files), end(files)), 2); // nothing half-written is left
}

void tst_Vocabulary::writesTheFormatOfHuggingFace()
{
    Vocabulary::fromMerges({ { "h", "e" }, { " ", "he" } })->save(folder());
    QCOMPARE(readWholeFile(folder() / "merges.txt"), "#version: 0.2\nh e\nĠ he\n");
    const std::string vocab = readWholeFile(folder() / "vocab.json");
    QCOMPARE(vocab.substr(0, 25), R"({"!": 0, "\"": 1, "#": 2,)");
    QVERIFY(vocab.ends_with(R"("Ń": 255, "he": 256, "Ġhe": 257, "<|endoftext|>": 258})"));
}

void tst_Vocabulary::numbersPiecesInTheOrderOfMerges()
{
    // "abc" is made in two ways and has one id all the same.
    const auto vocabulary
        = Vocabulary::fromMerges({ { "b", "c" }, { "a", "bc" }, { "a", "b" }, { "ab", "c" } });
    QCOMPARE(vocabulary->bytes(0), "!");
    QCOMPARE(vocabulary->bytes(220), " ");
    QCOMPARE(vocabulary->bytes(256), "bc");
    QCOMPARE(vocabulary->bytes(257), "abc");
    QCOMPARE(vocabulary->bytes(258), "ab");
    QCOMPARE(vocabulary->merges()[3].result, 257);
    QCOMPARE(vocabulary->endOfText().value_or(-1), 259);
    QCOMPARE(vocabulary->size(), 260);
}

void tst_Vocabulary::refusesMergesThatDoNotFollow_data()
{
    using Merges = std::vector<std::pair<std::string, std::string>>;
    QTest::addColumn<Merges>("merges");
    QTest::addColumn<QString>("message");
    QTest::newRow("piece not made yet") << Merges { { "ab", "c" }, { "a", "b" } } << "\"ab\"";
    QTest::newRow("twice") << Merges { { "a", "b" }, { "a", "b" } } << "\"a b\" occurs twice";
}

void tst_Vocabulary::refusesMergesThatDoNotFollow()
{
    using Merges = std::vector<std::pair<std::string, std::string>>;
    QFETCH(Merges, merges);
    QFETCH(QString, message);
    const QString said = QString::fromStdString(errorOf([&] { Vocabulary::fromMerges(merges); }));
    QVERIFY2(said.contains(message), qPrintable(said));
}

void tst_Vocabulary::everyByteHasItsOwnId()
{
    const auto vocabulary = Vocabulary::fromMerges({});
    for (int byte = 0; byte < 256; ++byte) {
        const TokenId id = vocabulary->byteId(static_cast<unsigned char>(byte));
        QCOMPARE(vocabulary->bytes(id), std::string(1, static_cast<char>(byte)));
    }
}

void tst_Vocabulary::differsWhereAMergeDiffers()
{
    const auto one = Vocabulary::fromMerges({ { "a", "b" }, { "b", "c" }, { "a", "bc" } });
    QVERIFY(*one == *Vocabulary::fromMerges({ { "a", "b" }, { "b", "c" }, { "a", "bc" } }));
    QVERIFY(!(*one == *Vocabulary::fromMerges({ { "a", "b" }, { "b", "c" }, { "ab", "c" } })));
    QVERIFY(!(*one == *Vocabulary::fromMerges({ { "a", "b" } })));
}

/// Learnt from English, so the commonest words are pieces of their own.
void tst_Vocabulary::bundledHasTwoThousandMerges()
{
    const auto vocabulary = Vocabulary::bundled();
    QCOMPARE(vocabulary->merges().size(), 2000U);
    QCOMPARE(vocabulary->size(), 2257);
    QCOMPARE(vocabulary->endOfText().value_or(-1), 2256);
    QVERIFY(Vocabulary::bundled() == vocabulary); // read once
    const auto hasPiece = [&](const std::string& piece) {
        for (TokenId id = 0; id < vocabulary->size(); ++id) {
            if (vocabulary->bytes(id) == piece)
                return true;
        }
        return false;
    };
    for (const char* word : { " the", " and", " has", " because", "The" })
        QVERIFY2(hasPiece(word), word);
}

QTEST_APPLESS_MAIN(tst_Vocabulary)
#include "tst_vocabulary.moc"
