// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_memory.h"
#include "engine/execution/bare_layer.h"
#include "engine/execution/given_steps.h"
#include "engine/execution/model_forward.h"
#include "engine/execution/strategy_choice.h"
#include "engine/model/untrained_model.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <algorithm>
#include <span>

using namespace timestep;

namespace {

// Lengths on both sides of a tile of 64 positions, of a pack of 16 keys and of nothing.
constexpr int lengths[] { 0, 1, 15, 16, 37, 64, 130 };

std::vector<PlanShape> layersReading(int steps)
{
    return { bareLstm(1, 64, steps, 8), bareLstm(3, 50, steps, 7), bareLstm(2, 33, steps, 1),
        bareAttention(1, 64, 4, steps, 4, true), bareAttention(3, 50, 5, steps, 3, true),
        bareAttention(2, 21, 1, steps, 1, true),
        masked(bareAttention(2, 50, 5, steps, 3, true), { true, 20 }) };
}

std::vector<Strategy> strategiesFor(ModelKind kind)
{
    if (kind == ModelKind::Lstm)
        return { Strategy::Sequential, Strategy::SubBatch, Strategy::HiddenSplit };
    return { Strategy::Sequential, Strategy::SubBatch, Strategy::Head, Strategy::QueryBlock };
}

ModelPair smallPair() { return untrainedPair(Vocabulary::fromMerges({}), 1); }

std::vector<TokenId> someTokens(int count)
{
    std::vector<TokenId> tokens;
    for (int t = 0; t < count; ++t)
        tokens.push_back(t * 5 % 250);
    return tokens;
}

/// The step after the given ones, three times over: a state that ran away would show.
void runStep(TimedPass& pass, const Plan& plan, Executor& executor)
{
    MemoryAccount account;
    {
        const auto computation = pass.prepare(plan, executor.threads(), account);
        QCOMPARE(runGivenSteps(plan, *computation, executor, {}), Outcome::Finished);
        for (int repeat = 0; repeat < 3; ++repeat)
            QCOMPARE(executor.run(plan, *computation, {}), Outcome::Finished);
    }
    QCOMPARE(account.peakBytes(), pass.bytesNeeded(plan, executor.threads()));
}

QString described(const PlanShape& shape, const Cut& cut, int threads)
{
    return QStringLiteral("%1 of %2, %3 layers, %4 given steps, %5 rows, %6 sub-batches, "
                          "%7 threads")
        .arg(strategyName(cut.strategy).data(), kindName(shape.kind).data())
        .arg(shape.layers)
        .arg(shape.firstStep)
        .arg(shape.rows)
        .arg(cut.subBatches)
        .arg(threads);
}

} // namespace

/// One token more after `length` is what reading length + 1 tokens says there, to the last bit,
/// however it is cut.
class TestGivenSteps : public QObject
{
    Q_OBJECT

private slots:
    void bareLayersGoOnAsIfTheyHadReadItAll_data() { addKernelRows(); }
    void bareLayersGoOnAsIfTheyHadReadItAll()
    {
        for (const int length : lengths)
            for (const PlanShape& shape : layersReading(length + 1)) {
                BareLayer reading(shape, fetchKernels(), 1);
                const std::vector<float> whole
                    = outputOf(reading, cutOf(Strategy::Sequential, 1), m_executors[0]);
                BareLayer writing(oneMore(shape), fetchKernels(), 1);
                for (const Strategy strategy : strategiesFor(shape.kind))
                    for (const int subBatches : { 1, 3 })
                        for (Executor& executor : executors()) {
                            const Cut cut = cutOf(strategy, subBatches);
                            runStep(writing, makePlan(writing.shape(), cut), executor);
                            for (int row = 0; row < shape.rows; ++row)
                                QVERIFY2(sameBits(lastPosition(whole, shape, row),
                                             writing.output() + row * shape.width, shape.width),
                                    qPrintable(
                                        described(writing.shape(), cut, executor.threads())));
                        }
            }
    }

    /// Beyond 512 keys there are several tiles of them: one query must meet the same as many do.
    void manyKeysAreMetInTheSameTiles_data() { addKernelRows(); }
    void manyKeysAreMetInTheSameTiles()
    {
        for (const int window : { 0, 700 })
            for (const int length : { 769, 1030, 1600 }) {
                const PlanShape shape
                    = masked(bareAttention(1, 24, 2, length + 1, 1, true), { true, window });
                BareLayer reading(shape, fetchKernels(), 1);
                const std::vector<float> whole
                    = outputOf(reading, cutOf(Strategy::Sequential, 1), m_executors[0]);
                BareLayer writing(oneMore(shape), fetchKernels(), 1);
                runStep(writing, makePlan(writing.shape(), cutOf(Strategy::SubBatch, 1)),
                    m_executors[0]);
                QVERIFY(sameBits(lastPosition(whole, shape, 0), writing.output(), shape.width));
            }
    }

