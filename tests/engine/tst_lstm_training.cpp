// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/lstm_gradient_layout.h"
#include "engine/execution/needs_sweep.h"
#include "tests/engine/training_cases.h"

#include <QTest>

#include <algorithm>
#include <array>

using namespace timestep;

namespace {

constexpr std::array lstmStrategies { Strategy::Sequential, Strategy::SubBatch,
    Strategy::HiddenSplit, Strategy::LayerWavefront };

PlanShape reading(PlanShape shape, int inputs)
{
    shape.inputWidth = inputs;
    return shape;
}

/// Of all weights, and then of the input.
std::vector<float> allGradientsOf(BareTraining& training, const Cut& cut, int threads)
{
    const PlanShape& shape = training.shape();
    std::vector<float> gradients
        = gradientsOf(training, cut, threads, LstmGradientLayout(shape).size());
    const std::size_t inputs
        = static_cast<std::size_t>(shape.rows) * shape.steps * shape.inputWidth;
    gradients.insert(gradients.end(), training.inputGradient(), training.inputGradient() + inputs);
    return gradients;
}

} // namespace

Q_DECLARE_METATYPE(Strategy)

class TestLstmTraining : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheTextbook_data() { addKernelRows(); }
    void agreesWithTheTextbook()
    {
        const Kernels& kernels = fetchKernels();
        struct Case
        {
            int layers, width, inputs, steps, rows, subBatches, chunk;
        };
        for (const Case c : { Case { 1, 1, 1, 1, 1, 1, 4 }, Case { 1, 16, 16, 9, 2, 2, 4 },
                 Case { 2, 37, 37, 13, 5, 2, 4 }, Case { 3, 20, 45, 7, 7, 3, 1 },
                 Case { 2, 48, 5, 16, 3, 1, 16 }, Case { 1, 67, 67, 11, 4, 4, 8 } }) {
            for (const Strategy strategy : lstmStrategies)
                verifyAgainstTheTextbook(
                    reading(bareLstm(c.layers, c.width, c.steps, c.rows), c.inputs), kernels,
                    cutOf(strategy, c.subBatches, c.chunk), 1e-5);
        }
    }

    void isTheSameBitsHoweverItIsCut_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("inputs");
        QTest::addColumn<int>("steps");
        QTest::addColumn<int>("rows");
        QTest::newRow("one of everything") << 1 << 1 << 1 << 1 << 1;
        QTest::newRow("one step") << 2 << 40 << 40 << 1 << 3;
        QTest::newRow("one row") << 1 << 64 << 64 << 19 << 1;
        QTest::newRow("odd width") << 2 << 37 << 37 << 13 << 5;
        QTest::newRow("three layers, more inputs than units") << 3 << 50 << 83 << 9 << 4;
        QTest::newRow("fewer inputs than slices") << 2 << 64 << 20 << 11 << 2;
        QTest::newRow("more slices than groups of units") << 3 << 20 << 20 << 11 << 2;
    }
    void isTheSameBitsHoweverItIsCut()
    {
        QFETCH(int, layers);
        QFETCH(int, width);
        QFETCH(int, inputs);
        QFETCH(int, steps);
        QFETCH(int, rows);
        BareTraining training(
            reading(bareLstm(layers, width, steps, rows), inputs), defaultKernels(), 5);
        for (int subBatches = 1; subBatches <= std::min(rows, 3); ++subBatches) {
            const std::vector<float> expected
                = allGradientsOf(training, cutOf(Strategy::SubBatch, subBatches, 16), 1);
            for (const Strategy strategy : { Strategy::HiddenSplit, Strategy::LayerWavefront })
                for (int threads = 1; threads <= 4; ++threads)
                    for (int chunk : { 1, 3, 16 }) {
                        const Cut cut = cutOf(strategy, subBatches, chunk, 64, threads);
                        const std::vector<float> found = allGradientsOf(training, cut, threads);
                        QVERIFY2(sameBits(found.data(), expected.data(), expected.size()),
                            qPrintable(QStringLiteral("%1, %2 sub-batches, chunks of %3, on %4")
                                           .arg(QString::fromUtf8(strategyName(strategy).data()))
                                           .arg(subBatches)
                                           .arg(chunk)
                                           .arg(threads)));
                    }
        }
    }

    void isTheSameBitsOnAnyNumberOfThreads()
    {
        BareTraining training(bareLstm(2, 33, 21, 7), defaultKernels(), 5);
        const int parameters = LstmGradientLayout(training.shape()).size();
        for (int subBatches : { 1, 2, 4, 7 }) {
            const Cut cut = cutOf(Strategy::SubBatch, subBatches, 4);
            const std::vector<float> one = gradientsOf(training, cut, 1, parameters);
            for (int threads : { 2, 3 })
                QVERIFY(sameBits(gradientsOf(training, cut, threads, parameters).data(), one.data(),
                    one.size()));
        }
    }

    void chunksAreTheSameBits()
    {
        BareTraining training(bareLstm(2, 33, 21, 3), defaultKernels(), 5);
        const std::vector<float> whole
            = allGradientsOf(training, cutOf(Strategy::Sequential, 1, 21), 1);
        for (int chunk : { 1, 2, 8, 20, 100 }) {
            const std::vector<float> chunks
                = allGradientsOf(training, cutOf(Strategy::Sequential, 1, chunk), 1);
            QVERIFY(sameBits(chunks.data(), whole.data(), whole.size()));
        }
    }

    void slicesOfTrainingAreWholeGroupsOfUnits()
    {
        PlanShape shape = bareLstm(1, 50, 4, 1);
        shape.inputWidth = 20;
        shape.training = true;
        const Plan plan = makePlan(shape, cutOf(Strategy::HiddenSplit, 1, 4, 64, 100));
        QCOMPARE(plan.cut().slices, 4);
        int inputs = 0;
        for (const Operation& operation : plan.operations()) {
            QCOMPARE(operation.units.begin % 16, 0);
            if (operation.kind == OperationKind::InputBackward)
                inputs += operation.units.count();
        }
        QCOMPARE(inputs, 20);
    }

    void trainingIsAChainOfTwiceTheSteps_data()
    {
        QTest::addColumn<Strategy>("strategy");
        for (const Strategy strategy : lstmStrategies)
            QTest::newRow(strategyName(strategy).data()) << strategy;
    }
    void trainingIsAChainOfTwiceTheSteps()
    {
        QFETCH(const Strategy, strategy);
        constexpr int steps = 12;
        for (int layers : { 1, 3 }) {
            PlanShape shape = bareLstm(layers, 32, steps, 1);
            shape.inputWidth = 32;
            shape.training = true;
            Cut cut = cutOf(strategy, 1);
            cut.grain = Grain::Fine;
            const Plan plan = makePlan(shape, cut);
            const std::vector<int> stepsBehind
                = sweepForward<int>(plan, [&](int operation, int before) {
                      const OperationKind kind = plan.operations()[std::size_t(operation)].kind;
                      const bool step = kind == OperationKind::RecurrentHalf
                          || kind == OperationKind::RecurrentBackward;
                      return before + (step ? 1 : 0);
                  });
            // Forward and back, each time a step more for every layer above.
            QCOMPARE(*std::max_element(stepsBehind.begin(), stepsBehind.end()),
                2 * (steps + layers - 1));
        }
    }

    void planIsForwardTwiceAsMuchBackAndTheSum()
    {
        PlanShape shape = bareLstm(2, 16, 8, 4);
        shape.inputWidth = 24;
        const Cut cut = cutOf(Strategy::SubBatch, 2, 4);
        const int parameters = LstmGradientLayout(shape).size();
        QCOMPARE(parameters, 64 * (24 + 16 + 1) + 64 * (16 + 16 + 1));
        verifyFlopsOfTraining(shape, cut, parameters);
    }

    void chainBackWaitsForTheStepAfter()
    {
        PlanShape shape = bareLstm(2, 16, 8, 2);
        shape.training = true;
        const Plan plan = makePlan(shape, cutOf(Strategy::SubBatch, 2, 4));
        const auto operations = plan.operations();
        const auto needs = [&](int index, const Operation& other) {
            for (const OperationRange& range : plan.needs(index))
                for (int need = range.begin; need < range.end; ++need)
                    if (operations[std::size_t(need)].kind == other.kind
                        && operations[std::size_t(need)].layer == other.layer
                        && operations[std::size_t(need)].steps == other.steps
                        && operations[std::size_t(need)].rows == other.rows)
                        return true;
            return false;
        };
        int chains = 0;
        int reductions = 0;
        for (int index = 0; index < static_cast<int>(operations.size()); ++index) {
            Operation other = operations[std::size_t(index)];
            if (other.kind == OperationKind::RecurrentBackward && other.steps.begin == 0) {
                other.steps = { 4, 8 };
                QVERIFY(needs(index, other));
                if (other.layer == 0) {
                    other.kind = OperationKind::InputBackward;
                    other.layer = 1;
                    other.steps = { 0, 4 };
                    QVERIFY(needs(index, other));
                }
                ++chains;
            } else if (other.kind == OperationKind::Reduction) {
                other.kind = OperationKind::WeightGradients;
                other.steps = { 0, 4 };
                for (const IndexRange rows : { IndexRange { 0, 1 }, IndexRange { 1, 2 } }) {
                    other.rows = rows;
                    QVERIFY(needs(index, other));
                }
                ++reductions;
            }
        }
        QCOMPARE(chains, 4);
        QCOMPARE(reductions, 4);
    }
};

QTEST_APPLESS_MAIN(TestLstmTraining)
#include "tst_lstm_training.moc"
