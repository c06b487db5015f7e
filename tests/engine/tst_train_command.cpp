// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_folder.h"
#include "tests/program.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <csignal>

using namespace timestep;

namespace {

const QStringList smallRecall { "train", "--task", "recall", "--max-pairs", "2", "--width", "32",
    "--batch", "8", "--sub-batches", "2" };

} // namespace

/// What scripts rely on in `timestep train`.
class TrainCommandTest : public QObject
{
    Q_OBJECT

private slots:
    void writesAModelThatTheProgramReads_data()
    {
        QTest::addColumn<QStringList>("options");
        QTest::newRow("lstm") << QStringList { "--compute", "lstm" };
        QTest::newRow("untied lstm")
            << QStringList { "--compute", "lstm", "--embedding", "16", "--untied" };
        QTest::newRow("attention") << QStringList { "--compute", "attention", "--heads", "2" };
        QTest::newRow("sinusoids")
            << QStringList { "--compute", "attention", "--positions", "sinusoids" };
        QTest::newRow("mimetic start") << QStringList { "--compute", "attention", "--start",
            "mimetic", "--keys", "one-letter" };
        QTest::newRow("window") << QStringList { "--compute", "attention", "--attention-window",
            "5" };
        QTest::newRow("hidden-split")
            << QStringList { "--compute", "lstm", "--strategy", "hidden-split" };
        QTest::newRow("copies") << QStringList { "--compute", "lstm", "--average-every", "3" };
    }
    void writesAModelThatTheProgramReads()
    {
        QFETCH(QStringList, options);
        const QString folder = newFolder();
        const ProgramResult result
            = runProgram(smallRecall + options + QStringList { "--steps", "5", "-o", folder });
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.errors.contains("5 steps"), result.errors);
        const ModelPointer model = loadModel(folder.toStdString());
        QVERIFY(model->warnings.empty());
        QCOMPARE(model->shape.tied, !options.contains("--untied"));
        QCOMPARE(model->shape.attentionWindow, options.contains("--attention-window") ? 5 : 0);
        const ProgramResult read
            = runProgram({ "inspect", "--model", folder, "--text", "q3=7 q3=", "--json", "-" });
        QCOMPARE(read.exitCode, 0);
    }

    void beginsWithAModel()
    {
        const QString first = newFolder();
        QCOMPARE(runProgram(smallRecall
                     + QStringList { "--compute", "attention", "--context", "40", "--steps", "3",
                         "-o", first })
                     .exitCode,
            0);
        const QString second = newFolder();
        const QStringList more { "train", "--task", "recall", "--begin-with", first, "--max-pairs",
            "4", "--steps", "1", "--learning-rate", "1e-12", "-o", second };
        QCOMPARE(runProgram(more).exitCode, 0);
        const ModelPointer begun = loadModel(first.toStdString());
        const ModelPointer learned = loadModel(second.toStdString());
        QCOMPARE(learned->shape, begun->shape);
        const auto& before = std::get<AttentionWeights<float>>(begun->weights).embedding;
        const auto& after = std::get<AttentionWeights<float>>(learned->weights).embedding;
        QVERIFY((before - after).cwiseAbs().maxCoeff() < 1e-6F);
        QCOMPARE(runProgram({ "train", "--resume", second, "--steps", "2" }).exitCode, 0);

        const QString windowed = newFolder();
        QCOMPARE(runProgram({ "train", "--task", "recall", "--begin-with", first, "--steps", "1",
                                "--max-pairs", "2", "--attention-window", "9", "-o", windowed })
                     .exitCode,
            0);
        QCOMPARE(loadModel(windowed.toStdString())->shape.attentionWindow, 9);
    }

    /// The checkpoint keeps every bit: what goes on does not depend on how the model was saved.
    void aModelInHalfPrecisionGoesOnInFull()
    {
        const QString full = newFolder();
        const QStringList options = smallRecall + QStringList { "--compute", "attention" };
        QCOMPARE(runProgram(options + QStringList { "--steps", "6", "-o", full }).exitCode, 0);
        const QString half = newFolder();
        const ProgramResult result
            = runProgram(options + QStringList { "--steps", "6", "--save-as", "f16", "-o", half });
        QCOMPARE(result.exitCode, 0);
        const qint64 size = QFileInfo(half + "/model.safetensors").size();
        QVERIFY(10 * size < 6 * QFileInfo(full + "/model.safetensors").size());
        const ModelPointer halved = loadModel(half.toStdString());
        const ModelPointer whole = loadModel(full.toStdString());
        const float apart = (std::get<AttentionWeights<float>>(halved->weights).embedding
            - std::get<AttentionWeights<float>>(whole->weights).embedding)
                                .cwiseAbs()
                                .maxCoeff();
        QVERIFY2(apart > 0 && apart < 1e-3F, qPrintable(QString::number(apart)));
        QCOMPARE(bytesOf(half + "/training.safetensors"), bytesOf(full + "/training.safetensors"));

        QCOMPARE(runProgram({ "train", "--resume", half, "--save-as", "f32" }).exitCode, 0);
        QCOMPARE(bytesOf(half + "/model.safetensors"), bytesOf(full + "/model.safetensors"));
        QCOMPARE(runProgram({ "train", "--resume", full, "--save-as", "f16" }).exitCode, 0);
        QCOMPARE(QFileInfo(full + "/model.safetensors").size(), size);
    }

    void logHasALineForEachStep()
    {
        const QString log = newFolder() + ".csv";
        const ProgramResult result = runProgram(smallRecall
            + QStringList { "--compute", "lstm", "--steps", "12", "--judge-every", "5", "--log",
                log, "-o", newFolder() });
        QCOMPARE(result.exitCode, 0);
        const QList<QByteArray> lines = linesOf(log);
        QCOMPARE(lines.size(), 13);
        QCOMPARE(lines.front(),
            QByteArray("step,loss,gradient_norm,learning_rate,tokens,seconds,tokens_per_s,"
                       "held_out_loss,bytes_moved,consolidation_share,copies_apart,copy_losses"));
        for (int step = 1; step <= 12; ++step) {
            const QList<QByteArray> fields = lines[step].split(',');
            QCOMPARE(fields.size(), 12);
            QCOMPARE(fields[0].toInt(), step);
            QVERIFY(fields[1].toDouble() > 0 && fields[2].toDouble() > 0);
            QCOMPARE(fields[4].toInt(), step * 8 * (2 * 5 + 3)); // rows · tokens of two pairs
            QCOMPARE(!fields[7].isEmpty(), step % 5 == 0 || step == 12);
            QCOMPARE(!fields[8].isEmpty(), step == 10);
        }
    }

    void tellsHowFarOtherGradientsAre()
    {
        const QString chrome = newFolder() + ".json";
        const ProgramResult result = runProgram(smallRecall
            + QStringList { "--compute", "attention", "--steps", "1", "--check", "--chrome", chrome,
                "-o", newFolder() });
        QCOMPARE(result.exitCode, 0);
        const QList<QByteArray> lines = result.output.split('\n');
        QCOMPARE(lines.size(), 5);
        QVERIFY2(lines[1].contains(" 0 of "), lines[1]);
        QVERIFY2(!lines[2].contains(" 0 of ") && lines[2].contains("by at most"), lines[2]);
        const QByteArray spans = bytesOf(chrome);
        for (const char* operation : { "block", "loss", "block-backward", "weight-gradients",
                 "reduction", "embedding-gradients", "gradient-norm", "update" })
            QVERIFY2(spans.contains('"' + QByteArray(operation)), operation);
    }

    void endsOnceTheLossIsReached()
    {
        const QString log = newFolder() + ".csv";
        const ProgramResult result = runProgram(smallRecall
            + QStringList { "--compute", "lstm", "--steps", "100000", "--until-loss", "2.25",
                "--log", log, "-o", newFolder() });
        QCOMPARE(result.exitCode, 0);
        const QList<QByteArray> lines = linesOf(log);
        QVERIFY(lines.size() > 20 && lines.size() < 10000);
        QVERIFY(result.errors.startsWith(QByteArray::number(lines.size() - 1) + " steps"));
    }

    void textIsLearned()
    {
        const QString corpus = newFolder() + ".txt";
        QFile file(corpus);
        QVERIFY(file.open(QIODevice::WriteOnly));
        for (int i = 0; i < 60; ++i)
            file.write("The first state has the power. The other has the money.\n"
                       "<|endoftext|>\n"
                + QByteArray::number(i) + " states.\n<|endoftext|>\n");
        file.close();
        const QString log = newFolder() + ".csv";
        const ProgramResult result = runProgram({ "train", "--compute", "attention", "--corpus",
            corpus, "--length", "16", "--batch", "4", "--width", "32", "--layers", "1", "--heads",
            "2", "--steps", "60", "--log", log, "-o", newFolder() });
        QVERIFY2(result.exitCode == 0, result.errors);
        const QList<QByteArray> lines = linesOf(log);
        QVERIFY(lines.last().split(',')[1].toDouble() < 0.6 * lines[1].split(',')[1].toDouble());
    }

    void goesOnWithTheSameBits_data()
    {
        QTest::addColumn<QString>("averageEvery");
        QTest::newRow("one model") << QString();
        QTest::newRow("copies") << QStringLiteral("4");
    }
    void goesOnWithTheSameBits()
    {
        QFETCH(QString, averageEvery);
        QStringList options = smallRecall + QStringList { "--compute", "lstm", "--steps", "1500" };
        if (!averageEvery.isEmpty())
            options += { "--average-every", averageEvery };
        const QString whole = newFolder();
        QCOMPARE(runProgram(options + QStringList { "-o", whole, "--threads", "1" }).exitCode, 0);

        const QString parted = newFolder();
        const QString log = parted + ".csv";
        QProcess process;
        process.start(TIMESTEP_PROGRAM,
            options + QStringList { "-o", parted, "--threads", "2", "--log", log });
        QTRY_VERIFY_WITH_TIMEOUT(QFile(log).size() > 2000, 60000);
        const auto running = static_cast<pid_t>(process.processId());
        QVERIFY(running > 0); // or it would be the whole group of processes
        ::kill(running, SIGINT);
        const ProgramResult interrupted = finishedProgram(process);
        QCOMPARE(interrupted.exitCode, 1);
        QVERIFY2(interrupted.errors.contains("--resume"), interrupted.errors);
        QVERIFY(linesOf(log).size() < 1501);

        const ProgramResult resumed
            = runProgram({ "train", "--resume", parted, "--threads", "3", "--log", log });
        QVERIFY2(resumed.exitCode == 0, resumed.errors);
        QCOMPARE(bytesOf(parted + "/model.safetensors"), bytesOf(whole + "/model.safetensors"));
        QCOMPARE(linesOf(log).size(), 1501); // each step once
        QVERIFY(QDir(parted).entryList({ "*.part*" }).isEmpty());
    }

    void goesOnWithTheSameWindow()
    {
        const QString folder = newFolder();
        const QStringList options = smallRecall
            + QStringList { "--compute", "attention", "--attention-window", "5", "--steps", "4" };
        QCOMPARE(runProgram(options + QStringList { "-o", folder }).exitCode, 0);
        QCOMPARE(runProgram({ "train", "--resume", folder, "--steps", "8" }).exitCode, 0);
        QCOMPARE(loadModel(folder.toStdString())->shape.attentionWindow, 5);
        const ProgramResult changed
            = runProgram({ "train", "--resume", folder, "--attention-window", "6" });
        QCOMPARE(changed.exitCode, 2);
    }

    void keepsTheLastGoodStepWhereGradientsAreNoNumbers()
    {
        const QString folder = newFolder();
        const ProgramResult result = runProgram(smallRecall
            + QStringList { "--compute", "attention", "--learning-rate", "100", "--clip", "0",
                "--warm-up", "0", "--steps", "2000", "--save-every", "1", "-o", folder });
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine(), result.errors);
        QVERIFY(result.errors.contains("no finite numbers"));
        QVERIFY(result.errors.contains("is kept in"));
        loadModel(folder.toStdString()); // refuses what is not finite
        QVERIFY(QFile::exists(folder + "/training.safetensors"));
    }

    void wrongUseIsTold_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("named");
        const auto row
            = [](const char* name, const QStringList& arguments, int code, const char* named) {
                  QTest::newRow(name) << arguments << code << QByteArray(named);
              };
        row("nothing", {}, 2, "-o DIR");
        row("no compute", { "-o", "x" }, 2, "--compute");
        row("no corpus", { "--compute", "lstm", "-o", "x" }, 2, "--corpus");
        row("a number format that there is not",
            { "--task", "recall", "--compute", "lstm", "--save-as", "f8", "-o", "x" }, 2, "f8");
        row("no such corpus", { "--compute", "lstm", "--corpus", "/none", "-o", "x" }, 1, "/none");
        row("heads of an LSTM",
            { "--task", "recall", "--compute", "lstm", "--heads", "2", "-o", "x" }, 2, "--heads");
        row("a window of an LSTM",
            { "--task", "recall", "--compute", "lstm", "--attention-window", "8", "-o", "x" }, 2,
            "--attention-window");
        row("a window of nothing",
            { "--task", "recall", "--compute", "attention", "--attention-window", "0", "-o", "x" },
            2, "--attention-window");
        row("heads that do not part the width",
            { "--task", "recall", "--compute", "attention", "--width", "33", "--heads", "2", "-o",
                "x" },
            2, "33");
        row("an embedding of another width, tied",
            { "--task", "recall", "--compute", "lstm", "--embedding", "9", "-o", "x" }, 2,
            "--untied");
        row("a corpus for recall",
            { "--task", "recall", "--compute", "lstm", "--corpus", "x", "-o", "x" }, 2, "--corpus");
        row("more sub-batches than rows",
            { "--task", "recall", "--compute", "lstm", "--batch", "2", "--sub-batches", "3", "-o",
                "x" },
            2, "--sub-batches");
        row("a learning rate that is no number",
            { "--task", "recall", "--compute", "lstm", "--learning-rate", "fast", "-o", "x" }, 2,
            "fast");
        row("attention by hidden units",
            { "--task", "recall", "--compute", "attention", "--strategy", "hidden-split", "-o",
                "x" },
            2, "attention");
        row("a width beside a model",
            { "--task", "recall", "--begin-with", "untrained-lstm", "--width", "9", "-o", "x" }, 2,
            "--width");
        row("a model of another vocabulary",
            { "--task", "recall", "--begin-with", "untrained-lstm", "-o", "x" }, 1, "vocabulary");
        row("a window of an LSTM",
            { "--task", "recall", "--begin-with", "recall-lstm", "--attention-window", "9", "-o",
                "x" },
            2, "--attention-window");
        row("too few keys of one letter",
            { "--task", "recall", "--compute", "lstm", "--keys", "one-letter", "--max-pairs", "11",
                "-o", "x" },
            2, "--keys one-letter");
        row("no such start",
            { "--task", "recall", "--compute", "attention", "--start", "warm", "-o", "x" }, 2,
            "--start");
        row("no such model", { "--task", "recall", "--begin-with", "/none", "-o", "x" }, 1,
            "/none");
        row("nothing to resume", { "--resume", "/none" }, 1, "/none");
    }
    void wrongUseIsTold()
    {
        QFETCH(QStringList, arguments);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, named);
        const ProgramResult result = runProgram(QStringList { "train" } + arguments);
        QCOMPARE(result.exitCode, exitCode);
        QVERIFY2(result.oneErrorLine(), result.errors);
        QVERIFY2(result.errors.contains(named), result.errors);
        QVERIFY(!QFile::exists("x"));
    }

    void aLogMayBeADevice()
    {
        const QStringList options
            = smallRecall + QStringList { "--compute", "lstm", "--steps", "1" };
        QCOMPARE(
            runProgram(options + QStringList { "--log", "/dev/null", "-o", newFolder() }).exitCode,
            0);
        QVERIFY(!QFileInfo("/dev/null").isFile());
        const ProgramResult full
            = runProgram(options + QStringList { "--log", "/dev/full", "-o", newFolder() });
        QCOMPARE(full.exitCode, 1);
        QVERIFY2(full.oneErrorLine() && full.errors.contains("/dev/full"), full.errors);
    }

    void aFolderInUseIsNotWrittenOver()
    {
        const QString folder = newFolder();
        const QStringList options
            = smallRecall + QStringList { "--compute", "lstm", "--steps", "2", "-o", folder };
        QCOMPARE(runProgram(options).exitCode, 0);
        const QByteArray before = bytesOf(folder + "/model.safetensors");
        const ProgramResult again = runProgram(options);
        QCOMPARE(again.exitCode, 1);
        QVERIFY(again.errors.contains("--resume"));
        QCOMPARE(bytesOf(folder + "/model.safetensors"), before);
        // What the training is, is settled.
        QCOMPARE(runProgram({ "train", "--resume", folder, "--batch", "3" }).exitCode, 2);
    }

private:
    QString newFolder() { return m_folder.filePath(QString::number(m_folders++)); }

    static QByteArray bytesOf(const QString& path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll()
                                              : QByteArray("no file ") + path.toUtf8();
    }

    static QList<QByteArray> linesOf(const QString& path)
    {
        QList<QByteArray> lines = bytesOf(path).split('\n');
        lines.removeLast();
        return lines;
    }

    QTemporaryDir m_folder;
    int m_folders = 0;
};

QTEST_GUILESS_MAIN(TrainCommandTest)
#include "tst_train_command.moc"
