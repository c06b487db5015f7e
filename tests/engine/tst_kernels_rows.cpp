// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/lane_sum.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <algorithm>
#include <limits>

using namespace timestep;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::vector<float> normalized(const Kernels& kernels, const std::vector<float>& x)
{
    const std::vector<float> gain = randomFloats(x.size(), 21);
    const std::vector<float> bias = randomFloats(x.size(), 22);
    std::vector<float> y(x.size());
    kernels.layerNorm({ .x = x.data(),
        .gain = gain.data(),
        .bias = bias.data(),
        .y = y.data(),
        .count = static_cast<int>(x.size()),
        .epsilon = 1e-5F });
    return y;
}

// lanes j, j + 16, … then the fixed tree, as DESIGN prescribes for every vector width
float foldedSum(const std::vector<float>& x)
{
    float lanes[16] = {};
    for (std::size_t i = 0; i < x.size(); ++i)
        lanes[i % 16] += x[i];
    for (int half = 8; half > 0; half /= 2)
        for (int j = 0; j < half; ++j)
            lanes[j] += lanes[j + half];
    return lanes[0];
}

/// What one query makes of its scores (to base 2) and of one value of each key.
struct Softened
{
    float logSum, mixed;
    bool operator==(const Softened&) const = default;
};

Softened softened(
    const Kernels& kernels, std::vector<float> scores, const std::vector<float>& values)
{
    constexpr int tileKeys = 32;
    const int keys = static_cast<int>(scores.size());
    scores.resize(static_cast<std::size_t>(roundUpToLanes(keys)));
    float largest = -infinity;
    std::vector<float> sums(laneCount);
    std::vector<float> mixed(laneCount);
    for (int key = 0; key < keys; key += tileKeys) {
        const int count = std::min(tileKeys, keys - key);
        kernels.softmaxTile({ .scores = scores.data() + key,
            .rows = 1,
            .keys = roundUpToLanes(count),
            .visible = count,
            .largest = &largest,
            .laneSums = sums.data(),
            .mixed = mixed.data(),
            .mixedStride = laneCount });
        for (int i = key; i < key + count; ++i)
            mixed[0] += scores[i] * values[i];
    }
    const float sum = foldLanes(sums.data());
    return { largest + std::log2(sum), sum == 0 ? 0 : mixed[0] / sum };
}

} // namespace

