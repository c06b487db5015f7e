// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/lstm_computation.h"
#include "engine/model/reference_lstm.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <limits>
#include <thread>

using namespace timestep;

namespace {

Matrix<float> randomMatrix(int rows, int columns, std::uint32_t seed, float largest)
{
    const std::vector<float> values
        = randomFloats(static_cast<std::size_t>(rows) * columns, seed, largest);
    return Eigen::Map<const Matrix<float>>(values.data(), rows, columns);
}

// A stack of layers on the embeddings of a text.
struct TextLayers
{
    LstmWeights<float> weights;
    std::vector<TokenId> tokens;
    PlanShape shape;

    TextLayers(int layers, int width, int inputWidth, int steps, int rows)
        : shape(bareLstm(layers, width, steps, rows))
    {
        shape.inputWidth = inputWidth;
        weights.embedding = randomMatrix(11, inputWidth, 1, 1);
        for (int layer = 0; layer < layers; ++layer) {
            LstmLayerWeights<float> l;
            l.input = randomMatrix(4 * width, layer == 0 ? inputWidth : width, 10 + layer, 0.4F);
            l.recurrent = randomMatrix(4 * width, width, 20 + layer, 0.4F);
            l.inputBias = randomMatrix(1, 4 * width, 30 + layer, 0.5F);
            l.recurrentBias = randomMatrix(1, 4 * width, 40 + layer, 0.5F);
            weights.layers.push_back(l);
        }
        for (int t = 0; t < steps; ++t)
            tokens.push_back((t * t + 3) % 11);
    }

    std::vector<LstmLayerActivations<double>> expected(
        int row, const LstmIntervention& intervention) const
    {
        std::vector<TokenId> rotated;
        for (int t = 0; t < shape.steps; ++t)
            rotated.push_back(tokens[(row + t) % tokens.size()]);
        return lstmForward<double>(weights.cast<double>(), rotated, {}, intervention);
    }

    Recording emptyRecording() const
    {
        Recording recording;
        const Matrix<float> states = Matrix<float>::Constant(shape.steps, shape.width, -9);
        recording.gates.assign(shape.layers, { states, states, states, states });
        recording.cell.assign(shape.layers, states);
        recording.hidden.assign(shape.layers, states);
        return recording;
    }
};

/// Gates of all and of some units, of one and of several steps, over the edges of chunks of 4
/// steps, slices of units and each other; links of several layers.
LstmIntervention someIntervention()
{
    return { .forgetGates = { { .layer = 0, .steps = { 2, 9 }, .value = 0.3F },
                 { .layer = 0, .steps = { 7, 12 }, .units = { 36, 0, 15, 16, 17 }, .value = 1 },
                 { .layer = 2, .steps = { 11, 12 }, .units = { 20 }, .value = 0 },
                 { .layer = 2, .steps = { 28, 29 }, .value = 0 } },
        .cutLinks = { { 0, 0 }, { 0, 5 }, { 1, 8 }, { 2, 28 } } };
}

void see(WorstElement& worst, const Matrix<float>& found, const Matrix<double>& expected,
    const std::string& name)
{
    QCOMPARE(found.rows(), expected.rows());
    for (Eigen::Index i = 0; i < found.rows(); ++i)
        for (Eigen::Index j = 0; j < found.cols(); ++j)
            worst.see(found(i, j), expected(i, j), 2e-5,
                name + "(" + std::to_string(i) + ", " + std::to_string(j) + ")");
}

} // namespace

