// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/text/corpus_file.h"
#include "engine/whole_file.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <string>
#include <vector>

using namespace timestep;

namespace {

QString errorOf(const std::filesystem::path& path)
{
    try {
        readCorpus(path);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

/// What learning relies on: documents are parted where the file says so, and nowhere else.
class tst_CorpusFile : public QObject
{
    Q_OBJECT

private slots:
    void partsDocuments_data();
    void partsDocuments();
    void readsAFolderInOrder();
    void namesWhatIsMissing();

private:
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    QTemporaryDir m_folder;
};

void tst_CorpusFile::partsDocuments_data()
{
    using Documents = std::vector<std::string>;
    QTest::addColumn<std::string>("file");
    QTest::addColumn<Documents>("documents");
    const auto row = [](const char* name, const std::string& file, const Documents& documents) {
        QTest::newRow(name) << file << documents;
    };
    row("empty", "", {});
    row("one document", "one\ntwo\n", { "one\ntwo\n" });
    row("no last line end", "one", { "one" });
    row("two", "one\n<|endoftext|>\ntwo\n", { "one\n", "two\n" });
    row("last line parts", "one\n<|endoftext|>", { "one\n" });
    row("empty documents", "<|endoftext|>\n<|endoftext|>\none\n<|endoftext|>\n", { "one\n" });
    row("CRLF", "one\r\n<|endoftext|>\r\ntwo", { "one\r\n", "two" });
    row("within a line", "a <|endoftext|>\n<|endoftext|> b\n",
        { "a <|endoftext|>\n<|endoftext|> b\n" });
    row("any bytes", "\xFF\n\n<|endoftext|>\n\n", { "\xFF\n\n", "\n" });
}

void tst_CorpusFile::partsDocuments()
{
    QFETCH(std::string, file);
    QFETCH(std::vector<std::string>, documents);
    writeWholeFile(folder() / "corpus", file);
    QVERIFY(readCorpus(folder() / "corpus") == documents);
}

void tst_CorpusFile::readsAFolderInOrder()
{
    const std::filesystem::path corpus = folder() / "several";
    std::filesystem::create_directories(corpus / "a");
    writeWholeFile(corpus / "b.txt", "third");
    writeWholeFile(corpus / "a" / "2.txt", "second");
    writeWholeFile(corpus / "a" / "10.txt", "first");
    writeWholeFile(corpus / "LICENCE", "no document");
    QVERIFY(readCorpus(corpus) == (std::vector<std::string> { "first", "second", "third" }));
    const std::vector<std::filesystem::path> files { corpus / "a" / "10.txt",
        corpus / "a" / "2.txt", corpus / "b.txt" };
    QVERIFY(corpusFiles(corpus) == files);
    QVERIFY(corpusFiles(corpus / "LICENCE") == std::vector { corpus / "LICENCE" });
}

void tst_CorpusFile::namesWhatIsMissing()
{
    QVERIFY(errorOf(folder() / "none.txt").contains("none.txt: No such file"));
    std::filesystem::create_directories(folder() / "hollow");
    QVERIFY(errorOf(folder() / "hollow").contains("hollow holds no file that ends in .txt"));
}

QTEST_APPLESS_MAIN(tst_CorpusFile)
#include "tst_corpus_file.moc"
