// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/kernels.h"
#include "engine/model/influence.h"
#include "engine/model/model_folder.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_lstm.h"
#include "engine/whole_file.h"
#include "tests/engine/golden_models.h"
#include "tests/program.h"

#include <QTemporaryDir>
#include <QtTest>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <thread>

using namespace timestep;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

/// Names in the order in which they are written.
std::vector<std::string> keysOf(const nlohmann::ordered_json& object)
{
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items())
        keys.push_back(key);
    return keys;
}

QStringList arguments(const std::vector<std::string>& words)
{
    QStringList list;
    for (const std::string& word : words)
        list << QString::fromStdString(word);
    return list;
}

} // namespace

/// `timestep inspect` and `timestep models` as a script sees them.
class TestInspect : public QObject
{
    Q_OBJECT

    QTemporaryDir m_temporary;
    fs::path m_folder = m_temporary.path().toStdString();
    std::string m_lstm = m_folder / "small-lstm";
    std::string m_attention = m_folder / "small-attention"; // context of 5 tokens

    static nlohmann::ordered_json inspected(const std::vector<std::string>& words)
    {
        std::vector<std::string> all { "inspect", "--json", "-" };
        all.insert(all.end(), words.begin(), words.end());
        const ProgramResult result = runProgram(arguments(all));
        if (result.exitCode != 0 || !result.errors.isEmpty())
            qWarning("%s", result.errors.constData());
        return nlohmann::ordered_json::parse(result.output.toStdString(), nullptr, false);
    }

    void refused(const std::vector<std::string>& words, int exitCode, const char* says) const
    {
        std::vector<std::string> all { "inspect" };
        all.insert(all.end(), words.begin(), words.end());
        const ProgramResult result = runProgram(arguments(all));
        QCOMPARE(result.exitCode, exitCode);
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains(says), result.errors.constData());
        QCOMPARE(result.output, QByteArray());
    }