class TestLstmComputation : public QObject
{
    Q_OBJECT

private slots:
    void recordsWhatTheTextbookComputes_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<int>("strategy");
        QTest::addColumn<bool>("intervenes");
        for (const Kernels* kernels : availableKernels())
            for (Strategy strategy : { Strategy::Sequential, Strategy::SubBatch,
                     Strategy::HiddenSplit, Strategy::LayerWavefront })
                for (const bool intervenes : { false, true })
                    QTest::addRow("%s %s%s", std::string(kernels->name).c_str(),
                        std::string(strategyName(strategy)).c_str(),
                        intervenes ? " with an intervention" : "")
                        << QString::fromStdString(std::string(kernels->name))
                        << static_cast<int>(strategy) << intervenes;
    }
    void recordsWhatTheTextbookComputes()
    {
        QFETCH(int, strategy);
        QFETCH(bool, intervenes);
        const LstmIntervention intervention = intervenes ? someIntervention() : LstmIntervention {};
        const TextLayers text(3, 37, 21, 29, 5);
        const PackedLstm packed(text.weights.layers);
        const Plan plan = makePlan(text.shape, cutOf(static_cast<Strategy>(strategy), 2, 4, 64, 2));
        Recording recording = text.emptyRecording();
        std::vector<float> output(outputSize(text.shape));
        LstmComputation::Setup setup;
        setup.weights = &packed;
        setup.kernels = &fetchKernels();
        setup.input.width = 21;
        setup.input.steps = 29;
        setup.input.embedding = text.weights.embedding.data();
        setup.input.tokens = text.tokens;
        setup.output = { output.data(), 5 };
        setup.intervention = intervenes ? &intervention : nullptr;
        setup.recording = &recording;
        MemoryAccount account;
        LstmComputation computation(plan, setup, 2, account);
        QCOMPARE(account.peakBytes(), LstmComputation::bytesNeeded(plan, 2));
        Executor executor(2);
        QCOMPARE(executor.run(plan, computation, {}), Outcome::Finished);
        QVERIFY(computation.finite());

        WorstElement worst;
        const auto expected = text.expected(0, intervention);
        for (int layer = 0; layer < 3; ++layer) {
            const std::string name = "layer " + std::to_string(layer) + " ";
            see(worst, recording.gates[layer].input, expected[layer].inputGate, name + "input");
            see(worst, recording.gates[layer].forget, expected[layer].forgetGate, name + "forget");
            see(worst, recording.gates[layer].candidate, expected[layer].candidate,
                name + "candidate");
            see(worst, recording.gates[layer].output, expected[layer].outputGate, name + "output");
            see(worst, recording.cell[layer], expected[layer].cell, name + "cell");
            see(worst, recording.hidden[layer], expected[layer].hidden, name + "hidden");
        }
        for (int row = 0; row < 5; ++row) // row r reads the text from token r on, wrapping round
            see(worst, Eigen::Map<const Matrix<float>>(output.data() + row * 29 * 37, 29, 37),
                text.expected(row, intervention).back().hidden, "row " + std::to_string(row) + " ");
        VERIFY_WORST(worst);
    }

    void oneLayerKeepsItsStateOnly()
    {
        // Twice as long a text takes not a byte more.
        const auto bytes = [](int steps) {
            PlanShape shape = bareLstm(1, 64, steps, 8);
            shape.inputWidth = 64;
            return LstmComputation::bytesNeeded(makePlan(shape, cutOf(Strategy::SubBatch, 4)), 2);
        };
        QCOMPARE(bytes(128), bytes(256));
    }

    void spoiltWeightsAreNoticed()
    {
        TextLayers text(1, 16, 16, 4, 2);
        text.weights.layers[0].recurrent(3, 5) = std::numeric_limits<float>::quiet_NaN();
        const PackedLstm packed(text.weights.layers);
        const Plan plan = makePlan(text.shape, cutOf(Strategy::Sequential, 1));
        LstmComputation::Setup setup;
        setup.weights = &packed;
        setup.kernels = &defaultKernels();
        setup.input.width = 16;
        setup.input.steps = 4;
        setup.input.embedding = text.weights.embedding.data();
        setup.input.tokens = text.tokens;
        MemoryAccount account;
        LstmComputation computation(plan, setup, 1, account);
        Executor executor(1);
        executor.run(plan, computation, {});
        QVERIFY(!computation.finite());
    }

    // A single step that takes seconds on one core must still give way at once.
    void stopsInTheMiddleOfAStep()
    {
        BareLayer layer(bareLstm(1, 1024, 64, 64), kernelsNamed("reference"), 1);
        const Plan plan = makePlan(layer.shape(), cutOf(Strategy::Sequential, 1));
        MemoryAccount account;
        const auto computation = layer.prepare(plan, 1, account);
        std::stop_source source;
        source.request_stop();
        const Worker worker { 0, source.get_token() };
        for (const Operation& operation : plan.operations())
            computation->run(operation, worker);
        // Nothing but the first piece of each operation was worked on: all of it would be 69 GFLOP.
        Executor executor(1);
        QCOMPARE(executor.run(plan, *computation, source.get_token()), Outcome::Cancelled);
    }
};

QTEST_APPLESS_MAIN(TestLstmComputation)
#include "tst_lstm_computation.moc"
