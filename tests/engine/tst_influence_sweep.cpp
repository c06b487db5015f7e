// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/influence_sweep.h"

// clang-format off: oneTBB has functions whose names are macros of Qt, so it comes first
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
// clang-format on

#include "tests/engine/every_kernel.h"

#include <QTest>

#include <atomic>
#include <mutex>

using namespace timestep;

namespace {

constexpr int vocabulary = 37;

RowVector<float> around(float centre, int count)
{
    RowVector<float> values = RowVector<float>::Random(count);
    return (0.2F * values.array() + centre).matrix();
}

Matrix<float> random(int rows, int columns, float size)
{
    return size / std::sqrt(static_cast<float>(columns)) * Matrix<float>::Random(rows, columns);
}

Model lstmModel(int layers, int width, int embedding, bool tied)
{
    LstmWeights<float> weights { .embedding = Matrix<float>::Random(vocabulary, embedding),
        .layers = {},
        .head = tied ? Matrix<float>() : Matrix<float>(Matrix<float>::Random(vocabulary, width)),
        .headBias = around(0, vocabulary) };
    for (int l = 0; l < layers; ++l)
        weights.layers.push_back({ .input = random(4 * width, l == 0 ? embedding : width, 3),
            .recurrent = random(4 * width, width, 3),
            .inputBias = around(0.3F, 4 * width),
            .recurrentBias = around(0, 4 * width) });
    Model model;
    model.shape = { .kind = ModelKind::Lstm,
        .vocabulary = vocabulary,
        .layers = layers,
        .width = width,
        .embedding = embedding,
        .tied = tied };
    model.weights = std::move(weights);
    return model;
}

Model attentionModel(
    int layers, int width, int heads, bool tied, int positions, int attentionWindow = 0)
{
    AttentionWeights<float> weights { .embedding = Matrix<float>::Random(vocabulary, width),
        .positions = Matrix<float>::Random(positions, positions == 0 ? 0 : width),
        .layers = {},
        .finalNormGain = around(1, width),
        .finalNormBias = around(0, width),
        .head = tied ? Matrix<float>() : Matrix<float>(Matrix<float>::Random(vocabulary, width)) };
    for (int l = 0; l < layers; ++l)
        weights.layers.push_back({ .attentionNormGain = around(1, width),
            .attentionNormBias = around(0, width),
            .queryKeyValue = random(width, 3 * width, 3),
            .queryKeyValueBias = around(0, 3 * width),
            .projection = random(width, width, 2),
            .projectionBias = around(0, width),
            .feedForwardNormGain = around(1, width),
            .feedForwardNormBias = around(0, width),
            .expand = random(width, 4 * width, 2),
            .expandBias = around(0, 4 * width),
            .contract = random(4 * width, width, 2),
            .contractBias = around(0, width) });
    Model model;
    model.shape = { .kind = ModelKind::Attention,
        .vocabulary = vocabulary,
        .layers = layers,
        .width = width,
        .embedding = width,
        .heads = heads,
        .attentionWindow = attentionWindow,
        .context = 4096,
        .tied = tied };
    model.weights = std::move(weights);
    return model;
}

std::vector<TokenId> someTokens(int count)
{
    std::vector<TokenId> tokens;
    for (int t = 0; t < count; ++t)
        tokens.push_back(static_cast<TokenId>((t * t + 5 * t) % vocabulary));
    return tokens;
}

struct Case
{
    const char* name;
    Model model;
    int tokens;
    bool causal = true;
};

// Widths, heads and texts that fill neither vectors nor panels nor blocks of queries.
std::vector<Case> cases()
{
    std::srand(7); // Eigen's Random
    return { { "lstm, one token", lstmModel(2, 16, 16, true), 1 },
        { "lstm, odd width", lstmModel(2, 21, 21, true), 45 },
        { "lstm, untied, three layers", lstmModel(3, 32, 10, false), 75 },
        { "lstm, one layer, groups of 32", lstmModel(1, 48, 7, false), 140 },
        { "attention, one token", attentionModel(2, 32, 2, true, 8), 1 },
        { "attention, one token, full", attentionModel(2, 32, 2, true, 8), 1, false },
        { "attention, one head", attentionModel(2, 24, 1, true, 0), 49 },
        { "attention, one block", attentionModel(1, 20, 4, false, 100), 50 },
        { "attention, one block, full", attentionModel(1, 20, 4, false, 100), 50, false },
        { "attention, wide heads", attentionModel(2, 104, 2, false, 0), 50 },
        { "attention, odd, three blocks of queries", attentionModel(3, 33, 3, true, 0), 99 },
        { "attention, full", attentionModel(3, 33, 3, true, 0), 52, false },
        { "attention, window of 7", attentionModel(3, 33, 3, true, 0, 7), 99 },
        { "attention, window of a block", attentionModel(2, 24, 2, false, 0, 48), 110 },
        { "attention, window of 5, full", attentionModel(2, 33, 3, true, 0, 5), 52, false },
        { "attention, more heads than lanes", attentionModel(2, 68, 17, true, 0), 20 } };
}

ModelPointer shared(const Model& model) { return std::make_shared<const Model>(model); }

void compare(const Influence& found, const Influence& expected)
{
    QCOMPARE(found.targets, expected.targets);
    WorstElement worst;
    for (Eigen::Index t = 0; t < expected.norms.size(); ++t) {
        const std::string row = "row " + std::to_string(t);
        worst.see(found.norms(t), expected.norms(t), 1e-4 * expected.norms(t), row);
        for (Eigen::Index i = 0; i < expected.norms.size(); ++i)
            worst.see(found.shares(t, i), expected.shares(t, i), 1e-5,
                row + ", column " + std::to_string(i));
    }
    VERIFY_WORST(worst);
}

Influence swept(const Model& model, const Kernels& kernels, int tokens, bool causal = true)
{
    const PackedModel packed(shared(model), kernels);
    return *InfluenceSweep(packed).run(someTokens(tokens), causal, {});
}

bool sameInfluence(const Influence& a, const Influence& b)
{
    return a.targets == b.targets
        && sameBits(a.shares.data(), b.shares.data(), static_cast<std::size_t>(a.shares.size()))
        && sameBits(a.norms.data(), b.norms.data(), static_cast<std::size_t>(a.norms.size()));
}

} // namespace

