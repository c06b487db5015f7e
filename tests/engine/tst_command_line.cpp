// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/program.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

/// What scripts rely on: options, exit codes, one line of error, whole files or none.
class CommandLineTest : public QObject
{
    Q_OBJECT
private slots:
    void helpListsEveryOption_data()
    {
        QTest::addColumn<QString>("command");
        QTest::addColumn<QStringList>("options");
        const QStringList everywhere { "--kernel", "--seed", "--memory", "--help" };
        const QStringList cell { "--compute", "--model", "--pass", "--lengths", "--batches",
            "--width", "--heads", "--layers", "--threads", "--strategy", "--sub-batches" };
        QTest::newRow("window") << ""
                                << everywhere + QStringList { "--model", "--text", "--text-file" };
        QTest::newRow("bench") << "bench"
                               << everywhere + cell
                + QStringList { "--repeats", "--csv", "--json" };
        QTest::newRow("trace") << "trace"
                               << everywhere + cell + QStringList { "--json", "--chrome" };
        QTest::newRow("inspect") << "inspect"
                                 << everywhere
                + QStringList { "--text", "--text-file", "--model", "--top", "--logits", "--causal",
                      "--window", "--json" };
        QTest::newRow("evaluate") << "evaluate"
                                  << everywhere
                + QStringList { "--task", "--corpus", "--length", "--prompts", "--min-pairs",
                      "--max-pairs", "--batch", "--threads", "--json" };
        QTest::newRow("models") << "models" << everywhere + QStringList { "--model" };
        QTest::newRow("learn-vocabulary")
            << "learn-vocabulary" << everywhere + QStringList { "--corpus", "--merges", "-o" };
        QTest::newRow("render") << "render"
                                << everywhere
                + QStringList { "--view", "--text", "--text-file", "--model", "--window-length",
                      "--size", "--theme", "--time", "-o" };
    }
    void helpListsEveryOption()
    {
        QFETCH(QString, command);
        QFETCH(QStringList, options);
        const ProgramResult result
            = runProgram(QStringList(command.split(' ', Qt::SkipEmptyParts)) << "--help");
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.errors, QByteArray());
        const QString text = QString::fromUtf8(result.output);
        for (const QString& option : options)
            QVERIFY2(text.contains("\n  " + option + ' '), qPrintable(option));
    }

    void helpNamesEveryCommand()
    {
        const QByteArray text = runProgram({ "--help" }).output;
        for (const char* const command :
            { "inspect", "bench", "trace", "evaluate", "models", "learn-vocabulary" })
            QVERIFY2(text.contains(QByteArray("\n  ") + command + ' '), command);
    }

    void versionIsPrinted()
    {
        const ProgramResult result = runProgram({ "--version" });
        QCOMPARE(result.exitCode, 0);
        QVERIFY(result.output.startsWith("timestep "));
        QCOMPARE(result.output.count('\n'), 1);
    }

    void wrongUseIsToldInOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("told"); // what the line names
        const QStringList bench { "bench", "--compute", "lstm" };
        QTest::newRow("unknown command") << QStringList { "dance" } << "dance";
        QTest::newRow("unknown option of the window") << QStringList { "--dance" } << "--dance";
        QTest::newRow("unknown option") << (bench + QStringList { "--dance" }) << "--dance";
        QTest::newRow("an option's prefix")
            << (bench + QStringList { "--length", "1" }) << "--length";
        QTest::newRow("a word too many") << QStringList { "bench", "lstm" } << "lstm";
        QTest::newRow("value missing") << (bench + QStringList { "--width" }) << "--width";
        QTest::newRow("not a number") << (bench + QStringList { "--width", "12x" }) << "12x";
        QTest::newRow("number too small") << (bench + QStringList { "--lengths", "8,0" }) << "'0'";
        QTest::newRow("number beyond 64 bits")
            << (bench + QStringList { "--seed", "99999999999999999999" }) << "99999999999999999999";
        QTest::newRow("list with a gap")
            << (bench + QStringList { "--threads", "1,,2" }) << "--threads";
        QTest::newRow("list with a comma too many")
            << (bench + QStringList { "--batches", "1," }) << "--batches";
        QTest::newRow("empty value") << (bench + QStringList { "--lengths", "" }) << "--lengths";
        QTest::newRow("given twice")
            << (bench + QStringList { "--width", "8", "--width", "9" }) << "twice";
        QTest::newRow("unknown compute") << QStringList { "bench", "--compute", "gru" } << "gru";
        QTest::newRow("unknown strategy")
            << (bench + QStringList { "--strategy", "magic" }) << "magic";
        QTest::newRow("unknown kernel") << (bench + QStringList { "--kernel", "mmx" }) << "mmx";
        QTest::newRow("strategy that does not suit")
            << (bench + QStringList { "--strategy", "query-block" }) << "query-block";
        QTest::newRow("a wavefront of one step")
            << (bench + QStringList { "--pass", "generation", "--strategy", "layer-wavefront" })
            << "layer-wavefront";
        QTest::newRow("attention trained by heads") << QStringList {
            "bench", "--compute", "attention", "--pass", "training", "--strategy", "head"
        } << "does not train attention: sequential and sub-batch";
        QTest::newRow("heads that do not divide the width") << QStringList { "bench", "--compute",
            "attention", "--width", "10", "--heads", "4" } << "--heads";
        QTest::newRow("neither layers nor model") << QStringList { "bench" } << "--compute";
        QTest::newRow("layers and model")
            << (bench + QStringList { "--model", "lstm" }) << "--model";
        QTest::newRow("two outputs on one stream")
            << (bench + QStringList { "--csv", "-", "--json", "-" }) << "--json";
        QTest::newRow("trace of two cells") << QStringList { "trace", "--compute", "lstm",
            "--lengths", "8,16" } << "one value for --lengths";
        QTest::newRow("trace of two computes") << QStringList { "trace", "--compute", "lstm",
            "--compute", "attention" } << "one value for --compute";
        QTest::newRow("corpus missing")
            << QStringList { "learn-vocabulary", "--merges", "3" } << "--corpus";
        QTest::newRow("a line break in a name") << QStringList { "one\ntwo" } << "one two";
    }
    void wrongUseIsToldInOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, told);
        const ProgramResult result = runProgram(arguments);
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(result.output, QByteArray());
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains(told.toUtf8()), result.errors.constData());
        QVERIFY2(result.errors.contains("--help"), result.errors.constData());
    }

    void failedWorkIsToldInOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QString>("told");
        const QStringList bench { "bench", "--compute", "lstm", "--repeats", "1" };
        QTest::newRow("memory budget")
            << (bench + QStringList { "--memory", "1000" }) << "--memory";
        QTest::newRow("no such folder")
            << (bench + QStringList { "--csv", "/nowhere/at/all.csv" }) << "/nowhere/at/all.csv";
        QTest::newRow("no such model")
            << QStringList { "bench", "--model", "/nowhere" } << "/nowhere";
        QTest::newRow("corpus that cannot be read") << QStringList { "learn-vocabulary", "--corpus",
            "/nowhere", "--merges", "1", "-o", "x" } << "/nowhere";
    }
    void failedWorkIsToldInOneLine()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QString, told);
        const ProgramResult result = runProgram(arguments);
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.output, QByteArray());
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains(told.toUtf8()), result.errors.constData());
    }

    /// Whatever the program is asked to do: before it begins, and before a window opens.
    void unknownKernelInTheEnvironmentIsRefused_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("window") << QStringList();
        QTest::newRow("inspect") << QStringList { "inspect", "--text", "a" };
        QTest::newRow("bench") << smallBench();
        QTest::newRow("trace") << QStringList { "trace", "--compute", "lstm" };
        QTest::newRow("render") << QStringList { "render", "-o", "never.png" };
    }
    void unknownKernelInTheEnvironmentIsRefused()
    {
        QFETCH(QStringList, arguments);
        const QTemporaryDir folder;
        QProcess process;
        process.setWorkingDirectory(folder.path());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("TIMESTEP_KERNEL", "bogus");
        environment.insert("QT_QPA_PLATFORM", "offscreen");
        process.setProcessEnvironment(environment);
        process.start(TIMESTEP_PROGRAM, arguments);
        const ProgramResult result = finishedProgram(process);
        QCOMPARE(result.exitCode, 1);
        QCOMPARE(result.output, QByteArray());
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains("TIMESTEP_KERNEL names \"bogus\", which is unknown"),
            result.errors.constData());
        QVERIFY(QDir(folder.path()).isEmpty());
    }

    void fullDiskIsToldAndLeavesNoFile()
    {
        if (!QFile::exists("/dev/full"))
            QSKIP("this system has no /dev/full");
        const ProgramResult result = runProgram(smallBench() << "--csv"
                                                             << "/dev/full");
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY(QFile::exists("/dev/full"));
    }

    void outputReplacesAFileAndKeepsALink()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath("points.csv"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("old");
        file.close();
        QVERIFY(QFile::link("points.csv", folder.filePath("link.csv")));
        QCOMPARE(runProgram(smallBench() << "--csv" << folder.filePath("link.csv")).exitCode, 0);
        QVERIFY(QFileInfo(folder.filePath("link.csv")).isSymLink());
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(file.readLine().startsWith("compute,pass,"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), 2);
    }

    void interruptLeavesNoFile_data()
    {
        QTest::addColumn<int>("signal");
        QTest::addColumn<QStringList>("arguments");
        // Long enough never to end by itself within the test's patience.
        const QStringList longBench { "bench", "--compute", "lstm", "attention", "--lengths", "512",
            "--repeats", "1000000", "--csv" };
        QTest::newRow("Ctrl-C while measuring") << SIGINT << longBench;
        QTest::newRow("kill while measuring") << SIGTERM << longBench;
    }
    void interruptLeavesNoFile()
    {
        QFETCH(int, signal);
        QFETCH(QStringList, arguments);
        const QTemporaryDir folder;
        QProcess process;
        process.start(TIMESTEP_PROGRAM, arguments << folder.filePath("out"));
        // The unfinished file tells that the work has begun.
        QTRY_VERIFY_WITH_TIMEOUT(!QDir(folder.path()).isEmpty(), 60000);
        ::kill(static_cast<pid_t>(process.processId()), signal);
        const ProgramResult result = finishedProgram(process);
        QCOMPARE(result.exitCode, 1);
        QVERIFY2(result.oneErrorLine(), result.errors.constData());
        QVERIFY2(result.errors.contains("interrupted"), result.errors.constData());
        QVERIFY(QDir(folder.path()).isEmpty());
    }

private:
    static QStringList smallBench()
    {
        return { "bench", "--compute", "lstm", "--lengths", "4", "--batches", "1", "--width", "16",
            "--threads", "1", "--repeats", "1" };
    }
};

QTEST_GUILESS_MAIN(CommandLineTest)
#include "tst_command_line.moc"
