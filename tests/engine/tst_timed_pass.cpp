// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/bare_layer.h"
#include "engine/execution/model_forward.h"
#include "engine/execution/strategy_choice.h"
#include "engine/model/untrained_model.h"
#include "engine/training/model_layers_training.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

double errorAfterRun(TimedPass& pass)
{
    const Plan plan = makePlan(pass.shape(), executedCut(pass.shape(), Strategy::Auto, 0, 2));
    Executor executor(2);
    MemoryAccount account;
    const std::size_t needed = pass.bytesNeeded(plan, 2);
    {
        const auto computation = pass.prepare(plan, 2, account);
        executor.run(plan, *computation, {});
    }
    if (account.peakBytes() != needed || account.bytes() != 0)
        return -1;
    return pass.maxError();
}

} // namespace

/// What is timed is also what is computed: the error column of a sweep would show it.
class TestTimedPass : public QObject
{
    Q_OBJECT

private slots:
    void bareLayersAreCloseToDoublePrecision_data() { addKernelRows(); }
    void bareLayersAreCloseToDoublePrecision()
    {
        for (const PlanShape& shape : { bareLstm(1, 64, 300, 2), bareLstm(2, 37, 20, 3),
                 bareAttention(1, 64, 4, 300, 2, true), bareAttention(1, 64, 4, 300, 2, false),
                 bareAttention(2, 30, 5, 20, 3, false) }) {
            BareLayer layer(shape, fetchKernels(), 1);
            QVERIFY(layer.maxError() > 0.5); // nothing has run yet
            const double error = errorAfterRun(layer);
            QVERIFY2(error > 0 && error < 1e-5, qPrintable(QString::number(error)));
        }
    }

    void bareLayersHaveTheTextbooksParameters()
    {
        BareLayer lstm(bareLstm(2, 48, 2, 1), defaultKernels(), 1);
        QCOMPARE(lstm.parameters(), std::int64_t { 2 * (8 * 48 * 48 + 8 * 48) });
        BareLayer attention(bareAttention(1, 48, 4, 2, 1, true), defaultKernels(), 1);
        QCOMPARE(attention.parameters(), std::int64_t { 4 * 48 * 48 + 4 * 48 });
    }

    void sameSeedSameNumbers()
    {
        Executor executor(1);
        const auto output = [&](std::uint64_t seed) {
            BareLayer layer(bareLstm(1, 16, 4, 2), defaultKernels(), seed);
            return outputOf(layer, cutOf(Strategy::Sequential, 1), executor);
        };
        QVERIFY(output(7) == output(7));
        QVERIFY(output(7) != output(8));
    }

    void wholeModelsAreCloseToDoublePrecision_data() { addKernelRows(); }
    void wholeModelsAreCloseToDoublePrecision()
    {
        const ModelPair pair = untrainedPair(Vocabulary::fromMerges({}), 1);
        std::vector<TokenId> tokens;
        for (int t = 0; t < 150; ++t)
            tokens.push_back(t * 5 % 250);
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            const PackedModel packed(model, fetchKernels());
            ModelForward pass(packed, tokens, 3);
            QCOMPARE(pass.parameters(), model->parameters());
            const double error = errorAfterRun(pass);
            QVERIFY2(error > 0 && error < 1e-5, qPrintable(QString::number(error)));
        }
    }

    void wholeModelsTrainCloseToDoublePrecision_data() { addKernelRows(); }
    void wholeModelsTrainCloseToDoublePrecision()
    {
        const ModelPair pair = untrainedPair(Vocabulary::fromMerges({}), 1);
        std::vector<TokenId> tokens;
        for (int t = 0; t < 35; ++t)
            tokens.push_back(t * 5 % 250);
        for (const ModelPointer& model : { pair.lstm, pair.attention }) {
            ModelLayersTraining pass(model, tokens, 3, fetchKernels(), 2);
            QVERIFY(std::isnan(pass.maxError())); // nothing was run
            const Plan plan
                = makePlan(pass.shape(), executedCut(pass.shape(), Strategy::Auto, 2, 2));
            MemoryAccount account;
            const auto computation = pass.prepare(plan, 2, account);
            QCOMPARE(account.peakBytes(), pass.bytesNeeded(plan, 2));
            Executor(2).run(plan, *computation, {});
            const double error = pass.maxError();
            QVERIFY2(error > 0 && error < 2e-5, qPrintable(QString::number(error)));
        }
    }
};

QTEST_APPLESS_MAIN(TestTimedPass)
#include "tst_timed_pass.moc"
