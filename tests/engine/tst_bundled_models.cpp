// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/bundled_models.h"
#include "engine/model/open_models.h"
#include "tests/bundled_test_models.h"
#include "tests/program.h"

#include <QTemporaryDir>
#include <QTest>

#include <functional>

using namespace timestep;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> namesOf(const std::vector<ModelPointer>& models)
{
    std::vector<std::string> names;
    for (const ModelPointer& model : models)
        names.push_back(model->name);
    return names;
}

QString errorOf(const std::function<void()>& work)
{
    try {
        work();
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

} // namespace

/// Models that come with the program, found by name: by the engine and by the commands.
class TestBundledModels : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        makeBundledTestResources(m_resources);
        qputenv("TIMESTEP_RESOURCES", QByteArray::fromStdString(m_resources.string()));
    }

    void theIndexIsRead()
    {
        const BundledModels bundled(m_resources / "models");
        QCOMPARE(bundled.models().size(), 7U);
        const BundledModel* const lstm = bundled.model("byte-lstm-8");
        QVERIFY(lstm);
        QCOMPARE(lstm->title, std::string("Eight units"));
        QCOMPARE(lstm->sentence, std::string("Four."));
        QVERIFY(lstm->vocabulary == BundledVocabulary::Bytes);
        QVERIFY(lstm->kind == ModelKind::Lstm);
        QVERIFY(bundled.model("word-attention")->kind == ModelKind::Attention);
        QVERIFY(bundled.model("word-attention")->vocabulary == BundledVocabulary::Words);
        QVERIFY(!bundled.model("lstm"));

        QCOMPARE(bundled.pairs().size(), 3U);
        QCOMPARE(bundled.pairs()[0].title, std::string("Words"));
        QCOMPARE(bundled.pairs()[1].attention, std::string("byte-attention"));
        QCOMPARE(bundled.pairs()[2].name, std::string("untrained"));
        QCOMPARE(bundled.pair("bytes"), &bundled.pairs()[1]);
        QCOMPARE(bundled.defaultPair().name, std::string("words"));
    }

    void withoutAnIndexThereIsTheUntrainedPair()
    {
        const BundledModels bundled(m_resources / "nowhere");
        QCOMPARE(bundled.models().size(), 2U);
        QCOMPARE(bundled.pairs().size(), 1U);
        QCOMPARE(bundled.defaultPair().name, std::string("untrained"));
    }

    void aModelHasAPartner_data()
    {
        QTest::addColumn<QString>("model");
        QTest::addColumn<QString>("partner");
        QTest::newRow("of its pair") << "word-attention"
                                     << "word-lstm";
        QTest::newRow("of no pair") << "byte-lstm-8"
                                    << "byte-attention";
        QTest::newRow("untrained") << "untrained-lstm"
                                   << "untrained-attention";
    }
    void aModelHasAPartner()
    {
        QFETCH(const QString, model);
        QFETCH(const QString, partner);
        const BundledModels bundled(m_resources / "models");
        QCOMPARE(bundled.partner(*bundled.model(model.toStdString())),
            bundled.model(partner.toStdString()));
    }

    void wrongIndexesAreRefused_data()
    {
        QTest::addColumn<QString>("was");
        QTest::addColumn<QString>("is");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* was, const char* is, const char* says) {
            QTest::newRow(name) << was << is << says;
        };
        row("no JSON", "{", "", "not valid JSON");
        row("no models", "\"models\"", "\"model\"", "\"models\", a list");
        row("no pairs", "\"pairs\"", "\"pair\"", "\"pairs\", a list");
        row("no title", "\"title\": \"Small\"", "\"heading\": \"Small\"", "\"title\"");
        row("another vocabulary", "\"bundled\"", "\"letters\"", "\"bundled\" or \"bytes\"");
        row("no such folder", "\"byte-lstm-8\"", "\"byte-lstm-9\"", "byte-lstm-9/config.json");
        row("a name twice", "\"byte-lstm-8\"", "\"byte-lstm\"", "two of this name");
        row("a name of what is made", "\"byte-lstm-8\"", "\"untrained-lstm\"", "two of this name");
        row("a pair called like a model", "\"name\": \"bytes\"", "\"name\": \"byte-lstm\"",
            "two of this name");
        row("a pair of two LSTMs", "\"attention\": \"byte-attention\"",
            "\"attention\": \"byte-lstm\"", "\"attention\"");
        row("a pair of a model that is not there", "\"lstm\": \"byte-lstm\"", "\"lstm\": \"byte\"",
            "\"lstm\"");
        row("a pair of two vocabularies", "\"lstm\": \"byte-lstm\"", "\"lstm\": \"word-lstm\"",
            "one vocabulary");
        row("a default that is no pair", "\"default\": \"words\"", "\"default\": \"word\"",
            "\"default\"");
    }
    void wrongIndexesAreRefused()
    {
        QFETCH(const QString, was);
        QFETCH(const QString, is);
        QFETCH(const QString, says);
        const fs::path folder = m_resources / "wrong";
        fs::remove_all(folder);
        fs::create_directory(folder);
        for (const auto& entry : fs::directory_iterator(m_resources / "models"))
            if (entry.is_directory())
                fs::create_directory_symlink(entry.path(), folder / entry.path().filename());
        QString index = QString::fromUtf8(bundledTestIndex);
        const auto place = index.indexOf(was);
        QVERIFY(place >= 0);
        writeWholeFile(folder / "index.json", index.replace(place, was.size(), is).toStdString());
        const QString said = errorOf([&] { const BundledModels bundled(folder); });
        QVERIFY2(said.contains("wrong/"), qPrintable(said));
        QVERIFY2(said.contains(says), qPrintable(said));
        QVERIFY(!said.contains('\n'));
    }

    void namesAreOpened_data()
    {
        QTest::addColumn<QStringList>("names");
        QTest::addColumn<QStringList>("models");
        const auto row = [](const char* name, const QStringList& names, const QStringList& models) {
            QTest::newRow(name) << names << models;
        };
        row("none", {}, {});
        row("a model", { "byte-lstm-8" }, { "byte-lstm-8" });
        row("a pair", { "bytes" }, { "byte-lstm", "byte-attention" });
        row("what is made", { "untrained" }, { "untrained-lstm", "untrained-attention" });
        row("several", { "words", "untrained-lstm", "word-lstm" },
            { "word-lstm", "word-attention", "untrained-lstm", "word-lstm" });
    }
    void namesAreOpened()
    {
        QFETCH(const QStringList, names);
        QFETCH(const QStringList, models);
        const std::vector<ModelPointer> opened = openModels(listOf(names), 3);
        QCOMPARE(namesOf(opened), listOf(models));
        for (const ModelPointer& model : opened) {
            QCOMPARE(model->origin,
                model->name.starts_with("untrained") ? "untrained, seed 3" : "bundled");
            QCOMPARE(model->bundled(), !model->untrained());
            QVERIFY(model->warnings.empty());
        }
    }

    void modelsShareTheVocabulariesOfTheProgram()
    {
        const std::vector<ModelPointer> models = openModels({ "words", "bytes" }, 1);
        QCOMPARE(models[0]->vocabulary, Vocabulary::bundled());
        QCOMPARE(models[1]->vocabulary, Vocabulary::bundled());
        QCOMPARE(models[2]->vocabulary, Vocabulary::singleBytes());
        QCOMPARE(models[3]->vocabulary, Vocabulary::singleBytes());
    }

    /// Whichever folder the program is started in, a name is the same model.
    void aFolderIsReachedByItsPath()
    {
        const QTemporaryDir elsewhere;
        const fs::path own = fs::path(elsewhere.path().toStdString()) / "byte-lstm";
        const ModelPointer bundled = openModels({ "byte-lstm-8" }, 1).front();
        saveModel(*bundled, own);
        const fs::path before = fs::current_path();
        fs::current_path(own.parent_path());
        const ModelPointer byName = openModels({ "byte-lstm" }, 1).front();
        const ModelPointer byPath = openModels({ "./byte-lstm" }, 1).front();
        fs::current_path(before);
        QVERIFY(byName->bundled());
        QCOMPARE(byName->shape.width, 16);
        QCOMPARE(byName->warnings.size(), 1U);
        QVERIFY(QString::fromStdString(byName->warnings.front()).contains("./byte-lstm"));
        QVERIFY(byPath->warnings.empty());
        QVERIFY(!byPath->bundled());
        QCOMPARE(byPath->origin, fs::canonical(own).string());
        QCOMPARE(byPath->shape.width, 8);
        const ModelPointer byOwnFolder
            = openModels({ (m_resources / "models/byte-lstm/").string() }, 1).front();
        QVERIFY(byOwnFolder->bundled());
        QCOMPARE(byOwnFolder->name, std::string("byte-lstm"));
    }

    void whatIsNoNameIsTold()
    {
        const QString said = errorOf([] { openModels({ "byte-gru" }, 1); });
        for (const char* words : { "'byte-gru'", "byte-lstm-8", "untrained-attention", "words" })
            QVERIFY2(said.contains(words), qPrintable(said));
        const QString path = errorOf([] { openModels({ "/nowhere/byte-lstm" }, 1); });
        QVERIFY2(
            path.contains("/nowhere/byte-lstm") && path.contains("vocab.json"), qPrintable(path));
    }

    void commandsFindThemFromAnywhere_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("told");
        const auto row = [](const char* name, const QStringList& arguments,
                             const QStringList& told) { QTest::newRow(name) << arguments << told; };
        row("models", { "models" },
            { "word-lstm\tlstm\t", "byte-attention\tattention\t", "\t1\t16\t2\t48\tbundled\n",
                "untrained-attention\tattention\t" });
        row("the default pair", { "inspect", "--text", "some words" },
            { "word-lstm: ", "word-attention: ", ", 3 tokens, bundled" });
        row("inspect", { "inspect", "--text", "some words", "--model", "byte-lstm" },
            { "byte-lstm: ", ", 10 tokens, bundled" });
        row("bench",
            { "bench", "--model", "bytes", "--lengths", "8", "--repeats", "1", "--csv", "-" },
            { "\nbyte-lstm,", "\nbyte-attention," });
        row("trace", { "trace", "--model", "byte-lstm", "--lengths", "8" }, { "critical path" });
        row("evaluate",
            { "evaluate", "bytes", "byte-lstm-8", "--task", "recall", "--max-pairs", "4",
                "--prompts", "32" },
            { "byte-lstm ", "byte-attention ", "byte-lstm-8 " });
    }
    void commandsFindThemFromAnywhere()
    {
        QFETCH(const QStringList, arguments);
        QFETCH(const QStringList, told);
        QProcess process;
        process.setWorkingDirectory(QStringLiteral("/"));
        process.start(TIMESTEP_PROGRAM, arguments);
        const ProgramResult result = finishedProgram(process);
        QVERIFY2(result.exitCode == 0, result.errors.constData());
        for (const QString& words : told)
            QVERIFY2(result.output.contains(words.toUtf8()), result.output.constData());
    }

private:
    static std::vector<std::string> listOf(const QStringList& texts)
    {
        std::vector<std::string> list;
        for (const QString& text : texts)
            list.push_back(text.toStdString());
        return list;
    }

    QTemporaryDir m_folder;
    const fs::path m_resources = fs::path(m_folder.path().toStdString()) / "resources";
};

QTEST_GUILESS_MAIN(TestBundledModels)
#include "tst_bundled_models.moc"
