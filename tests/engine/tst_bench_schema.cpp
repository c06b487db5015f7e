// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/program.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

using Json = nlohmann::json;

/// The columns and keys that scripts read.
class BenchSchemaTest : public QObject
{
    Q_OBJECT
private slots:
    void csvHasThePromisedColumns()
    {
        const QList<QByteArray> lines = csvLines(smallBench() << "--csv"
                                                              << "-");
        QCOMPARE(lines.first(), QByteArray(header));
        QCOMPARE(lines.size(), 1 + 8); // two lengths, two batches, two numbers of threads
        for (const QByteArray& line : lines.mid(1)) {
            const QMap<QByteArray, QByteArray> row = columns(line);
            for (const char* const name :
                { "length", "batch", "sub_batches", "width", "heads", "layers", "threads",
                    "repeats", "median_ms", "min_ms", "p90_ms", "gflops", "peak_gflops", "flops",
                    "parameters", "state_bytes", "peak_bytes", "speedup_bound", "max_error" }) {
                bool isNumber = false;
                row[name].toDouble(&isNumber);
                QVERIFY2(isNumber, name);
            }
            QCOMPARE(row["compute"], QByteArray("attention-causal"));
            QCOMPARE(row["pass"], QByteArray("inference"));
            QCOMPARE(row["strategy"], QByteArray("sub-batch"));
            const double length = row["length"].toDouble();
            const double batch = row["batch"].toDouble();
            const double width = 32;
            QCOMPARE(row["flops"].toDouble(),
                batch * (8 * length * width * width + 4 * width * length * (length + 1) / 2));
            QCOMPARE(row["state_bytes"].toDouble(), 8 * batch * length * width);
            QCOMPARE(row["parameters"].toDouble(), 4 * (width * width + width));
            QCOMPARE(row["sub_batches"].toDouble(), std::min(2.0, batch));
            const double gflops = row["flops"].toDouble() / row["median_ms"].toDouble() / 1e6;
            QVERIFY(std::abs(row["gflops"].toDouble() - gflops) < 1e-5 * gflops);
            QVERIFY(row["min_ms"].toDouble() <= row["median_ms"].toDouble());
            QVERIFY(row["median_ms"].toDouble() <= row["p90_ms"].toDouble());
        }
    }

    void csvTellsHowFarTheRepeatsAgree()
    {
        const QList<QByteArray> lines = csvLines(smallBench("5") << "--csv"
                                                                 << "-");
        for (const QByteArray& line : lines.mid(1)) {
            const QMap<QByteArray, QByteArray> row = columns(line);
            const double median = row["median_ms"].toDouble();
            for (const auto& [lower, upper] : { std::pair("lower_quartile_ms", "upper_quartile_ms"),
                     std::pair("median_lower_ms", "median_upper_ms") }) {
                QVERIFY2(row[lower].toDouble() > 0, line.constData());
                QVERIFY2(row[lower].toDouble() <= median, line.constData());
                QVERIFY2(median <= row[upper].toDouble(), line.constData());
            }
            const int disturbed = row["disturbed_repeats"].toInt();
            QVERIFY2(disturbed >= 0 && disturbed <= 5, line.constData());
            QCOMPARE(row["disturbed"], QByteArray(disturbed > 1 ? "yes" : "no"));
            QVERIFY2(row["read_gbps"].toDouble() > 0, line.constData());
        }
    }

    void fewRepeatsHaveNoIntervalOfTheMedian()
    {
        const QList<QByteArray> lines = csvLines(smallBench() << "--csv"
                                                              << "-");
        for (const QByteArray& line : lines.mid(1)) {
            const QMap<QByteArray, QByteArray> row = columns(line);
            QCOMPARE(row["repeats"], QByteArray("2"));
            QCOMPARE(row["median_lower_ms"], QByteArray());
            QCOMPARE(row["median_upper_ms"], QByteArray());
        }
    }

    void generationIsOneTokenMore_data()
    {
        QTest::addColumn<QString>("compute");
        for (const char* const compute : { "lstm", "attention", "attention-causal" })
            QTest::newRow(compute) << compute;
    }
    void generationIsOneTokenMore()
    {
        QFETCH(QString, compute);
        const QList<QByteArray> lines = csvLines({ "bench", "--compute", compute, "--pass",
            "generation", "--lengths", "0,20", "--batches", "3", "--width", "32", "--layers", "2",
            "--threads", "1,2", "--repeats", "2", "--csv", "-" });
        QCOMPARE(lines.first(), QByteArray(header));
        QCOMPARE(lines.size(), 1 + 4);
        for (const QByteArray& line : lines.mid(1)) {
            const QMap<QByteArray, QByteArray> row = columns(line);
            const double seen = row["length"].toDouble() + 1;
            const bool lstm = compute == "lstm";
            QCOMPARE(row["pass"], QByteArray("generation"));
            QCOMPARE(row["compute"], compute.toUtf8());
            QCOMPARE(row["flops"].toDouble(),
                2 * 3 * 8.0 * 32 * (lstm ? 2 * 32 : 32) + (lstm ? 0 : 2 * 3 * 4 * seen * 32));
            QCOMPARE(row["state_bytes"].toDouble(), 8 * 2 * 3 * 32 * (lstm ? 1 : seen));
            QVERIFY(row["peak_bytes"].toDouble() >= row["state_bytes"].toDouble());
            QVERIFY(row["median_ms"].toDouble() > 0);
            QVERIFY2(row["max_error"].toDouble() < 1e-5, line.constData());
            QVERIFY2(row["max_error"].toDouble() > 0, line.constData());
        }
    }

