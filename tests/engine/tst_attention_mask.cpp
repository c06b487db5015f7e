// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/attention_mask.h"

#include <QTest>

#include <cstdlib>

using namespace timestep;

namespace {

/// By its definition.
bool sees(const AttentionMask& mask, int query, int key)
{
    return (!mask.causal || key <= query)
        && (mask.window == 0 || std::abs(query - key) < mask.window);
}

} // namespace

class TestAttentionMask : public QObject
{
    Q_OBJECT

private slots:
    void everyPairIsSeenOrNot_data()
    {
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        for (const bool causal : { true, false })
            for (const int window : { 0, 1, 2, 6, 7, 8, 20 })
                QTest::addRow("%s, window of %d", causal ? "causal" : "full", window)
                    << causal << window;
    }
    void everyPairIsSeenOrNot()
    {
        QFETCH(const bool, causal);
        QFETCH(const int, window);
        const AttentionMask mask { causal, window };
        for (const int tokens : { 1, 7, 10 }) {
            for (int query = 0; query < tokens; ++query)
                for (int key = 0; key < tokens; ++key) {
                    const bool expected = sees(mask, query, key);
                    QCOMPARE(mask.keysSeenBy(query, tokens).contains(key), expected);
                    QCOMPARE(mask.queriesSeeing(key, tokens).contains(query), expected);
                }
            for (int begin = 0; begin < tokens; ++begin)
                for (int end = begin + 1; end <= tokens; ++end)
                    compareQueries(mask, { begin, end }, tokens);
        }
    }

    void pairsOfALongTextAreExact()
    {
        QCOMPARE((AttentionMask { true, 64 }.pairs({ 0, 1 << 20 }, 1 << 20)),
            64.0 * 65 / 2 + ((1 << 20) - 64) * 64.0);
    }

private:
    static void compareQueries(const AttentionMask& mask, IndexRange queries, int tokens)
    {
        int pairs = 0;
        int first = tokens;
        int last = 0;
        for (int query = queries.begin; query < queries.end; ++query)
            for (int key = 0; key < tokens; ++key)
                if (sees(mask, query, key)) {
                    ++pairs;
                    first = std::min(first, key);
                    last = std::max(last, key);
                }
        QCOMPARE(mask.pairs(queries, tokens), double(pairs));
        QCOMPARE(mask.keysSeenBy(queries, tokens), (IndexRange { first, last + 1 }));
    }
};

QTEST_APPLESS_MAIN(TestAttentionMask)
#include "tst_attention_mask.moc"
