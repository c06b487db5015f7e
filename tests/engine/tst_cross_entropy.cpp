// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/cross_entropy.h"

#include <QTest>

#include <cmath>

using namespace timestep;

/// The loss of a row's predictions against the definition, and its gradient against differences.
class TestCrossEntropy : public QObject
{
    Q_OBJECT

private slots:
    void isTheSumOfNegativeLogProbabilities()
    {
        const Matrix<double> logits = 3 * Matrix<double>::Random(3, 7);
        const std::vector<TokenId> targets { 6, 0, 3 };
        double expected = 0;
        for (Eigen::Index t = 0; t < 3; ++t) {
            const double chosen = std::exp(logits(t, targets[static_cast<std::size_t>(t)]));
            expected -= std::log(chosen / logits.row(t).array().exp().sum());
        }
        QVERIFY(std::abs(crossEntropy(logits, targets).sum - expected) < 1e-14 * expected);
    }

    void gradientMatchesCentralDifferences()
    {
        Matrix<double> logits = 3 * Matrix<double>::Random(3, 7);
        const std::vector<TokenId> targets { 6, uncounted, 3 };
        const Matrix<double> gradient = crossEntropy(logits, targets).logitGradient;
        const double step = 1e-5; // errs by some 1e-11 of truncation and as much of rounding
        for (Eigen::Index k = 0; k < logits.size(); ++k) {
            double& logit = logits.data()[k];
            const double value = logit;
            logit = value + step;
            const double above = crossEntropy(logits, targets).sum;
            logit = value - step;
            const double below = crossEntropy(logits, targets).sum;
            logit = value;
            QVERIFY(std::abs((above - below) / (2 * step) - gradient.data()[k]) < 1e-9);
        }
    }

    void uncountedPositionsCostNothing()
    {
        const Matrix<double> logits = Matrix<double>::Random(2, 5);
        const std::vector<TokenId> second { uncounted, 4 };
        const std::vector<TokenId> none { uncounted, uncounted };
        const auto loss = crossEntropy(logits, second);
        QCOMPARE(
            loss.sum, crossEntropy<double>(logits.bottomRows(1), std::span(second).subspan(1)).sum);
        QVERIFY(loss.logitGradient.row(0).isZero(0));
        QVERIFY(!loss.logitGradient.row(1).isZero(0));
        QCOMPARE(crossEntropy(logits, none).sum, 0.0);
        QVERIFY(crossEntropy(logits, none).logitGradient.isZero(0));
    }

    void largeLogitsDoNotOverflow()
    {
        Matrix<float> logits(2, 3);
        logits << 1000, 0, -1000, 1000, 0, -1000;
        const std::vector<TokenId> targets { 0, 2 };
        const auto loss = crossEntropy(logits, targets);
        QCOMPARE(loss.sum, 2000.0F); // 0 where it is sure, 2,000 where it is surely wrong
        Matrix<float> expected(2, 3);
        expected << 0, 0, 0, 1, 0, -1;
        QCOMPARE(loss.logitGradient, expected);
    }
};

QTEST_APPLESS_MAIN(TestCrossEntropy)
#include "tst_cross_entropy.moc"
