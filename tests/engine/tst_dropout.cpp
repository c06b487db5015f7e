// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/dropout.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <cmath>
#include <set>

using namespace timestep;

namespace {

constexpr int units = 64;

std::vector<float> factors(const Dropout& dropout, int place, int row, int position)
{
    std::vector<float> ones(units, 1.0F);
    dropout.apply(place, row, position, { 0, units }, ones.data(), ones.data());
    return ones;
}

} // namespace

class TestDropout : public QObject
{
    Q_OBJECT

private slots:
    void everyPlaceRowAndPositionOfEveryStepIsAnother()
    {
        Dropout dropout(0.5, 0, defaultKernels());
        std::set<std::vector<float>> found;
        for (const std::uint64_t step : { 1, 2, 3 }) {
            dropout.begin(step);
            for (int place = 0; place < 4; ++place)
                for (int row = 0; row < 5; ++row)
                    for (int position = 0; position < 9; ++position)
                        found.insert(factors(dropout, place, row, position));
        }
        QCOMPARE(found.size(), std::size_t { 3 * 4 * 5 * 9 });
    }

    void isTheSameWheneverItIsAskedFor()
    {
        Dropout dropout(0.5, 0, defaultKernels());
        dropout.begin(7);
        const std::vector<float> first = factors(dropout, 1, 2, 3);
        dropout.begin(8);
        QVERIFY(factors(dropout, 1, 2, 3) != first);
        dropout.begin(7);
        QVERIFY(factors(dropout, 1, 2, 3) == first);
    }

    void rowsAreThoseOfTheWholeBatch()
    {
        const Dropout whole(0.5, 0, defaultKernels());
        const Dropout part(0.5, 3, defaultKernels());
        for (int row = 0; row < 4; ++row)
            QVERIFY(factors(part, 0, row, 5) == factors(whole, 0, 3 + row, 5));
    }

    /// Within five standard deviations: of a factor that is 1 ÷ (1 − p) with probability 1 − p the
    /// variance is p ÷ (1 − p).
    void dropsItsShareAndLeavesTheMean()
    {
        for (const double share : { 0.05, 0.2, 0.5, 0.9 }) {
            const Dropout dropout(share, 0, defaultKernels());
            double dropped = 0;
            double sum = 0;
            double count = 0;
            for (int row = 0; row < 40; ++row)
                for (int position = 0; position < 100; ++position)
                    for (const float factor : factors(dropout, 2, row, position)) {
                        dropped += factor == 0 ? 1 : 0;
                        sum += factor;
                        ++count;
                    }
            QVERIFY(std::abs(dropped / count - share) < 5 * std::sqrt(share * (1 - share) / count));
            QVERIFY(std::abs(sum / count - 1) < 5 * std::sqrt(share / (1 - share) / count));
        }
    }
};

QTEST_APPLESS_MAIN(TestDropout)
#include "tst_dropout.moc"
