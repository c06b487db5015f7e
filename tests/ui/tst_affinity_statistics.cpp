// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_statistics.h"

#include <QtTest>

#include <cmath>

using namespace timestep;

class AffinityStatisticsTest : public QObject
{
    Q_OBJECT
private slots:
    void spread()
    {
        Matrix<float> affinity(4, 4);
        affinity << 1, 0, 0, 0, // may read one token only
            0.5F, 0.5F, 0, 0, // evenly
            0, 1, 0, 0, // all from one
            0.5F, 0.25F, 0.125F, 0.125F; // 1.75 of 2 bits
        const auto spread = attentionSpread(affinity, true);
        QVERIFY(std::isnan(spread[0]));
        QCOMPARE(spread[1], 1.0);
        QCOMPARE(spread[2], 0.0);
        QCOMPARE(spread[3], 0.875);
        QCOMPARE(attentionSpread(affinity, false)[1], 0.5); // 1 of 2 bits: it may read all four
    }

    void anEvenSpreadIsReceivedEvenly_data()
    {
        QTest::addColumn<bool>("causal");
        QTest::newRow("causal") << true;
        QTest::newRow("no mask") << false;
    }

    void anEvenSpreadIsReceivedEvenly()
    {
        QFETCH(bool, causal);
        const int tokens = 9;
        Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
        for (int row = 0; row < tokens; ++row)
            affinity.row(row)
                .head(causal ? row + 1 : tokens)
                .setConstant(1.0F / float(causal ? row + 1 : tokens));
        for (double received : attentionReceived(affinity, causal))
            QVERIFY(std::abs(received - 1) < 1e-6);
    }

    void received()
    {
        Matrix<float> affinity(3, 3);
        affinity << 1, 0, 0, //
            1, 0, 0, //
            1, 0, 0;
        const auto received = attentionReceived(affinity, true);
        QCOMPARE(received[0], 3 / (1 + 1.0 / 2 + 1.0 / 3)); // read by all, in full
        QCOMPARE(received[1], 0.0);
        QCOMPARE(received[2], 0.0);
    }

    void noTokens()
    {
        QVERIFY(attentionSpread(Matrix<float>(), true).empty());
        QVERIFY(attentionReceived(Matrix<float>(), false).empty());
    }
};

QTEST_APPLESS_MAIN(AffinityStatisticsTest)
#include "tst_affinity_statistics.moc"
