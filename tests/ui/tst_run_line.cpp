// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/plan.h"
#include "ui/models/number_text.h"
#include "ui/models/run_line.h"

#include <QLocale>
#include <QTest>

using namespace timestep;

namespace {

std::shared_ptr<const ModelRun> modelRun(
    ModelKind kind, Strategy strategy, int rows, int subBatches, int lanes, double milliseconds)
{
    PlanShape shape;
    shape.kind = kind;
    shape.width = 16;
    shape.inputWidth = 16;
    shape.heads = 4;
    shape.steps = 3;
    shape.rows = rows;
    Cut cut;
    cut.strategy = strategy;
    cut.grain = Grain::Executed;
    cut.subBatches = subBatches;
    auto run = std::make_shared<ModelRun>();
    run->plan = makePlan(shape, cut);
    run->milliseconds = milliseconds;
    run->trace.lanes.resize(lanes);
    return run;
}

} // namespace

class TestRunLine : public QObject
{
    Q_OBJECT
private slots:
    void figuresAreThoseOfTheRun()
    {
        Run run;
        run.rows = 32;
        run.lstm = modelRun(ModelKind::Lstm, Strategy::SubBatch, 32, 4, 2, 18.44);
        run.attention = modelRun(ModelKind::Attention, Strategy::SubBatch, 32, 4, 2, 1234.4);
        QCOMPARE(allRowsLine(run),
            "32 rows, 4 sub-batches on 2 threads: LSTM 18.4 ms, attention 1.23 s (one run, "
            "measured; Race repeats and compares)");
    }

    void eachModelSaysHowItWasCut()
    {
        Run run;
        run.rows = 1;
        run.lstm = modelRun(ModelKind::Lstm, Strategy::Sequential, 1, 4, 1, 0.5);
        run.attention = modelRun(ModelKind::Attention, Strategy::QueryBlock, 1, 4, 1, 2);
        QCOMPARE(allRowsLine(run),
            "1 row on 1 thread: LSTM (sequential) 0.500 ms, attention (query-block, 1 sub-batch) "
            "2.00 ms (one run, measured; Race repeats and compares)");
    }

    void withoutATraceThereIsNoLine()
    {
        Run run;
        QCOMPARE(allRowsLine(run), QString()); // an empty text
        run.lstm = modelRun(ModelKind::Lstm, Strategy::SubBatch, 1, 1, 0, 1);
        run.attention = modelRun(ModelKind::Attention, Strategy::SubBatch, 1, 1, 0, 1);
        QCOMPARE(allRowsLine(run), QString());
    }

    void numbersAreEnglishWhateverTheMachine()
    {
        const QLocale before;
        QLocale::setDefault(QLocale(QLocale::German));
        QCOMPARE(countNumber(1024), "1,024");
        QLocale::setDefault(before);
    }
};

QTEST_APPLESS_MAIN(TestRunLine)
#include "tst_run_line.moc"