class TestKernelsRows : public QObject
{
    Q_OBJECT

private slots:
    // Tiles of different lengths one after the other give the softmax of the whole row.
    void onlineSoftmaxAgreesWithDoublePrecision_data() { addKernelRows(); }
    void onlineSoftmaxAgreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        std::vector<int> sizes { 97, 131, 509, 1031 };
        for (int size = 1; size <= 70; ++size)
            sizes.push_back(size);
        for (int keys : sizes) {
            const std::vector<float> scores = randomFloats(keys, 40, 12);
            const std::vector<float> values = randomFloats(keys, 41);
            const Softened row = softened(kernels, scores, values);
            double sum = 0;
            double mixed = 0;
            double norm = 0;
            for (int i = 0; i < keys; ++i) {
                const double weight = std::exp2(static_cast<double>(scores[i]));
                sum += weight;
                mixed += weight * values[i];
                norm += weight * std::abs(values[i]);
            }
            const std::string name = std::to_string(keys) + " keys";
            worst.see(row.logSum, std::log2(sum), 4e-6 * std::max(1.0, std::abs(std::log2(sum))),
                "log-sum of " + name);
            worst.see(row.mixed, mixed / sum, 4e-6 * norm / sum, "mix of " + name);
        }
        VERIFY_WORST(worst);
    }

    // Each row of a tile sees one key more than the row before; what is not seen weighs nothing.
    void causalTileHidesWhatFollows_data() { addKernelRows(); }
    void causalTileHidesWhatFollows()
    {
        const Kernels& kernels = fetchKernels();
        for (int visible : { -3, 0, 1, 15, 16, 30, 47, 48, 60 }) {
            constexpr int rows = 5;
            constexpr int keys = 48;
            std::vector<float> scores(rows * keys, 3.0F);
            std::vector<float> largest(rows, -infinity);
            std::vector<float> sums(rows * laneCount);
            std::vector<float> mixed(rows * laneCount);
            SoftmaxTile tile;
            tile.scores = scores.data();
            tile.scoresStride = keys;
            tile.rows = rows;
            tile.keys = keys;
            tile.visible = visible;
            tile.visibleMore = 1;
            tile.largest = largest.data();
            tile.laneSums = sums.data();
            tile.mixed = mixed.data();
            tile.mixedStride = laneCount;
            kernels.softmaxTile(tile);
            for (int row = 0; row < rows; ++row) {
                const int seen = std::clamp(visible + row, 0, keys);
                QCOMPARE(largest[row], seen > 0 ? 3.0F : -infinity);
                QCOMPARE(foldedSum({ &sums[row * laneCount], &sums[row * laneCount] + laneCount }),
                    static_cast<float>(seen));
                for (int key = 0; key < keys; ++key)
                    QCOMPARE(scores[row * keys + key], key < seen ? 1.0F : 0.0F);
            }
        }
    }

    void softmaxOfLargeScoresDoesNotOverflow_data() { addKernelRows(); }
    void softmaxOfLargeScoresDoesNotOverflow()
    {
        const Softened row = softened(fetchKernels(), { 1e4F, 1e4F, -1e4F }, { 1, 3, 100 });
        QCOMPARE(row.mixed, 2.0F);
        QCOMPARE(row.logSum, 10001.0F);
    }

    void softmaxOfNothingIsZero_data() { addKernelRows(); }
    void softmaxOfNothingIsZero()
    {
        const Softened row = softened(
            fetchKernels(), std::vector<float>(20, -infinity), std::vector<float>(20, 1.0F));
        QCOMPARE(row.mixed, 0.0F);
        QCOMPARE(row.logSum, -infinity);
    }

    void softmaxShowsWhatIsNotANumber_data() { addKernelRows(); }
    void softmaxShowsWhatIsNotANumber()
    {
        for (int spoilt : { 0, 15, 16, 20 })
            for (float other : { 1.0F, -infinity }) {
                std::vector<float> scores(21, other);
                scores[spoilt] = std::numeric_limits<float>::quiet_NaN();
                const Softened row = softened(fetchKernels(), scores, std::vector<float>(21, 1.0F));
                QVERIFY(std::isnan(row.logSum));
                QVERIFY(std::isnan(row.mixed));
            }
    }

    void powersOfTwoAgreeWithDoublePrecision_data() { addKernelRows(); }
    void powersOfTwoAgreeWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        std::vector<float> x;
        for (float exponent = -125; exponent <= 0; exponent += 0.37F)
            x.push_back(exponent + 3);
        std::vector<float> y(x.size());
        kernels.powersOfTwo(x.data(), y.data(), x.size(), 3);
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double power = std::exp2(static_cast<double>(x[i] - 3));
            worst.see(y[i], power, 3e-7 * power, "2^" + std::to_string(x[i] - 3));
        }
        VERIFY_WORST(worst);
        std::vector<float> ends { -1000, -infinity, std::numeric_limits<float>::quiet_NaN() };
        kernels.powersOfTwo(ends.data(), ends.data(), ends.size(), 0);
        QCOMPARE(ends[0], 0.0F);
        QCOMPARE(ends[1], 0.0F);
        QVERIFY(std::isnan(ends[2]));
    }

    void layerNormAgreesWithDoublePrecision_data() { addKernelRows(); }
    void layerNormAgreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        std::vector<int> sizes { 97, 131, 509, 768 };
        for (int size = 1; size <= 70; ++size)
            sizes.push_back(size);
        for (int count : sizes) {
            std::vector<float> x = randomFloats(count, 50, 2);
            for (float& value : x)
                value += 3;
            const std::vector<float> gain = randomFloats(count, 21);
            const std::vector<float> bias = randomFloats(count, 22);
            const std::vector<float> y = normalized(kernels, x);
            double mean = 0;
            for (float value : x)
                mean += value;
            mean /= count;
            double variance = 0;
            for (float value : x)
                variance += (value - mean) * (value - mean);
            variance /= count;
            for (int i = 0; i < count; ++i) {
                const double normal = (x[i] - mean) / std::sqrt(variance + 1e-5);
                // one row of one element is all cancellation: ε keeps it finite, not accurate
                const double bound = 1e-5 * (1 + 3 / std::sqrt(variance + 1e-5) * 0.1);
                worst.see(y[i], normal * gain[i] + bias[i], bound,
                    "element " + std::to_string(i) + " of " + std::to_string(count));
            }
        }
        VERIFY_WORST(worst);
    }

    void layerNormShowsWhatIsNotANumber_data() { addKernelRows(); }
    void layerNormShowsWhatIsNotANumber()
    {
        std::vector<float> x = randomFloats(37, 1);
        x[36] = std::numeric_limits<float>::quiet_NaN();
        for (float y : normalized(fetchKernels(), x))
            QVERIFY(std::isnan(y));
    }

    void layerNormShowsAVarianceBeyondAllFloats_data() { addKernelRows(); }
    void layerNormShowsAVarianceBeyondAllFloats()
    {
        // Not the bias, as if every x were the mean.
        std::vector<float> x(40, 1.0F);
        x[3] = 3e20F;
        for (const float value : normalized(fetchKernels(), x))
            QVERIFY(std::isnan(value));
    }

    void layerNormInPlace_data() { addKernelRows(); }
    void layerNormInPlace()
    {
        const Kernels& kernels = fetchKernels();
        const std::vector<float> x = randomFloats(43, 1);
        std::vector<float> y = x;
        const std::vector<float> gain = randomFloats(43, 21);
        const std::vector<float> bias = randomFloats(43, 22);
        kernels.layerNorm({ .x = y.data(),
            .gain = gain.data(),
            .bias = bias.data(),
            .y = y.data(),
            .count = 43,
            .epsilon = 1e-5F });
        QVERIFY(y == normalized(kernels, x));
    }

    // The order of a sum is part of the contract: it is what makes vector widths agree.
    void sumsRunInSixteenLanes()
    {
        for (const Kernels* kernels : availableKernels()) {
            for (int keys : { 5, 16, 33, 250 }) {
                std::vector<float> scores = randomFloats(keys, 60, 4);
                const float largest = *std::max_element(scores.begin(), scores.end());
                std::vector<float> weights = scores;
                kernels->powersOfTwo(scores.data(), weights.data(), weights.size(), largest);
                scores.resize(static_cast<std::size_t>(roundUpToLanes(keys)));
                std::vector<float> sums(laneCount);
                std::vector<float> mixed(laneCount);
                float soFar = -infinity;
                kernels->softmaxTile({ .scores = scores.data(),
                    .rows = 1,
                    .keys = static_cast<int>(scores.size()),
                    .visible = keys,
                    .largest = &soFar,
                    .laneSums = sums.data(),
                    .mixed = mixed.data(),
                    .mixedStride = laneCount });
                QCOMPARE(soFar, largest);
                for (int i = 0; i < keys; ++i)
                    QCOMPARE(scores[i], weights[i]);
                QCOMPARE(foldLanes(sums.data()), foldedSum(weights));
            }
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const auto [narrow, wide] = narrowAndWide();
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        for (int count = 1; count < 150; ++count) {
            const std::vector<float> x = randomFloats(count, 70, 5);
            QVERIFY(normalized(*narrow, x) == normalized(*wide, x));
            const std::vector<float> values = randomFloats(count, 71);
            QVERIFY(softened(*narrow, x, values) == softened(*wide, x, values));
        }
    }
};

QTEST_APPLESS_MAIN(TestKernelsRows)
#include "tst_kernels_rows.moc"
