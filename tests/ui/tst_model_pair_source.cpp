// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "tests/bundled_test_models.h"
#include "ui/session/model_pair_source.h"

#include <QTemporaryDir>
#include <QTest>

using namespace timestep;
namespace fs = std::filesystem;

/// Which two models are seen together, whichever way they were named.
class TestModelPairSource : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        makeBundledTestResources(m_resources);
        qputenv("TIMESTEP_RESOURCES", QByteArray::fromStdString(m_resources.string()));
        const auto bytes = Vocabulary::singleBytes();
        const ModelShape shape { .kind = ModelKind::Lstm,
            .vocabulary = static_cast<int>(bytes->size()),
            .layers = 1,
            .width = 16,
            .embedding = 16 };
        saveModel(*untrainedModel(shape, Positions::Sinusoids, bytes, 1), m_own);
    }

    void aPairIsOpened_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("lstm");
        QTest::addColumn<QString>("attention");
        const auto row
            = [](const char* name, const QStringList& names, const char* lstm,
                  const char* attention) { QTest::newRow(name) << names << lstm << attention; };
        row("the default", {}, "word-lstm", "word-attention");
        row("a pair", { "bytes" }, "byte-lstm", "byte-attention");
        row("untrained", { "untrained" }, "untrained-lstm", "untrained-attention");
        row("a model of a pair", { "word-attention" }, "word-lstm", "word-attention");
        row("a model of no pair", { "byte-lstm-8" }, "byte-lstm-8", "byte-attention");
        row("two models", { "byte-attention", "byte-lstm-8" }, "byte-lstm-8", "byte-attention");
        row("trained beside untrained", { "word-lstm", "untrained-attention" }, "word-lstm",
            "untrained-attention");
        row("a folder", { "OWN" }, "own-lstm", "untrained-attention");
        row("a folder beside a model", { "OWN", "byte-attention" }, "own-lstm", "byte-attention");
    }
    void aPairIsOpened()
    {
        QFETCH(const QStringList, names);
        QFETCH(const QString, lstm);
        QFETCH(const QString, attention);
        const OpenedPair opened = openModelPair(listOf(names), 3);
        QCOMPARE(opened.models.lstm->name, lstm.toStdString());
        QCOMPARE(opened.models.attention->name, attention.toStdString());
        const OpenedPair again = openModelPair(opened.names, 4);
        QCOMPARE(again.models.lstm->name, lstm.toStdString());
        QCOMPARE(again.models.attention->name, attention.toStdString());
        QCOMPARE(again.models.attention->shape, opened.models.attention->shape);
        QCOMPARE(again.names, opened.names);
    }

    void aModelIsOpenedBesideOthers_data()
    {
        QTest::addColumn<QString>("beside");
        QTest::addColumn<QString>("opened");
        QTest::addColumn<QString>("lstm");
        QTest::addColumn<QString>("attention");
        const auto row = [](const char* name, const char* beside, const char* opened,
                             const char* lstm, const char* attention) {
            QTest::newRow(name) << beside << opened << lstm << attention;
        };
        row("of the same vocabulary", "bytes", "byte-lstm-8", "byte-lstm-8", "byte-attention");
        row("of another vocabulary", "words", "byte-lstm-8", "byte-lstm-8", "byte-attention");
        row("untrained ones do not stay", "untrained", "word-attention", "word-lstm",
            "word-attention");
        row("a folder of the same vocabulary", "bytes", "OWN", "own-lstm", "byte-attention");
        row("a folder of another vocabulary", "words", "OWN", "own-lstm", "untrained-attention");
        row("a pair", "bytes", "words", "word-lstm", "word-attention");
    }
    void aModelIsOpenedBesideOthers()
    {
        QFETCH(const QString, beside);
        QFETCH(const QString, opened);
        QFETCH(const QString, lstm);
        QFETCH(const QString, attention);
        const ModelPair before = openModelPair(listOf({ beside }), 1).models;
        const OpenedPair pair = openModelBeside(listOf({ opened }).front(), before, 1);
        QCOMPARE(pair.models.lstm->name, lstm.toStdString());
        QCOMPARE(pair.models.attention->name, attention.toStdString());
        const ModelPair again = openModelPair(pair.names, 1).models;
        QCOMPARE(again.lstm->name, lstm.toStdString());
        QCOMPARE(again.attention->name, attention.toStdString());
    }

    void whatIsNoPairIsTold_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QString>("says");
        QTest::newRow("two LSTMs") << QStringList { "byte-lstm", "byte-lstm-8" }
                                   << "byte-lstm and byte-lstm-8: both models are of kind lstm";
        QTest::newRow("two vocabularies") << QStringList { "byte-lstm",
            "word-attention" } << "byte-lstm and word-attention: the vocabularies differ";
        QTest::newRow("a pair and a model")
            << QStringList { "bytes", "byte-lstm-8" } << "3 models were named";
        QTest::newRow("no name") << QStringList { "byte" } << "'byte'";
    }
    void whatIsNoPairIsTold()
    {
        QFETCH(const QStringList, names);
        QFETCH(const QString, says);
        try {
            openModelPair(listOf(names), 1);
            QFAIL("it was opened");
        } catch (const Error& error) {
            QVERIFY2(QString::fromUtf8(error.what()).contains(says), error.what());
        }
    }

private:
    std::vector<std::string> listOf(const QStringList& names) const
    {
        std::vector<std::string> list;
        for (const QString& name : names)
            list.push_back(name == "OWN" ? m_own.string() : name.toStdString());
        return list;
    }

    QTemporaryDir m_folder;
    const fs::path m_resources = fs::path(m_folder.path().toStdString()) / "resources";
    const fs::path m_own = fs::path(m_folder.path().toStdString()) / "own-lstm";
};

QTEST_GUILESS_MAIN(TestModelPairSource)
#include "tst_model_pair_source.moc"
