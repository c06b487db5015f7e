// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/cross_entropy.h"
#include "engine/model/reference_attention.h"
#include "engine/model/reference_attention_gradients.h"
#include "tests/engine/finite_differences.h"

#include <QTest>

using namespace timestep;

namespace {

constexpr int vocabulary = 8;
constexpr int context = 6;

ModelShape attentionShape(int layers, int width, int heads, bool tied)
{
    return { .kind = ModelKind::Attention,
        .vocabulary = vocabulary,
        .layers = layers,
        .width = width,
        .embedding = width,
        .heads = heads,
        .context = context,
        .tied = tied };
}

/// Numbers drawn from [−1, 1), gains around 1, and the matrices of the blocks so that what they
/// put out is no larger than what they read: where softmax knows but one key, nothing is smooth.
AttentionWeights<double> randomWeights(const ModelShape& shape, bool sinusoids)
{
    AttentionWeights<double> weights;
    visitAttentionTensors(
        weights, shape, sinusoids, [](const std::string& name, auto& tensor, auto... sizes) {
            tensor.setRandom(sizes...);
            if (name.find("ln_") != name.npos && name.ends_with(".weight"))
                tensor.array() = 1 + 0.5 * tensor.array();
            else if (name.starts_with("h.") && tensor.rows() > 1)
                tensor /= std::sqrt(static_cast<double>(tensor.rows()));
        });
    return weights;
}

} // namespace

