// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/random_stream.h"
#include "engine/training/gradient_norm.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <vector>

using namespace timestep;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

std::vector<float> randomGradients(std::size_t count)
{
    std::vector<float> gradients(count);
    const RandomStream stream(1, 0);
    for (std::size_t k = 0; k < count; ++k)
        gradients[k] = static_cast<float>(
            std::pow(10, 4 * stream.uniform(2 * k)) * stream.normal(2 * k + 1));
    return gradients;
}

std::vector<double> squaresInSlices(const std::vector<float>& gradients, std::size_t slice)
{
    const std::size_t blocks = gradientNormBlocks(gradients.size());
    std::vector<double> squares(blocks, -1);
    std::vector<std::jthread> threads;
    for (std::size_t begin = 0; begin < blocks; begin += slice) {
        threads.emplace_back(
            [&, begin] { sumSquares(gradients, begin, std::min(begin + slice, blocks), squares); });
    }
    threads.clear(); // joins them
    return squares;
}

double normOf(const std::vector<float>& gradients)
{
    return gradientNorm(squaresInSlices(gradients, gradients.size() + 1));
}

} // namespace

/// What clipping relies on: the norm itself, whoever sums which part of it.
class TestGradientNorm : public QObject
{
    Q_OBJECT

private slots:
    void isTheRootOfTheSquares_data()
    {
        QTest::addColumn<std::size_t>("count");
        for (const std::size_t count :
            { std::size_t(0), std::size_t(1), std::size_t(7), gradientNormBlock - 1,
                gradientNormBlock, gradientNormBlock + 1, 3 * gradientNormBlock + 13 })
            QTest::addRow("%zu", count) << count;
    }
    void isTheRootOfTheSquares()
    {
        QFETCH(std::size_t, count);
        const std::vector<float> gradients = randomGradients(count);
        long double sum = 0;
        for (const float gradient : gradients)
            sum += static_cast<long double>(gradient) * gradient;
        const auto wanted = static_cast<double>(std::sqrt(sum));
        QVERIFY(std::abs(normOf(gradients) - wanted) <= 1e-13 * wanted);
    }

    void sameBitsForAnyShare_data()
    {
        QTest::addColumn<std::size_t>("slice");
        for (const std::size_t slice : { 1, 2, 3, 5, 11 })
            QTest::addRow("%zu", slice) << slice;
    }
    void sameBitsForAnyShare()
    {
        QFETCH(std::size_t, slice);
        const std::vector<float> gradients = randomGradients(10 * gradientNormBlock + 77);
        const std::vector<double> whole = squaresInSlices(gradients, gradients.size());
        QCOMPARE(squaresInSlices(gradients, slice), whole);
    }

    /// In single precision the square would be infinite, or nothing.
    void largeAndSmallGradientsCount()
    {
        QCOMPARE(normOf({ 3e30F, 0, 4e30F }), std::hypot(double(3e30F), double(4e30F)));
        QCOMPARE(normOf({ 3e-30F, -4e-30F }), std::hypot(double(3e-30F), double(4e-30F)));
    }

    void recognisesWhatIsNoNumber_data()
    {
        QTest::addColumn<float>("culprit");
        QTest::addColumn<std::size_t>("place");
        for (const std::size_t place :
            { std::size_t(0), gradientNormBlock + 5, 2 * gradientNormBlock + 2 }) {
            QTest::addRow("NaN at %zu", place) << std::numeric_limits<float>::quiet_NaN() << place;
            QTest::addRow("infinity at %zu", place) << infinity << place;
            QTest::addRow("-infinity at %zu", place) << -infinity << place;
        }
    }
    void recognisesWhatIsNoNumber()
    {
        QFETCH(float, culprit);
        QFETCH(std::size_t, place);
        std::vector<float> gradients(2 * gradientNormBlock + 3, std::numeric_limits<float>::max());
        QVERIFY(std::isfinite(normOf(gradients)));
        gradients[place] = culprit;
        QVERIFY(!std::isfinite(normOf(gradients)));
        QVERIFY(!clippingFactor(normOf(gradients), 1).has_value());
    }

    void clips_data()
    {
        QTest::addColumn<double>("norm");
        QTest::addColumn<double>("limit");
        QTest::addColumn<double>("factor");
        QTest::newRow("above") << 4.0 << 1.0 << 0.25;
        QTest::newRow("at") << 2.0 << 2.0 << 1.0;
        QTest::newRow("below") << 0.5 << 1.0 << 1.0;
        QTest::newRow("zero") << 0.0 << 1.0 << 1.0;
        QTest::newRow("no limit") << 1e30 << double(infinity) << 1.0;
    }
    void clips()
    {
        QFETCH(double, norm);
        QFETCH(double, limit);
        QFETCH(double, factor);
        QCOMPARE(clippingFactor(norm, limit), std::optional(factor));
    }
};

QTEST_APPLESS_MAIN(TestGradientNorm)
#include "tst_gradient_norm.moc"
