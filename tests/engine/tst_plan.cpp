// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/parameter_layout.h"
#include "engine/execution/plan.h"
#include "engine/execution/plan_analysis.h"
#include "tests/engine/plan_cases.h"

#include <QTest>

#include <map>
#include <numeric>
#include <set>

using namespace timestep;

namespace {

void addCaseRows(Grain grain)
{
    QTest::addColumn<PlanCase>("planCase");
    for (const PlanCase& planCase : planCases(grain))
        QTest::newRow(planCase.name.c_str()) << planCase;
}

double work(const Plan& plan)
{
    return std::accumulate(plan.operations().begin(), plan.operations().end(), 0.0,
        [](double sum, const Operation& operation) { return sum + operation.flops; });
}

/// By the definition of its mask.
bool looksAt(const PlanShape& shape, int query, int key)
{
    return (!shape.causal || key <= query)
        && (shape.attentionWindow == 0 || std::abs(query - key) < shape.attentionWindow);
}

/// The arithmetic of reading by the formulas of the documentation, over all rows.
double documentedFlops(const PlanShape& shape)
{
    const double B = shape.rows, T = shape.newSteps(), width = shape.width;
    const double predictions = 2.0 * B * T * shape.ends.vocabulary * width;
    if (shape.kind == ModelKind::Lstm)
        return predictions + 8 * B * T * width * (shape.inputWidth + width)
            + (shape.layers - 1) * 8 * B * T * width * (width + width);
    double pairs = 0;
    for (int q = shape.firstStep; q < shape.steps; ++q)
        for (int k = 0; k < shape.steps; ++k)
            pairs += looksAt(shape, q, k) ? 1 : 0;
    const double feedForward = shape.bareLayer ? 0 : 16 * T * width * width;
    return predictions
        + shape.layers * B * (8 * T * width * width + 4 * pairs * width + feedForward);
}

/// Those that some operation sums over the sub-batches.
int parameters(const Plan& plan)
{
    int summed = 0;
    for (const Operation& operation : plan.operations())
        summed += operation.parameters.count();
    return summed;
}

bool within(IndexRange inner, IndexRange outer)
{
    return inner.begin >= outer.begin && inner.end <= outer.end;
}

/// Attention's way back is executed a layer at a time, whatever there is in it.
bool sameKind(const Operation& coarse, const Operation& fine)
{
    return coarse.kind == fine.kind
        || (coarse.kind == OperationKind::BlockBackward
            && fine.kind == OperationKind::InputBackward);
}

bool covers(const Operation& coarse, const Operation& fine)
{
    return sameKind(coarse, fine) && coarse.layer == fine.layer && within(fine.steps, coarse.steps)
        && within(fine.rows, coarse.rows) && coarse.heads == fine.heads
        && coarse.units == fine.units && coarse.parameters == fine.parameters;
}

/// For each fine operation the executed one that covers it; a failure where none or several do.
std::vector<int> grouping(const Plan& fine, const Plan& executed)
{
    std::vector<int> group(fine.operations().size(), -1);
    for (std::size_t f = 0; f < group.size(); ++f) {
        for (std::size_t e = 0; e < executed.operations().size(); ++e) {
            if (!covers(executed.operations()[e], fine.operations()[f]))
                continue;
            if (group[f] >= 0)
                qFatal("operation %zu of the fine plan is executed twice", f);
            group[f] = static_cast<int>(e);
        }
        if (group[f] < 0)
            qFatal("operation %zu of the fine plan is never executed", f);
    }
    return group;
}

std::set<int> neededBy(const Plan& plan, int operation)
{
    std::set<int> needed;
    for (const OperationRange& range : plan.needs(operation))
        for (int other = range.begin; other < range.end; ++other)
            needed.insert(other);
    return needed;
}

bool isWeightGradients(const Plan& plan, int operation)
{
    return plan.operations()[static_cast<std::size_t>(operation)].kind
        == OperationKind::WeightGradients;
}

/// What it needs but for the order of sums over steps, which executed plans alone fix: of gradients
/// of weights that need others, all of them are meant.
std::set<int> neededWithoutOrderOfSums(const Plan& plan, int operation)
{
    std::set<int> needed;
    std::vector<int> open;
    const bool sums = isWeightGradients(plan, operation);
    for (const int other : neededBy(plan, operation)) {
        if (!isWeightGradients(plan, other))
            needed.insert(other);
        else if (!sums)
            open.push_back(other);
    }
    while (!open.empty()) {
        const int other = open.back();
        open.pop_back();
        needed.insert(other);
        for (const int before : neededBy(plan, other))
            if (isWeightGradients(plan, before) && needed.count(before) == 0)
                open.push_back(before);
    }
    return needed;
}

} // namespace

