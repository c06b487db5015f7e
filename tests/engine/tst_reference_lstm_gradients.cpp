// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/cross_entropy.h"
#include "engine/model/reference_lstm.h"
#include "engine/model/reference_lstm_gradients.h"
#include "tests/engine/finite_differences.h"

#include <QTest>

using namespace timestep;

namespace {

constexpr int vocabulary = 8;

ModelShape lstmShape(int layers, int width, int embedding, bool tied)
{
    return { .kind = ModelKind::Lstm,
        .vocabulary = vocabulary,
        .layers = layers,
        .width = width,
        .embedding = embedding,
        .tied = tied };
}

/// Every number drawn from [−1, 1).
LstmWeights<double> randomWeights(const ModelShape& shape)
{
    LstmWeights<double> weights;
    visitLstmTensors(weights, shape,
        [](const std::string&, auto& tensor, auto... sizes) { tensor.setRandom(sizes...); });
    return weights;
}

} // namespace

/// The gradients of all parameters of the LSTM against central differences.
class TestReferenceLstmGradients : public QObject
{
    Q_OBJECT

private slots:
    void bareLayersMatchCentralDifferences_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("inputWidth");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("steps");
        QTest::newRow("1 layer, 1 step") << 1 << 3 << 3 << 1;
        QTest::newRow("1 layer") << 1 << 5 << 7 << 5;
        QTest::newRow("2 layers, 1 step") << 2 << 7 << 7 << 1;
        QTest::newRow("3 layers") << 3 << 4 << 3 << 5;
        QTest::newRow("3 layers, wider") << 3 << 7 << 7 << 5;
    }
    void bareLayersMatchCentralDifferences()
    {
        QFETCH(const int, layers);
        QFETCH(const int, inputWidth);
        QFETCH(const int, width);
        QFETCH(const int, steps);
        const ModelShape shape = lstmShape(layers, width, inputWidth, true);
        LstmWeights<double> weights = randomWeights(shape);
        Matrix<double> input = Matrix<double>::Random(steps, inputWidth);
        const Matrix<double> factors = Matrix<double>::Random(steps, width);

        LstmWeights<double> gradients = zeroGradients(weights);
        Matrix<double> inputGradient
            = addBareGradients(weights.layers, input, factors, gradients.layers);

        auto parameters = numbersOf(weights, shape);
        auto found = numbersOf(gradients, shape);
        parameters.push_back(named("input", input));
        found.push_back(named("input", inputGradient));
        // A weighted sum of the last hidden states has the factors as its gradient.
        const std::string wrong = wrongGradient(parameters, found, [&] {
            return lstmForward(weights.layers, input).back().hidden.cwiseProduct(factors).sum();
        });
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

    void wholeModelMatchesCentralDifferences_data()
    {
        QTest::addColumn<int>("layers");
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("embedding");
        QTest::addColumn<bool>("tied");
        QTest::addColumn<int>("steps");
        QTest::addColumn<std::vector<TokenId>>("targets");
        const std::vector<TokenId> all { 0, 2, 5, 1, 7 };
        const std::vector<TokenId> some { uncounted, 2, uncounted, 1, uncounted };
        const std::vector<TokenId> last { uncounted, uncounted, uncounted, uncounted, 7 };
        QTest::newRow("tied, 1 step") << 1 << 3 << 3 << true << 1 << all;
        QTest::newRow("tied, 1 layer") << 1 << 7 << 7 << true << 5 << all;
        QTest::newRow("tied, 3 layers, some targets") << 3 << 3 << 3 << true << 5 << some;
        QTest::newRow("untied, 1 step") << 2 << 3 << 3 << false << 1 << all;
        QTest::newRow("untied, E < H, last target") << 2 << 7 << 5 << false << 5 << last;
        QTest::newRow("untied, E > H, 3 layers") << 3 << 3 << 4 << false << 5 << all;
    }
    void wholeModelMatchesCentralDifferences()
    {
        QFETCH(const int, layers);
        QFETCH(const int, width);
        QFETCH(const int, embedding);
        QFETCH(const bool, tied);
        QFETCH(const int, steps);
        QFETCH(std::vector<TokenId>, targets);
        targets = first(steps, targets);
        const std::vector<TokenId> tokens = first(steps, { 3, 0, 3, 5, 1 }); // one is read twice
        const ModelShape shape = lstmShape(layers, width, embedding, tied);
        LstmWeights<double> weights = randomWeights(shape);

        const double scale = 0.4;
        for (const DropoutFactor& dropout : withoutAndWithDropout()) {
            LstmWeights<double> gradients = zeroGradients(weights);
            const double sum
                = addGradients<double>(weights, tokens, targets, scale, gradients, dropout);

            const auto loss = [&] {
                const Matrix<double> hidden = lstmForward(weights, tokens, dropout).back().hidden;
                return crossEntropy(
                    lstmLogits(weights, withDropout(hidden, dropout, dropoutOfHead(layers))),
                    targets)
                    .sum;
            };
            QCOMPARE(sum, loss());
            const std::string wrong = wrongGradient(numbersOf(weights, shape),
                numbersOf(gradients, shape), [&] { return scale * loss(); });
            QVERIFY2(wrong.empty(), wrong.c_str());
        }
    }

    void rowsAddUp()
    {
        const ModelShape shape = lstmShape(2, 7, 5, false);
        const LstmWeights<double> weights = randomWeights(shape);
        const std::vector<TokenId> tokens { 3, 0, 3, 5, 1 };
        const std::vector<TokenId> targets { 0, 3, uncounted, 1, 2 };
        const auto add = [&](int row, LstmWeights<double>& gradients) { // of 4 and of 1 tokens
            const std::size_t from = row == 0 ? 0 : 4;
            const std::size_t count = row == 0 ? 4 : 1;
            addGradients<double>(weights, std::span(tokens).subspan(from, count),
                std::span(targets).subspan(from, count), 0.5, gradients);
        };
        LstmWeights<double> one = zeroGradients(weights);
        LstmWeights<double> other = zeroGradients(weights);
        LstmWeights<double> both = zeroGradients(weights);
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
        const ModelShape shape = lstmShape(2, 3, 3, true);
        const LstmWeights<double> weights = randomWeights(shape);
        const Matrix<double> input = Matrix<double>::Random(5, 3);
        const Matrix<double> factors = Matrix<double>::Random(5, 3);
        LstmWeights<double> once = zeroGradients(weights);
        LstmWeights<double> twice = zeroGradients(weights);
        addBareGradients(weights.layers, input, factors, once.layers);
        addBareGradients(weights.layers, input, factors, twice.layers);
        addBareGradients(weights.layers, input, factors, twice.layers);
        const RowVector<double> sum = 2 * flattened(once, shape);
        QVERIFY((flattened(twice, shape) - sum).norm() < 1e-15 * sum.norm());
    }

    void floatsComeClose()
    {
        const ModelShape shape = lstmShape(2, 7, 7, true);
        const LstmWeights<double> weights = randomWeights(shape);
        const auto single = weights.cast<float>();
        const std::vector<TokenId> tokens { 3, 0, 3, 5, 1 };
        const std::vector<TokenId> targets { 0, 3, 5, 1, 2 };
        auto exact = zeroGradients(weights);
        auto rounded = zeroGradients(single);
        const double sum = addGradients<double>(weights, tokens, targets, 1, exact);
        const float roundedSum = addGradients<float>(single, tokens, targets, 1, rounded);
        QVERIFY(std::abs(sum - roundedSum) < 1e-6 * sum);
        const RowVector<double> expected = flattened(exact, shape);
        QVERIFY(
            (flattened(rounded.cast<double>(), shape) - expected).norm() < 1e-6 * expected.norm());
    }

    void noTokensAddNothing()
    {
        const ModelShape shape = lstmShape(2, 3, 4, false);
        const LstmWeights<double> weights = randomWeights(shape);
        LstmWeights<double> gradients = zeroGradients(weights);
        QCOMPARE(addGradients<double>(weights, {}, {}, 1, gradients), 0.0);
        QVERIFY(flattened(gradients, shape).isZero(0));
    }
};

QTEST_APPLESS_MAIN(TestReferenceLstmGradients)
#include "tst_reference_lstm_gradients.moc"
