// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/pooled_scores.h"
#include "engine/execution/recomputed_affinities.h"
#include "engine/execution/stored_affinities.h"
#include "tests/engine/computation_cases.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/whole_matrix.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <memory>

using namespace timestep;

namespace {

constexpr double log2e = 1.44269504088896340736;
constexpr float untouched = -7;

// Queries and keys of two layers of three heads, what a run would have kept of them, and what the
// textbook makes of them.
struct KeptHeads
{
    static constexpr int layers = 2;
    static constexpr int heads = 3;
    static constexpr int headWidth = 12;

    int tokens;
    std::vector<float> queries, keys; // (L, T, D)
    RecomputedAffinities kept;

    KeptHeads(int tokensWanted, const AttentionMask& mask, const Kernels& kernels)
        : tokens(tokensWanted)
        , queries(randomFloats(std::size_t(layers) * tokens * heads * headWidth, 5, 1.5F))
        , keys(randomFloats(queries.size(), 6, 1.5F))
        , kept(masked(bareAttention(layers, heads * headWidth, heads, tokens, 1, true), mask),
              kernels)
    {
        for (int layer = 0; layer < layers; ++layer)
            for (int t = 0; t < tokens; ++t) {
                std::vector<float> scaled(query(layer, t, 0), query(layer, t, 0) + 36);
                for (float& q : scaled)
                    q *= float(log2e / std::sqrt(double(headWidth)));
                kept.putQuery(layer, t, scaled.data());
                for (int head = 0; head < heads; ++head) {
                    kept.putKey({ layer, head }, t, key(layer, t, head));
                    double sum = 0;
                    for (int k = kept.seenBy(t).begin; k < kept.seenBy(t).end; ++k)
                        sum += std::exp(score({ layer, head }, t, k));
                    kept.putLogSum({ layer, head }, t, float(std::log2(sum)));
                }
            }
    }

    const float* query(int layer, int t, int head) const
    {
        return queries.data() + ((layer * tokens + t) * heads + head) * headWidth;
    }
    const float* key(int layer, int t, int head) const
    {
        return keys.data() + ((layer * tokens + t) * heads + head) * headWidth;
    }
    double score(HeadIndex of, int q, int k) const
    {
        double sum = 0;
        for (int i = 0; i < headWidth; ++i)
            sum += double(query(of.layer, q, of.head)[i]) * key(of.layer, k, of.head)[i];
        return sum / std::sqrt(double(headWidth));
    }
    /// softmax of the row, zeros where masked.
    std::vector<double> expected(HeadIndex of, int q) const
    {
        std::vector<double> shares(tokens, 0);
        double sum = 0;
        for (int k = kept.seenBy(q).begin; k < kept.seenBy(q).end; ++k)
            sum += shares[k] = std::exp(score(of, q, k));
        for (double& share : shares)
            share /= sum;
        return shares;
    }
};

/// A rectangle in a buffer with room around it, which must stay as it is.
void compareRectangle(const Affinities& affinities, HeadIndex head, const Matrix<float>& all,
    IndexRange queries, IndexRange keys)
{
    const std::size_t stride = keys.count() + 3;
    std::vector<float> shares(stride * queries.count() + 3, untouched);
    std::vector<float> logarithms(shares.size(), untouched);
    affinities.read(head, { queries, keys, shares.data(), stride, logarithms.data() });
    for (int q = queries.begin; q < queries.end; ++q) {
        const float* row = shares.data() + stride * (q - queries.begin);
        QVERIFY(sameBits(row, all.row(q).data() + keys.begin, keys.count()));
        for (std::size_t beyond = keys.count(); beyond < stride; ++beyond)
            QCOMPARE(row[beyond], untouched);
        for (int k = keys.begin; k < keys.end; ++k) {
            if (!affinities.seenBy(q).contains(k))
                continue;
            const float share = row[k - keys.begin];
            const float logarithm = logarithms[stride * (q - queries.begin) + k - keys.begin];
            QVERIFY(std::abs(std::exp2(logarithm) - share) <= 1e-6F);
        }
    }
}

/// One pixel by its definition, cell by cell.
float naivePixel(const Matrix<float>& all, const Affinities& affinities, IndexRange queries,
    IndexRange keys, Pooling pooling, const std::vector<float>& scale)
{
    float largest = nothingPooled;
    double sum = 0;
    int cells = 0;
    for (int q = queries.begin; q < queries.end; ++q)
        for (int k = keys.begin; k < keys.end; ++k) {
            if (!affinities.seenBy(q).contains(k))
                continue;
            const float share = scale.empty() ? all(q, k) : all(q, k) * scale[q];
            largest = std::max(largest, share);
            sum += share;
            ++cells;
        }
    if (pooling == Pooling::Largest || cells == 0)
        return largest;
    return float(sum / cells);
}

std::vector<IndexRange> pixelsOver(double first, double extent, int pixels, int tokens)
{
    std::vector<IndexRange> ranges;
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const double left = first + extent * pixel / pixels;
        const int begin = int(std::floor(left));
        const int end = std::max(begin + 1, int(std::ceil(first + extent * (pixel + 1) / pixels)));
        ranges.push_back({ std::clamp(begin, 0, tokens), std::clamp(end, 0, tokens) });
    }
    return ranges;
}

} // namespace

