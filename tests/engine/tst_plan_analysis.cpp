// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/plan_analysis.h"
#include "tests/engine/plan_cases.h"

#include <QTest>

#include <algorithm>
#include <map>

using namespace timestep;

namespace {

/// The same by definition: every need an edge.
PlanSummary summaryByDefinition(const Plan& plan)
{
    const std::size_t count = plan.operations().size();
    PlanSummary summary;
    std::vector<double> finish(count);
    std::vector<int> level(count);
    std::map<int, int> widths;
    for (std::size_t operation = 0; operation < count; ++operation) {
        double start = 0;
        for (const OperationRange& range : plan.needs(static_cast<int>(operation))) {
            for (int need = range.begin; need < range.end; ++need) {
                start = std::max(start, finish[static_cast<std::size_t>(need)]);
                level[operation]
                    = std::max(level[operation], level[static_cast<std::size_t>(need)] + 1);
            }
        }
        finish[operation] = start + plan.operations()[operation].flops;
        summary.work += plan.operations()[operation].flops;
        summary.span = std::max(summary.span, finish[operation]);
        summary.width = std::max(summary.width, ++widths[level[operation]]);
    }
    return summary;
}

} // namespace

Q_DECLARE_METATYPE(PlanCase)

class PlanAnalysisTest : public QObject
{
    Q_OBJECT

private slots:
    void summaryIsThatOfTheDefinition_data()
    {
        QTest::addColumn<PlanCase>("planCase");
        for (const Grain grain : { Grain::Fine, Grain::Executed })
            for (const PlanCase& planCase : planCases(grain))
                QTest::addRow(
                    "%s %s", grain == Grain::Fine ? "fine" : "executed", planCase.name.c_str())
                    << planCase;
    }
    void summaryIsThatOfTheDefinition()
    {
        QFETCH(const PlanCase, planCase);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        const PlanSummary found = summarize(plan);
        const PlanSummary expected = summaryByDefinition(plan);
        QCOMPARE(found.work, expected.work);
        QCOMPARE(found.span, expected.span);
        QCOMPARE(found.width, expected.width);
        QCOMPARE(found.parallelism, expected.work / expected.span);
    }

    void parallelismOfTheArgument_data()
    {
        QTest::addColumn<PlanShape>("shape");
        QTest::addColumn<int>("subBatches");
        QTest::addColumn<double>("parallelism");
        QTest::addColumn<int>("width");
        // Of 4 · 16 LSTM steps all input halves may go at once; half of the first step and 16
        // recurrent halves are a chain: 64 ÷ 8.5.
        QTest::newRow("LSTM, 4 sub-batches of 16 steps")
            << lstmShape(1, 64, 64, 16, 32) << 4 << 64 / 8.5 << 64;
        QTest::newRow("LSTM, one row") << lstmShape(1, 64, 64, 16, 1) << 1 << 16 / 8.5 << 16;
        QTest::newRow("attention, 4 sub-batches of 16 positions")
            << attentionShape(1, 64, 4, 16, 32, false) << 4 << 64.0 << 64;
        QTest::newRow("attention, one row")
            << attentionShape(1, 64, 4, 16, 1, false) << 1 << 16.0 << 16;
        QTest::newRow("attention, 4 layers")
            << attentionShape(4, 64, 4, 16, 1, false) << 1 << 16.0 << 16;
    }
    void parallelismOfTheArgument()
    {
        QFETCH(const PlanShape, shape);
        QFETCH(const int, subBatches);
        const PlanSummary summary = summarize(makePlan(shape, Cut { .subBatches = subBatches }));
        QTEST(summary.parallelism, "parallelism");
        QTEST(summary.width, "width");
    }

