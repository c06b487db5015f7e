// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/stored_affinities.h"
#include "ui/views/affinity_statistics.h"

#include <QtTest>

#include <cmath>

using namespace timestep;

namespace {

AffinityStatisticsPointer statisticsOf(const Matrix<float>& affinity, bool causal)
{
    return affinityStatistics(StoredAffinities({ { affinity } }, causal), {});
}

} // namespace

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
        const auto spread = statisticsOf(affinity, true)->spread;
        QVERIFY(std::isnan(spread[0]));
        QCOMPARE(spread[1], 1.0);
        QCOMPARE(spread[2], 0.0);
        QCOMPARE(spread[3], 0.875);
        QCOMPARE(
            statisticsOf(affinity, false)->spread[1], 0.5); // 1 of 2 bits: it may read all four
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
        for (double received : std::vector(statisticsOf(affinity, causal)->received))
            QVERIFY(std::abs(received - 1) < 1e-6);
    }

    void received()
    {
        Matrix<float> affinity(3, 3);
        affinity << 1, 0, 0, //
            1, 0, 0, //
            1, 0, 0;
        const auto received = statisticsOf(affinity, true)->received;
        QCOMPARE(received[0], 3 / (1 + 1.0 / 2 + 1.0 / 3)); // read by all, in full
        QCOMPARE(received[1], 0.0);
        QCOMPARE(received[2], 0.0);
    }

    void noTokens()
    {
        const auto statistics = statisticsOf(Matrix<float>(), true);
        QVERIFY(statistics->spread.empty());
        QVERIFY(statistics->received.empty());
        QVERIFY(statistics->largest.empty());
    }

    // Rows are met in bands; a long text has many, and an overview coarser than its cells.
    void manyBands_data() { anEvenSpreadIsReceivedEvenly_data(); }
    void manyBands()
    {
        QFETCH(bool, causal);
        const int tokens = 700;
        Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
        for (int row = 0; row < tokens; ++row) {
            const int readable = causal ? row + 1 : tokens;
            for (int column = 0; column < readable; ++column)
                affinity(row, column) = float(1 + (row * 31 + column * 17) % 101);
            affinity.row(row) /= affinity.row(row).sum();
        }
        const auto statistics = statisticsOf(affinity, causal);
        for (int row = 1; row < tokens; ++row) {
            const int readable = causal ? row + 1 : tokens;
            double entropy = 0;
            for (int column = 0; column < readable; ++column)
                entropy -= affinity(row, column) * std::log2(double(affinity(row, column)));
            QVERIFY(
                std::abs(statistics->spread[row] - entropy / std::log2(double(readable))) < 1e-6);
            QCOMPARE(statistics->largest[row], affinity.row(row).maxCoeff());
        }
        for (int column = 0; column < tokens; ++column) {
            double even = 0;
            for (int row = causal ? column : 0; row < tokens; ++row)
                even += 1.0 / (causal ? row + 1 : tokens);
            const double sum = affinity.col(column).cast<double>().sum();
            QVERIFY(std::abs(statistics->received[column] - sum / even) < 1e-6);
        }
        QCOMPARE(statistics->overview.rows(), 256);
        QCOMPARE(statistics->overview.maxCoeff(), affinity.maxCoeff());
        QCOMPARE(statistics->overviewByRow.maxCoeff(), 1.0F);
        QCOMPARE(
            statistics->overview(0, 255), causal ? -1.0F : affinity.block(0, 697, 3, 3).maxCoeff());
    }

    void stopsWhenAsked()
    {
        const StoredAffinities stored({ { Matrix<float>::Ones(1, 1) } }, true);
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!affinityStatistics(stored, {}, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(AffinityStatisticsTest)
#include "tst_affinity_statistics.moc"