private slots:
    void initTestCase()
    {
        saveModel(withByteVocabulary(goldenLstm().model), m_lstm);
        saveModel(withByteVocabulary(goldenAttention().model), m_attention);
    }

    void schemaIsThatOfTheDocumentation()
    {
        const auto document = inspected(
            { "--model", m_lstm, m_attention, "--text", "a b", "--logits", "--top", "2" });
        QCOMPARE(keysOf(document), (std::vector<std::string> { "text", "models" }));
        QCOMPARE(document["text"], "a b");
        QCOMPARE(document["models"].size(), 2U);
        const std::vector<std::string> first { "name", "kind", "parameters", "layers", "width",
            "heads", "tokens" };
        const std::vector<std::string> last { "influence", "influence_norm", "logits",
            "predictions" };
        const auto expected = [&](std::vector<std::string> middle) {
            middle.insert(middle.begin(), first.begin(), first.end());
            middle.insert(middle.end(), last.begin(), last.end());
            return middle;
        };
        const auto& lstm = document["models"][0];
        QCOMPARE(keysOf(lstm), expected({ "gates", "cell", "hidden" }));
        QCOMPARE(lstm["name"], "small-lstm");
        QCOMPARE(lstm["kind"], "lstm");
        QCOMPARE(lstm["layers"], 2);
        QCOMPARE(lstm["width"], 4);
        QCOMPARE(lstm["heads"], 0);
        QCOMPARE(lstm["parameters"], loadModel(m_lstm)->parameters());
        QCOMPARE(lstm["gates"].size(), 2U);
        QCOMPARE(keysOf(lstm["gates"][0]),
            (std::vector<std::string> { "input", "forget", "candidate", "output" }));

        const auto& attention = document["models"][1];
        QCOMPARE(keysOf(attention), expected({ "affinity" }));
        QCOMPARE(attention["kind"], "attention");
        QCOMPARE(attention["heads"], 2);
        for (const auto& model : document["models"]) {
            QCOMPARE(model["tokens"].size(), 3U);
            QCOMPARE(keysOf(model["tokens"][1]),
                (std::vector<std::string> { "id", "piece", "begin", "end" }));
            QCOMPARE(model["tokens"][1]["piece"], " ");
            QCOMPARE(model["tokens"][1]["begin"], 1);
            QCOMPARE(model["tokens"][1]["end"], 2);
            QCOMPARE(model["predictions"].size(), 3U);
            QCOMPARE(model["predictions"][0].size(), 2U);
            QCOMPARE(keysOf(model["predictions"][0][0]),
                (std::vector<std::string> { "id", "piece", "probability" }));
        }
        const auto without = inspected({ "--model", m_lstm, "--text", "a b" });
        QVERIFY(!without["models"][0].contains("logits"));
        QCOMPARE(without["models"][0]["predictions"][0].size(), 5U);
    }

    /// Whatever computes it: the numbers are those of the reference in double precision.
    void numbersAreThoseOfTheReference_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<bool>("causal");
        for (const Kernels* kernels : availableKernels()) {
            const std::string name(kernels->name);
            QTest::newRow((name + ", causal").c_str()) << QString::fromStdString(name) << true;
            QTest::newRow((name + ", full").c_str()) << QString::fromStdString(name) << false;
        }
    }
    void numbersAreThoseOfTheReference()
    {
        QFETCH(const QString, kernel);
        QFETCH(const bool, causal);
        const json document = inspected({ "--model", m_lstm, m_attention, "--text", "hello",
            "--logits", "--kernel", kernel.toStdString(), "--causal", causal ? "on" : "off" });
        const json& lstm = document["models"][0];
        const json& attention = document["models"][1];
        std::vector<TokenId> ids;
        for (const json& token : lstm["tokens"])
            ids.push_back(token["id"]);
        QCOMPARE(ids.size(), 5U);
        const double tolerance = 1e-5;

        const ModelPointer lstmModel = loadModel(m_lstm);
        const auto lstmWeights = std::get<LstmWeights<float>>(lstmModel->weights).cast<double>();
        const auto layers = lstmForward(lstmWeights, ids);
        for (std::size_t l = 0; l < layers.size(); ++l) {
            QVERIFY(worstDifference(layers[l].inputGate, lstm["gates"][l]["input"]) < tolerance);
            QVERIFY(worstDifference(layers[l].forgetGate, lstm["gates"][l]["forget"]) < tolerance);
            QVERIFY(
                worstDifference(layers[l].candidate, lstm["gates"][l]["candidate"]) < tolerance);
            QVERIFY(worstDifference(layers[l].outputGate, lstm["gates"][l]["output"]) < tolerance);
            QVERIFY(worstDifference(layers[l].cell, lstm["cell"][l]) < tolerance);
            QVERIFY(worstDifference(layers[l].hidden, lstm["hidden"][l]) < tolerance);
        }
        QVERIFY(worstDifference(lstmLogits(lstmWeights, layers.back().hidden), lstm["logits"])
            < 10 * tolerance);
        QVERIFY(worstDifference(
                    influence<double>(*lstmModel, ids, causal, {})->shares, lstm["influence"])
            < tolerance);

        const ModelPointer model = loadModel(m_attention);
        const auto weights = std::get<AttentionWeights<float>>(model->weights).cast<double>();
        const auto kept = attentionForward(weights, model->shape, ids, causal);
        for (std::size_t l = 0; l < kept.blocks.size(); ++l) {
            for (std::size_t a = 0; a < 2; ++a) {
                const Matrix<double>& affinity = kept.blocks[l].attention.affinity[a];
                QVERIFY(worstDifference(affinity, attention["affinity"][l][a]) < tolerance);
            }
        }
        QVERIFY(
            worstDifference(attentionLogits(weights, kept.finalNorm.output), attention["logits"])
            < 10 * tolerance);
        const auto swayed = influence<double>(*model, ids, causal, {});
        QVERIFY(worstDifference(swayed->shares, attention["influence"]) < tolerance);
        const Matrix<float> norms = swayed->norms;
        QVERIFY(worstDifference(norms, json::array({ attention["influence_norm"] })) < 1e-4);
    }

    void emptyTextGivesEmptyArrays()
    {
        const json document
            = inspected({ "--model", m_lstm, m_attention, "--text", "", "--logits" });
        QCOMPARE(document["text"], "");
        for (const json& model : document["models"]) {
            for (const char* key :
                { "tokens", "influence", "influence_norm", "logits", "predictions" })
                QCOMPARE(model[key], json::array());
        }
        QCOMPARE(document["models"][0]["cell"], json::array({ json::array(), json::array() }));
        QCOMPARE(document["models"][1]["affinity"][1][0], json::array());
    }

    void bytesThatAreNoTextAreShown()
    {
        const std::string file = m_folder / "bytes.txt";
        writeWholeFile(file, std::string("\\\xFF\0", 3));
        const json document = inspected({ "--model", m_lstm, "--text-file", file });
        QCOMPARE(document["text"], std::string("\\\\\\xFF\0", 7));
        const json& tokens = document["models"][0]["tokens"];
        QCOMPARE(tokens[0]["piece"], "\\\\");
        QCOMPARE(tokens[1]["piece"], "\\xFF");
        QCOMPARE(tokens[2]["piece"], std::string(1, '\0'));
        QCOMPARE(tokens[2]["end"], 3);
    }

    /// The models of a call read the same tokens, chosen by hand where not all fit.
    void windowIsReadByAllModels_data()
    {
        QTest::addColumn<QString>("first");
        QTest::addColumn<QString>("pieces");
        QTest::newRow("beginning") << "0"
                                   << "abcde";
        QTest::newRow("middle") << "3"
                                << "defgh";
        QTest::newRow("end") << "7"
                             << "h";
    }
    void windowIsReadByAllModels()
    {
        QFETCH(const QString, first);
        QFETCH(const QString, pieces);
        const json document = inspected({ "--model", m_lstm, m_attention, "--text", "abcdefgh",
            "--window", first.toStdString() });
        QCOMPARE(document["text"], "abcdefgh");
        for (const json& model : document["models"]) {
            std::string read;
            for (const json& token : model["tokens"])
                read += token["piece"].get<std::string>();
            QCOMPARE(QString::fromStdString(read), pieces);
            QCOMPARE(model["tokens"][0]["begin"], first.toInt()); // of the whole text
            QCOMPARE(model["influence"].size(), read.size());
        }
    }

    void wrongUseAndBadInputAreRefused()
    {
        refused({ "--model", m_lstm }, 2, "--text");
        refused({ "--text", "a", "--model", m_lstm, "--causal", "maybe" }, 2, "--causal");
        refused({ "--text", "a", "--model", m_lstm, "--window", "-1" }, 2, "--window");
        refused({ "--text", "abcdef", "--model", m_lstm, m_attention }, 1,
            "the text has 6 tokens, small-attention reads at most 5");
        refused({ "--text", "ab", "--model", m_lstm, "--window", "2" }, 1, "--window 2");
        refused({ "--text", "a", "--model", "no-such-model" }, 1, "no-such-model");
        refused({ "--text", "a", "--model", m_folder }, 1, "config.json");
        refused({ "--text", "abc", "--model", m_lstm, "--memory", "1" }, 1, "bytes");
    }

    /// JSON has no infinity: weights that lead to one are refused before anything is written.
    void resultsThatAreNotFiniteAreRefused()
    {
        Model model = withByteVocabulary(goldenLstm().model);
        auto& weights = std::get<LstmWeights<float>>(model.weights);
        weights.head.row(0).setConstant(3e38F); // one of the two goes beyond the largest float
        weights.head.row(1).setConstant(-3e38F);
        weights.headBias.head(2).setConstant(3.3e38F);
        const std::string folder = m_folder / "huge";
        saveModel(model, folder);
        for (const Kernels* kernels : availableKernels()) {
            refused({ "--model", folder, "--text", "abc", "--json", "-", "--kernel",
                        std::string(kernels->name) },
                1, "not finite");
        }
    }

    void unknownTensorsAreWarnedOf()
    {
        Model model = withByteVocabulary(goldenLstm().model);
        const std::string folder = m_folder / "more";
        saveModel(model, folder);
        const std::string config = readWholeFile(fs::path(folder) / "config.json");
        writeWholeFile(fs::path(folder) / "config.json",
            QString::fromStdString(config)
                .replace("\"num_layers\": 2", "\"num_layers\": 1")
                .toStdString());
        const ProgramResult result = runProgram(
            arguments({ "inspect", "--model", folder, "--text", "abc", "--json", "-" }));
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.errors.count('\n'), 4);
        QVERIFY2(result.errors.contains("lstm.weight_hh_l1"), result.errors.constData());
    }

    void summaryShowsTokensAndPredictions()
    {
        const ProgramResult result = runProgram(arguments({ "inspect", "--model", m_lstm, "--text",
            "a\nb", "--top", "3", "--kernel", "reference" }));
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.output.count('\n'), 5); // the kernel, a headline, three tokens
        QVERIFY2(result.output.startsWith("kernel reference\nsmall-lstm: lstm, "),
            result.output.constData());
        QVERIFY2(result.output.contains("\"\\n\"  then"), result.output.constData());
        QCOMPARE(result.output.count('%'), 9);
    }

    /// Who reads the summary sees no influence: neither its memory nor its time is asked of them.
    void summaryNeedsNoMemoryForTheInfluence_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::newRow("fastest") << QString::fromStdString(std::string(defaultKernels().name));
        QTest::newRow("reference") << "reference";
    }
    void summaryNeedsNoMemoryForTheInfluence()
    {
        QFETCH(const QString, kernel);
        const char* const memory = "10000000"; // less than the 2,000 x 2,000 floats of influence
        const std::string text = m_folder / "lines.txt";
        writeWholeFile(text, std::string(2000, 'a'));
        const std::vector<std::string> words { "--model", m_lstm, "--text-file", text, "--kernel",
            kernel.toStdString(), "--memory", memory };
        std::vector<std::string> numbers = words;
        numbers.insert(numbers.end(), { "--json", "-" });
        refused(numbers, 1, "bytes");
        std::vector<std::string> summary { "inspect" };
        summary.insert(summary.end(), words.begin(), words.end());
        const ProgramResult result = runProgram(arguments(summary));
        QCOMPARE(result.errors, QByteArray());
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.output.count("  then"), 2000);
    }

    void summaryShowsWhatHasNoLetter()
    {
        const std::string text = m_folder / "control.txt";
        writeWholeFile(text, std::string("a\tb\0c\x1B", 6) + "\x7F\xFF");
        const ProgramResult result
            = runProgram(arguments({ "inspect", "--model", m_lstm, "--text-file", text }));
        QCOMPARE(result.exitCode, 0);
        for (const char* shown : { R"("\t"  then)", R"("\x00"  then)", R"("\x1B"  then)",
                 R"("\x7F"  then)", R"("\xFF"  then)" })
            QVERIFY2(result.output.contains(shown), result.output.constData());
    }

    void stoppedWorkLeavesNoFile()
    {
        const std::string text = m_folder / "long.txt";
        std::string bytes;
        for (int i = 0; i < 1500; ++i)
            bytes += "some words ";
        writeWholeFile(text, bytes);
        const fs::path empty = m_folder / "empty";
        fs::create_directory(empty);
        QProcess process;
        process.start(TIMESTEP_PROGRAM,
            arguments({ "inspect", "--model", "untrained-lstm", "untrained-attention",
                "--text-file", text, "--json", empty / "out.json" }));
        QVERIFY(process.waitForStarted());
        // It has begun once the unfinished file is there.
        QTRY_VERIFY_WITH_TIMEOUT(!fs::is_empty(empty), 60000);
        ::kill(static_cast<pid_t>(process.processId()), SIGINT);
        const ProgramResult result = finishedProgram(process);
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY(fs::is_empty(empty));
    }

    void modelsAreListed()
    {
        const ProgramResult result
            = runProgram(arguments({ "models", "--seed", "9", "--model", m_lstm, m_attention }));
        QCOMPARE(result.exitCode, 0);
        const QList<QByteArray> all = result.output.split('\n');
        QVERIFY(all.size() >= 5); // the last is empty; before the untrained ones are trained ones
        const QList<QByteArray> lines = all.last(5);
        QVERIFY(lines[0].startsWith("untrained-lstm\tlstm\t"));
        QVERIFY(lines[0].endsWith("\t2\t256\t0\t0\tuntrained, seed 9"));
        QVERIFY(lines[1].startsWith("untrained-attention\tattention\t"));
        QVERIFY(lines[1].endsWith("\t4\t160\t5\t16384\tuntrained, seed 9"));
        QCOMPARE(lines[2].split('\t'),
            (QList<QByteArray> { "small-lstm", "lstm",
                QByteArray::number(qlonglong(loadModel(m_lstm)->parameters())), "2", "4", "0", "0",
                QByteArray::fromStdString(fs::canonical(m_lstm)) }));
        QCOMPARE(lines[3].split('\t')[6], QByteArray("5"));
    }
};

QTEST_GUILESS_MAIN(TestInspect)
#include "tst_inspect.moc"