    void everyStrategyTrainsAnLstm()
    {
        for (const QByteArray strategy :
            { "sequential", "sub-batch", "hidden-split", "layer-wavefront" }) {
            const QList<QByteArray> lines = csvLines({ "bench", "--compute", "lstm", "--pass",
                "training", "--lengths", "20", "--batches", "3", "--width", "48", "--layers", "2",
                "--threads", "2", "--strategy", strategy, "--repeats", "2", "--csv", "-" });
            QCOMPARE(lines.size(), 2);
            const QMap<QByteArray, QByteArray> row = columns(lines[1]);
            QCOMPARE(row["strategy"], strategy);
            QCOMPARE(row["speedup_bound"].toDouble() > 1, strategy != "sequential");
            QVERIFY2(row["max_error"].toDouble() < 1e-5, lines[1].constData());
        }
    }

    void trainingIsForwardBackAndTheSum_data() { generationIsOneTokenMore_data(); }
    void trainingIsForwardBackAndTheSum()
    {
        QFETCH(QString, compute);
        const QList<QByteArray> lines = csvLines({ "bench", "--compute", compute, "--pass",
            "training", "--lengths", "20", "--batches", "3", "--width", "32", "--layers", "2",
            "--sub-batches", "2", "--threads", "1,2", "--repeats", "2", "--csv", "-" });
        QCOMPARE(lines.size(), 1 + 2);
        for (const QByteArray& line : lines.mid(1)) {
            const QMap<QByteArray, QByteArray> row = columns(line);
            const bool lstm = compute == "lstm";
            QCOMPARE(row["pass"], QByteArray("training"));
            QCOMPARE(row["sub_batches"], QByteArray("2"));
            const double pairs = compute == "attention" ? 400 : 210;
            const double forward = lstm ? 2 * 8.0 * 3 * 20 * 32 * (32 + 32)
                                        : 2 * 3 * (8.0 * 20 * 32 * 32 + 4 * pairs * 32);
            const double sums = lstm ? 2 * 128 * (32 + 32 + 1) : 2 * (4 * 32 * 32 + 4 * 32);
            QCOMPARE(row["flops"].toDouble(), 3 * forward + sums);
            QCOMPARE(row["state_bytes"].toDouble(),
                lstm ? 24.0 * 2 * 3 * 20 * 32
                     : 4.0 * 2 * 3 * 20 * (4 * 32 + 4) + 4.0 * 3 * 20 * 32);
            QVERIFY(row["peak_bytes"].toDouble() >= row["state_bytes"].toDouble());
            QVERIFY2(row["max_error"].toDouble() < 1e-5, line.constData());
            QVERIFY2(row["max_error"].toDouble() > 0, line.constData());
        }
    }

    void modelsGenerateAfterTheText()
    {
        const QList<QByteArray> lines = csvLines({ "bench", "--model", "untrained-lstm",
            "untrained-attention", "--pass", "generation", "--text", "one two three", "--lengths",
            "24", "--batches", "2", "--threads", "1", "--repeats", "1", "--csv", "-" });
        QCOMPARE(lines.size(), 3);
        for (const QByteArray& line : lines.mid(1)) {
            QCOMPARE(columns(line)["pass"], QByteArray("generation"));
            QVERIFY2(columns(line)["max_error"].toDouble() < 1e-4, line.constData());
            QVERIFY2(columns(line)["max_error"].toDouble() > 0, line.constData());
        }
    }

    void jsonHasTheColumnsOfTheCsvAndTheMachine()
    {
        const ProgramResult result = runProgram(smallBench() << "--json"
                                                             << "-");
        QCOMPARE(result.exitCode, 0);
        const Json points = Json::parse(result.output.toStdString());
        QCOMPARE(points.size(), std::size_t(8));
        for (const Json& point : points) {
            for (const QByteArray& name : QByteArray(header).split(','))
                QVERIFY2(point.contains(name.toStdString()), name.constData());
            QVERIFY(point["length"].is_number_integer());
            QVERIFY(point["median_ms"].is_number());
            QVERIFY(point["median_lower_ms"].is_null()); // of two repeats
            QVERIFY(point["disturbed"].is_boolean());
            QVERIFY(point["kernel"].is_string());
            QCOMPARE(point["median_interval_ms"].size(), std::size_t(2));
            QVERIFY(point["lower_quartile_ms"] <= point["upper_quartile_ms"]);
            QVERIFY(
                point["disturbed_repeats"] >= 0 && point["disturbed_repeats"] <= point["repeats"]);
            QVERIFY(point["read_gbps"] > 0);
            QVERIFY(point["machine"]["processor"].is_string());
            QVERIFY(point["machine"]["cores"] >= 1);
            QVERIFY(point["machine"]["version"].is_string());
        }
    }

