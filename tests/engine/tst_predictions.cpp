// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/predictions.h"

#include <QTest>

#include <cmath>

using namespace timestep;

class TestPredictions : public QObject
{
    Q_OBJECT

private slots:
    void mostProbableFirstTiesToTheLowestId()
    {
        const std::vector<float> logits { 1, 3, 2, 3, 2 };
        const auto best = bestPredictions(logits, 4);
        const std::vector<TokenId> order { 1, 3, 2, 4 };
        QCOMPARE(best.size(), order.size());
        const double sum = std::exp(1.0) + 2 * std::exp(3.0) + 2 * std::exp(2.0);
        for (std::size_t k = 0; k < order.size(); ++k) {
            QCOMPARE(best[k].id, order[k]);
            const double wanted = std::exp(static_cast<double>(logits[best[k].id])) / sum;
            QVERIFY(std::abs(best[k].probability - wanted) < 1e-12);
        }
    }

    void neverMoreThanTheVocabulary_data()
    {
        QTest::addColumn<int>("count");
        QTest::addColumn<int>("given");
        QTest::newRow("more") << 99 << 2;
        QTest::newRow("all") << 2 << 2;
        QTest::newRow("none") << 0 << 0;
    }
    void neverMoreThanTheVocabulary()
    {
        QFETCH(const int, count);
        QFETCH(const int, given);
        QCOMPARE(
            static_cast<int>(bestPredictions(std::vector<float> { 0, 1 }, count).size()), given);
    }

    void largeLogitsDoNotOverflow()
    {
        const auto best = bestPredictions(std::vector<float> { 3e38F, -3e38F, 3e38F }, 3);
        QCOMPARE(best[0].probability, 0.5);
        QCOMPARE(best[1].id, 2);
        QCOMPARE(best[2].probability, 0.0);
    }
};

QTEST_APPLESS_MAIN(TestPredictions)
#include "tst_predictions.moc"
