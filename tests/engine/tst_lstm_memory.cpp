// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/run.h"
#include "engine/measurement/lstm_memory.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <cmath>
#include <limits>
#include <numeric>

using namespace timestep;

namespace {

constexpr LanguageModelCase lstmCase { "lstm", ModelKind::Lstm, 2, 37, 0, 21, false,
    Positions::Sinusoids, 1, 60, 1 };

constexpr double endless = std::numeric_limits<double>::infinity();

/// What a small model really computes on a text.
Recording realRun(const Kernels& kernels)
{
    std::vector<Token> tokens;
    for (const TokenId id : randomBatch(1, lstmCase.steps, 3).tokens)
        tokens.push_back({ id, 0, 0 });
    Executor executor(2);
    RunSettings settings;
    settings.record = true;
    return runModel(PackedModel(modelOf(lstmCase), kernels), tokens, settings, executor, {})
        ->recording;
}

/// Of two units: as given, a row of the gate a step.
GateRecording gatesOf(const Matrix<float>& forget, const Matrix<float>& input)
{
    return { input, forget, Matrix<float>::Constant(input.rows(), input.cols(), -1), input };
}

GateRecording knownGates()
{
    Matrix<float> forget(4, 2), input(4, 2);
    forget << 0.5F, 0.5F, /**/ 0.5F, 1, /**/ 0.25F, 0, /**/ 1, 0.5F;
    input << 1, 1, /**/ 0, 0.5F, /**/ 0, 0, /**/ 0.5F, 1;
    return gatesOf(forget, input);
}

} // namespace

/// What is said of an LSTM's memory: exact sums over what it wrote, on real runs and on gates whose
/// answer is known.
class TestLstmMemory : public QObject
{
    Q_OBJECT
private slots:
    void whatWasWrittenAddsUpToTheCell_data() { addKernelRows(); }
    void whatWasWrittenAddsUpToTheCell()
    {
        const Recording run = realRun(fetchKernels());
        WorstElement worst;
        for (std::size_t layer = 0; layer < run.gates.size(); ++layer)
            for (const int t : { 0, 1, 31, lstmCase.steps - 1 }) {
                const CellContent content = cellContent(run.gates[layer], t);
                QCOMPARE(int(content.written.rows()), t + 1);
                const RowVector<float> sums = content.written.colwise().sum();
                for (int unit = 0; unit < lstmCase.width; ++unit)
                    worst.see(sums(unit), run.cell[layer](t, unit), 1e-6,
                        "layer " + std::to_string(layer) + " step " + std::to_string(t) + " unit "
                            + std::to_string(unit));
                QVERIFY(
                    std::abs(std::accumulate(content.share.begin(), content.share.end(), 0.0) - 1)
                    < 1e-12);
            }
        VERIFY_WORST(worst);
    }

    void theContentOfACellIsWhatTheGatesSay()
    {
        const CellContent content = cellContent(knownGates(), 2); // written: −i_i, for g = −1
        Matrix<float> expected(3, 2);
        expected << -0.125F, 0, /**/ 0, 0, /**/ 0, 0;
        QVERIFY(content.written == expected);
        QCOMPARE(content.share, (std::vector<double> { 1, 0, 0 }));
        QCOMPARE(content.kept, (std::vector<double> { 0.0625, 0, 0 }));
    }

    void anEmptyCellHasNoShares()
    {
        const GateRecording gates = gatesOf(Matrix<float>::Ones(3, 2), Matrix<float>::Zero(3, 2));
        QCOMPARE(cellContent(gates, 2).share, (std::vector<double> { 0, 0, 0 }));
        QCOMPARE(cellContent(gates, 2).kept, (std::vector<double> { 0, 0, 0 }));
        QCOMPARE(retention(gates, 0).kept, (std::vector<double> { 0, 0, 0 }));
        QCOMPARE(retention(gates, 0).lostAt, -1);
    }

