// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_computation.h"
#include "engine/model/reference_attention.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/whole_matrix.h"

#include <QTest>

#include <limits>

using namespace timestep;

namespace {

Matrix<float> randomMatrix(int rows, int columns, std::uint32_t seed, float largest)
{
    const std::vector<float> values
        = randomFloats(static_cast<std::size_t>(rows) * columns, seed, largest);
    return Eigen::Map<const Matrix<float>>(values.data(), rows, columns);
}

// A small GPT-2 without its vocabulary head, and a text.
struct SmallModel
{
    AttentionWeights<float> weights;
    ModelShape modelShape;
    PlanShape shape;
    std::vector<TokenId> tokens;

    SmallModel(int layers, int width, int heads, int steps, int rows, const AttentionMask& mask)
        : shape(masked(bareAttention(layers, width, heads, steps, rows, true), mask))
    {
        modelShape.kind = ModelKind::Attention;
        modelShape.layers = layers;
        modelShape.width = width;
        modelShape.embedding = width;
        modelShape.heads = heads;
        modelShape.vocabulary = 11;
        modelShape.context = steps;
        modelShape.attentionWindow = mask.window;
        std::uint32_t seed = 1;
        const auto random = [&](int rows_, int columns, float largest) {
            return randomMatrix(rows_, columns, seed++, largest);
        };
        weights.embedding = random(11, width, 1);
        weights.positions = random(steps, width, 1);
        for (int layer = 0; layer < layers; ++layer) {
            AttentionLayerWeights<float> l;
            l.attentionNormGain = random(1, width, 1).array() + 1;
            l.attentionNormBias = random(1, width, 0.3F);
            l.queryKeyValue = random(width, 3 * width, 0.4F);
            l.queryKeyValueBias = random(1, 3 * width, 0.3F);
            l.projection = random(width, width, 0.3F);
            l.projectionBias = random(1, width, 0.3F);
            l.feedForwardNormGain = random(1, width, 1).array() + 1;
            l.feedForwardNormBias = random(1, width, 0.3F);
            l.expand = random(width, 4 * width, 0.3F);
            l.expandBias = random(1, 4 * width, 0.3F);
            l.contract = random(4 * width, width, 0.2F);
            l.contractBias = random(1, width, 0.3F);
            weights.layers.push_back(l);
        }
        weights.finalNormGain = random(1, width, 1).array() + 1;
        weights.finalNormBias = random(1, width, 0.3F);
        for (int t = 0; t < steps; ++t)
            tokens.push_back((t * t + 3) % 11);
    }

    AttentionActivations<double> expected(int row) const
    {
        std::vector<TokenId> rotated;
        for (int t = 0; t < shape.steps; ++t)
            rotated.push_back(tokens[(row + t) % tokens.size()]);
        return attentionForward<double>(weights.cast<double>(), modelShape, rotated, shape.causal);
    }

    AttentionComputation::Setup setup(const PackedAttention& packed, const Kernels& kernels) const
    {
        AttentionComputation::Setup setup;
        setup.weights = &packed;
        setup.kernels = &kernels;
        setup.input.width = shape.width;
        setup.input.steps = shape.steps;
        setup.input.embedding = weights.embedding.data();
        setup.input.tokens = tokens;
        setup.positions = &weights.positions;
        setup.finalNormGain = &weights.finalNormGain;
        setup.finalNormBias = &weights.finalNormBias;
        setup.epsilon = 1e-5F;
        return setup;
    }
};

void see(WorstElement& worst, const Matrix<float>& found, const Matrix<double>& expected,
    const std::string& name)
{
    QCOMPARE(found.rows(), expected.rows());
    const double bound = 2e-5 * std::max(1.0, expected.cwiseAbs().maxCoeff());
    for (Eigen::Index i = 0; i < found.rows(); ++i)
        for (Eigen::Index j = 0; j < found.cols(); ++j)
            worst.see(found(i, j), expected(i, j), bound,
                name + "(" + std::to_string(i) + ", " + std::to_string(j) + ")");
}

} // namespace

