// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_gradient_layout.h"
#include "engine/training/bare_training.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

using namespace timestep;

namespace {

Cut rowsTogether(Strategy strategy, int subBatches, int rows)
{
    Cut cut = cutOf(strategy, subBatches);
    cut.rowsTogether = rows;
    return cut;
}

std::vector<float> gradientsOf(BareTraining& layers, const Cut& cut, int threads)
{
    const Plan plan = makePlan(layers.shape(), cut);
    MemoryAccount account;
    const auto computation = layers.prepare(plan, threads, account);
    Executor executor(threads);
    executor.run(plan, *computation, {});
    return { layers.gradients(),
        layers.gradients() + AttentionGradientLayout(layers.shape()).size() };
}

} // namespace

class TestAttentionTraining : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheTextbook_data() { addKernelRows(); }
    void agreesWithTheTextbook()
    {
        const Kernels& kernels = fetchKernels();
        struct Case
        {
            int layers, width, heads, steps, rows, subBatches;
        };
        for (const bool causal : { false, true })
            for (const Case c : { Case { 1, 1, 1, 1, 1, 1 }, Case { 1, 16, 1, 9, 2, 2 },
                     Case { 2, 36, 3, 65, 5, 2 }, Case { 3, 20, 4, 130, 3, 3 },
                     Case { 1, 64, 1, 300, 2, 1 } }) {
                BareTraining training(
                    bareAttention(c.layers, c.width, c.heads, c.steps, c.rows, causal), kernels, 3);
                const Plan plan
                    = makePlan(training.shape(), rowsTogether(Strategy::SubBatch, c.subBatches, 1));
                MemoryAccount account;
                const auto computation = training.prepare(plan, 2, account);
                QCOMPARE(account.peakBytes(), training.bytesNeeded(plan, 2));
                Executor executor(2);
                for (int run = 0; run < 2; ++run) { // nothing is left over from the run before
                    QCOMPARE(executor.run(plan, *computation, {}), Outcome::Finished);
                    const double error = training.maxError();
                    QVERIFY2(error < 2e-5,
                        qPrintable(QStringLiteral("%1 layers of %2, %3 steps, %4 rows: error %5")
                                       .arg(c.layers)
                                       .arg(c.width)
                                       .arg(c.steps)
                                       .arg(c.rows)
                                       .arg(error)));
                }
            }
    }

    void isTheSameBitsOnAnyNumberOfThreads()
    {
        BareTraining training(bareAttention(2, 36, 3, 70, 7, true), defaultKernels(), 5);
        for (int subBatches : { 1, 2, 4, 7 }) {
            const Cut cut = rowsTogether(Strategy::SubBatch, subBatches, 1);
            const std::vector<float> one = gradientsOf(training, cut, 1);
            for (int threads : { 2, 3 })
                QVERIFY(
                    sameBits(gradientsOf(training, cut, threads).data(), one.data(), one.size()));
        }
    }

    void rowsTogetherChangeNoBit()
    {
        BareTraining training(bareAttention(2, 36, 3, 70, 7, true), defaultKernels(), 5);
        const std::vector<float> one
            = gradientsOf(training, rowsTogether(Strategy::SubBatch, 2, 1), 2);
        for (int rows : { 2, 3, 0 })
            QVERIFY(
                sameBits(gradientsOf(training, rowsTogether(Strategy::SubBatch, 2, rows), 2).data(),
                    one.data(), one.size()));
    }

    void planIsForwardTwiceAsMuchBackAndTheSum()
    {
        PlanShape shape = bareAttention(2, 16, 2, 80, 4, true);
        shape.bareLayer = true;
        const Cut cut = cutOf(Strategy::SubBatch, 2);
        double forward = 0;
        const Plan inference = makePlan(shape, cut);
        for (const Operation& operation : inference.operations())
            forward += operation.flops;
        shape.training = true;
        double all = 0;
        int summed = 0;
        const Plan training = makePlan(shape, cut);
        for (const Operation& operation : training.operations()) {
            all += operation.flops;
            summed += operation.parameters.count();
        }
        const int parameters = AttentionGradientLayout(shape).size();
        QCOMPARE(parameters, 2 * (4 * 16 * 16 + 4 * 16));
        QCOMPARE(summed, parameters); // each parameter once
        QCOMPARE(all, 3 * forward + parameters);
    }
};

QTEST_APPLESS_MAIN(TestAttentionTraining)
#include "tst_attention_training.moc"