    void chainsOfSeveralLayers_data()
    {
        QTest::addColumn<PlanShape>("shape");
        QTest::addColumn<Strategy>("strategy");
        QTest::addColumn<int>("cells");
        for (const int steps : { 1, 5, 16 }) {
            for (const int layers : { 1, 2, 4 }) {
                const PlanShape lstm = lstmShape(layers, 32, 32, steps, 8);
                const PlanShape attention = attentionShape(layers, 32, 4, steps, 8, true);
                const auto row
                    = [&](const char* name, const PlanShape& shape, Strategy strategy, int cells) {
                          QTest::addRow("%s, %d steps, %d layers, %s", name, steps, layers,
                              strategyName(strategy).data())
                              << shape << strategy << cells;
                      };
                for (const Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                         Strategy::HiddenSplit, Strategy::LayerWavefront }) {
                    row("LSTM", lstm, strategy, steps + layers - 1);
                    row("LSTM, training", trained(lstm), strategy, 2 * (steps + layers - 1));
                }
                for (const Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                         Strategy::Head, Strategy::QueryBlock })
                    row("attention", attention, strategy, layers);
                row("attention, training", trained(attention), Strategy::SubBatch, 2 * layers);
                row("LSTM, being written", written(lstm), Strategy::SubBatch, steps * layers);
                row("attention, being written", written(attention), Strategy::SubBatch,
                    steps * layers);
            }
        }
    }
    void chainsOfSeveralLayers()
    {
        QFETCH(const PlanShape, shape);
        QFETCH(const Strategy, strategy);
        const Cut cut { .strategy = strategy, .subBatches = 2, .slices = 2 };
        QTEST(cellsInSequence(makePlan(shape, cut)), "cells");
    }

    /// Both parts run beside each other, and the longer one is left.
    void aBrokenLinkLeavesTheLongerPart()
    {
        PlanShape shape = lstmShape(1, 32, 32, 19, 4);
        for (const auto& [broken, cells] : { std::pair(0, 19), { 1, 18 }, { 9, 10 }, { 18, 18 } }) {
            shape.brokenLink = broken;
            QCOMPARE(cellsInSequence(makePlan(shape, Cut {})), cells);
        }
    }

    void lengthAddsParallelismToAttentionOnly()
    {
        double lstmBefore = 0, attentionBefore = 0;
        for (const int steps : { 16, 32, 64 }) {
            const double lstm = summarize(makePlan(lstmShape(1, 64, 64, steps, 1), {})).parallelism;
            const double attention
                = summarize(makePlan(attentionShape(1, 64, 4, steps, 1, false), {})).parallelism;
            QVERIFY(lstm < 2 && lstm > lstmBefore);
            QVERIFY(attentionBefore == 0 || qFuzzyCompare(attention, 2 * attentionBefore));
            lstmBefore = lstm;
            attentionBefore = attention;
        }
    }

    void boundOfWholeSubBatchesOnWorkers_data()
    {
        QTest::addColumn<int>("subBatches");
        QTest::addColumn<int>("threads");
        QTest::addColumn<int>("cores");
        QTest::addColumn<double>("bound");
        QTest::newRow("4 on 4") << 4 << 4 << 8 << 4.0;
        QTest::newRow("4 on 3: two go round twice") << 4 << 3 << 8 << 2.0;
        QTest::newRow("4 on 2 cores") << 4 << 4 << 2 << 2.0;
        QTest::newRow("1 on 4") << 1 << 4 << 4 << 1.0;
        QTest::newRow("one thread") << 4 << 1 << 4 << 1.0;
    }
    void boundOfWholeSubBatchesOnWorkers()
    {
        QFETCH(const int, subBatches);
        QFETCH(const int, threads);
        QFETCH(const int, cores);
        QFETCH(const double, bound);
        const Cut cut { .grain = Grain::Executed, .subBatches = subBatches };
        QCOMPARE(speedUpBound(makePlan(lstmShape(2, 32, 32, 40, 32), cut), threads, cores), bound);
        QCOMPARE(
            speedUpBound(makePlan(attentionShape(2, 32, 4, 200, 32, true), cut), threads, cores),
            bound);
    }

    void boundOfOneRow_data()
    {
        QTest::addColumn<Strategy>("strategy");
        QTest::addColumn<double>("least");
        QTest::addColumn<double>("most");
        QTest::newRow("sub-batch") << Strategy::SubBatch << 1.0 << 1.0;
        QTest::newRow("hidden-split") << Strategy::HiddenSplit << 2.0 << 2.0;
        QTest::newRow("layer-wavefront") << Strategy::LayerWavefront << 1.7 << 2.0;
        QTest::newRow("query-block") << Strategy::QueryBlock << 1.9 << 2.0;
        QTest::newRow("head") << Strategy::Head << 1.9 << 2.0;
    }
    void boundOfOneRow()
    {
        QFETCH(const Strategy, strategy);
        QFETCH(const double, least);
        QFETCH(const double, most);
        const bool attention = strategy == Strategy::QueryBlock || strategy == Strategy::Head;
        const Cut cut { .strategy = strategy, .grain = Grain::Executed, .slices = 2 };
        const double bound
            = speedUpBound(makePlan(attention ? attentionShape(2, 64, 4, 512, 1, true)
                                              : lstmShape(2, 64, 64, 512, 1),
                               cut),
                2, 2);
        QVERIFY2(bound >= least && bound <= most, qPrintable(QString::number(bound)));
    }

    void emptyPlanHasNoLength()
    {
        const Plan plan = makePlan(lstmShape(1, 8, 8, 0, 4), {});
        QCOMPARE(summarize(plan).work, 0.0);
        QCOMPARE(summarize(plan).width, 0);
        QCOMPARE(speedUpBound(plan, 2, 2), 1.0);
    }
};

QTEST_GUILESS_MAIN(PlanAnalysisTest)
#include "tst_plan_analysis.moc"
