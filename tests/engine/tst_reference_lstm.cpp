// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/influence.h"
#include "engine/model/reference_lstm.h"
#include "tests/engine/golden_models.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace timestep;

namespace {

const LstmWeights<float>& weightsOf(const GoldenModel& golden)
{
    return std::get<LstmWeights<float>>(golden.model.weights);
}

} // namespace

/// The engine's LSTM computes what an independent NumPy twin computes (tests/golden).
class TestReferenceLstm : public QObject
{
    Q_OBJECT

private:
    template <typename Scalar>
    void compareWithGolden(double tolerance)
    {
        const GoldenModel golden = goldenLstm();
        const auto weights = weightsOf(golden).cast<Scalar>();
        const auto layers = lstmForward(weights, golden.tokens);
        QCOMPARE(layers.size(), golden.expected["cell"].size());
        for (std::size_t l = 0; l < layers.size(); ++l) {
            const nlohmann::json& gates = golden.expected["gates"][l];
            QVERIFY(worstDifference(layers[l].inputGate, gates["input"]) < tolerance);
            QVERIFY(worstDifference(layers[l].forgetGate, gates["forget"]) < tolerance);
            QVERIFY(worstDifference(layers[l].candidate, gates["candidate"]) < tolerance);
            QVERIFY(worstDifference(layers[l].outputGate, gates["output"]) < tolerance);
            QVERIFY(worstDifference(layers[l].cell, golden.expected["cell"][l]) < tolerance);
            QVERIFY(worstDifference(layers[l].hidden, golden.expected["hidden"][l]) < tolerance);
        }
        const Matrix<Scalar> logits = lstmLogits(weights, layers.back().hidden);
        QVERIFY(worstDifference(logits, golden.expected["logits"]) < tolerance);
    }

private slots:
    void matchesGoldenInDouble() { compareWithGolden<double>(1e-8); }
    void matchesGoldenInFloat() { compareWithGolden<float>(2e-6); }

    void tiedHeadIsTheEmbedding()
    {
        LstmWeights<double> weights = weightsOf(goldenLstm()).cast<double>();
        const Matrix<double> hidden = Matrix<double>::Random(3, weights.embedding.cols());
        weights.head = weights.embedding;
        const Matrix<double> untied = lstmLogits(weights, hidden);
        weights.head.resize(0, 0);
        QCOMPARE(lstmLogits(weights, hidden), untied);
    }

    void noTokensGiveNoStates()
    {
        const GoldenModel golden = goldenLstm();
        const auto layers = lstmForward(weightsOf(golden), {});
        QCOMPARE(layers.back().hidden.rows(), 0);
        QCOMPARE(lstmLogits(weightsOf(golden), layers.back().hidden).rows(), 0);
        const auto nothing = influence(golden.model, {}, true, {});
        QVERIFY(nothing.has_value());
        QCOMPARE(nothing->shares.size(), 0);
    }

    void influenceMatchesGolden_data()
    {
        QTest::addColumn<bool>("inDouble");
        QTest::addColumn<double>("tolerance");
        QTest::newRow("double") << true << 1e-6;
        QTest::newRow("float") << false << 1e-5;
    }
    void influenceMatchesGolden()
    {
        QFETCH(const bool, inDouble);
        QFETCH(const double, tolerance);
        const GoldenModel golden = goldenLstm();
        const auto found = inDouble ? influence<double>(golden.model, golden.tokens, true, {})
                                    : influence<float>(golden.model, golden.tokens, true, {});
        QVERIFY(found.has_value());
        const Matrix<float> norms = found->norms.asDiagonal() * found->shares;
        QVERIFY(worstDifference(norms, golden.expected["gradient_norms"]) < tolerance);
        QVERIFY((found->shares.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-6F);
    }

    /// More targets than are walked back at once: every one must still get its own row.
    void influenceOfLongTextsJoinsUp()
    {
        const GoldenModel golden = goldenLstm();
        std::vector<TokenId> tokens;
        for (int t = 0; t < 75; ++t)
            tokens.push_back(static_cast<TokenId>((t * t + 3 * t) % 7));
        const auto all = influence<double>(golden.model, tokens, true, {});
        for (const std::size_t t : { 0U, 31U, 32U, 63U, 64U, 74U }) {
            const auto until
                = influence<double>(golden.model, std::span(tokens).first(t + 1), true, {});
            const auto row = static_cast<Eigen::Index>(t);
            QVERIFY((all->shares.row(row).head(row + 1) - until->shares.row(row)).norm() < 1e-6F);
            QVERIFY(all->shares.row(row).tail(74 - row).isZero(0));
        }
    }

    void influenceStops()
    {
        std::stop_source source;
        source.request_stop();
        const GoldenModel golden = goldenLstm();
        QVERIFY(!influence(golden.model, golden.tokens, true, source.get_token()).has_value());
    }
};

QTEST_APPLESS_MAIN(TestReferenceLstm)
#include "tst_reference_lstm.moc"
