// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_folder.h"
#include "tests/engine/language_model_cases.h"
#include "tests/program.h"

#include <QFile>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <nlohmann/json.hpp>

using Json = nlohmann::json;
using namespace timestep;

namespace {

/// Reads 20 tokens.
const LanguageModelCase attentionCase { "attention", ModelKind::Attention, 2, 24, 3, 24, true,
    Positions::Learned, 1, 18, 1 };
const LanguageModelCase lstmCase { "LSTM", ModelKind::Lstm, 1, 24, 0, 24, true,
    Positions::Sinusoids, 1, 1, 1 };

const QStringList jobs { "first_token", "induction", "previous_token", "repeated_induction" };

} // namespace

/// What scripts rely on in `timestep evaluate --heads`.
class EvaluateHeadsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        saveModel(*modelOf(attentionCase), file("attention").toStdString());
        saveModel(*modelOf(lstmCase), file("lstm").toStdString());
        write("corpus.txt", QByteArray("She sells sea shells by the sea shore. ").repeated(20));
        write("abc.txt", "abcdefgh");
    }

    void jsonHasThePromisedKeys()
    {
        const Json report = json({ "attention" },
            { "--corpus", file("corpus.txt"), "--length", "16", "--windows", "5", "--seed", "3" });
        QCOMPARE(keys(report),
            QStringList({ "corpus", "documents", "kernel", "length", "models", "seed", "task" }));
        QCOMPARE(report["task"].get<std::string>(), std::string("heads"));
        QCOMPARE(report["length"].get<int>(), 16);
        QCOMPARE(report["seed"].get<int>(), 3);
        const Json& model = report["models"][0];
        QCOMPARE(keys(model),
            QStringList({ "even_spread", "heads", "kind", "name", "parameters", "repeated_tokens",
                "windows" }));
        QCOMPARE(model["windows"].get<int>(), 5);
        QCOMPARE(model["repeated_tokens"].get<int>(), 8);
        QCOMPARE(keys(model["even_spread"]), jobs);
        // 1/2 … 1/16 of 15 positions; 1/9 … 1/16 of the 8 of the second half.
        double ofText = 0, ofRepetition = 0;
        for (int seen = 2; seen <= 16; ++seen)
            (seen > 8 ? ofRepetition : ofText) += 1.0 / seen;
        ofText += ofRepetition;
        for (const char* const job : { "previous_token", "first_token" })
            QVERIFY(std::abs(model["even_spread"][job].get<double>() - ofText / 15) < 1e-9);
        QVERIFY(
            std::abs(model["even_spread"]["repeated_induction"].get<double>() - ofRepetition / 8)
            < 1e-9);
        QCOMPARE(model["heads"].size(), std::size_t { 2 * 3 });
        for (int place = 0; place < 6; ++place) {
            const Json& head = model["heads"][static_cast<std::size_t>(place)];
            QCOMPARE(keys(head),
                QStringList(jobs.mid(0, 1) + QStringList { "head" } + jobs.mid(1, 1)
                    + QStringList { "layer" } + jobs.mid(2)));
            QCOMPARE(head["layer"].get<int>(), place / 3 + 1);
            QCOMPARE(head["head"].get<int>(), place % 3 + 1);
            for (const QString& job : jobs) {
                const double score = head[job.toStdString()];
                QVERIFY(score > 0 && score < 1);
            }
        }
    }

    /// No token of the text occurs twice, so that there is nothing to continue.
    void aJobWithoutPositionsIsLeftOut()
    {
        const Json report = json({ "attention" }, { "--corpus", file("abc.txt") });
        const Json& model = report["models"][0];
        QCOMPARE(report["length"].get<int>(), 20);
        QCOMPARE(model["windows"].get<int>(), 1);
        QVERIFY(!model["heads"][0].contains("induction"));
        QVERIFY(!model["even_spread"].contains("induction"));
        QVERIFY(model["heads"][0].contains("repeated_induction"));
        const Json pairs
            = json({ "attention" }, { "--corpus", file("corpus.txt"), "--length", "3" });
        QVERIFY(!pairs["models"][0]["heads"][0].contains("repeated_induction")); // n would be 1
    }

    void theNumbersDependOnNoThread()
    {
        const auto output = [&](const char* threads) {
            return runProgram(
                { "evaluate", "untrained-attention", "--heads", "--corpus", file("corpus.txt"),
                    "--length", "70", "--json", "-", "--threads", threads })
                .output;
        };
        const QByteArray one = output("1");
        QVERIFY(one.contains("repeated_induction"));
        QCOMPARE(output("3"), one);
    }

    void theBestHeadsAreNamed()
    {
        const ProgramResult result = runProgram({ "evaluate", file("attention"), "--heads",
            "--corpus", file("corpus.txt"), "--length", "16" });
        QCOMPARE(result.exitCode, 0);
        const QRegularExpression best("\nprevious token +layer ([12]) head ([123]): (0\\.\\d{3}) "
                                      "\\(even spread 0\\.159\\)\n");
        const QRegularExpressionMatch match = best.match(QString::fromUtf8(result.output));
        QVERIFY2(match.hasMatch(), result.output.constData());
        // It is in the table below, and the largest of its column.
        double largest = 0;
        const QRegularExpression line(
            "^ +([12]) +([123]) +(0\\.\\d{3})", QRegularExpression::MultilineOption);
        auto all = line.globalMatch(QString::fromUtf8(result.output));
        int heads = 0;
        while (all.hasNext()) {
            const QRegularExpressionMatch one = all.next();
            ++heads;
            largest = std::max(largest, one.captured(3).toDouble());
            if (one.captured(1) == match.captured(1) && one.captured(2) == match.captured(2))
                QCOMPARE(one.captured(3), match.captured(3));
        }
        QCOMPARE(heads, 6);
        QCOMPARE(match.captured(3).toDouble(), largest);
    }

    void wrongUseAndFailedWorkAreToldInOneLine_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QString>("told");
        const QString model = file("attention");
        const QString text = file("corpus.txt");
        QTest::newRow("an LSTM") << QStringList { file("lstm"), "--corpus", text, "--heads" } << 1
                                 << "has no heads";
        QTest::newRow("window beyond the context") << QStringList { model, "--corpus", text,
            "--heads", "--length", "21" } << 1 << "20 tokens";
        QTest::newRow("memory") << QStringList { model, "--corpus", text, "--heads", "--memory",
            "1000" } << 1 << "memory";
        QTest::newRow("of recall") << QStringList { model, "--task", "recall", "--heads" } << 2
                                   << "--heads belongs to --task text";
        QTest::newRow("rows") << QStringList { model, "--corpus", text, "--heads", "--batch", "2" }
                              << 2 << "--batch";
        QTest::newRow("windows of losses") << QStringList { model, "--corpus", text, "--windows",
            "2" } << 2 << "--windows belongs to --heads";
        QTest::newRow("no text") << QStringList { model, "--heads" } << 2 << "--corpus";
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

private:
    QString file(const QString& name) const { return m_folder.filePath(name); }

    void write(const QString& name, const QByteArray& content) const
    {
        QFile written(file(name));
        QVERIFY(written.open(QIODevice::WriteOnly));
        QCOMPARE(written.write(content), content.size());
    }

    Json json(const QStringList& models, const QStringList& arguments) const
    {
        QStringList words { "evaluate", "--heads", "--json", "-" };
        words += arguments;
        for (const QString& model : models)
            words.insert(1, file(model));
        const ProgramResult result = runProgram(words);
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

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(EvaluateHeadsTest)
#include "tst_evaluate_heads.moc"
