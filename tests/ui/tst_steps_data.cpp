// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/steps_pairs.h"
#include "ui/views/steps_data.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>
#include <QTest>

using namespace timestep;
using namespace timestep::test;

namespace {

const QString head = QStringLiteral(
    "model,index,operation,layer,first_step,last_step,sub_batch,first_row,last_row,part,phase,"
    "flops,earliest_start,start,finish,worker,needs");

/// The lines of one model, each a field a column.
std::vector<QStringList> linesOf(const std::string& csv, const QString& model)
{
    std::vector<QStringList> found;
    for (const QString& line : QString::fromStdString(csv).split(u'\n', Qt::SkipEmptyParts)) {
        const QStringList fields = line.split(u',');
        if (fields.front() == model)
            found.push_back(fields);
    }
    return found;
}

PlanRequest trainingOf(int steps)
{
    PlanRequest request = stepsRequest(steps);
    request.training = true;
    return request;
}

} // namespace

class TestStepsData : public QObject
{
    Q_OBJECT
private slots:
    void theCsvHoldsThePlan_data();
    void theCsvHoldsThePlan();
    void needsAreDoneBefore();
    void whatFollowsTheStepsHasNone();
    void theJsonSaysTheSame();
    void withoutATextThereIsNoOperation();
};

void TestStepsData::theCsvHoldsThePlan_data()
{
    QTest::addColumn<PlanRequest>("request");
    QTest::newRow("reading") << stepsRequest(7);
    QTest::newRow("training") << trainingOf(5);
    PlanRequest split = stepsRequest(4);
    split.lstmStrategy = Strategy::HiddenSplit;
    split.attentionStrategy = Strategy::Head;
    QTest::newRow("split") << split;
}

void TestStepsData::theCsvHoldsThePlan()
{
    QFETCH(const PlanRequest, request);
    const auto pair = plannedPair(request);
    const std::string csv = stepsCsv(pair.get());
    QVERIFY(QString::fromStdString(csv).startsWith(head + u'\n'));
    for (const PlannedModel* model : { &pair->lstm, &pair->attention }) {
        const auto lines = linesOf(
            csv, model == &pair->lstm ? QStringLiteral("lstm") : QStringLiteral("attention"));
        QCOMPARE(lines.size(), model->plan.operations().size());
        double flops = 0, finish = 0, span = 0;
        for (const QStringList& line : lines) {
            QCOMPARE(line.size(), head.split(u',').size());
            flops += line[11].toDouble();
            finish = std::max(finish, line[14].toDouble());
            span = std::max(span, line[12].toDouble() * pair->unitFlops + line[11].toDouble());
            QVERIFY(line[13].toDouble() >= line[12].toDouble() - 1e-9);
            QVERIFY(line[15].toInt() < request.workers);
        }
        QVERIFY(qFuzzyCompare(flops, model->summary.work));
        QVERIFY(qFuzzyCompare(finish, model->schedule.length / pair->unitFlops));
        QVERIFY(qFuzzyCompare(span, model->summary.span));
    }
}

void TestStepsData::needsAreDoneBefore()
{
    const auto lines
        = linesOf(stepsCsv(plannedPair(trainingOf(4)).get()), QStringLiteral("attention"));
    int needs = 0;
    for (const QStringList& line : lines) {
        for (const QString& range : line[16].split(u' ', Qt::SkipEmptyParts)) {
            const QStringList ends = range.split(u'-');
            for (int need = ends.front().toInt(); need <= ends.back().toInt(); ++need, ++needs) {
                QCOMPARE(lines[std::size_t(need)][1].toInt(), need);
                QVERIFY(lines[std::size_t(need)][14].toDouble() <= line[13].toDouble() + 1e-9);
            }
        }
    }
    QVERIFY(needs > 0);
}

void TestStepsData::whatFollowsTheStepsHasNone()
{
    int sums = 0;
    for (const QStringList& line :
        linesOf(stepsCsv(plannedPair(trainingOf(4)).get()), QStringLiteral("lstm"))) {
        const bool after
            = line[10] == QStringLiteral("sum") || line[10] == QStringLiteral("update");
        QCOMPARE(line[4].isEmpty(), after);
        QCOMPARE(line[6].isEmpty(), after);
        sums += line[10] == QStringLiteral("sum") ? 1 : 0;
    }
    QCOMPARE(sums, 4); // a slice a sub-batch
}

void TestStepsData::theJsonSaysTheSame()
{
    const auto pair = plannedPair(trainingOf(3));
    QJsonParseError error;
    const QJsonObject json
        = QJsonDocument::fromJson(QByteArray::fromStdString(stepsJson(pair.get())), &error)
              .object();
    QCOMPARE(error.error, QJsonParseError::NoError);
    QCOMPARE(json["plan"].toString(), QStringLiteral("training"));
    QCOMPARE(json["workers"].toInt(), 4);
    const QJsonArray models = json["models"].toArray();
    QCOMPARE(models.size(), 2);
    QCOMPARE(models[0].toObject()["longest_chain"].toInt(), 6);
    QCOMPARE(models[1].toObject()["longest_chain"].toInt(), 2);
    const auto lines = linesOf(stepsCsv(pair.get()), QStringLiteral("lstm"));
    const QJsonArray operations = models[0].toObject()["operations"].toArray();
    QCOMPARE(operations.size(), qsizetype(lines.size()));
    for (qsizetype i = 0; i < operations.size(); ++i) {
        const QJsonObject operation = operations[i].toObject();
        const QStringList& line = lines[std::size_t(i)];
        QCOMPARE(operation["operation"].toString(), line[2]);
        QCOMPARE(operation["flops"].toDouble(), line[11].toDouble());
        QCOMPARE(operation["finish"].toDouble(), line[14].toDouble());
        QCOMPARE(operation["phase"].toString(), line[10]);
    }
}

void TestStepsData::withoutATextThereIsNoOperation()
{
    QCOMPARE(QString::fromStdString(stepsCsv(nullptr)), head + u'\n');
    const auto json = QJsonDocument::fromJson(QByteArray::fromStdString(stepsJson(nullptr)));
    QVERIFY(json.object()["models"].isArray());
    QVERIFY(json.object()["models"].toArray().isEmpty());
}

QTEST_GUILESS_MAIN(TestStepsData)
#include "tst_steps_data.moc"