    void everyKernelOfThisMachineIsNamedInItsRow_data()
    {
        QTest::addColumn<QString>("kernel");
        for (const char* const kernel : { "reference", "sse4", "avx2", "avx512", "neon" })
            QTest::newRow(kernel) << kernel;
    }
    void everyKernelOfThisMachineIsNamedInItsRow()
    {
        QFETCH(QString, kernel);
        const ProgramResult result = runProgram(tinyBench() << "--kernel" << kernel << "--csv"
                                                            << "-");
        if (result.exitCode == 1) {
            QVERIFY2(result.oneErrorLine(), result.errors.constData());
            QVERIFY2(result.errors.contains(kernel.toUtf8()), result.errors.constData());
            QSKIP("not on this machine");
        }
        QCOMPARE(result.exitCode, 0);
        const QMap<QByteArray, QByteArray> row = columns(result.output.split('\n').at(1));
        QCOMPARE(row["kernel"], kernel.toUtf8());
        QVERIFY2(row["max_error"].toDouble() < 1e-5, row["max_error"].constData());
    }

    void modelsAreTimedOnTheText()
    {
        const QList<QByteArray> lines = csvLines({ "bench", "--model", "untrained-lstm",
            "untrained-attention", "--text", "one two three", "--lengths", "24", "--batches", "2",
            "--threads", "1", "--repeats", "1", "--csv", "-" });
        QCOMPARE(lines.size(), 3);
        QCOMPARE(columns(lines[1])["compute"], QByteArray("untrained-lstm"));
        QCOMPARE(columns(lines[2])["compute"], QByteArray("untrained-attention"));
        for (const QByteArray& line : lines.mid(1)) {
            QVERIFY(columns(line)["parameters"].toDouble() > 1e6);
            QVERIFY2(columns(line)["max_error"].toDouble() < 1e-4, line.constData());
        }
    }

    void severalOutputsAtOnce()
    {
        const QTemporaryDir folder;
        const ProgramResult result
            = runProgram(tinyBench() << "--csv" << folder.filePath("points.csv") << "--json"
                                     << "-");
        QCOMPARE(result.exitCode, 0);
        QVERIFY(Json::parse(result.output.toStdString()).is_array());
        QFile csv(folder.filePath("points.csv"));
        QVERIFY(csv.open(QIODevice::ReadOnly));
        QCOMPARE(csv.readLine().trimmed(), QByteArray(header));
    }

    void tableForPeopleHasALineForEachPoint()
    {
        const ProgramResult result = runProgram(smallBench() << "--kernel"
                                                             << "reference");
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.errors, QByteArray());
        QVERIFY2(result.output.startsWith("kernel reference\ncompute"), result.output.constData());
        QCOMPARE(result.output.count('\n'), 2 + 8);
    }

private:
    static constexpr const char* header = "compute,pass,strategy,length,batch,sub_batches,width,"
                                          "heads,layers,threads,kernel,repeats,median_ms,"
                                          "min_ms,p90_ms,gflops,peak_gflops,flops,parameters,state_"
                                          "bytes,peak_bytes,speedup_bound,max_error,"
                                          "lower_quartile_ms,upper_quartile_ms,median_lower_ms,"
                                          "median_upper_ms,disturbed_repeats,disturbed,read_gbps";

    static QStringList smallBench(const QString& repeats = QStringLiteral("2"))
    {
        return { "bench", "--compute", "attention-causal", "--lengths", "8,20", "--batches", "1,3",
            "--width", "32", "--threads", "1,2", "--strategy", "sub-batch", "--sub-batches", "2",
            "--repeats", repeats };
    }

    static QStringList tinyBench()
    {
        return { "bench", "--compute", "lstm", "--lengths", "9", "--batches", "2", "--width", "20",
            "--threads", "1", "--repeats", "1" };
    }

    static QList<QByteArray> csvLines(const QStringList& arguments)
    {
        const ProgramResult result = runProgram(arguments);
        if (result.exitCode != 0)
            qWarning("%s", result.errors.constData());
        return result.output.trimmed().split('\n');
    }

    static QMap<QByteArray, QByteArray> columns(const QByteArray& line)
    {
        const QList<QByteArray> names = QByteArray(header).split(',');
        const QList<QByteArray> values = line.split(',');
        QMap<QByteArray, QByteArray> row;
        for (qsizetype column = 0; column < std::min(names.size(), values.size()); ++column)
            row[names[column]] = values[column];
        return row;
    }
};

QTEST_GUILESS_MAIN(BenchSchemaTest)
#include "tst_bench_schema.moc"