Q_DECLARE_METATYPE(PlanCase)

class PlanTest : public QObject
{
    Q_OBJECT

private slots:
    void executedPlanIsTheFineOneGrouped_data() { addCaseRows(Grain::Executed); }
    void executedPlanIsTheFineOneGrouped()
    {
        QFETCH(const PlanCase, planCase);
        Cut fineCut = planCase.cut;
        fineCut.grain = Grain::Fine;
        const Plan executed = makePlan(planCase.shape, planCase.cut);
        const Plan fine = makePlan(planCase.shape, fineCut);
        const std::vector<int> group = grouping(fine, executed);

        std::vector<double> flops(executed.operations().size());
        std::vector<std::set<int>> needs(executed.operations().size());
        for (std::size_t f = 0; f < group.size(); ++f) {
            const int own = group[f];
            flops[static_cast<std::size_t>(own)] += fine.operations()[f].flops;
            for (const int needed : neededBy(fine, static_cast<int>(f)))
                needs[static_cast<std::size_t>(own)].insert(
                    group[static_cast<std::size_t>(needed)]);
            needs[static_cast<std::size_t>(own)].erase(own);
        }
        for (std::size_t e = 0; e < flops.size(); ++e) {
            QVERIFY(std::abs(executed.operations()[e].flops - flops[e]) <= 1e-12 * flops[e]);
            QVERIFY(flops[e] > 0);
            QVERIFY2(neededWithoutOrderOfSums(executed, static_cast<int>(e)) == needs[e],
                qPrintable(QString("needs of executed operation %1").arg(e)));
        }
    }

    void needsPointBackwards_data()
    {
        QTest::addColumn<PlanCase>("planCase");
        for (const Grain grain : { Grain::Fine, Grain::Executed })
            for (const PlanCase& planCase : planCases(grain))
                QTest::addRow(
                    "%s %s", grain == Grain::Fine ? "fine" : "executed", planCase.name.c_str())
                    << planCase;
    }
    void needsPointBackwards()
    {
        QFETCH(const PlanCase, planCase);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        const int count = static_cast<int>(plan.operations().size());
        QVERIFY(count > 0);
        for (int operation = 0; operation < count; ++operation) {
            for (const OperationRange& range : plan.needs(operation)) {
                QVERIFY(range.begin < range.end);
                QVERIFY(range.begin >= 0 && range.end <= operation);
            }
        }
    }

    void flopsAreThoseOfTheDocumentation_data() { needsPointBackwards_data(); }
    void flopsAreThoseOfTheDocumentation()
    {
        QFETCH(PlanCase, planCase);
        for (const bool bare : { false, true }) {
            if (planCase.shape.training && !bare)
                continue;
            if (planCase.shape.ends.vocabulary > 0)
                continue; // the formulas are those of layers
            planCase.shape.bareLayer = bare;
            const Plan plan = makePlan(planCase.shape, planCase.cut);
            double expected = documentedFlops(planCase.shape);
            if (planCase.shape.training)
                expected = 3 * expected + (plan.cut().subBatches - 1.0) * parameters(plan);
            QVERIFY(std::abs(work(plan) - expected) <= 1e-12 * expected);
        }
    }