/// The gradients of all parameters of GPT-2 against central differences.
class TestReferenceAttentionGradients : public QObject
{
    Q_OBJECT

private slots:
    void bareLayersMatchCentralDifferences_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("heads");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::addColumn<int>("steps");
        QTest::newRow("1 step") << 1 << 5 << 1 << true << 0 << 1;
        QTest::newRow("1 layer, 1 head") << 1 << 5 << 1 << true << 0 << 5;
        QTest::newRow("1 layer, 1 head, full") << 1 << 5 << 1 << false << 0 << 5;
        QTest::newRow("1 layer, 3 heads, full") << 1 << 9 << 3 << false << 0 << 5;
        QTest::newRow("2 layers, 3 heads of 1") << 2 << 3 << 3 << true << 0 << 5;
        QTest::newRow("3 layers, 3 heads") << 3 << 6 << 3 << true << 0 << 5;
        QTest::newRow("3 layers, 3 heads, full") << 3 << 6 << 3 << false << 0 << 5;
        QTest::newRow("window of 1") << 1 << 5 << 1 << true << 1 << 5;
        QTest::newRow("3 layers, window of 3") << 3 << 9 << 3 << true << 3 << 7;
        QTest::newRow("2 layers, window of 2, full") << 2 << 9 << 3 << false << 2 << 7;
    }
    void bareLayersMatchCentralDifferences()
    {
        QFETCH(const int, layers);
        QFETCH(const int, width);
        QFETCH(const int, heads);
        QFETCH(const bool, causal);
        QFETCH(const int, window);
        QFETCH(const int, steps);
        const ModelShape shape = attentionShape(layers, width, heads, true);
        AttentionWeights<double> weights = randomWeights(shape, true);
        Matrix<double> input = Matrix<double>::Random(steps, width);
        const Matrix<double> factors = Matrix<double>::Random(steps, width);

        AttentionWeights<double> gradients = zeroGradients(weights);
        Matrix<double> inputGradient = addBareGradients(
            weights.layers, input, heads, { causal, window }, factors, gradients.layers);

        // With the parts of a block that a bare layer does not use: they must stay zero.
        auto parameters = numbersOf(weights, shape);
        auto found = numbersOf(gradients, shape);
        parameters.push_back(named("input", input));
        found.push_back(named("input", inputGradient));
        // A weighted sum of the last outputs has the factors as its gradient.
        const std::string wrong = wrongGradient(parameters, found, [&] {
            Matrix<double> output = input;
            for (const AttentionLayerWeights<double>& layer : weights.layers)
                output = selfAttentionForward(layer, output, heads, { causal, window }).output;
            return output.cwiseProduct(factors).sum();
        });
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void wholeModelMatchesCentralDifferences_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("heads");
        QTest::addColumn<bool>("tied");
        QTest::addColumn<bool>("sinusoids");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::addColumn<int>("steps");
        QTest::addColumn<std::vector<TokenId>>("targets");
        const std::vector<TokenId> all { 0, 2, 5, 1, 7 };
        const std::vector<TokenId> some { uncounted, 2, uncounted, 1, uncounted };
        const std::vector<TokenId> last { uncounted, uncounted, uncounted, uncounted, 7 };
        QTest::newRow("tied, 1 step") << 1 << 5 << 1 << true << false << true << 0 << 1 << all;
        QTest::newRow("tied, 1 head") << 1 << 5 << 1 << true << false << true << 0 << 5 << all;
        QTest::newRow("tied, 3 layers, some targets")
            << 3 << 6 << 3 << true << true << true << 0 << 5 << some;
        QTest::newRow("untied, 1 step") << 2 << 6 << 3 << false << true << true << 0 << 1 << all;
        QTest::newRow("untied, last target")
            << 2 << 9 << 3 << false << false << true << 0 << 5 << last;
        QTest::newRow("untied, 3 layers") << 3 << 5 << 1 << false << false << true << 0 << 5 << all;
        QTest::newRow("tied, full") << 2 << 6 << 3 << true << false << false << 0 << 5 << some;
        QTest::newRow("window of 2") << 3 << 9 << 3 << true << false << true << 2 << 5 << all;
        QTest::newRow("window of 3, full")
            << 2 << 6 << 3 << false << true << false << 3 << 5 << some;
    }
    void wholeModelMatchesCentralDifferences()
    {
        QFETCH(const int, layers);
        QFETCH(const int, width);
        QFETCH(const int, heads);
        QFETCH(const bool, tied);
        QFETCH(const bool, sinusoids);
        QFETCH(const bool, causal);
        QFETCH(const int, window);
        QFETCH(const int, steps);
        QFETCH(std::vector<TokenId>, targets);
        targets = first(steps, targets);
        const std::vector<TokenId> tokens = first(steps, { 3, 0, 3, 5, 1 }); // one is read twice
        ModelShape shape = attentionShape(layers, width, heads, tied);
        shape.attentionWindow = window;
        AttentionWeights<double> weights = randomWeights(shape, sinusoids);

        const double scale = 0.4;
        for (const DropoutFactor& dropout : withoutAndWithDropout()) {
            AttentionWeights<double> gradients = zeroGradients(weights);
            const double sum = addGradients<double>(
                weights, shape, tokens, targets, causal, scale, gradients, dropout);

            const auto loss = [&] {
                const auto kept = attentionForward(weights, shape, tokens, causal, dropout);
                return crossEntropy(attentionLogits(weights, kept.finalNorm.output), targets).sum;
            };
            QCOMPARE(sum, loss());
            const std::string wrong = wrongGradient(numbersOf(weights, shape),
                numbersOf(gradients, shape), [&] { return scale * loss(); });
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }

    void rowsAddUp()
    {
        const ModelShape shape = attentionShape(2, 6, 3, false);
        const AttentionWeights<double> weights = randomWeights(shape, false);
        const std::vector<TokenId> tokens { 3, 0, 3, 5, 1 };
        const std::vector<TokenId> targets { 0, 3, uncounted, 1, 2 };
        const auto add = [&](int row, AttentionWeights<double>& gradients) { // of 4 and of 1 tokens
            const std::size_t from = row == 0 ? 0 : 4;
            const std::size_t count = row == 0 ? 4 : 1;
            addGradients<double>(weights, shape, std::span(tokens).subspan(from, count),
                std::span(targets).subspan(from, count), true, 0.5, gradients);
        };
        AttentionWeights<double> one = zeroGradients(weights);
        AttentionWeights<double> other = zeroGradients(weights);
        AttentionWeights<double> both = zeroGradients(weights);
        add(0, one);
        add(1, other);
        add(0, both);
        add(1, both);
        const RowVector<double> sum = flattened(one, shape) + flattened(other, shape);
        QVERIFY(flattened(other, shape).norm() > 0.1 * sum.norm());
        QVERIFY((flattened(both, shape) - sum).norm() < 1e-15 * sum.norm());
    }

    void bareRowsAddUp()
    {
        const ModelShape shape = attentionShape(2, 6, 3, true);
        const AttentionWeights<double> weights = randomWeights(shape, true);
        const Matrix<double> input = Matrix<double>::Random(5, 6);
        const Matrix<double> factors = Matrix<double>::Random(5, 6);
        AttentionWeights<double> once = zeroGradients(weights);
        AttentionWeights<double> twice = zeroGradients(weights);
        addBareGradients(weights.layers, input, 3, {}, factors, once.layers);
        addBareGradients(weights.layers, input, 3, {}, factors, twice.layers);
        addBareGradients(weights.layers, input, 3, {}, factors, twice.layers);
        const RowVector<double> sum = 2 * flattened(once, shape);
        QVERIFY((flattened(twice, shape) - sum).norm() < 1e-15 * sum.norm());
    }

    void floatsComeClose()
    {
        const ModelShape shape = attentionShape(2, 6, 3, true);
        const AttentionWeights<double> weights = randomWeights(shape, false);
        const auto single = weights.cast<float>();
        const std::vector<TokenId> tokens { 3, 0, 3, 5, 1 };
        const std::vector<TokenId> targets { 0, 3, 5, 1, 2 };
        auto exact = zeroGradients(weights);
        auto rounded = zeroGradients(single);
        const double sum = addGradients<double>(weights, shape, tokens, targets, true, 1, exact);
        const float roundedSum
            = addGradients<float>(single, shape, tokens, targets, true, 1, rounded);
        QVERIFY(std::abs(sum - roundedSum) < 1e-6 * sum);
        const RowVector<double> expected = flattened(exact, shape);
        QVERIFY(
            (flattened(rounded.cast<double>(), shape) - expected).norm() < 1e-6 * expected.norm());
    }

    void noTokensAddNothing()
    {
        const ModelShape shape = attentionShape(2, 6, 3, false);
        const AttentionWeights<double> weights = randomWeights(shape, false);
        AttentionWeights<double> gradients = zeroGradients(weights);
        QCOMPARE(addGradients<double>(weights, shape, {}, {}, true, 1, gradients), 0.0);
        QVERIFY(flattened(gradients, shape).isZero(0));
    }
};

QTEST_APPLESS_MAIN(TestReferenceAttentionGradients)
#include "tst_reference_attention_gradients.moc"