/// The fast influence computes what its readable twin computes in double precision.
class TestInfluenceSweep : public QObject
{
    Q_OBJECT

    std::vector<Influence> m_expected; // of all cases, in double

private slots:
    void initTestCase()
    {
        for (const Case& c : cases())
            m_expected.push_back(*influence<double>(c.model, someTokens(c.tokens), c.causal, {}));
    }

    void agreesWithItsTwin_data() { addKernelRows(); }
    void agreesWithItsTwin()
    {
        const Kernels& kernels = fetchKernels();
        auto expected = m_expected.begin();
        for (const Case& c : cases()) {
            compare(swept(c.model, kernels, c.tokens, c.causal), *expected++);
            if (QTest::currentTestFailed())
                QFAIL(c.name);
        }
    }

    /// Also where the model holds the target all but impossible.
    void targetsMayBeGiven_data() { addKernelRows(); }
    void targetsMayBeGiven()
    {
        const Kernels& kernels = fetchKernels();
        Model certain = lstmModel(1, 16, 16, false);
        std::get<LstmWeights<float>>(certain.weights).headBias(3) = 800;
        for (const Model& model :
            { lstmModel(2, 21, 21, true), attentionModel(3, 33, 3, true, 0), certain }) {
            const std::vector<TokenId> tokens = someTokens(50);
            std::vector<TokenId> targets;
            for (int t = 0; t < 50; ++t)
                targets.push_back((3 * t + 1) % model.shape.vocabulary);
            const auto expected = influence<double>(model, tokens, true, {}, targets);
            const PackedModel packed(shared(model), kernels);
            compare(*InfluenceSweep(packed).run(tokens, true, {}, {}, targets), *expected);
            QCOMPARE(expected->targets, targets);
        }
    }

    void noTokensGiveNoInfluence()
    {
        for (const Case& c : cases())
            QCOMPARE(swept(c.model, defaultKernels(), 0).shares.size(), 0);
    }

    /// Where the model is all but certain, 1 − p is nothing in float, and yet there is a gradient.
    void certainModelsHaveInfluence_data() { addKernelRows(); }
    void certainModelsHaveInfluence()
    {
        const Kernels& kernels = fetchKernels();
        Model certain = lstmModel(1, 16, 16, false);
        std::get<LstmWeights<float>>(certain.weights).headBias(3) = 60;
        const auto expected = influence<double>(certain, someTokens(20), true, {});
        const Influence found = swept(certain, kernels, 20);
        QVERIFY(found.shares.allFinite());
        QVERIFY(found.norms.maxCoeff() < 1e-12F && found.norms.minCoeff() > 0);
        QVERIFY((found.shares - expected->shares).cwiseAbs().maxCoeff() < 1e-4F);
    }

    /// Gates, affinities and norms at the ends of their ranges give zeros, not "not a number".
    void saturatedModelsStayFinite_data() { addKernelRows(); }
    void saturatedModelsStayFinite()
    {
        const Kernels& kernels = fetchKernels();
        Model lstm = lstmModel(2, 16, 16, true);
        for (auto& layer : std::get<LstmWeights<float>>(lstm.weights).layers)
            layer.input *= 1000;
        Model attention = attentionModel(2, 32, 2, true, 0);
        for (auto& layer : std::get<AttentionWeights<float>>(attention.weights).layers) {
            layer.queryKeyValue *= 1000;
            layer.expand *= 1000;
        }
        for (Model* model : { &lstm, &attention }) {
            std::visit([](auto& weights) { weights.embedding *= 100; }, model->weights);
            const Influence found = swept(*model, kernels, 60);
            QVERIFY(found.shares.allFinite() && found.norms.allFinite());
            QVERIFY((found.shares.array() >= 0).all() && (found.shares.array() <= 1).all());
        }
    }