    /// Clipping, AdamW and the norm take 17 operations a parameter, whichever strategy cut the
    /// rest.
    void layersTrainedAloneAreUpdatedWhole_data()
    {
        QTest::addColumn<PlanShape>("shape");
        QTest::addColumn<Strategy>("strategy");
        QTest::addColumn<int>("subBatches");
        const PlanShape lstm = trained(lstmShape(2, 40, 24, 5, 7));
        const PlanShape attention = trained(attentionShape(3, 30, 5, 5, 7, true));
        QTest::newRow("LSTM, one") << lstm << Strategy::SubBatch << 1;
        QTest::newRow("LSTM, 3 sub-batches") << lstm << Strategy::SubBatch << 3;
        QTest::newRow("LSTM, split") << lstm << Strategy::HiddenSplit << 3;
        QTest::newRow("attention, one") << attention << Strategy::SubBatch << 1;
        QTest::newRow("attention, 3 sub-batches") << attention << Strategy::SubBatch << 3;
    }
    void layersTrainedAloneAreUpdatedWhole()
    {
        QFETCH(PlanShape, shape);
        QFETCH(const Strategy, strategy);
        QFETCH(const int, subBatches);
        const Cut cut { .strategy = strategy, .subBatches = subBatches };
        const Plan without = makePlan(shape, cut);
        shape.updatesLayers = true;
        const Plan with = makePlan(shape, cut);
        const double numbers = ParameterLayout(shape).size();
        QVERIFY(std::abs(work(with) - work(without) - 17 * numbers) <= 1e-12 * work(with));
        // The update of any number waits for the gradients of all of them.
        std::set<int> norms;
        for (std::size_t i = 0; i < with.operations().size(); ++i) {
            if (with.operations()[i].kind == OperationKind::GradientNorm)
                norms.insert(static_cast<int>(i));
            else if (with.operations()[i].kind == OperationKind::Update)
                QVERIFY(neededBy(with, static_cast<int>(i)) == norms);
        }
        QVERIFY(!norms.empty());
    }

