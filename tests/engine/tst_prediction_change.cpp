// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/prediction_change.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

bool near(double found, double expected) { return std::abs(found - expected) < 1e-6; }

std::vector<float> logitsOf(const std::vector<double>& probabilities, double shift = 0)
{
    std::vector<float> logits;
    for (const double p : probabilities)
        logits.push_back(static_cast<float>(std::log(p) + shift));
    return logits;
}

} // namespace

/// What "changed by so many bits" means.
class TestPredictionChange : public QObject
{
    Q_OBJECT
private slots:
    void theDivergenceIsTheTextbooks()
    {
        const auto p = logitsOf({ 0.5, 0.25, 0.25 });
        const auto q = logitsOf({ 0.25, 0.25, 0.5 }, 7); // what is added to all logits says nothing
        QVERIFY(near(divergenceBits(p, q), 0.25)); // 0.5 · 1 + 0.25 · 0 − 0.25 · 1
        QVERIFY(near(divergenceBits(q, p), 0.25));
        const auto sure = logitsOf({ 0.98, 0.01, 0.01 });
        QVERIFY(near(
            divergenceBits(p, sure), 0.5 * std::log2(0.5 / 0.98) + 0.5 * std::log2(0.25 / 0.01)));
        QVERIFY(near(
            divergenceBits(sure, p), 0.98 * std::log2(0.98 / 0.5) + 0.02 * std::log2(0.01 / 0.25)));
    }

    void equalLogitsAreNoChangeAtAll()
    {
        for (const float largest : { 0.001F, 3.0F, 90.0F, 3e4F }) {
            const std::vector<float> logits = randomFloats(257, 4, largest);
            QCOMPARE(divergenceBits(logits, logits), 0.0);
            QCOMPARE(likelierBits(logits, logits, 100), 0.0);
        }
    }

    void tinyChangesAreNeverBelowZero()
    {
        const std::vector<float> before = randomFloats(257, 4, 9);
        for (std::size_t v = 0; v < before.size(); ++v) {
            std::vector<float> after = before;
            after[v] = std::nextafter(after[v], 100.0F);
            QVERIFY(divergenceBits(before, after) >= 0);
        }
    }

    void probabilitiesThatNoNumberHoldsAreCountedStill()
    {
        const std::vector<float> sure { 0, -2000 };
        const std::vector<float> otherwise { -2000, 0 };
        QVERIFY(std::abs(divergenceBits(sure, otherwise) - 2000 / std::log(2.0)) < 1e-6);
        QVERIFY(std::abs(likelierBits(sure, otherwise, 1) - 2000 / std::log(2.0)) < 1e-6);
        QVERIFY(std::abs(likelierBits(sure, otherwise, 0) + 2000 / std::log(2.0)) < 1e-6);
    }

    void everyPositionAndWhatFollowsItIsSaid()
    {
        Matrix<float> before(2, 2), after(2, 2);
        before << 0, 0, /**/ 0, 0;
        after << 0, 0, /**/ std::log(3.0F), 0;
        const std::vector<TokenId> tokens { 1, 0 };
        PredictionChange change = predictionChange(before, after, tokens);
        QCOMPARE(change.divergence.size(), std::size_t(2));
        QCOMPARE(change.divergence[0], 0.0);
        QVERIFY(near(change.divergence[1], 0.5 * std::log2(0.5 / 0.75) + 0.5 * std::log2(2)));
        QCOMPARE(change.following, std::vector<double> { 0 }); // nothing follows the last
        change = predictionChange(
            before.bottomRows(1).replicate(2, 1), after.bottomRows(1).replicate(2, 1), tokens);
        QVERIFY(near(change.following[0], std::log2(0.75 / 0.5))); // token 0, which is the next
    }
};

QTEST_APPLESS_MAIN(TestPredictionChange)
#include "tst_prediction_change.moc"