class TestAttentionComputation : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithTheTextbook_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<int>("strategy");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        for (const Kernels* kernels : availableKernels())
            for (Strategy strategy :
                { Strategy::Sequential, Strategy::SubBatch, Strategy::Head, Strategy::QueryBlock })
                for (bool causal : { true, false })
                    for (int window : { 0, 1, 19 })
                        QTest::addRow("%s %s %s, window of %d", std::string(kernels->name).c_str(),
                            std::string(strategyName(strategy)).c_str(), causal ? "causal" : "full",
                            window)
                            << QString::fromStdString(std::string(kernels->name))
                            << static_cast<int>(strategy) << causal << window;
    }
    void agreesWithTheTextbook()
    {
        QFETCH(int, strategy);
        QFETCH(bool, causal);
        QFETCH(int, window);
        const SmallModel model(3, 36, 3, 71, 4, { causal, window });
        const PackedAttention packed(model.weights.layers);
        const Plan plan
            = makePlan(model.shape, cutOf(static_cast<Strategy>(strategy), 2, 1, 16, 3));
        RecomputedAffinities affinities(model.shape, fetchKernels());
        std::vector<float> output(outputSize(model.shape));
        AttentionComputation::Setup setup = model.setup(packed, fetchKernels());
        setup.output = { output.data(), 4 };
        setup.affinities = &affinities;
        MemoryAccount account;
        AttentionComputation computation(plan, setup, 2, account);
        QCOMPARE(account.peakBytes(), AttentionComputation::bytesNeeded(plan, 2));
        Executor executor(2);
        QCOMPARE(executor.run(plan, computation, {}), Outcome::Finished);
        QVERIFY(computation.finite());

        WorstElement worst;
        const AttentionActivations<double> expected = model.expected(0);
        for (int layer = 0; layer < 3; ++layer)
            for (int head = 0; head < 3; ++head) {
                const auto& attention = expected.blocks[layer].attention;
                const std::string place
                    = " of layer " + std::to_string(layer) + " head " + std::to_string(head);
                see(worst, wholeMatrix(affinities, { layer, head }), attention.affinity[head],
                    "affinity" + place);
                const std::vector<float> norms = affinities.valueNorms({ layer, head });
                const auto values = attention.queryKeyValue.middleCols(2 * 36 + head * 12, 12);
                see(worst, Eigen::Map<const Matrix<float>>(norms.data(), 71, 1),
                    Matrix<double>(values.rowwise().norm()), "length of the value" + place);
            }
        for (int row = 0; row < 4; ++row)
            see(worst, Eigen::Map<const Matrix<float>>(output.data() + row * 71 * 36, 71, 36),
                model.expected(row).finalNorm.output, "row " + std::to_string(row) + " ");
        VERIFY_WORST(worst);
    }

    // Tiles end at 512 keys; groups of 16 queries see 15 keys more than one. Long texts have tiles
    // that are skipped, and keys that are hidden on either side of a border.
    void windowsAcrossTilesOfKeys_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        for (const Kernels* kernels : availableKernels())
            for (bool causal : { true, false })
                for (int window : { 1, 16, 33, 500, 512, 513, 800, 1100, 3000 })
                    QTest::addRow("%s %s, window of %d", std::string(kernels->name).c_str(),
                        causal ? "causal" : "full", window)
                        << QString::fromStdString(std::string(kernels->name)) << causal << window;
    }
    void windowsAcrossTilesOfKeys()
    {
        QFETCH(bool, causal);
        QFETCH(int, window);
        const int steps = 1100;
        const PlanShape shape = masked(bareAttention(1, 24, 2, steps, 1, true), { causal, window });
        BareLayer layer(shape, fetchKernels(), 5);
        Executor executor(1);
        outputOf(layer, cutOf(Strategy::Sequential, 1), executor);
        QVERIFY2(layer.maxError() < 2e-6, qPrintable(QString::number(layer.maxError())));
    }

    void aWindowAsLongAsTheTextIsNone_data() { addKernelRows(); }
    void aWindowAsLongAsTheTextIsNone()
    {
        for (const bool causal : { true, false })
            for (const int steps : { 1, 37, 600 }) {
                const PlanShape all = bareAttention(2, 24, 2, steps, 2, causal);
                Executor executor(1);
                BareLayer without(all, fetchKernels(), 5);
                const std::vector<float> expected
                    = outputOf(without, cutOf(Strategy::Sequential, 1), executor);
                for (const int window : { steps, steps + 1, 1 << 20 }) {
                    BareLayer layer(masked(all, { causal, window }), fetchKernels(), 5);
                    QVERIFY(outputOf(layer, cutOf(Strategy::Sequential, 1), executor) == expected);
                }
            }
    }

    // With it, any part of an affinity matrix is exp(score − it) again.
    void keepsTheLogOfEachSum()
    {
        const SmallModel model(2, 32, 2, 40, 2, {});
        const PackedAttention packed(model.weights.layers);
        const Plan plan = makePlan(model.shape, cutOf(Strategy::SubBatch, 1));
        MemoryAccount account;
        AttentionComputation computation(plan, model.setup(packed, defaultKernels()), 1, account);
        Executor executor(1);
        executor.run(plan, computation, {});
        WorstElement worst;
        for (int row = 0; row < 2; ++row) {
            const AttentionActivations<double> expected = model.expected(row);
            for (int layer = 0; layer < 2; ++layer)
                for (int head = 0; head < 2; ++head)
                    for (int t = 0; t < 40; ++t) {
                        const auto& qkv = expected.blocks[layer].attention.queryKeyValue;
                        double sum = 0;
                        for (int k = 0; k <= t; ++k)
                            sum += std::exp(qkv.row(t)
                                                .segment(16 * head, 16)
                                                .dot(qkv.row(k).segment(32 + 16 * head, 16))
                                / 4);
                        const float found
                            = computation.logSumExp()[((layer * 2 + head) * 2 + row) * 40 + t];
                        worst.see(found, std::log(sum), 1e-4, "query " + std::to_string(t));
                    }
        }
        VERIFY_WORST(worst);
    }

    void spoiltWeightsAreNoticed()
    {
        SmallModel model(2, 16, 2, 5, 2, {});
        model.weights.layers[1].expand(3, 5) = std::numeric_limits<float>::quiet_NaN();
        const PackedAttention packed(model.weights.layers);
        const Plan plan = makePlan(model.shape, cutOf(Strategy::Sequential, 1));
        MemoryAccount account;
        AttentionComputation computation(plan, model.setup(packed, defaultKernels()), 1, account);
        Executor executor(1);
        executor.run(plan, computation, {});
        QVERIFY(!computation.finite());
    }

    // A masked position must not reach an earlier one, whatever is in it.
    void laterPositionsDoNotReachEarlierOnes()
    {
        SmallModel model(2, 16, 2, 40, 1, {});
        const PackedAttention packed(model.weights.layers);
        const Plan plan = makePlan(model.shape, cutOf(Strategy::SubBatch, 1));
        const auto run = [&] {
            std::vector<float> output(outputSize(model.shape));
            AttentionComputation::Setup setup = model.setup(packed, defaultKernels());
            setup.output = { output.data(), 1 };
            MemoryAccount account;
            AttentionComputation computation(plan, setup, 1, account);
            Executor executor(1);
            executor.run(plan, computation, {});
            return output;
        };
        const std::vector<float> before = run();
        model.tokens[37] = 10 - model.tokens[37];
        const std::vector<float> after = run();
        QVERIFY(sameBits(before.data(), after.data(), 37 * 16));
        QVERIFY(!sameBits(before.data() + 37 * 16, after.data() + 37 * 16, 16));
    }
};

QTEST_APPLESS_MAIN(TestAttentionComputation)
#include "tst_attention_computation.moc"
