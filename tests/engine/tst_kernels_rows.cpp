// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/every_kernel.h"

#include <QTest>

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

} // namespace

class TestKernelsRows : public QObject
{
    Q_OBJECT

private slots:
    void softmaxAgreesWithDoublePrecision_data() { addKernelRows(); }
    void softmaxAgreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        std::vector<int> sizes { 97, 131, 509, 1031 };
        for (int size = 1; size <= 70; ++size)
            sizes.push_back(size);
        for (int keys : sizes) {
            const std::vector<float> scores = randomFloats(keys, 40, 30);
            std::vector<float> p = scores;
            p.resize(keys + 9, 7.0F);
            const float logSum = kernels.softmax(p.data(), keys, keys + 8, 0.3F);
            double sum = 0;
            for (float score : scores)
                sum += std::exp(0.3 * score);
            for (int i = 0; i < keys; ++i)
                worst.see(p[i], std::exp(0.3 * scores[i]) / sum,
                    4e-6 * std::exp(0.3 * scores[i]) / sum,
                    "key " + std::to_string(i) + " of " + std::to_string(keys));
            worst.see(
                logSum, std::log(sum), 4e-6 * std::max(1.0, std::abs(std::log(sum))), "log-sum");
            for (int i = keys; i < keys + 8; ++i)
                QCOMPARE(p[i], 0.0F); // masked keys are exact zeros
            QCOMPARE(p[keys + 8], 7.0F);
        }
        VERIFY_WORST(worst);
    }

    void softmaxOfLargeScoresDoesNotOverflow_data() { addKernelRows(); }
    void softmaxOfLargeScoresDoesNotOverflow()
    {
        std::vector<float> p { 1e4F, 1e4F, -1e4F };
        const float logSum = fetchKernels().softmax(p.data(), 3, 3, 1);
        QCOMPARE(p, (std::vector<float> { 0.5F, 0.5F, 0.0F }));
        QVERIFY(std::abs(logSum - 1e4F) < 1);
    }

    void softmaxOfNothingIsZero_data() { addKernelRows(); }
    void softmaxOfNothingIsZero()
    {
        const Kernels& kernels = fetchKernels();
        std::vector<float> masked(20, -infinity);
        QCOMPARE(kernels.softmax(masked.data(), 20, 20, 0.5F), -infinity);
        QCOMPARE(masked, std::vector<float>(20, 0.0F));
        std::vector<float> none(5, 3.0F);
        QCOMPARE(kernels.softmax(none.data(), 0, 5, 0.5F), -infinity);
        QCOMPARE(none, std::vector<float>(5, 0.0F));
    }

    void softmaxShowsWhatIsNotANumber_data() { addKernelRows(); }
    void softmaxShowsWhatIsNotANumber()
    {
        const Kernels& kernels = fetchKernels();
        for (int spoilt : { 0, 15, 16, 20 })
            for (float other : { 1.0F, -infinity }) {
                std::vector<float> p(21, other);
                p[spoilt] = std::numeric_limits<float>::quiet_NaN();
                QVERIFY(std::isnan(kernels.softmax(p.data(), 21, 21, 1)));
                QVERIFY(std::isnan(p[spoilt]));
            }
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
            if (kernels->name == "reference")
                continue;
            for (int keys : { 5, 16, 33, 250 }) {
                std::vector<float> p = randomFloats(keys, 60, 4);
                std::vector<float> e = p;
                float largest = p[0];
                for (float score : p)
                    largest = std::max(largest, score);
                for (float& score : e)
                    score -= largest;
                kernels->exp(e.data(), e.data(), e.size());
                kernels->softmax(p.data(), keys, keys, 1);
                const float inverse = 1 / foldedSum(e);
                for (int i = 0; i < keys; ++i)
                    QCOMPARE(p[i], e[i] * inverse);
            }
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const Kernels* narrow = nullptr;
        const Kernels* wide = nullptr;
        for (const Kernels* kernels : availableKernels()) {
            if (kernels->name == "avx2")
                narrow = kernels;
            if (kernels->name == "avx512")
                wide = kernels;
        }
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        for (int count = 1; count < 150; ++count) {
            const std::vector<float> x = randomFloats(count, 70, 5);
            QVERIFY(normalized(*narrow, x) == normalized(*wide, x));
            std::vector<float> a = x;
            std::vector<float> b = x;
            QCOMPARE(narrow->softmax(a.data(), count, count, 0.7F),
                wide->softmax(b.data(), count, count, 0.7F));
            QVERIFY(a == b);
        }
    }
};

QTEST_APPLESS_MAIN(TestKernelsRows)
#include "tst_kernels_rows.moc"
