// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_gradient_layout.h"
#include "tests/engine/training_cases.h"

#include <QTest>

using namespace timestep;

namespace {

Cut rowsTogether(Strategy strategy, int subBatches, int rows)
{
    Cut cut = cutOf(strategy, subBatches);
    cut.rowsTogether = rows;
    return cut;
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
        for (const AttentionMask& mask :
            { AttentionMask { false, 0 }, AttentionMask { true, 0 }, AttentionMask { true, 5 },
                AttentionMask { true, 100 }, AttentionMask { false, 40 } })
            for (const Case c : { Case { 1, 1, 1, 1, 1, 1 }, Case { 1, 16, 1, 9, 2, 2 },
                     Case { 2, 36, 3, 65, 5, 2 }, Case { 3, 20, 4, 130, 3, 3 },
                     Case { 1, 64, 1, 300, 2, 1 } }) {
                verifyAgainstTheTextbook(
                    masked(bareAttention(c.layers, c.width, c.heads, c.steps, c.rows, true), mask),
                    kernels, rowsTogether(Strategy::SubBatch, c.subBatches, 1), 2e-5);
            }
    }

    void isTheSameBitsOnAnyNumberOfThreads()
    {
        BareTraining training(bareAttention(2, 36, 3, 70, 7, true), defaultKernels(), 5);
        const int parameters = AttentionGradientLayout(training.shape()).size();
        for (int subBatches : { 1, 2, 4, 7 }) {
            const Cut cut = rowsTogether(Strategy::SubBatch, subBatches, 1);
            const std::vector<float> one = gradientsOf(training, cut, 1, parameters);
            for (int threads : { 2, 3 })
                QVERIFY(sameBits(gradientsOf(training, cut, threads, parameters).data(), one.data(),
                    one.size()));
        }
    }

    void aWindowAsLongAsTheTextIsNone()
    {
        const PlanShape shape = bareAttention(2, 36, 3, 70, 3, true);
        const Cut cut = rowsTogether(Strategy::SubBatch, 2, 1);
        BareTraining all(shape, defaultKernels(), 5);
        const int parameters = AttentionGradientLayout(all.shape()).size();
        const std::vector<float> expected = gradientsOf(all, cut, 1, parameters);
        BareTraining windowed(masked(shape, { true, 70 }), defaultKernels(), 5);
        QVERIFY(gradientsOf(windowed, cut, 1, parameters) == expected);
        BareTraining narrower(masked(shape, { true, 69 }), defaultKernels(), 5);
        QVERIFY(gradientsOf(narrower, cut, 1, parameters) != expected);
    }

    void rowsTogetherChangeNoBit()
    {
        BareTraining training(bareAttention(2, 36, 3, 70, 7, true), defaultKernels(), 5);
        const int parameters = AttentionGradientLayout(training.shape()).size();
        const std::vector<float> one
            = gradientsOf(training, rowsTogether(Strategy::SubBatch, 2, 1), 2, parameters);
        for (int rows : { 2, 3, 0 })
            QVERIFY(sameBits(
                gradientsOf(training, rowsTogether(Strategy::SubBatch, 2, rows), 2, parameters)
                    .data(),
                one.data(), one.size()));
    }

    void planIsForwardTwiceAsMuchBackAndTheSum()
    {
        PlanShape shape = bareAttention(2, 16, 2, 80, 4, true);
        shape.bareLayer = true;
        const Cut cut = cutOf(Strategy::SubBatch, 2);
        const int parameters = AttentionGradientLayout(shape).size();
        QCOMPARE(parameters, 2 * (4 * 16 * 16 + 4 * 16));
        verifyFlopsOfTraining(shape, cut, parameters);
    }
};

QTEST_APPLESS_MAIN(TestAttentionTraining)
#include "tst_attention_training.moc"
