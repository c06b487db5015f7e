// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_gradient_layout.h"
#include "tests/engine/block_training.h"
#include "tests/engine/training_cases.h"

#include <QTest>

using namespace timestep;

namespace {

PlanShape blocks(
    int layers, int width, int heads, int steps, int rows, const AttentionMask& mask = {})
{
    PlanShape shape = masked(bareAttention(layers, width, heads, steps, rows, true), mask);
    shape.bareLayer = false;
    shape.training = true;
    return shape;
}

Cut rowsTogether(int subBatches, int rows, int block = 64)
{
    Cut cut = cutOf(Strategy::SubBatch, subBatches, 16, block);
    cut.rowsTogether = rows;
    return cut;
}

/// Of all weights, then of the input.
std::vector<float> gradientsOf(BlockTraining& blocks, const Cut& cut, int threads)
{
    const Plan plan = makePlan(blocks.shape, cut);
    MemoryAccount account;
    const auto computation = blocks.prepare(plan, threads, account);
    Executor executor(threads);
    executor.run(plan, *computation, {});
    std::vector<float> all(computation->gradients(),
        computation->gradients() + AttentionGradientLayout(blocks.shape).size());
    all.insert(all.end(), blocks.inputGradient(),
        blocks.inputGradient() + blocks.positions() * blocks.shape.width);
    return all;
}

} // namespace

class TestBlockTraining : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheTextbook_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        for (const Kernels* kernels : availableKernels())
            for (const AttentionMask& mask :
                { AttentionMask { false, 0 }, AttentionMask { true, 0 }, AttentionMask { true, 20 } })
                QTest::addRow("%s, %s, window of %d", std::string(kernels->name).c_str(),
                    mask.causal ? "causal" : "full", mask.window)
                    << QString::fromStdString(std::string(kernels->name)) << mask.causal
                    << mask.window;
    }
    void agreesWithTheTextbook()
    {
        const Kernels& kernels = fetchKernels();
        QFETCH(const bool, causal);
        QFETCH(const int, window);
        struct Case
        {
            int layers, width, heads, steps, rows, subBatches;
            BlockTraining::Input input;
        };
        using Input = BlockTraining::Input;
        for (const Case& c :
            { Case { 1, 24, 2, 1, 1, 1, Input::Text }, Case { 2, 24, 3, 1, 3, 2, Input::Given },
                Case { 2, 30, 5, 5, 5, 3, Input::Text }, Case { 3, 36, 3, 63, 2, 1, Input::Given },
                Case { 1, 80, 5, 65, 3, 3, Input::Given }, Case { 2, 64, 4, 65, 4, 2, Input::Text },
                Case { 3, 48, 4, 130, 2, 2, Input::Given },
                Case { 1, 40, 1, 300, 1, 1, Input::Text } }) {
            BlockTraining training(
                blocks(c.layers, c.width, c.heads, c.steps, c.rows, { causal, window }), kernels,
                c.input);
            const Plan plan = makePlan(training.shape, rowsTogether(c.subBatches, 1));
            MemoryAccount account;
            const auto computation = training.prepare(plan, 2, account);
            QCOMPARE(account.peakBytes(), AttentionTraining::bytesNeeded(plan, 2));
            Executor executor(2);
            for (int run = 0; run < 2; ++run) { // nothing is left over from the run before
                QCOMPARE(executor.run(plan, *computation, {}), Outcome::Finished);
                const std::string wrong = training.wrongTensors(computation->gradients(), 2e-5);
                QVERIFY2(wrong.empty(),
                    qPrintable(QStringLiteral("%1 blocks of %2, %3 steps, %4 rows:\n%5")
                                   .arg(c.layers)
                                   .arg(c.width)
                                   .arg(c.steps)
                                   .arg(c.rows)
                                   .arg(QString::fromStdString(wrong))));
            }
        }
    }

    void isTheSameBitsHoweverItIsCut_data() { addKernelRows(); }
    void isTheSameBitsHoweverItIsCut()
    {
        for (const auto& [steps, window] : { std::pair { 5, 0 }, { 65, 0 }, { 65, 7 } }) {
            BlockTraining training(blocks(3, 36, 3, steps, 5, { true, window }), fetchKernels(),
                BlockTraining::Input::Given);
            for (int subBatches : { 1, 2, 3 }) {
                const std::vector<float> one
                    = gradientsOf(training, rowsTogether(subBatches, 1), 1);
                for (int threads : { 1, 2, 3, 4 })
                    for (const Cut& cut : { rowsTogether(subBatches, 0, 16),
                             rowsTogether(subBatches, 1), rowsTogether(subBatches, 2, 128) })
                        QVERIFY(sameBits(
                            gradientsOf(training, cut, threads).data(), one.data(), one.size()));
            }
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const auto [narrow, wide] = narrowAndWide();
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        const PlanShape shape = blocks(2, 36, 3, 70, 3);
        BlockTraining a(shape, *narrow, BlockTraining::Input::Text);
        BlockTraining b(shape, *wide, BlockTraining::Input::Text);
        QVERIFY(gradientsOf(a, rowsTogether(2, 1), 2) == gradientsOf(b, rowsTogether(2, 1), 2));
    }

    void planIsForwardTwiceAsMuchBackAndTheSum()
    {
        PlanShape shape = blocks(2, 16, 2, 80, 4);
        shape.training = false;
        const int parameters = AttentionGradientLayout(shape).size();
        // Matrices; two norms and the biases of three D, D, four D and D; the final norm.
        QCOMPARE(parameters, 2 * (12 * 16 * 16 + (4 + 9) * 16) + 2 * 16);
        verifyFlopsOfTraining(shape, cutOf(Strategy::SubBatch, 2), parameters);
    }

    void layoutPutsOnePartBehindTheOther()
    {
        const int d = 7;
        const AttentionGradientLayout layout(blocks(2, d, 1, 1, 1));
        QCOMPARE(layout.attentionNormGain(0), 0);
        const std::vector<int> parts { layout.attentionNormGain(1), layout.attentionNormBias(1),
            layout.queryKeyValue(1), layout.queryKeyValueBias(1), layout.projection(1),
            layout.projectionBias(1), layout.feedForwardNormGain(1), layout.feedForwardNormBias(1),
            layout.expand(1), layout.expandBias(1), layout.contract(1), layout.contractBias(1),
            layout.finalNormGain(), layout.finalNormBias(), layout.size() };
        const std::vector<int> sizes { d, d, 3 * d * d, 3 * d, d * d, d, d, d, 4 * d * d, 4 * d,
            4 * d * d, d, d, d };
        for (std::size_t i = 0; i < sizes.size(); ++i)
            QCOMPARE(parts[i + 1] - parts[i], sizes[i]);
        QCOMPARE(layout.ofLayer(0), (IndexRange { 0, parts.front() }));
        QCOMPARE(layout.ofLayer(1), (IndexRange { parts.front(), layout.size() }));
    }
};

QTEST_APPLESS_MAIN(TestBlockTraining)
#include "tst_block_training.moc"
