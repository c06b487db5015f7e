// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/pooled_affinities.h"
#include "engine/execution/stored_affinities.h"
#include "ui/views/affinity_statistics.h"

#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

AffinityStatisticsPointer statisticsOf(const Matrix<float>& affinity, const AttentionMask& mask)
{
    return affinityStatistics(StoredAffinities({ { affinity } }, mask), {});
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
        const auto spread = statisticsOf(affinity, {})->spread;
        QVERIFY(std::isnan(spread[0]));
        QCOMPARE(spread[1], 1.0);
        QCOMPARE(spread[2], 0.0);
        QCOMPARE(spread[3], 0.875);
        QCOMPARE(statisticsOf(affinity, { false, 0 })->spread[1], 0.5); // 1 of 2 bits: of all four
    }

    void anEvenSpreadIsReceivedEvenly_data()
    {
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::newRow("causal") << true << 0;
        QTest::newRow("no mask") << false << 0;
        QTest::newRow("window of 4") << true << 4;
        QTest::newRow("window of 4, not causal") << false << 4;
    }

    void anEvenSpreadIsReceivedEvenly()
    {
        QFETCH(bool, causal);
        QFETCH(int, window);
        const AttentionMask mask { causal, window };
        const int tokens = 9;
        Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
        for (int row = 0; row < tokens; ++row) {
            const IndexRange readable = mask.keysSeenBy(row, tokens);
            affinity.row(row)
                .segment(readable.begin, readable.count())
                .setConstant(1.0F / float(readable.count()));
        }
        for (double received : std::vector(statisticsOf(affinity, mask)->received))
            QVERIFY(std::abs(received - 1) < 1e-6);
    }

    void received()
    {
        Matrix<float> affinity(3, 3);
        affinity << 1, 0, 0, //
            1, 0, 0, //
            1, 0, 0;
        const auto received = statisticsOf(affinity, {})->received;
        QCOMPARE(received[0], 3 / (1 + 1.0 / 2 + 1.0 / 3)); // read by all, in full
        QCOMPARE(received[1], 0.0);
        QCOMPARE(received[2], 0.0);
    }

    void noTokens()
    {
        const auto statistics = statisticsOf(Matrix<float>(), {});
        QVERIFY(statistics->spread.empty());
        QVERIFY(statistics->received.empty());
        QVERIFY(statistics->largest.empty());
    }

    // Rows are met in bands; a long text has many, and an overview coarser than its cells.
    void manyBands_data() { anEvenSpreadIsReceivedEvenly_data(); }
    void manyBands()
    {
        QFETCH(bool, causal);
        QFETCH(int, window);
        const AttentionMask mask { causal, window };
        const int tokens = 700;
        Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
        for (int row = 0; row < tokens; ++row) {
            const IndexRange readable = mask.keysSeenBy(row, tokens);
            for (int column = readable.begin; column < readable.end; ++column)
                affinity(row, column) = float(1 + (row * 31 + column * 17) % 101);
            affinity.row(row) /= affinity.row(row).sum();
        }
        const auto statistics = statisticsOf(affinity, mask);
        for (int row = 1; row < tokens; ++row) {
            const IndexRange readable = mask.keysSeenBy(row, tokens);
            double entropy = 0;
            for (int column = readable.begin; column < readable.end; ++column)
                entropy -= affinity(row, column) * std::log2(double(affinity(row, column)));
            const double expected = entropy / std::log2(double(readable.count()));
            QVERIFY(std::abs(statistics->spread[row] - expected) < 1e-6);
            QCOMPARE(statistics->largest[row], affinity.row(row).maxCoeff());
        }
        for (int column = 0; column < tokens; ++column) {
            double even = 0;
            for (int row = 0; row < tokens; ++row)
                if (mask.keysSeenBy(row, tokens).contains(column))
                    even += 1.0 / mask.keysSeenBy(row, tokens).count();
            const double sum = affinity.col(column).cast<double>().sum();
            QVERIFY(std::abs(statistics->received[column] - sum / even) < 1e-6);
        }
        QCOMPARE(statistics->overview.rows(), 256);
        QCOMPARE(statistics->overview.maxCoeff(), affinity.maxCoeff());
        QCOMPARE(statistics->overviewByRow.maxCoeff(), 1.0F);
        const bool all = !causal && window == 0;
        QCOMPARE(statistics->overview(0, 255),
            all ? affinity.block(0, 697, 3, 3).maxCoeff() : nothingPooled);
        QCOMPARE(statistics->overview(255, 0),
            window == 0 ? affinity.block(697, 0, 3, 3).maxCoeff() : nothingPooled);
    }

    void stopsWhenAsked()
    {
        const StoredAffinities stored({ { Matrix<float>::Ones(1, 1) } }, {});
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!affinityStatistics(stored, {}, {}, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(AffinityStatisticsTest)
#include "tst_affinity_statistics.moc"
