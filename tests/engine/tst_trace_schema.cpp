// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/program.h"

#include <QSet>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>

using Json = nlohmann::json;

/// The trace that scripts and Perfetto read: every field, and that the fields agree.
class TraceSchemaTest : public QObject
{
    Q_OBJECT
private slots:
    void tracesAreWhole_data()
    {
        QTest::addColumn<QString>("compute");
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QStringList>("operations"); // all that may appear
        const QStringList lstm { "input-half", "recurrent-half" };
        QTest::newRow("lstm sequential") << "lstm"
                                         << "sequential" << lstm;
        QTest::newRow("lstm sub-batch") << "lstm"
                                        << "sub-batch" << lstm;
        QTest::newRow("lstm hidden-split") << "lstm"
                                           << "hidden-split" << lstm;
        QTest::newRow("lstm layer-wavefront") << "lstm"
                                              << "layer-wavefront" << lstm;
        const QStringList blocks { "keys-values", "block" };
        QTest::newRow("attention sub-batch") << "attention"
                                             << "sub-batch" << blocks;
        QTest::newRow("attention query-block") << "attention-causal"
                                               << "query-block" << blocks;
        QTest::newRow("attention head")
            << "attention-causal"
            << "head" << QStringList { "keys-values", "attend", "combine" };
    }
    void tracesAreWhole()
    {
        QFETCH(QString, compute);
        QFETCH(QString, strategy);
        QFETCH(QStringList, operations);
        const Json trace = tracedJson(compute, strategy, "--json");
        QCOMPARE(keys(trace), (QSet<QString> { "lanes", "spans", "critical_path" }));
        QVERIFY(trace["lanes"].size() >= 1 && trace["lanes"].size() <= 2);
        for (const Json& lane : trace["lanes"])
            QCOMPARE(keys(lane), (QSet<QString> { "lane", "thread" }));
        const Json& spans = trace["spans"];
        QVERIFY(!spans.empty());
        for (const Json& span : spans) {
            for (const char* const field : { "operation", "layer", "steps", "rows", "lane",
                     "begin_ns", "end_ns", "cpu_ns", "needs" })
                QVERIFY2(span.contains(field), field);
            QVERIFY(operations.contains(QString::fromStdString(span["operation"])));
            QCOMPARE(span.contains("heads"), span["operation"] == "attend");
            QCOMPARE(span.contains("units"), strategy == "hidden-split");
            for (const char* const range : { "steps", "rows", "heads", "units" }) {
                if (span.contains(range))
                    QVERIFY(span[range].size() == 2 && span[range][0] <= span[range][1]);
            }
            QVERIFY(span["rows"][1] < rows && span["steps"][1] < steps);
            QVERIFY(span["lane"] < trace["lanes"].size());
            QVERIFY(0 <= span["begin_ns"] && span["begin_ns"] <= span["end_ns"]);
            QVERIFY(0 <= span["cpu_ns"]);
        }
        lanesDoOneThingAtATime(spans);
        needsEndBeforeWhatNeedsThem(spans);
        everyStepOfEveryRowIsThereOnce(spans);
        criticalPathFollowsNeeds(trace);
    }

    void chromeTraceHasAnEventForEachSpan()
    {
        const Json chrome = tracedJson("lstm", "sub-batch", "--chrome");
        std::size_t complete = 0;
        std::map<int, std::string> names;
        for (const Json& event : chrome["traceEvents"]) {
            QVERIFY(event.contains("ph") && event.contains("pid"));
            if (event["ph"] == "M") {
                if (event["name"] == "thread_name")
                    names[event["tid"]] = event["args"]["name"];
                continue;
            }
            QVERIFY(event["ph"] == "X");
            QVERIFY(event["ts"].is_number() && event["ts"] >= 0.0);
            QVERIFY(event["dur"].is_number() && event["dur"] >= 0.0);
            QVERIFY(names.count(event["tid"]) == 1);
            QVERIFY(event["name"] == "input-half" || event["name"] == "recurrent-half");
            ++complete;
        }
        // Two sub-batches, in each a first and a second half of every chunk of steps.
        QVERIFY(complete >= 4 && complete % 4 == 0);
    }

    void summaryNamesTheLanes()
    {
        const ProgramResult result = runProgram(command("lstm", "sub-batch") << "--kernel"
                                                                             << "reference");
        QCOMPARE(result.exitCode, 0);
        QVERIFY2(result.output.startsWith("kernel reference\n"), result.output.constData());
        QVERIFY(result.output.contains("lane 0"));
        QVERIFY(result.output.contains("critical path"));
    }