    void retentionAgreesWithTheContentOfEachCell()
    {
        const GateRecording gates = realRun(defaultKernels()).gates[1];
        const Retention kept = retention(gates, 7);
        QCOMPARE(std::ssize(kept.kept), lstmCase.steps - 7);
        for (int t = 7; t < lstmCase.steps; ++t)
            QVERIFY(
                std::abs(kept.kept[std::size_t(t - 7)] - cellContent(gates, t).kept[7]) < 1e-12);
    }

    void theStepThatLostMostIsNamed()
    {
        const Retention first = retention(knownGates(), 0);
        QCOMPARE(first.kept, (std::vector<double> { 1, 0.75, 0.0625, 0.0625 }));
        QCOMPARE(first.lostAt, 2);
        QCOMPARE(first.lost, 0.6875);
        const Retention second = retention(knownGates(), 1); // unit 1 alone, gone at once
        QCOMPARE(second.kept, (std::vector<double> { 1, 0, 0 }));
        QCOMPARE(second.lostAt, 2);
        QCOMPARE(retention(knownGates(), 3).kept, std::vector<double> { 1 });
        QCOMPARE(retention(knownGates(), 3).lostAt, -1); // nothing came after it
    }

    void halfOfWhatIsHeldIsGoneAfterAHalfLife()
    {
        Matrix<float> forget(4, 5);
        forget.col(0).setConstant(0.5F);
        forget.col(1).setConstant(std::sqrt(0.5F));
        forget.col(2) << 0.5F, 1, 0.5F, 1; // the mean pace
        forget.col(3) << 1, 1, 0, 1;
        forget.col(4).setOnes();
        const std::vector<double> lives = halfLives(forget, { 0, 4 });
        QVERIFY(std::abs(lives[0] - 1) < 1e-9);
        QVERIFY(std::abs(lives[1] - 2) < 1e-6);
        QVERIFY(std::abs(lives[2] - 2) < 1e-9);
        QCOMPARE(lives[3], 0.0);
        QCOMPARE(lives[4], endless);
        QCOMPARE(halfLives(forget, { 3, 4 })[3], endless); // of other steps
        QCOMPARE(halfLives(forget, { 2, 4 })[3], 0.0);
    }

    void gatesThatWereSetTellNoHalfLife()
    {
        Matrix<float> forget(3, 2);
        forget << 0.5F, 0, 0, 0, 0.5F, 0;
        LstmIntervention intervention;
        intervention.forgetGates = { { .layer = 1, .steps = { 1, 2 } },
            { .layer = 1, .steps = { 0, 3 }, .units = { 1 } } };
        const std::vector<double> lives = halfLivesOfComputed(forget, intervention, 1);
        QVERIFY(std::abs(lives[0] - 1) < 1e-12);
        QVERIFY(std::isnan(lives[1]));
        QCOMPARE(halfLivesOfComputed(forget, intervention, 0), halfLives(forget, { 0, 3 }));
        const HalfLifeSummary summary = summaryOf(std::vector { std::nan(""), 2.0, 3.0 });
        QCOMPARE(summary.longestUnit, 2);
        QCOMPARE(summary.median, 2.5);
        QVERIFY(std::isnan(summaryOf(std::vector { std::nan("") }).tenth));
    }

    void aLayersHalfLivesAreSummedUp()
    {
        std::vector<double> lives(11);
        std::iota(lives.begin(), lives.end(), 10.0); // 10 … 20
        HalfLifeSummary summary = summaryOf(lives);
        QCOMPARE(summary.tenth, 11.0);
        QCOMPARE(summary.median, 15.0);
        QCOMPARE(summary.ninetieth, 19.0);
        QCOMPARE(summary.longest, 20.0);
        QCOMPARE(summary.longestUnit, 10);
        lives[3] = lives[8] = endless;
        summary = summaryOf(lives);
        QCOMPARE(summary.longest, endless);
        QCOMPARE(summary.longestUnit, 3); // the lowest
        QCOMPARE(summary.median, 16.0);
    }
};

QTEST_APPLESS_MAIN(TestLstmMemory)
#include "tst_lstm_memory.moc"