    void moreRowsThanATileHoldsGoOnTogether_data()
    {
        QTest::addColumn<Strategy>("strategy");
        for (const Strategy strategy : strategiesFor(ModelKind::Attention))
            QTest::newRow(strategyName(strategy).data()) << strategy;
    }
    void moreRowsThanATileHoldsGoOnTogether()
    {
        QFETCH(Strategy, strategy);
        const PlanShape shape
            = bareAttention(2, 20, 2, 18, 2 * AttentionMemory::tilePositions + 5, true);
        BareLayer reading(shape, defaultKernels(), 1);
        const std::vector<float> whole
            = outputOf(reading, cutOf(Strategy::Sequential, 1), m_executors[0]);
        BareLayer writing(oneMore(shape), defaultKernels(), 1);
        runStep(writing, makePlan(writing.shape(), cutOf(strategy, 1)), m_executors[1]);
        for (int row = 0; row < shape.rows; ++row)
            QVERIFY2(sameBits(lastPosition(whole, shape, row), writing.output() + row * shape.width,
                         shape.width),
                qPrintable(QString::number(row)));
    }

    void modelsGoOnAsIfTheyHadReadItAll_data() { addKernelRows(); }
    void modelsGoOnAsIfTheyHadReadItAll()
    {
        const ModelPair pair = smallPair();
        for (const ModelPointer& model : { pair.lstm, pair.attention })
            for (const int length : { 0, 70 }) {
                const PackedModel packed(model, fetchKernels());
                ModelForward reading(packed, someTokens(length + 1), 3);
                const Plan plan = makePlan(reading.shape(), cutOf(Strategy::Sequential, 1));
                MemoryAccount account;
                const auto computation = reading.prepare(plan, 1, account);
                m_executors[0].run(plan, *computation, {});

                ModelForward writing(packed, someTokens(length + 1), 3, length);
                const PlanShape& shape = writing.shape();
                for (const Strategy strategy : strategiesFor(shape.kind)) {
                    const Cut cut = cutOf(strategy, 2);
                    runStep(writing, makePlan(shape, cut), m_executors[1]);
                    QVERIFY2(sameBits(reading.output() + length * shape.width, writing.output(),
                                 shape.width),
                        qPrintable(described(shape, cut, 2)));
                }
            }
    }

    void theStepIsCloseToDoublePrecision_data() { addKernelRows(); }
    void theStepIsCloseToDoublePrecision()
    {
        for (const PlanShape& shape : layersReading(301)) { // further than a reading is compared
            BareLayer layer(oneMore(shape), fetchKernels(), 1);
            QVERIFY(layer.maxError() > 0.5); // nothing has run yet
            compareWithReference(layer);
        }
        const ModelPair pair = smallPair();
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            const PackedModel packed(model, fetchKernels());
            ModelForward pass(packed, someTokens(151), 2, 150);
            QVERIFY(pass.maxError() > 0.5);
            compareWithReference(pass);
        }
    }

    void memoryIsConstantForTheOneAndGrowsForTheOther()
    {
        const auto bytes = [](const PlanShape& shape) {
            BareLayer layer(oneMore(shape), defaultKernels(), 1);
            return layer.bytesNeeded(makePlan(layer.shape(), cutOf(Strategy::SubBatch, 1)), 1);
        };
        QCOMPARE(bytes(bareLstm(2, 64, 17, 4)), bytes(bareLstm(2, 64, 2001, 4)));
        const std::size_t grown = bytes(bareAttention(2, 64, 4, 2001, 4, true))
            - bytes(bareAttention(2, 64, 4, 17, 4, true));
        const std::size_t keysAndValues = 8UL * 2 * 4 * (2001 - 17) * 64;
        QVERIFY(grown >= keysAndValues);
        QVERIFY(grown < keysAndValues + keysAndValues / 4); // and what it weighs them by
    }

    void stoppedItSaysSo()
    {
        std::stop_source stop;
        stop.request_stop();
        BareLayer layer(oneMore(bareLstm(1, 16, 5, 1)), defaultKernels(), 1);
        const Plan plan = makePlan(layer.shape(), cutOf(Strategy::Sequential, 1));
        MemoryAccount account;
        const auto computation = layer.prepare(plan, 1, account);
        QCOMPARE(runGivenSteps(plan, *computation, m_executors[0], stop.get_token()),
            Outcome::Cancelled);
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

    static const float* lastPosition(
        const std::vector<float>& output, const PlanShape& shape, int row)
    {
        return output.data() + ((row + 1) * shape.steps - 1) * shape.width;
    }

    void compareWithReference(TimedPass& pass)
    {
        const Cut cut = executedCut(pass.shape(), Strategy::Auto, 0, 2);
        runStep(pass, makePlan(pass.shape(), cut), m_executors[1]);
        const double error = pass.maxError();
        QVERIFY2(error > 0 && error < 1e-5, qPrintable(QString::number(error)));
    }
};

QTEST_APPLESS_MAIN(TestGivenSteps)
#include "tst_given_steps.moc"
