// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/influence.h"
#include "engine/model/reference_attention.h"
#include "engine/model/sinusoid_positions.h"
#include "tests/engine/golden_models.h"

#include <QTest>

#include <nlohmann/json.hpp>

using namespace timestep;

namespace {

const AttentionWeights<float>& weightsOf(const GoldenModel& golden)
{
    return std::get<AttentionWeights<float>>(golden.model.weights);
}

} // namespace

/// The engine's GPT-2 computes what an independent NumPy twin computes (tests/golden).
class TestReferenceAttention : public QObject
{
    Q_OBJECT

private:
    template <typename Scalar>
    void compareWithGolden(bool causal, double tolerance)
    {
        const GoldenModel golden = goldenAttention();
        const nlohmann::json& expected = golden.expected[causal ? "causal" : "full"];
        const auto weights = weightsOf(golden).cast<Scalar>();
        const auto kept = attentionForward(weights, golden.model.shape, golden.tokens, causal);
        QCOMPARE(kept.blocks.size(), expected["affinity"].size());
        for (std::size_t l = 0; l < kept.blocks.size(); ++l) {
            const auto& heads = kept.blocks[l].attention.affinity;
            QCOMPARE(heads.size(), expected["affinity"][l].size());
            for (std::size_t a = 0; a < heads.size(); ++a)
                QVERIFY(worstDifference(heads[a], expected["affinity"][l][a]) < tolerance);
        }
        const Matrix<Scalar>& hidden = kept.finalNorm.output;
        QVERIFY(worstDifference(hidden, expected["last_hidden"]) < tolerance);
        QVERIFY(worstDifference(attentionLogits(weights, hidden), expected["logits"]) < tolerance);
    }

    static void causalOrNot()
    {
        QTest::addColumn<bool>("causal");
        QTest::newRow("causal") << true;
        QTest::newRow("full") << false;
    }

private slots:
    void matchesGolden_data() { causalOrNot(); }
    void matchesGolden()
    {
        QFETCH(const bool, causal);
        compareWithGolden<double>(causal, 1e-8);
        compareWithGolden<float>(causal, 5e-6);
    }

    void causalAffinityIgnoresWhatFollows()
    {
        const GoldenModel golden = goldenAttention();
        const auto weights = weightsOf(golden).cast<double>();
        const auto whole = attentionForward(weights, golden.model.shape, golden.tokens, true);
        const auto begun = attentionForward(
            weights, golden.model.shape, std::span(golden.tokens).first(3), true);
        QVERIFY(whole.finalNorm.output.topRows(3).isApprox(begun.finalNorm.output, 1e-14));
        QCOMPARE(whole.blocks[0].attention.affinity[0](1, 2), 0.0);
    }

    void aWindowIsTheSoftmaxOfWhatItShows_data() { causalOrNot(); }
    void aWindowIsTheSoftmaxOfWhatItShows()
    {
        QFETCH(const bool, causal);
        const GoldenModel golden = goldenAttention();
        const auto weights = weightsOf(golden).cast<double>();
        ModelShape shape = golden.model.shape;
        const auto all = attentionForward(weights, shape, golden.tokens, causal);
        shape.attentionWindow = 2;
        const auto windowed = attentionForward(weights, shape, golden.tokens, causal);
        // The first layer reads the same in both: there the shares that are left grow alike.
        for (int q = 0; q < 5; ++q) {
            const RowVector<double> before = all.blocks[0].attention.affinity[1].row(q);
            const RowVector<double> found = windowed.blocks[0].attention.affinity[1].row(q);
            double left = 0;
            for (int k = 0; k < 5; ++k)
                left += std::abs(q - k) < 2 ? before(k) : 0;
            for (int k = 0; k < 5; ++k)
                QVERIFY(std::abs(found(k) - (std::abs(q - k) < 2 ? before(k) / left : 0)) < 1e-14);
        }
    }

    void aWindowReachesFurtherWithEveryLayer()
    {
        const GoldenModel golden = goldenAttention();
        const auto weights = weightsOf(golden).cast<double>();
        ModelShape shape = golden.model.shape;
        shape.attentionWindow = 2;
        QCOMPARE(shape.layers, 2);
        std::vector<TokenId> other = golden.tokens;
        other[0] = other[0] == 0 ? 1 : 0;
        const Matrix<double> before
            = attentionForward(weights, shape, golden.tokens, true).finalNorm.output;
        const Matrix<double> after = attentionForward(weights, shape, other, true).finalNorm.output;
        QVERIFY(before.row(2) != after.row(2)); // two layers of one token back each
        QVERIFY(before.bottomRows(2) == after.bottomRows(2));
    }

    void noTokensGiveNoStates()
    {
        const GoldenModel golden = goldenAttention();
        const auto kept = attentionForward(weightsOf(golden), golden.model.shape, {}, false);
        QCOMPARE(attentionLogits(weightsOf(golden), kept.finalNorm.output).rows(), 0);
        const auto nothing = influence(golden.model, {}, true, {});
        QVERIFY(nothing.has_value());
        QCOMPARE(nothing->shares.size(), 0);
    }

    void emptyTableMeansSinusoids()
    {
        const GoldenModel golden = goldenAttention();
        AttentionWeights<double> weights = weightsOf(golden).cast<double>();
        weights.positions = sinusoidPositions<double>(5, golden.model.shape.width);
        const auto stored = attentionForward(weights, golden.model.shape, golden.tokens, true);
        weights.positions.resize(0, 0);
        const auto made = attentionForward(weights, golden.model.shape, golden.tokens, true);
        QCOMPARE(made.finalNorm.output, stored.finalNorm.output);
    }

    void sinusoidsFollowThePaper()
    {
        const Matrix<float> positions = sinusoidPositions<float>(10001, 5);
        QCOMPARE(positions(0, 0), 0.0F);
        QCOMPARE(positions(0, 1), 1.0F);
        QVERIFY(std::abs(positions(10000, 0) - std::sin(10000.0)) < 1e-7);
        QVERIFY(std::abs(positions(7, 3) - std::cos(7 / std::pow(10000.0, 2.0 / 5))) < 1e-7);
        QVERIFY(std::abs(positions(7, 4) - std::sin(7 / std::pow(10000.0, 4.0 / 5))) < 1e-7);
    }

    void influenceMatchesGolden_data() { causalOrNot(); }
    void influenceMatchesGolden()
    {
        QFETCH(const bool, causal);
        const GoldenModel golden = goldenAttention();
        const nlohmann::json& expected = golden.expected[causal ? "causal" : "full"];
        for (const bool inDouble : { true, false }) {
            const auto found = inDouble ? influence<double>(golden.model, golden.tokens, causal, {})
                                        : influence<float>(golden.model, golden.tokens, causal, {});
            QVERIFY(found.has_value());
            const Matrix<float> norms = found->norms.asDiagonal() * found->shares;
            QVERIFY(worstDifference(norms, expected["gradient_norms"]) < (inDouble ? 2e-6 : 2e-5));
        }
    }

    void influenceStops()
    {
        std::stop_source source;
        source.request_stop();
        const GoldenModel golden = goldenAttention();
        QVERIFY(!influence(golden.model, golden.tokens, true, source.get_token()).has_value());
    }
};

QTEST_APPLESS_MAIN(TestReferenceAttention)
#include "tst_reference_attention.moc"
