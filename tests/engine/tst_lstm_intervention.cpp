// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/run.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <functional>
#include <limits>

using namespace timestep;

namespace {

constexpr LanguageModelCase lstmCase { "lstm", ModelKind::Lstm, 2, 37, 0, 21, false,
    Positions::Sinusoids, 1, 24, 1 };
constexpr LanguageModelCase attentionCase { "attention", ModelKind::Attention, 1, 24, 3, 24, true,
    Positions::Learned, 1, 24, 1 };

ModelRun runOf(const LanguageModelCase& model, const Kernels& kernels,
    const std::optional<LstmIntervention>& intervention, Strategy strategy = Strategy::SubBatch)
{
    std::vector<Token> tokens;
    for (const TokenId id : randomBatch(1, model.steps, 3).tokens)
        tokens.push_back({ id, 0, 0 });
    Executor executor(2);
    RunSettings settings;
    settings.record = true;
    settings.strategy = strategy;
    if (intervention)
        settings.intervention = std::make_shared<const LstmIntervention>(*intervention);
    return std::move(
        runModel(PackedModel(modelOf(model), kernels), tokens, settings, executor, {}).value());
}

/// The first of T steps at which two matrices (T, …) differ in a bit; T where none does.
int firstDifference(const Matrix<float>& a, const Matrix<float>& b)
{
    int step = 0;
    while (
        step < a.rows() && sameBits(a.row(step).data(), b.row(step).data(), std::size_t(a.cols())))
        ++step;
    return step;
}

bool same(const Matrix<float>& a, const Matrix<float>& b)
{
    return firstDifference(a, b) == a.rows();
}

QString refusal(const LstmIntervention& intervention, const LanguageModelCase& model = lstmCase)
{
    try {
        runOf(model, defaultKernels(), intervention);
    } catch (const Error& error) {
        return QString::fromUtf8(error.what());
    }
    return QStringLiteral("none");
}

} // namespace

/// What somebody who forces a gate or cuts a link relies on: that it is done, exactly, and nothing
/// else. That all kernels and strategies compute what the textbook does is in tst_lstm_computation.
class TestLstmIntervention : public QObject
{
    Q_OBJECT
private slots:
    void nothingChangedIsTheSameBits_data() { addKernelRows(); }
    void nothingChangedIsTheSameBits()
    {
        const ModelRun plain = runOf(lstmCase, fetchKernels(), {});
        QVERIFY(same(runOf(lstmCase, fetchKernels(), LstmIntervention {}).logits, plain.logits));
        // A gate forced to what it is anyway, and a link that is not there
        LstmIntervention idle { .cutLinks = { { 0, 0 }, { 1, 0 } } };
        for (int unit = 0; unit < lstmCase.width; ++unit)
            idle.forgetGates.push_back({ .layer = 1,
                .steps = { 7, 8 },
                .units = { unit },
                .value = plain.recording.gates[1].forget(7, unit) });
        const Matrix<float> logits = runOf(lstmCase, fetchKernels(), idle).logits;
        QVERIFY(firstDifference(logits, plain.logits) >= 7);
        QVERIFY((logits - plain.logits).cwiseAbs().maxCoeff() < 1e-5);
    }

