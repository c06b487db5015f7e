// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/lstm_gradient_layout.h"
#include "tests/engine/training_cases.h"

#include <QTest>

#include <cmath>

using namespace timestep;

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
            int layers, width, steps, rows, subBatches, chunk;
        };
        for (const Case c : { Case { 1, 1, 1, 1, 1, 4 }, Case { 1, 16, 9, 2, 2, 4 },
                 Case { 2, 37, 13, 5, 2, 4 }, Case { 3, 20, 7, 7, 3, 1 },
                 Case { 2, 48, 16, 3, 1, 16 }, Case { 1, 67, 11, 4, 4, 8 } }) {
            verifyAgainstTheTextbook(bareLstm(c.layers, c.width, c.steps, c.rows), kernels,
                cutOf(Strategy::SubBatch, c.subBatches, c.chunk), 1e-5);
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

    void chunksAgreeWithinRounding()
    {
        BareTraining training(bareLstm(2, 33, 21, 3), defaultKernels(), 5);
        const int parameters = LstmGradientLayout(training.shape()).size();
        const std::vector<float> whole
            = gradientsOf(training, cutOf(Strategy::Sequential, 1, 21), 1, parameters);
        // The steps of a chunk are summed from its first to its last, chunks from the last on: so
        // chunks of one step are another order, and agree within rounding.
        const std::vector<float> single
            = gradientsOf(training, cutOf(Strategy::Sequential, 1, 1), 1, parameters);
        float largest = 0;
        for (const float value : whole)
            largest = std::max(largest, std::abs(value));
        for (std::size_t i = 0; i < whole.size(); ++i)
            QVERIFY(std::abs(whole[i] - single[i]) <= 1e-5F * largest);
    }

    void onlyRowsSplitTraining()
    {
        PlanShape shape = bareLstm(2, 16, 8, 4);
        shape.training = true;
        for (Strategy strategy : { Strategy::HiddenSplit, Strategy::LayerWavefront }) {
            try {
                makePlan(shape, cutOf(strategy, 1));
                QFAIL("a plan that nothing can run");
            } catch (const Error& error) {
                QVERIFY(QString::fromUtf8(error.what()).contains("sub-batch"));
            }
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
