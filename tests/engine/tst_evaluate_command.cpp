// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_folder.h"
#include "tests/engine/language_model_cases.h"
#include "tests/program.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <cmath>
#include <csignal>
#include <limits>
#include <map>

using Json = nlohmann::json;
using namespace timestep;

namespace {

const LanguageModelCase lstmCase { "LSTM", ModelKind::Lstm, 2, 24, 0, 24, true,
    Positions::Sinusoids, 1, 1, 1 };
/// Reads 20 tokens: 3 pairs.
const LanguageModelCase attentionCase { "attention", ModelKind::Attention, 2, 24, 3, 24, true,
    Positions::Learned, 1, 18, 1 };

constexpr const char* corpus = "The first.\n<|endoftext|>\nAnd the second one.\n";

} // namespace

/// What scripts rely on in `timestep evaluate`.
class EvaluateCommandTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        saveModel(*modelOf(lstmCase), file("lstm").toStdString());
        saveModel(*modelOf(attentionCase), file("attention").toStdString());
        saveModel(*modelOf(attentionCase), file("two, learned").toStdString());
        write("corpus.txt", corpus);
        write("letter.txt", "a");
        write("empty.txt", "");
        write("long.txt", QByteArray("abcd ").repeated(100));
    }

    void textHasThePromisedKeys()
    {
        const Json report = json({ file("lstm"), file("attention"), "--corpus", file("corpus.txt"),
            "--length", "7", "--batch", "2", "--json", "-" });
        QCOMPARE(keys(report), QStringList({ "corpus", "documents", "kernel", "models", "task" }));
        QCOMPARE(report["task"].get<std::string>(), std::string("text"));
        QCOMPARE(report["corpus"][0].get<std::string>(), file("corpus.txt").toStdString());
        QCOMPARE(report["documents"].get<int>(), 2);
        QCOMPARE(report["models"].size(), std::size_t { 2 });
        const int bytes = 11 + 20;
        for (const Json& model : report["models"]) {
            QCOMPARE(keys(model),
                QStringList({ "bits_per_byte", "bytes", "even_loss", "kind", "length", "loss",
                    "name", "parameters", "perplexity", "right", "share_right", "sources", "tokens",
                    "windows" }));
            QCOMPARE(model["length"].get<int>(), 7);
            QCOMPARE(model["tokens"].get<int>(), bytes); // and a separator, but not the first
            QCOMPARE(model["bytes"].get<int>(), bytes - 1);
            QCOMPARE(model["windows"].get<int>(), 5);
            const double loss = model["loss"];
            QVERIFY(loss > 3 && loss < 12);
            QVERIFY(std::abs(model["perplexity"].get<double>() / std::exp(loss) - 1) < 1e-9);
            QVERIFY(std::abs(model["bits_per_byte"].get<double>()
                        - loss * bytes / (bytes - 1) / std::log(2.0))
                < 1e-9);
            QVERIFY(std::abs(model["even_loss"].get<double>() - std::log(257.0)) < 1e-12);
            QCOMPARE(model["share_right"].get<double>(), model["right"].get<double>() / bytes);
        }
        QCOMPARE(report["models"][0]["kind"].get<std::string>(), std::string("lstm"));
        QCOMPARE(report["models"][1]["kind"].get<std::string>(), std::string("attention"));
    }

    /// Each file is read by itself, so that the sources add up to the whole.
    void sourcesAreNamedAndAddUp()
    {
        QVERIFY(QDir().mkpath(file("sources/deep")));
        write("sources/sea.txt", corpus);
        write("sources/deep/land.txt", "Where nothing is wet.");
        write("sources/notes", "no source");
        const Json report = json({ file("lstm"), "--corpus", file("sources"), file("corpus.txt"),
            "--length", "7", "--json", "-" });
        QCOMPARE(report["documents"].get<int>(), 5);
        const Json& model = report["models"][0];
        const Json& sources = model["sources"];
        QCOMPARE(sources.size(), std::size_t { 3 });
        const char* const names[] = { "land", "sea", "corpus" };
        const int documents[] = { 1, 2, 2 };
        double nats = 0;
        std::map<std::string, int> sums;
        for (std::size_t i = 0; i < 3; ++i) {
            const Json& source = sources[i];
            QCOMPARE(keys(source),
                QStringList({ "bits_per_byte", "bytes", "documents", "loss", "name", "right",
                    "share_right", "tokens" }));
            QCOMPARE(source["name"].get<std::string>(), std::string(names[i]));
            QCOMPARE(source["documents"].get<int>(), documents[i]);
            for (const char* const key : { "tokens", "bytes", "right" })
                sums[key] += source[key].get<int>();
            const double ofSource = source["loss"].get<double>() * source["tokens"].get<int>();
            nats += ofSource;
            QVERIFY(std::abs(source["bits_per_byte"].get<double>()
                        - ofSource / std::log(2.0) / source["bytes"].get<int>())
                < 1e-9);
        }
        for (const auto& [key, sum] : sums)
            QCOMPARE(model[key].get<int>(), sum);
        QVERIFY(std::abs(model["loss"].get<double>() - nats / sums["tokens"]) < 1e-9);
        QVERIFY(
            std::abs(model["bits_per_byte"].get<double>() - nats / std::log(2.0) / sums["bytes"])
            < 1e-9);
        QCOMPARE(sources[1]["loss"].get<double>(), sources[2]["loss"].get<double>());

        const ProgramResult text = runProgram(
            { "evaluate", file("lstm"), "--corpus", file("sources"), "--length", "7" });
        for (const char* const part : { "\nlstm, by source\n", "\nsea ", "\nland ", "\ntogether " })
            QVERIFY2(text.output.contains(part), text.output.constData());
    }

    void sourcesOfOneNameAreToldApartByTheirPaths()
    {
        QVERIFY(QDir().mkpath(file("other")));
        write("other/corpus.txt", "Another text.");
        const Json report = json({ file("lstm"), "--corpus", file("other/corpus.txt"),
            file("corpus.txt"), file("long.txt"), "--json", "-" });
        const Json& sources = report["models"][0]["sources"];
        QCOMPARE(sources[0]["name"].get<std::string>(), file("other/corpus.txt").toStdString());
        QCOMPARE(sources[1]["name"].get<std::string>(), file("corpus.txt").toStdString());
        QCOMPARE(sources[2]["name"].get<std::string>(), std::string("long"));
    }

    /// All models at one length: what the shortest context holds.
    void lengthByDefault()
    {
        const QStringList judged { "--corpus", file("long.txt"), "--json", "-" };
        QCOMPARE(
            json(QStringList { file("lstm") } + judged)["models"][0]["length"].get<int>(), 256);
        const Json both = json(QStringList { file("lstm"), file("attention") } + judged);
        for (const Json& model : both["models"])
            QCOMPARE(model["length"].get<int>(), 20);
    }

    void recallHasThePromisedKeys()
    {
        const Json report
            = json({ file("lstm"), file("attention"), "--task", "recall", "--min-pairs", "2",
                "--max-pairs", "3", "--prompts", "50", "--seed", "9", "--json", "-" });
        QCOMPARE(keys(report),
            QStringList(
                { "chance", "kernel", "max_pairs", "min_pairs", "models", "seed", "task" }));
        QCOMPARE(report["task"].get<std::string>(), std::string("recall"));
        QCOMPARE(report["min_pairs"].get<int>(), 2);
        QCOMPARE(report["max_pairs"].get<int>(), 3);
        QCOMPARE(report["seed"].get<int>(), 9);
        QCOMPARE(report["models"].size(), std::size_t { 2 });
        for (const Json& model : report["models"]) {
            QCOMPARE(keys(model),
                QStringList({ "by_distance", "by_pairs", "grid", "kind", "loss", "name",
                    "parameters", "prompts", "right", "share_right" }));
            QCOMPARE(model["prompts"].get<int>(), 50);
            verifyParts(model, "by_pairs", "pairs", { 2, 3 });
            verifyParts(model, "by_distance", "distance", { 0, 1, 2 });
        }
    }

    /// One line for each model and cell; the same numbers in JSON.
    void aGridHasThePromisedColumns()
    {
        const QString csv = file("grid.csv");
        const Json report = json({ file("lstm"), file("two, learned"), "--task", "recall",
            "--pairs", "3,1", "--prompts-per-cell", "20", "--csv", csv, "--json", "-" });
        QCOMPARE(keys(report),
            QStringList({ "chance", "kernel", "max_pairs", "min_pairs", "models",
                "prompts_per_cell", "seed", "task" }));
        QCOMPARE(report["prompts_per_cell"].get<int>(), 20);
        QCOMPARE(report["min_pairs"].get<int>(), 1);
        QCOMPARE(report["max_pairs"].get<int>(), 3);
        QCOMPARE(report["chance"].get<double>(), 0.1);

        QFile written(csv);
        QVERIFY(written.open(QIODevice::ReadOnly));
        QList<QByteArray> lines = written.readAll().split('\n');
        QCOMPARE(lines.takeLast(), QByteArray());
        QCOMPARE(lines.takeFirst(),
            QByteArray("model,kind,parameters,state_bytes,pairs,distance,prompts,right,share_right,"
                       "chance"));
        const std::pair<int, int> cells[] = { { 1, 0 }, { 3, 0 }, { 3, 1 }, { 3, 2 } };
        QCOMPARE(lines.size(), 2 * 4);
        for (const Json& model : report["models"]) {
            QCOMPARE(model["grid"].size(), std::size_t { 4 });
            const bool lstm = model["kind"].get<std::string>() == "lstm";
            int right = 0;
            for (std::size_t i = 0; i < 4; ++i) {
                const Json& cell = model["grid"][i];
                QCOMPARE(keys(cell),
                    QStringList({ "distance", "loss", "pairs", "prompts", "right", "share_right",
                        "state_bytes" }));
                const auto [pairs, distance] = cells[i];
                // Two layers of 24: hidden and cell state, or keys and values of the prompt.
                const int stateBytes = 8 * 2 * 24 * (lstm ? 1 : 5 * pairs + 3);
                QCOMPARE(cell["state_bytes"].get<int>(), stateBytes);
                QCOMPARE(cell["prompts"].get<int>(), 20);
                const int ofCell = cell["right"];
                right += ofCell;
                const QByteArray name = lstm ? "lstm,lstm," : "\"two, learned\",attention,";
                QCOMPARE(lines.takeFirst(),
                    name + QByteArray::number(model["parameters"].get<int>()) + ','
                        + QByteArray::number(stateBytes) + ',' + QByteArray::number(pairs) + ','
                        + QByteArray::number(distance) + ",20," + QByteArray::number(ofCell) + ','
                        + QByteArray::number(ofCell / 20.0, 'f', 6) + ",0.1");
            }
            QCOMPARE(model["right"].get<int>(), right);
            QCOMPARE(model["prompts"].get<int>(), 80);
        }
    }

    void theNumbersDependOnNoThread_data()
    {
        QTest::addColumn<QStringList>("task");
        QTest::newRow("text") << QStringList { "--corpus", file("corpus.txt"), "--length", "5" };
        QTest::newRow("recall") << QStringList { "--task", "recall", "--max-pairs", "3",
            "--prompts", "40" };
        QTest::newRow("grid") << QStringList { "--task", "recall", "--max-pairs", "3",
            "--prompts-per-cell", "7" };
    }
    void theNumbersDependOnNoThread()
    {
        QFETCH(QStringList, task);
        const QStringList arguments = QStringList { "evaluate", file("lstm"), file("attention") }
            + task + QStringList { "--json", "-", "--threads" };
        const ProgramResult one = runProgram(arguments + QStringList { "1" });
        QCOMPARE(one.exitCode, 0);
        for (const char* const threads : { "2", "5" })
            QCOMPARE(runProgram(arguments + QStringList { threads }).output, one.output);
    }

    void aTableIsForPeople()
    {
        const ProgramResult text
            = runProgram({ "evaluate", "untrained-lstm", "--corpus", file("corpus.txt") });
        QCOMPARE(text.exitCode, 0);
        QCOMPARE(text.errors, QByteArray());
        for (const char* const part :
            { "untrained-lstm", "perplexity", "bits/byte", "2 documents" })
            QVERIFY2(text.output.contains(part), part);
        const ProgramResult recall = runProgram({ "evaluate", file("attention"), "--task", "recall",
            "--max-pairs", "3", "--prompts", "40" });
        QCOMPARE(recall.exitCode, 0);
        for (const char* const part :
            { "held-out prompts of 1 to 3 pairs", "\npairs ", "distance" })
            QVERIFY2(recall.output.contains(part), part);
        const ProgramResult grid = runProgram({ "evaluate", file("attention"), "--task", "recall",
            "--pairs", "1,3", "--prompts-per-cell", "1" });
        QCOMPARE(grid.exitCode, 0);
        for (const char* const part : { "held-out prompts, 1 for each distance at 1, 3 pairs",
                 "worst cell", "0.0 % at ", "\npairs " })
            QVERIFY2(grid.output.contains(part), grid.output.constData());
    }

    void wrongUseAndFailedWorkAreToldInOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("told");
        const QString model = file("lstm");
        const QString text = file("corpus.txt");
        QTest::newRow("no model") << QStringList { "--corpus", text } << 2 << "no model";
        QTest::newRow("no text") << QStringList { model } << 2 << "--corpus";
        QTest::newRow("unknown task") << QStringList { model, "--task", "sums" } << 2 << "sums";
        QTest::newRow("pairs of a text")
            << QStringList { model, "--corpus", text, "--max-pairs", "3" } << 2 << "--max-pairs";
        QTest::newRow("corpus of recall")
            << QStringList { model, "--task", "recall", "--corpus", text } << 2 << "--corpus";
        QTest::newRow("pairs the wrong way round")
            << QStringList { model, "--task", "recall", "--min-pairs", "5", "--max-pairs", "4" }
            << 2 << "--min-pairs";
        QTest::newRow("more pairs than there are")
            << QStringList { model, "--task", "recall", "--max-pairs", "33" } << 2 << "33";
        QTest::newRow("grid of a text") << QStringList { model, "--corpus", text, "--csv", "-" }
                                        << 2 << "--csv belongs to --task recall";
        QTest::newRow("pairs twice") << QStringList { model, "--task", "recall", "--pairs", "1,2",
            "--max-pairs", "3" } << 2 << "--max-pairs";
        QTest::newRow("no pairs at all")
            << QStringList { model, "--task", "recall", "--pairs", "0" } << 2 << "--pairs";
        QTest::newRow("prompts of a grid") << QStringList { model, "--task", "recall", "--csv", "-",
            "--prompts", "9" } << 2 << "--prompts-per-cell";
        QTest::newRow("two to standard output") << QStringList { model, "--task", "recall", "--csv",
            "-", "--json", "-" } << 2 << "--json";
        QTest::newRow("cell beyond the context") << QStringList { file("attention"), "--task",
            "recall", "--pairs", "2,4" } << 1 << "--pairs";
        QTest::newRow("no such model")
            << QStringList { "nobody", "--corpus", text } << 1 << "nobody";
        QTest::newRow("no such corpus")
            << QStringList { model, "--corpus", "/nowhere" } << 1 << "/nowhere";
        QTest::newRow("nothing to foretell")
            << QStringList { model, "--corpus", file("letter.txt") } << 1 << "one token";
        QTest::newRow("nothing to foretell in one source")
            << QStringList { model, "--corpus", text, file("letter.txt") } << 1 << "letter.txt";
        QTest::newRow("no text in a source") << QStringList { model, "--corpus", text,
            file("empty.txt") } << 1 << "empty.txt holds no text";
        QTest::newRow("window beyond the context") << QStringList { file("attention"), "--corpus",
            text, "--length", "21" } << 1 << "20 tokens";
        QTest::newRow("prompt beyond the context")
            << QStringList { file("attention"), "--task", "recall" } << 1 << "--max-pairs";
        QTest::newRow("vocabulary of larger pieces")
            << QStringList { "untrained-lstm", "--task", "recall" } << 1 << "single bytes";
        QTest::newRow("memory") << QStringList { model, "--corpus", text, "--memory", "1000" } << 1
                                << "--memory";
        QTest::newRow("memory of recall")
            << QStringList { model, "--task", "recall", "--memory", "1000" } << 1 << "--memory";
        QTest::newRow("no place for the numbers") << QStringList { model, "--corpus", text,
            "--json", "/nowhere/at/all" } << 1 << "/nowhere/at/all";
    }
    void wrongUseAndFailedWorkAreToldInOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QString, told);
        const ProgramResult result = runProgram(QStringList { "evaluate" } + arguments);
        QCOMPARE(result.exitCode, exitCode);
        QCOMPARE(result.output, QByteArray());
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains(told.toUtf8()), result.errors.constData());
    }

    void weightsThatAreNoNumbersAreRefused()
    {
        Model damaged = *modelOf(lstmCase);
        auto& weights = std::get<LstmWeights<float>>(damaged.weights);
        weights.embedding(damaged.vocabulary->byteId('e'), 4)
            = std::numeric_limits<float>::infinity();
        saveModel(damaged, file("damaged").toStdString());
        const ProgramResult result
            = runProgram({ "evaluate", file("damaged"), "--corpus", file("corpus.txt") });
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains("finite"), result.errors.constData());
    }

    void interruptLeavesNoFile_data()
    {
        // Long enough never to end by itself within the test's patience.
        write("huge.txt", QByteArray("It goes on and on. ").repeated(1'000'000));
        QTest::addColumn<QStringList>("task");
        QTest::newRow("text") << QStringList { "--corpus", file("huge.txt") };
        QTest::newRow("recall") << QStringList { "--task", "recall", "--prompts", "1000000000" };
        QTest::newRow("grid") << QStringList { "--task", "recall", "--prompts-per-cell",
            "100000000" };
    }
    void interruptLeavesNoFile()
    {
        QFETCH(QStringList, task);
        const QTemporaryDir folder;
        QProcess process;
        process.start(TIMESTEP_PROGRAM,
            QStringList { "evaluate", file("lstm") } + task
                + QStringList { "--json", folder.filePath("out") });
        // The unfinished file tells that the work has begun.
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder.path()).isEmpty(), 60000);
        QTest::qWait(300); // so that it is in the midst of it
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const ProgramResult result = finishedProgram(process);
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains("interrupted"), result.errors.constData());
        QVERIFY(QDir(folder.path()).isEmpty());
    }