    void stepsBeforeAreTheSameBits_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<int>("strategy");
        QTest::addColumn<bool>("cut");
        for (const Kernels* kernels : availableKernels())
            for (Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                     Strategy::HiddenSplit, Strategy::LayerWavefront })
                for (const bool cut : { false, true })
                    QTest::addRow("%s %s %s", std::string(kernels->name).c_str(),
                        std::string(strategyName(strategy)).c_str(), cut ? "cut" : "forced")
                        << QString::fromStdString(std::string(kernels->name))
                        << static_cast<int>(strategy) << cut;
    }
    void stepsBeforeAreTheSameBits()
    {
        QFETCH(int, strategy);
        QFETCH(bool, cut);
        LstmIntervention intervention;
        if (cut)
            intervention.cutLinks = { { 0, 9 } };
        else
            intervention.forgetGates = { { .layer = 0, .steps = { 9, 10 }, .value = 0.5F } };
        const ModelRun plain = runOf(lstmCase, fetchKernels(), {}, Strategy(strategy));
        const ModelRun changed = runOf(lstmCase, fetchKernels(), intervention, Strategy(strategy));
        QCOMPARE(firstDifference(changed.logits, plain.logits), 9);
        for (std::size_t layer = 0; layer < 2; ++layer)
            QCOMPARE(
                firstDifference(changed.recording.cell[layer], plain.recording.cell[layer]), 9);
    }

    void aLayerAboveIsChangedAndOneBelowIsNot()
    {
        const ModelRun plain = runOf(lstmCase, defaultKernels(), {});
        const ModelRun changed = runOf(lstmCase, defaultKernels(),
            LstmIntervention { .forgetGates = { { .layer = 1, .steps = { 4, 24 }, .value = 0 } } });
        QVERIFY(same(changed.recording.cell[0], plain.recording.cell[0]));
        QCOMPARE(firstDifference(changed.recording.hidden[1], plain.recording.hidden[1]), 4);
    }

    void aForcedGateIsExactlyItsValue_data() { addKernelRows(); }
    void aForcedGateIsExactlyItsValue()
    {
        for (const float value : { 0.0F, 0.1F, 0.5F, 0.999F, 1.0F }) {
            const std::vector<int> units { 3, 16, 36 };
            const Recording run = runOf(lstmCase, fetchKernels(),
                LstmIntervention { .forgetGates
                    = { { .layer = 0, .steps = { 5, 8 }, .units = units, .value = value } } })
                                      .recording;
            const Recording plain = runOf(lstmCase, fetchKernels(), {}).recording;
            const GateRecording& gates = run.gates[0];
            for (const int unit : units) {
                for (int step = 5; step < 8; ++step)
                    QCOMPARE(gates.forget(step, unit), value);
                const float kept = value * run.cell[0](4, unit);
                const float written = gates.input(5, unit) * gates.candidate(5, unit);
                QVERIFY(std::abs(run.cell[0](5, unit) - (kept + written)) < 1e-6F);
            }
            // Step 5 reads the same as ever, so that all its other gates are what they were.
            for (int unit = 0; unit < lstmCase.width; ++unit)
                if (std::find(units.begin(), units.end(), unit) == units.end())
                    QCOMPARE(gates.forget(5, unit), plain.gates[0].forget(5, unit));
            QVERIFY(sameBits(gates.input.row(5).data(), plain.gates[0].input.row(5).data(),
                std::size_t(lstmCase.width)));
        }
    }

    void ofSeveralThatForceAGateTheLastCounts()
    {
        const GateRecording gates = runOf(lstmCase, defaultKernels(),
            LstmIntervention {
                .forgetGates = { { .layer = 0, .steps = { 2, 6 }, .value = 0.25F },
                    { .layer = 0, .steps = { 4, 9 }, .units = { 7, 7 }, .value = 0.75F } } })
                                        .recording.gates[0];
        QCOMPARE(gates.forget(3, 7), 0.25F);
        QCOMPARE(gates.forget(4, 7), 0.75F);
        QCOMPARE(gates.forget(8, 7), 0.75F);
        QCOMPARE(gates.forget(5, 8), 0.25F);
    }

    // Without the hidden state and with an empty cell a one-layer LSTM begins anew.
    void aStepCutFromAllBeforeBeginsAnew()
    {
        LanguageModelCase one = lstmCase;
        one.layers = 1;
        const Recording run = runOf(one, defaultKernels(),
            LstmIntervention { .forgetGates = { { .layer = 0, .steps = { 10, 11 }, .value = 0 } },
                .cutLinks
                = { { 0, 10 } } }).recording;
        std::vector<Token> rest;
        const std::vector<TokenId> ids = randomBatch(1, one.steps, 3).tokens;
        for (std::size_t t = 10; t < ids.size(); ++t)
            rest.push_back({ ids[t], 0, 0 });
        Executor executor(2);
        RunSettings settings;
        settings.record = true;
        const auto fresh
            = runModel(PackedModel(modelOf(one), defaultKernels()), rest, settings, executor, {});
        QVERIFY(same(run.hidden[0].bottomRows(14), fresh->recording.hidden[0]));
        QVERIFY(same(run.cell[0].bottomRows(14), fresh->recording.cell[0]));
    }

    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<LstmIntervention>("intervention");
        QTest::addColumn<QString>("says");
        const auto force = [](int layer, IndexRange steps, std::vector<int> units, float value) {
            return LstmIntervention { .forgetGates
                = { { layer, steps, std::move(units), value } } };
        };
        const auto cut = [](int layer, int step) {
            return LstmIntervention { .cutLinks = { { layer, step } } };
        };
        const float none = std::numeric_limits<float>::quiet_NaN();
        QTest::newRow("layer") << force(2, { 0, 1 }, {}, 0) << "layers 0 to 1";
        QTest::newRow("layer below") << force(-1, { 0, 1 }, {}, 0) << "layers 0 to 1";
        QTest::newRow("steps end") << force(0, { 20, 25 }, {}, 0) << "steps 0 to 23";
        QTest::newRow("steps begin") << force(0, { -1, 2 }, {}, 0) << "steps 0 to 23";
        QTest::newRow("no steps") << force(0, { 3, 3 }, {}, 0) << "at least one";
        QTest::newRow("unit") << force(0, { 0, 1 }, { 0, 37 }, 0) << "units 0 to 36";
        QTest::newRow("above one") << force(0, { 0, 1 }, {}, 1.01F) << "1.01";
        QTest::newRow("below zero") << force(0, { 0, 1 }, {}, -0.01F) << "choose a value";
        QTest::newRow("no number") << force(0, { 0, 1 }, {}, none) << "choose a value";
        QTest::newRow("link's layer") << cut(2, 3) << "layers 0 to 1";
        QTest::newRow("link's step") << cut(0, 24) << "steps 0 to 23";
    }
    void whatCannotBeIsRefused()
    {
        QFETCH(LstmIntervention, intervention);
        QFETCH(QString, says);
        const QString message = refusal(intervention);
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void attentionHasNoGatesToForce()
    {
        QVERIFY(refusal({}, attentionCase).contains("intervene in an LSTM"));
    }
};

QTEST_APPLESS_MAIN(TestLstmIntervention)
#include "tst_lstm_intervention.moc"