class TestAffinities : public QObject
{
    Q_OBJECT

private slots:
    void rowsAreTheSoftmax_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<int>("tokens");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        for (const Kernels* kernels : availableKernels())
            for (const int tokens : { 1, 2, 15, 16, 17, 71, 129, 900 })
                for (const bool causal : { true, false })
                    for (const int window : { 0, 20, 800 })
                        QTest::addRow("%s %d %s, window of %d", std::string(kernels->name).c_str(),
                            tokens, causal ? "causal" : "full", window)
                            << QString::fromStdString(std::string(kernels->name)) << tokens
                            << causal << window;
    }
    void rowsAreTheSoftmax()
    {
        QFETCH(int, tokens);
        QFETCH(bool, causal);
        QFETCH(int, window);
        const KeptHeads heads(tokens, { causal, window }, fetchKernels());
        QCOMPARE(heads.kept.tokens(), tokens);
        WorstElement worst;
        for (const HeadIndex head : { HeadIndex { 0, 0 }, HeadIndex { 1, 2 } })
            for (int q = 0; q<tokens; q += tokens> 200 ? 37 : 1) {
                const std::vector<float> row = heads.kept.row(head, q);
                const std::vector<double> expected = heads.expected(head, q);
                for (int k = 0; k < tokens; ++k) {
                    const std::string name = std::to_string(q) + ", " + std::to_string(k);
                    if (heads.kept.seenBy(q).contains(k))
                        worst.see(row[k], expected[k], 1e-6, name);
                    else
                        QCOMPARE(row[k], 0.0F);
                }
            }
        VERIFY_WORST(worst);
    }

    void anyRectangleIsTheSameBits_data() { rowsAreTheSoftmax_data(); }
    void anyRectangleIsTheSameBits()
    {
        QFETCH(int, tokens);
        QFETCH(bool, causal);
        QFETCH(int, window);
        const KeptHeads heads(tokens, { causal, window }, fetchKernels());
        const HeadIndex head { 1, 1 };
        const Matrix<float> all = wholeMatrix(heads.kept, head);
        std::mt19937 random(3);
        const auto part = [&](int longest) {
            const int begin = int(random() % tokens);
            return IndexRange { begin, std::min(tokens, begin + 1 + int(random() % longest)) };
        };
        for (int trial = 0; trial < 30; ++trial)
            compareRectangle(heads.kept, head, all, part(40), part(tokens));
        for (int trial = 0; trial < 30; ++trial) {
            const int q = int(random() % tokens);
            const int k = int(random() % tokens);
            QCOMPARE(heads.kept.share(head, q, k), all(q, k));
        }
    }

    /// q·k ÷ √d, signed, and also where the mask leaves nothing; the same bits in any rectangle.
    void scoresAreTheScaledProducts_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<int>("tokens");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        for (const Kernels* kernels : availableKernels())
            for (const int tokens : { 1, 17, 129, 900 })
                QTest::addRow("%s %d", std::string(kernels->name).c_str(), tokens)
                    << QString::fromStdString(std::string(kernels->name)) << tokens << true
                    << (tokens > 20 ? 20 : 0);
    }
    void scoresAreTheScaledProducts()
    {
        QFETCH(int, tokens);
        QFETCH(bool, causal);
        QFETCH(int, window);
        const KeptHeads heads(tokens, { causal, window }, fetchKernels());
        const HeadIndex head { 1, 2 };
        const IndexRange queries { tokens / 3, std::min(tokens, tokens / 3 + 19) };
        const IndexRange keys { tokens / 5, tokens };
        const std::size_t stride = keys.count() + 3;
        std::vector<float> scores(stride * queries.count(), untouched);
        QVERIFY(heads.kept.readScores(head, { queries, keys, scores.data(), stride }));
        WorstElement worst;
        for (int q = queries.begin; q < queries.end; ++q) {
            const float* row = scores.data() + stride * (q - queries.begin);
            for (int k = keys.begin; k < keys.end; ++k) {
                worst.see(row[k - keys.begin], heads.score(head, q, k), 1e-5,
                    std::to_string(q) + ", " + std::to_string(k));
                if (k % 7 == 0) {
                    float alone = 0;
                    heads.kept.readScores(head, { { q, q + 1 }, { k, k + 1 }, &alone, 1 });
                    QCOMPARE(alone, row[k - keys.begin]);
                }
            }
            for (std::size_t beyond = keys.count(); beyond < stride; ++beyond)
                QCOMPARE(row[beyond], untouched);
        }
        VERIFY_WORST(worst);
    }

    void whatIsNotKeptIsNotMadeUp()
    {
        const StoredAffinities stored({ { Matrix<float>::Identity(3, 3) } }, {});
        float score = untouched;
        QVERIFY(!stored.readScores({}, { { 0, 1 }, { 0, 1 }, &score, 1 }));
        QCOMPARE(score, untouched);
        QVERIFY(stored.valueNorms({}).empty());
        QVERIFY(!pooledScores(stored, {}, { { { 0, 3 } }, { { 0, 3 } } }, ScorePairs::All));
    }

    void memoryGrowsWithTheLengthOnly()
    {
        const PlanShape shape = bareAttention(4, 160, 5, 1024, 1, true);
        PlanShape longer = shape;
        longer.steps = 16'384;
        QCOMPARE(RecomputedAffinities::bytesNeeded(longer),
            16 * RecomputedAffinities::bytesNeeded(shape));
        QVERIFY(RecomputedAffinities::bytesNeeded(longer) < 100'000'000);
    }

    void storedMatricesAreReadTheSameWay_data()
    {
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::newRow("causal") << true << 0;
        QTest::newRow("full") << false << 0;
        QTest::newRow("window of 5") << true << 5;
        QTest::newRow("window of 3, full") << false << 3;
    }
    void storedMatricesAreReadTheSameWay()
    {
        QFETCH(bool, causal);
        QFETCH(int, window);
        const KeptHeads heads(19, { causal, window }, defaultKernels());
        const Matrix<float> all = wholeMatrix(heads.kept, { 0, 1 });
        const StoredAffinities stored({ { all, all }, { all, all } }, { causal, window });
        QCOMPARE(stored.layers(), 2);
        QCOMPARE(stored.heads(), 2);
        QCOMPARE(stored.tokens(), 19);
        QVERIFY(wholeMatrix(stored, { 1, 0 }) == all);
        compareRectangle(stored, { 0, 1 }, all, { 3, 18 }, { 2, 11 });
        compareRectangle(stored, { 0, 1 }, all, { 0, 4 }, { 7, 19 }); // masked, all of it
    }

    void pooledPixels_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<bool>("causal");
        QTest::addColumn<int>("window");
        QTest::addColumn<double>("first");
        QTest::addColumn<double>("extent");
        QTest::addColumn<int>("pixels");
        QTest::newRow("one token, many pixels") << 1 << true << 0 << 0.0 << 1.0 << 7;
        QTest::newRow("cells larger than pixels") << 9 << true << 0 << 2.3 << 4.1 << 40;
        QTest::newRow("cell = pixel") << 40 << true << 0 << 0.0 << 40.0 << 40;
        QTest::newRow("several tiles down") << 131 << true << 0 << 0.0 << 131.0 << 29;
        QTest::newRow("full, part") << 131 << false << 0 << 20.4 << 90.3 << 33;
        QTest::newRow("reaching beyond") << 31 << false << 0 << -5.5 << 60.0 << 18;
        QTest::newRow("all in one pixel") << 77 << true << 0 << 0.0 << 77.0 << 1;
        QTest::newRow("several tiles across") << 2500 << true << 0 << 0.0 << 2500.0 << 24;
        QTest::newRow("window") << 131 << true << 9 << 0.0 << 131.0 << 29;
        QTest::newRow("window, cells larger than pixels") << 19 << true << 3 << 2.3 << 9.1 << 40;
        QTest::newRow("window, full, part") << 131 << false << 40 << 20.4 << 90.3 << 33;
        QTest::newRow("window, several tiles across")
            << 4500 << true << 1500 << 0.0 << 4500.0 << 12;
    }
    void pooledPixels()
    {
        QFETCH(int, tokens);
        QFETCH(bool, causal);
        QFETCH(int, window);
        QFETCH(double, first);
        QFETCH(double, extent);
        QFETCH(int, pixels);
        const KeptHeads heads(tokens, { causal, window }, defaultKernels());
        const HeadIndex head { 0, 2 };
        const Matrix<float> all = wholeMatrix(heads.kept, head);
        const CellsUnderPixels cells { pixelsOver(first, extent, pixels, tokens),
            pixelsOver(first / 2, extent, pixels, tokens) };
        for (const std::vector<float>& scale :
            { std::vector<float>(), randomFloats(std::size_t(tokens), 8) })
            for (const Pooling pooling : { Pooling::Largest, Pooling::Mean }) {
                const auto found = pooledAffinities(heads.kept, head, cells, pooling, scale);
                QVERIFY(found);
                QCOMPARE(found->rows(), pixels);
                for (int y = 0; y < pixels; ++y)
                    for (int x = 0; x < pixels; ++x) {
                        const float expected = naivePixel(
                            all, heads.kept, cells.lines[y], cells.columns[x], pooling, scale);
                        const bool exact = pooling == Pooling::Largest;
                        QVERIFY2(exact ? (*found)(y, x) == expected
                                       : std::abs((*found)(y, x) - expected) <= 1e-6F,
                            qPrintable(QStringLiteral("%1, %2").arg(x).arg(y)));
                    }
            }
    }

    void pooledScoresAreTheFarthestFromZero_data() { pooledPixels_data(); }
    void pooledScoresAreTheFarthestFromZero()
    {
        QFETCH(int, tokens);
        QFETCH(bool, causal);
        QFETCH(int, window);
        QFETCH(double, first);
        QFETCH(double, extent);
        QFETCH(int, pixels);
        const KeptHeads heads(tokens, { causal, window }, defaultKernels());
        const HeadIndex head { 0, 2 };
        Matrix<float> all(tokens, tokens);
        heads.kept.readScores(
            head, { { 0, tokens }, { 0, tokens }, all.data(), std::size_t(tokens) });
        const CellsUnderPixels cells { pixelsOver(first, extent, pixels, tokens),
            pixelsOver(first / 2, extent, pixels, tokens) };
        for (const ScorePairs pairs : { ScorePairs::All, ScorePairs::Seen }) {
            const auto found = pooledScores(heads.kept, head, cells, pairs);
            QVERIFY(found);
            for (int y = 0; y < pixels; ++y)
                for (int x = 0; x < pixels; ++x) {
                    float farthest = 0;
                    bool any = false;
                    for (int q = cells.lines[y].begin; q < cells.lines[y].end; ++q)
                        for (int k = cells.columns[x].begin; k < cells.columns[x].end; ++k)
                            if (pairs == ScorePairs::All || heads.kept.seenBy(q).contains(k)) {
                                any = true;
                                if (std::abs(all(q, k)) > std::abs(farthest))
                                    farthest = all(q, k);
                            }
                    const float pixel = (*found)(y, x);
                    QVERIFY2(any ? pixel == farthest : std::isnan(pixel),
                        qPrintable(QStringLiteral("%1, %2").arg(x).arg(y)));
                }
        }
    }

    void nothingUnderThePixels()
    {
        const KeptHeads heads(5, {}, defaultKernels());
        const CellsUnderPixels beyond { { { 5, 5 }, { 5, 5 } }, { { 5, 5 } } };
        const auto pixels = pooledAffinities(heads.kept, {}, beyond, Pooling::Largest);
        QVERIFY(pixels && (pixels->array() == nothingPooled).all());
        QCOMPARE(pooledAffinities(heads.kept, {}, {}, Pooling::Largest)->size(), 0);
    }

    void stopsWhenAsked()
    {
        const KeptHeads heads(50, {}, defaultKernels());
        std::stop_source stop;
        stop.request_stop();
        const CellsUnderPixels cells { { { 0, 50 } }, { { 0, 50 } } };
        QVERIFY(!pooledAffinities(heads.kept, {}, cells, Pooling::Largest, {}, stop.get_token()));
        QVERIFY(!pooledScores(heads.kept, {}, cells, ScorePairs::All, stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(TestAffinities)
#include "tst_affinities.moc"