    void trainingIsTracedFromFirstStepToTheSum_data()
    {
        QTest::addColumn<QString>("compute");
        QTest::addColumn<QString>("strategy");
        QTest::addColumn<QStringList>("operations"); // all, and nothing else
        const QStringList lstm { "input-half", "recurrent-half", "recurrent-backward",
            "input-backward", "weight-gradients", "reduction" };
        for (const char* strategy : { "auto", "hidden-split", "layer-wavefront" })
            QTest::addRow("lstm %s", strategy) << "lstm" << strategy << lstm;
        QTest::newRow("attention") << "attention"
                                   << "auto"
                                   << QStringList { "keys-values", "block", "block-backward",
                                          "weight-gradients", "reduction" };
    }
    void trainingIsTracedFromFirstStepToTheSum()
    {
        QFETCH(QString, compute);
        QFETCH(QString, strategy);
        QFETCH(QStringList, operations);
        const ProgramResult result = runProgram({ "trace", "--compute", compute, "--pass",
            "training", "--lengths", "20", "--batches", "4", "--width", "32", "--sub-batches", "2",
            "--threads", "2", "--strategy", strategy, "--json", "-" });
        QCOMPARE(result.exitCode, 0);
        const Json trace = Json::parse(result.output.toStdString());
        QSet<QString> found;
        std::int64_t summed = 0;
        for (const Json& span : trace["spans"]) {
            found.insert(QString::fromStdString(span["operation"]));
            const bool sum = span["operation"] == "reduction";
            QCOMPARE(span.contains("parameters"), sum);
            QCOMPARE(span.contains("steps"), !sum);
            QCOMPARE(span.contains("units"), strategy == "hidden-split" && !sum);
            if (sum)
                summed += span["parameters"][1].get<std::int64_t>()
                    - span["parameters"][0].get<std::int64_t>() + 1;
        }
        QCOMPARE(found, (QSet<QString> { operations.begin(), operations.end() }));
        QCOMPARE(summed,
            compute == "lstm" ? std::int64_t { 128 * (32 + 32 + 1) }
                              : std::int64_t { 4 * 32 * 32 + 4 * 32 });
        needsEndBeforeWhatNeedsThem(trace["spans"]);
        criticalPathFollowsNeeds(trace);
    }

private:
    static constexpr int steps = 70; // more than a block of positions and than a chunk of steps
    static constexpr int rows = 3;
    static constexpr int layers = 2;

    static QStringList command(const QString& compute, const QString& strategy)
    {
        return { "trace", "--compute", compute, "--strategy", strategy, "--lengths",
            QString::number(steps), "--batches", QString::number(rows), "--layers",
            QString::number(layers), "--width", "32", "--threads", "2", "--sub-batches", "2" };
    }

    static Json tracedJson(const QString& compute, const QString& strategy, const QString& form)
    {
        const ProgramResult result = runProgram(command(compute, strategy) << form << "-");
        if (result.exitCode != 0)
            qWarning("%s", result.errors.constData());
        return Json::parse(result.output.toStdString());
    }

    static QSet<QString> keys(const Json& object)
    {
        QSet<QString> names;
        for (const auto& [name, value] : object.items())
            names.insert(QString::fromStdString(name));
        return names;
    }

    static void lanesDoOneThingAtATime(const Json& spans)
    {
        std::map<int, std::int64_t> free;
        for (const Json& span : spans) { // by begin
            const int lane = span["lane"];
            QVERIFY(span["begin_ns"] >= free[lane]);
            free[lane] = span["end_ns"];
        }
    }

    static void needsEndBeforeWhatNeedsThem(const Json& spans)
    {
        for (const Json& span : spans) {
            for (const std::size_t needed : span["needs"])
                QVERIFY(spans.at(needed)["end_ns"] <= span["begin_ns"]);
        }
    }

    /// Of the operation that ends a layer's work on a step.
    static void everyStepOfEveryRowIsThereOnce(const Json& spans)
    {
        std::map<std::array<int, 4>, int> times; // layer, row, step, unit slice
        for (const Json& span : spans) {
            const std::string operation = span["operation"];
            if (operation != "recurrent-half" && operation != "block" && operation != "combine")
                continue;
            const int slice = span.contains("units") ? span["units"][0].get<int>() : 0;
            for (int row = span["rows"][0]; row <= span["rows"][1]; ++row)
                for (int step = span["steps"][0]; step <= span["steps"][1]; ++step)
                    ++times[{ span["layer"], row, step, slice }];
        }
        QVERIFY(times.size() >= std::size_t(layers) * rows * steps);
        QVERIFY(times.size() % (std::size_t(layers) * rows * steps) == 0);
        QVERIFY(std::all_of(
            times.begin(), times.end(), [](const auto& entry) { return entry.second == 1; }));
    }

    static void criticalPathFollowsNeeds(const Json& trace)
    {
        const Json& path = trace["critical_path"];
        QVERIFY(!path.empty());
        for (std::size_t index = 1; index < path.size(); ++index) {
            const Json& needs = trace["spans"].at(path[index].get<std::size_t>())["needs"];
            QVERIFY(std::find(needs.begin(), needs.end(), path[index - 1]) != needs.end());
        }
    }
};

QTEST_GUILESS_MAIN(TraceSchemaTest)
#include "tst_trace_schema.moc"
