// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <span>

using namespace timestep;

namespace {

const std::vector<PlanShape> lstmShapes {
    bareLstm(1, 64, 32, 8), // all divides evenly
    bareLstm(3, 50, 37, 7), // nothing does
    bareLstm(2, 33, 5, 1), // fewer steps than a chunk, one row
    bareLstm(2, 16, 1, 3), // one step
};

const std::vector<PlanShape> attentionShapes {
    bareAttention(1, 64, 4, 64, 4, true),
    bareAttention(3, 50, 5, 77, 3, true),
    bareAttention(3, 50, 5, 77, 3, false),
    bareAttention(2, 21, 1, 33, 1, true),
    bareAttention(2, 16, 2, 1, 5, false),
    masked(bareAttention(3, 50, 5, 77, 3, true), { true, 21 }),
    masked(bareAttention(3, 50, 5, 150, 2, true), { false, 9 }),
};

} // namespace

/// The reader may split the work in any way and on any number of threads: not one bit of the result
/// changes. Each cut is compared with the plainest one, everything in one piece on one thread.
class TestBitEquality : public QObject
{
    Q_OBJECT

private slots:
    void lstm_data() { addKernelRows(); }
    void lstm()
    {
        for (const PlanShape& shape : lstmShapes) {
            BareLayer layer(shape, fetchKernels(), 1);
            const std::vector<float> whole
                = outputOf(layer, cutOf(Strategy::Sequential, 1, shape.steps), m_executors[0]);
            for (Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                     Strategy::HiddenSplit, Strategy::LayerWavefront })
                for (int subBatches : { 1, 3, 8 })
                    for (Executor& executor : executors())
                        for (int chunk : { 1, 5, 16 })
                            compare(layer, cutOf(strategy, subBatches, chunk), executor, whole);
        }
    }

    void attention_data() { addKernelRows(); }
    void attention()
    {
        for (const PlanShape& shape : attentionShapes) {
            BareLayer layer(shape, fetchKernels(), 2);
            const std::vector<float> whole
                = outputOf(layer, cutOf(Strategy::Sequential, 1, 1, shape.steps), m_executors[0]);
            for (Strategy strategy :
                { Strategy::Sequential, Strategy::SubBatch, Strategy::Head, Strategy::QueryBlock })
                for (int subBatches : { 1, 2, 3 })
                    for (Executor& executor : executors())
                        for (int block : { 16, 32, 64 })
                            compare(layer, cutOf(strategy, subBatches, 1, block), executor, whole);
        }
    }

    void runningAgainGivesTheSame()
    {
        for (const PlanShape& shape : { lstmShapes[1], attentionShapes[1] }) {
            BareLayer layer(shape, defaultKernels(), 3);
            const Plan plan = makePlan(layer.shape(), cutOf(Strategy::SubBatch, 2));
            Executor executor(2);
            MemoryAccount account;
            const auto computation = layer.prepare(plan, 2, account);
            executor.run(plan, *computation, {});
            const std::vector<float> first(
                layer.output(), layer.output() + outputSize(layer.shape()));
            executor.run(plan, *computation, {});
            QVERIFY(sameBits(first.data(), layer.output(), first.size()));
        }
    }

    void avx2AndAvx512Agree()
    {
        std::vector<const Kernels*> both;
        for (const Kernels* kernels : availableKernels())
            if (kernels->name == "avx2" || kernels->name == "avx512")
                both.push_back(kernels);
        if (both.size() < 2)
            QSKIP("this processor has not both");
        for (const PlanShape& shape : { lstmShapes[1], attentionShapes[1], attentionShapes[2] }) {
            BareLayer narrow(shape, *both[0], 4);
            BareLayer wide(shape, *both[1], 4);
            const Cut cut = cutOf(Strategy::Sequential, 1);
            QVERIFY(outputOf(narrow, cut, m_executors[0]) == outputOf(wide, cut, m_executors[0]));
        }
    }

private:
    Executor m_executors[3] { Executor(1), Executor(2), Executor(3) };

    // Kernels differ in their sums, not in how they share out work: one number of threads will do
    // for all but the fastest.
    std::span<Executor> executors()
    {
        const bool fastest = &fetchKernels() == &defaultKernels();
        return std::span(m_executors).subspan(fastest ? 0 : 1, fastest ? 3 : 1);
    }

    static void compare(
        BareLayer& layer, const Cut& cut, Executor& executor, const std::vector<float>& whole)
    {
        const std::vector<float> part = outputOf(layer, cut, executor);
        for (std::size_t i = 0; i < whole.size(); ++i)
            if (!sameBits(&whole[i], &part[i], 1))
                QFAIL(qPrintable(
                    QStringLiteral("%1, %2 sub-batches, chunk %3, block %4, %5 threads: element %6 "
                                   "of %7 is %8, not %9")
                        .arg(QString::fromStdString(std::string(strategyName(cut.strategy))))
                        .arg(cut.subBatches)
                        .arg(cut.stepsPerChunk)
                        .arg(cut.positionsPerBlock)
                        .arg(executor.threads())
                        .arg(i)
                        .arg(whole.size())
                        .arg(part[i])
                        .arg(whole[i])));
    }
};

QTEST_APPLESS_MAIN(TestBitEquality)
#include "tst_bit_equality.moc"