    /// The step before is no need of it any more, nor of the way back to it; all else stays.
    void aBrokenLinkPartsTheChain_data()
    {
        QTest::addColumn<Strategy>("strategy");
        for (const Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                 Strategy::HiddenSplit, Strategy::LayerWavefront })
            QTest::newRow(strategyName(strategy).data()) << strategy;
    }
    void aBrokenLinkPartsTheChain()
    {
        QFETCH(const Strategy, strategy);
        const Cut cut { .strategy = strategy, .subBatches = 2, .slices = 2 };
        constexpr int broken = 3;
        PlanShape shape = trained(lstmShape(2, 32, 32, 7, 4));
        const Plan whole = makePlan(shape, cut);
        shape.brokenLink = broken;
        const Plan parted = makePlan(shape, cut);
        const auto operations = whole.operations();
        const auto passes = [&](int from, int to) { // the state, or its gradients back
            const Operation& a = operations[std::size_t(from)];
            const Operation& b = operations[std::size_t(to)];
            return a.kind == b.kind && a.layer == b.layer
                && ((a.kind == OperationKind::RecurrentHalf && a.steps.begin == broken - 1
                        && b.steps.begin == broken)
                    || (a.kind == OperationKind::RecurrentBackward && a.steps.begin == broken
                        && b.steps.begin == broken - 1));
        };
        QCOMPARE(parted.operations().size(), operations.size());
        int removed = 0;
        for (int i = 0; i < int(operations.size()); ++i) {
            std::set<int> expected = neededBy(whole, i);
            removed += int(std::erase_if(expected, [&](int need) { return passes(need, i); }));
            QVERIFY2(neededBy(parted, i) == expected, qPrintable(QString::number(i)));
        }
        QVERIFY(removed > 0);
    }

    /// Gradients reach a position's keys and values from all that look at it, and from nobody else.
    void attentionGoesBackPositionByPosition()
    {
        const Plan plan = makePlan(trained(attentionShape(2, 8, 2, 5, 1, true)), {});
        const auto operations = plan.operations();
        int found = 0;
        for (std::size_t i = 0; i < operations.size(); ++i) {
            if (operations[i].kind != OperationKind::InputBackward)
                continue;
            ++found;
            const int step = operations[i].steps.begin;
            const std::set<int> needed = neededBy(plan, static_cast<int>(i));
            QCOMPARE(int(needed.size()), 5 - step);
            for (const int need : needed) {
                const Operation& block = operations[static_cast<std::size_t>(need)];
                QVERIFY(block.kind == OperationKind::BlockBackward);
                QCOMPARE(block.layer, operations[i].layer);
                QVERIFY(block.steps.begin >= step);
            }
        }
        QCOMPARE(found, 10);
    }

    void tasksAreNumberedByTheirFirstOperation_data() { needsPointBackwards_data(); }
    void tasksAreNumberedByTheirFirstOperation()
    {
        QFETCH(const PlanCase, planCase);
        const Plan plan = makePlan(planCase.shape, planCase.cut);
        int seen = 0;
        for (const Operation& operation : plan.operations()) {
            QVERIFY(operation.task <= seen);
            seen = std::max(seen, operation.task + 1);
        }
        QCOMPARE(plan.taskCount(), seen);
        if (planCase.cut.grain == Grain::Fine)
            QCOMPARE(plan.taskCount(), static_cast<int>(plan.operations().size()));
    }

    void taskCounts_data()
    {
        QTest::addColumn<Strategy>("strategy");
        QTest::addColumn<int>("tasks");
        // 2 layers of 64 units or 4 heads, 32 steps in chunks or blocks of 8, 6 rows in 3
        // sub-batches.
        QTest::newRow("sequential: one") << Strategy::Sequential << 1;
        QTest::newRow("sub-batch: one each, without any barrier") << Strategy::SubBatch << 3;
        QTest::newRow("hidden-split: a slice over all steps") << Strategy::HiddenSplit << 3 * 4;
        QTest::newRow("layer-wavefront: chunk and layer") << Strategy::LayerWavefront << 3 * 4 * 2;
        QTest::newRow("query-block: block and layer, and the first keys")
            << Strategy::QueryBlock << 3 * (4 + 2 * 4);
        QTest::newRow("head: head and layer, then blocks")
            << Strategy::Head << 3 * (4 + 2 * (4 + 4));
    }
    void taskCounts()
    {
        QFETCH(const Strategy, strategy);
        QFETCH(const int, tasks);
        const bool lstm = strategy != Strategy::QueryBlock && strategy != Strategy::Head;
        const PlanShape shape
            = lstm ? lstmShape(2, 64, 64, 32, 6) : attentionShape(2, 64, 4, 32, 6, true);
        Cut cut;
        cut.strategy = strategy;
        cut.grain = Grain::Executed;
        cut.subBatches = 3;
        cut.stepsPerChunk = 8;
        cut.positionsPerBlock = 8;
        QCOMPARE(makePlan(shape, cut).taskCount(), tasks);
    }

    void attentionOfATokenNeedsWhatItLooksAt()
    {
        Cut cut;
        for (const bool causal : { true, false })
            for (const int window : { 0, 1, 3 }) {
                const PlanShape shape = windowed(attentionShape(1, 8, 2, 5, 1, causal), window);
                const Plan plan = makePlan(shape, cut);
                for (int q = 0; q < 5; ++q) {
                    QCOMPARE(plan.operations()[static_cast<std::size_t>(5 + q)].steps,
                        (IndexRange { q, q + 1 }));
                    std::set<int> expected;
                    for (int k = 0; k < 5; ++k)
                        if (looksAt(shape, q, k))
                            expected.insert(k);
                    QCOMPARE(neededBy(plan, 5 + q), expected);
                    QCOMPARE(plan.needs(5 + q).size(), std::size_t { 1 });
                }
            }
    }

    void oneTokenMoreIsAChainOfLayers()
    {
        // Whatever is given: nothing of it is computed again or waited for.
        const PlanSummary lstm = summarize(makePlan(continued(lstmShape(3, 8, 8, 100, 1), 99), {}));
        QCOMPARE(lstm.work, 3 * 8.0 * 8 * (8 + 8));
        QCOMPARE(lstm.span, lstm.work);
        const Plan attention = makePlan(continued(attentionShape(3, 8, 2, 100, 1, true), 99), {});
        QCOMPARE(summarize(attention).span, summarize(attention).work);
        for (int layer = 0; layer < 3; ++layer)
            QVERIFY(neededBy(attention, layer + 1) == std::set { layer });
    }

    /// Then attention is a chain, too: with one sub-batch nothing is left to be done at once.
    void whileBeingWrittenBothAreChains()
    {
        const PlanShape shapes[]
            = { lstmShape(3, 16, 16, 20, 8), attentionShape(3, 16, 4, 20, 8, true) };
        for (const PlanShape& shape : shapes) {
            const PlanSummary given = summarize(makePlan(shape, {}));
            const PlanSummary beingWritten = summarize(makePlan(written(shape), {}));
            QCOMPARE(beingWritten.work, given.work);
            QCOMPARE(beingWritten.span, beingWritten.work);
            QVERIFY(given.span < given.work);
            const Cut four { .subBatches = 4 };
            QCOMPARE(summarize(makePlan(written(shape), four)).parallelism, 4.0);
        }
        // A step of one layer can still be split: among its heads, among its hidden units.
        const Cut heads { .strategy = Strategy::Head };
        QVERIFY(summarize(makePlan(written(shapes[1]), heads)).parallelism > 1);
        const Cut units { .strategy = Strategy::HiddenSplit, .slices = 4 };
        QVERIFY(summarize(makePlan(written(shapes[0]), units)).parallelism > 3.9);
    }

    void aTokenThatIsWrittenNeedsTheLastLayerOfTheOneBefore()
    {
        const Plan lstm = makePlan(written(lstmShape(2, 8, 8, 3, 1)), {});
        const Plan attention = makePlan(written(attentionShape(2, 8, 2, 3, 1, true)), {});
        for (const Plan* plan : { &lstm, &attention }) {
            for (int i = 0; i < std::ssize(plan->operations()); ++i) {
                const Operation& operation = plan->operations()[std::size_t(i)];
                const bool begins = operation.layer == 0
                    && (operation.kind == OperationKind::InputHalf
                        || operation.kind == OperationKind::KeysValues);
                if (!begins || operation.steps.begin == 0)
                    continue;
                const std::set<int> needed = neededBy(*plan, i);
                QCOMPARE(needed.size(), std::size_t { 1 });
                const Operation& before = plan->operations()[std::size_t(*needed.begin())];
                QCOMPARE(before.layer, 1);
                QCOMPARE(before.steps.begin, operation.steps.begin - 1);
            }
        }
    }

    void aWavefrontOfOneStepIsRefused()
    {
        Cut cut;
        cut.strategy = Strategy::LayerWavefront;
        QVERIFY_EXCEPTION_THROWN(makePlan(continued(lstmShape(2, 8, 8, 5, 1), 4), cut), Error);
    }

    void memoryOfNeedsDoesNotGrowWithWhatIsLookedAt()
    {
        const Plan plan
            = makePlan(attentionShape(4, 160, 5, 1000, 32, true), Cut { .subBatches = 32 });
        QCOMPARE(plan.operations().size(), std::size_t { 32 * 5 * 1000 });
        for (int operation = 0; operation < static_cast<int>(plan.operations().size()); ++operation)
            QVERIFY(plan.needs(operation).size() <= 1);
    }

    void rowsAreSplitEvenlyLargerFirst_data()
    {
        QTest::addColumn<int>("rows");
        QTest::addColumn<int>("subBatches");
        QTest::addColumn<std::vector<int>>("sizes");
        QTest::newRow("even") << 32 << 4 << std::vector<int> { 8, 8, 8, 8 };
        QTest::newRow("uneven") << 10 << 4 << std::vector<int> { 3, 3, 2, 2 };
        QTest::newRow("more sub-batches than rows") << 2 << 4 << std::vector<int> { 1, 1 };
        QTest::newRow("none asked for") << 5 << 0 << std::vector<int> { 5 };
        QTest::newRow("no rows") << 0 << 4 << std::vector<int> {};
    }
    void rowsAreSplitEvenlyLargerFirst()
    {
        QFETCH(const int, rows);
        QFETCH(const int, subBatches);
        QFETCH(const std::vector<int>, sizes);
        std::vector<int> found;
        int end = 0;
        for (const IndexRange range : subBatchRows(rows, subBatches)) {
            QCOMPARE(range.begin, end);
            end = range.end;
            found.push_back(range.count());
        }
        QCOMPARE(end, rows);
        QCOMPARE(found, sizes);
    }

    void unitsAreSplitWherePackedWeightsAre_data()
    {
        QTest::addColumn<int>("units");
        QTest::addColumn<int>("slices");
        QTest::addColumn<std::vector<int>>("sizes");
        QTest::newRow("even") << 256 << 4 << std::vector<int> { 64, 64, 64, 64 };
        QTest::newRow("multiples of 16") << 80 << 2 << std::vector<int> { 48, 32 };
        QTest::newRow("odd width") << 50 << 3 << std::vector<int> { 32, 16, 2 };
        QTest::newRow("narrower than 16 each") << 24 << 4 << std::vector<int> { 6, 6, 6, 6 };
        QTest::newRow("more slices than units") << 3 << 8 << std::vector<int> { 1, 1, 1 };
    }
    void unitsAreSplitWherePackedWeightsAre()
    {
        QFETCH(const int, units);
        QFETCH(const int, slices);
        QFETCH(const std::vector<int>, sizes);
        std::vector<int> found;
        for (const IndexRange range : unitSlices(units, slices))
            found.push_back(range.count());
        QCOMPARE(found, sizes);
    }

    void strategyOfTheOtherModelIsRefused_data()
    {
        QTest::addColumn<ModelKind>("kind");
        QTest::addColumn<Strategy>("strategy");
        QTest::newRow("LSTM by heads") << ModelKind::Lstm << Strategy::Head;
        QTest::newRow("LSTM by queries") << ModelKind::Lstm << Strategy::QueryBlock;
        QTest::newRow("attention by units") << ModelKind::Attention << Strategy::HiddenSplit;
        QTest::newRow("attention by wavefront") << ModelKind::Attention << Strategy::LayerWavefront;
        QTest::newRow("nothing picked") << ModelKind::Lstm << Strategy::Auto;
    }
    void strategyOfTheOtherModelIsRefused()
    {
        QFETCH(const ModelKind, kind);
        QFETCH(const Strategy, strategy);
        PlanShape shape = attentionShape(1, 8, 2, 4, 1, true);
        shape.kind = kind;
        Cut cut;
        cut.strategy = strategy;
        try {
            makePlan(shape, cut);
            QFAIL("accepted");
        } catch (const Error& error) {
            QVERIFY(QByteArray(error.what()).contains(strategyName(strategy).data()));
        }
    }

    void attentionTrainsByRowsAlone()
    {
        for (const Strategy strategy : { Strategy::Head, Strategy::QueryBlock }) {
            try {
                makePlan(
                    trained(attentionShape(1, 8, 2, 4, 1, true)), Cut { .strategy = strategy });
                QFAIL("accepted");
            } catch (const Error& error) {
                QVERIFY(QByteArray(error.what()).contains(strategyName(strategy).data()));
                QVERIFY(QByteArray(error.what()).contains("sub-batch"));
            }
        }
    }

    void nothingToComputeIsAnEmptyPlan()
    {
        for (const Grain grain : { Grain::Fine, Grain::Executed }) {
            Cut cut;
            cut.grain = grain;
            QCOMPARE(
                makePlan(lstmShape(1, 8, 8, 0, 4), cut).operations().size(), std::size_t { 0 });
            QCOMPARE(makePlan(attentionShape(1, 8, 2, 0, 4, true), cut).taskCount(), 0);
            cut.subBatches = 2;
            QCOMPARE(makePlan(trained(lstmShape(1, 8, 8, 0, 4)), cut).taskCount(), 0);
            cut.subBatches = 1;
            QCOMPARE(makePlan(lstmShape(1, 8, 8, 4, 0), cut).taskCount(), 0);
        }
    }

    void strategyNamesAreReadBack()
    {
        const std::vector<std::pair<Strategy, std::string_view>> names { { Strategy::Auto, "auto" },
            { Strategy::Sequential, "sequential" }, { Strategy::SubBatch, "sub-batch" },
            { Strategy::HiddenSplit, "hidden-split" },
            { Strategy::LayerWavefront, "layer-wavefront" }, { Strategy::Head, "head" },
            { Strategy::QueryBlock, "query-block" } };
        for (const auto& [strategy, name] : names) {
            QCOMPARE(strategyName(strategy), name);
            QVERIFY(strategyFromName(name) == strategy);
        }
        QVERIFY(!strategyFromName("subbatch"));
    }
};

QTEST_GUILESS_MAIN(PlanTest)
#include "tst_plan.moc"