private:
    QString file(const QString& name) const { return m_folder.filePath(name); }

    void write(const QString& name, const QByteArray& content) const
    {
        QFile written(file(name));
        QVERIFY(written.open(QIODevice::WriteOnly));
        QCOMPARE(written.write(content), content.size());
    }

    static Json json(const QStringList& arguments)
    {
        const ProgramResult result = runProgram(QStringList { "evaluate" } + arguments);
        if (result.exitCode != 0 || !result.errors.isEmpty())
            qFatal("%s", result.errors.constData());
        return Json::parse(result.output.toStdString());
    }

    static QStringList keys(const Json& object) // sorted
    {
        QStringList names;
        for (const auto& [name, value] : object.items())
            names.append(QString::fromStdString(name));
        names.sort();
        return names;
    }

    static void verifyParts(
        const Json& model, const char* name, const char* keyName, const std::vector<int>& expected)
    {
        QCOMPARE(model[name].size(), expected.size());
        int prompts = 0, right = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            const Json& part = model[name][i];
            QCOMPARE(part[keyName].get<int>(), expected[i]);
            QVERIFY(part.contains("loss") && part.contains("share_right"));
            prompts += part["prompts"].get<int>();
            right += part["right"].get<int>();
        }
        QCOMPARE(prompts, model["prompts"].get<int>());
        QCOMPARE(right, model["right"].get<int>());
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(EvaluateCommandTest)
#include "tst_evaluate_command.moc"
