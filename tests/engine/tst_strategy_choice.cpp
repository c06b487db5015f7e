// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/strategy_choice.h"
#include "tests/engine/computation_cases.h"

#include <QTest>

#include <thread>

using namespace timestep;

class TestStrategyChoice : public QObject
{
    Q_OBJECT

private slots:
    void enoughRowsAreSplit()
    {
        for (const PlanShape& shape :
            { bareLstm(2, 256, 128, 32), bareAttention(2, 256, 4, 128, 32, true) }) {
            const Cut cut = executedCut(shape, Strategy::Auto, 0, 4);
            QCOMPARE(cut.strategy, Strategy::SubBatch);
            QCOMPARE(cut.subBatches, 4);
            QCOMPARE(executedCut(shape, Strategy::Auto, 8, 4).subBatches, 8);
        }
    }

    void oneRowOfAttentionIsSplitAlongTheText()
    {
        const Cut cut = executedCut(bareAttention(2, 256, 4, 128, 1, true), Strategy::Auto, 0, 2);
        QCOMPARE(cut.strategy, Strategy::QueryBlock);
        QVERIFY(128 / cut.positionsPerBlock >= 2 * 2); // several blocks a worker
    }

    void oneRowOfAnLstmIsSplitWhereAStepIsLong()
    {
        if (std::thread::hardware_concurrency() < 2)
            QSKIP("nothing is split on one core");
        QCOMPARE(executedCut(bareLstm(2, 1024, 128, 1), Strategy::Auto, 0, 2).strategy,
            Strategy::HiddenSplit);
        QCOMPARE(executedCut(bareLstm(2, 32, 128, 1), Strategy::Auto, 0, 2).strategy,
            Strategy::LayerWavefront);
        const int more = static_cast<int>(std::thread::hardware_concurrency()) + 1;
        QCOMPARE(executedCut(bareLstm(2, 32, 128, 1), Strategy::Auto, 0, more).strategy,
            Strategy::Sequential); // one that waits would keep another from its core
        QCOMPARE(executedCut(bareLstm(1, 32, 128, 1), Strategy::Auto, 0, 2).strategy,
            Strategy::Sequential);
    }

    void oneTokenMoreIsSplitWhereItIsLong()
    {
        if (std::thread::hardware_concurrency() < 2)
            QSKIP("nothing is split on one core");
        const auto chosen = [](const PlanShape& shape) {
            return executedCut(oneMore(shape), Strategy::Auto, 0, 2).strategy;
        };
        QCOMPARE(chosen(bareLstm(2, 1024, 128, 1)), Strategy::HiddenSplit);
        QCOMPARE(chosen(bareLstm(2, 32, 128, 1)), Strategy::Sequential);
        QCOMPARE(chosen(bareLstm(2, 32, 128, 32)), Strategy::SubBatch);
        QCOMPARE(chosen(bareAttention(2, 256, 4, 4096, 1, true)), Strategy::Head);
        QCOMPARE(chosen(bareAttention(2, 256, 4, 64, 1, true)), Strategy::Sequential);
        QCOMPARE(chosen(bareAttention(2, 32, 4, 64, 3, true)), Strategy::SubBatch);
    }

    void trainingKeepsItsSubBatches()
    {
        if (std::thread::hardware_concurrency() < 2)
            QSKIP("nothing is split on one core");
        const auto cutOfTraining = [](PlanShape shape, int subBatches, int threads) {
            shape.training = true;
            return executedCut(shape, Strategy::Auto, subBatches, threads);
        };
        QCOMPARE(cutOfTraining(bareLstm(2, 256, 128, 8), 0, 2).strategy, Strategy::SubBatch);
        QCOMPARE(cutOfTraining(bareLstm(2, 256, 128, 1), 0, 2).strategy, Strategy::HiddenSplit);
        QCOMPARE(cutOfTraining(bareLstm(2, 32, 128, 1), 0, 2).strategy, Strategy::LayerWavefront);
        const Cut asked = cutOfTraining(bareLstm(2, 256, 128, 8), 2, 4);
        QCOMPARE(asked.strategy, Strategy::HiddenSplit);
        QCOMPARE(asked.subBatches, 2);
        QCOMPARE(cutOfTraining(bareAttention(2, 256, 4, 128, 1, true), 0, 2).strategy,
            Strategy::Sequential);
    }

    void oneThreadSplitsNothing()
    {
        for (const PlanShape& shape :
            { bareLstm(2, 256, 128, 32), bareAttention(2, 256, 4, 128, 32, true) })
            QCOMPARE(executedCut(shape, Strategy::Auto, 0, 1).strategy, Strategy::Sequential);
    }

    void namedStrategiesAreKept()
    {
        const PlanShape shape = bareLstm(2, 256, 128, 32);
        for (Strategy strategy : { Strategy::Sequential, Strategy::SubBatch, Strategy::HiddenSplit,
                 Strategy::LayerWavefront })
            QCOMPARE(executedCut(shape, strategy, 4, 2).strategy, strategy);
        QCOMPARE(executedCut(shape, Strategy::SubBatch, 100, 2).subBatches, 32);
    }

    void everyChoiceMakesAPlan()
    {
        for (int rows : { 0, 1, 3, 32 })
            for (int steps : { 0, 1, 200 })
                for (int threads : { 1, 2, 64 })
                    for (int subBatches : { 0, 2 })
                        for (PlanShape shape : { bareLstm(2, 48, steps, rows),
                                 bareAttention(2, 48, 3, steps, rows, true),
                                 oneMore(bareLstm(2, 48, 200, rows)),
                                 oneMore(bareAttention(2, 48, 3, 200, rows, true)) }) {
                            shape.inputWidth = 48;
                            const Plan plan = makePlan(
                                shape, executedCut(shape, Strategy::Auto, subBatches, threads));
                            QCOMPARE(plan.operations().empty(), rows == 0 || shape.steps == 0);
                        }
    }
};

QTEST_APPLESS_MAIN(TestStrategyChoice)
#include "tst_strategy_choice.moc"