    void threadsDoNotMatter()
    {
        const tbb::global_control allowed(tbb::global_control::max_allowed_parallelism, 4);
        for (const Case& c : cases()) {
            tbb::task_arena one(1);
            tbb::task_arena four(4);
            Influence alone, together;
            one.execute([&] { alone = swept(c.model, defaultKernels(), c.tokens, c.causal); });
            four.execute([&] { together = swept(c.model, defaultKernels(), c.tokens, c.causal); });
            QVERIFY2(sameInfluence(alone, together), c.name);
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const auto [narrow, wide] = narrowAndWide();
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        for (const Case& c : cases())
            QVERIFY2(sameInfluence(swept(c.model, *narrow, c.tokens, c.causal),
                         swept(c.model, *wide, c.tokens, c.causal)),
                c.name);
    }

    /// A later token changes nothing of a causal row.
    void rowsDoNotDependOnWhatFollows()
    {
        for (const Case& c : cases()) {
            if (!c.causal)
                continue;
            const Influence all = swept(c.model, defaultKernels(), c.tokens);
            const int shorter = (c.tokens + 1) / 2;
            const Influence part = swept(c.model, defaultKernels(), shorter);
            for (int t = 0; t < shorter; ++t)
                QVERIFY2(sameBits(all.shares.row(t).data(), part.shares.row(t).data(),
                             static_cast<std::size_t>(shorter)),
                    c.name);
            for (int t = 0; t < c.tokens; ++t)
                QVERIFY2(all.shares.row(t).tail(c.tokens - 1 - t).isZero(0), c.name);
        }
    }

    /// Two layers of two tokens back each.
    void whatNoWindowReachesSwaysNothing()
    {
        const Influence found = swept(attentionModel(2, 24, 2, true, 0, 3), defaultKernels(), 60);
        for (int t = 5; t < 60; ++t) {
            QVERIFY(found.shares.row(t).head(t - 4).isZero(0));
            QVERIFY(found.shares(t, t - 4) > 0);
        }
    }

    void rowsAreHandedOutOnceAndFinished()
    {
        for (const Case& c : cases()) {
            const PackedModel packed(shared(c.model), defaultKernels());
            Influence handed { .targets = std::vector<TokenId>(c.tokens, -1),
                .shares = Matrix<float>::Zero(c.tokens, c.tokens),
                .norms = RowVector<float>::Zero(c.tokens) };
            std::mutex mutex;
            int rows = 0;
            const auto result = InfluenceSweep(packed).run(
                someTokens(c.tokens), c.causal, {}, [&](const InfluenceRow& row) {
                    const std::lock_guard lock(mutex);
                    ++rows;
                    handed.targets[static_cast<std::size_t>(row.position)] = row.target;
                    handed.norms(row.position) = row.norm;
                    std::copy(row.shares.begin(), row.shares.end(),
                        handed.shares.row(row.position).data());
                });
            QCOMPARE(rows, c.tokens);
            QVERIFY2(sameInfluence(*result, handed), c.name);
        }
    }

    void lastPositionsComeFirst()
    {
        for (const Case& c : cases()) {
            tbb::task_arena one(1);
            std::vector<int> order;
            one.execute([&] {
                const PackedModel packed(shared(c.model), defaultKernels());
                InfluenceSweep(packed).run(someTokens(c.tokens), c.causal, {},
                    [&](const InfluenceRow& row) { order.push_back(row.position); });
            });
            for (int n = 0; n < c.tokens; ++n)
                QCOMPARE(order[static_cast<std::size_t>(n)], c.tokens - 1 - n);
        }
    }

    void stops()
    {
        for (const Case& c : cases()) {
            const PackedModel packed(shared(c.model), defaultKernels());
            const InfluenceSweep sweep(packed);
            std::stop_source before;
            before.request_stop();
            QVERIFY(!sweep.run(someTokens(c.tokens), c.causal, before.get_token()));

            std::stop_source during;
            std::atomic<int> rows = 0;
            const auto stopped = sweep.run(
                someTokens(c.tokens), c.causal, during.get_token(), [&](const InfluenceRow&) {
                    ++rows;
                    during.request_stop();
                });
            QVERIFY2(!stopped, c.name);
            QVERIFY(rows > 0);
        }
    }
};

QTEST_APPLESS_MAIN(TestInfluenceSweep)
#include "tst_influence_sweep.moc"
