// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/unit_order.h"
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace timestep;

namespace {

constexpr int steps = 600; // more than are compared

/// Six units that follow three different waves, two by two and far apart; the second of each lags a
/// little behind.
Matrix<float> threePairs()
{
    Matrix<float> values(steps, 6);
    for (int t = 0; t < steps; ++t)
        for (int wave = 0; wave < 3; ++wave) {
            const auto phase = static_cast<float>(t) * (0.05F + 0.11F * static_cast<float>(wave));
            values(t, wave) = std::sin(phase);
            values(t, wave + 3) = 0.3F + 2 * std::sin(phase - 0.1F);
        }
    return values;
}

std::vector<int> allOf(int units)
{
    std::vector<int> numbers(static_cast<std::size_t>(units));
    std::iota(numbers.begin(), numbers.end(), 0);
    return numbers;
}

int placeOf(const std::vector<int>& order, int unit)
{
    return static_cast<int>(std::find(order.begin(), order.end(), unit) - order.begin());
}

} // namespace

/// What a reader of the sorted picture relies on.
class TestUnitOrder : public QObject
{
    Q_OBJECT
private slots:
    void unitsThatBehaveAlikeStandTogether()
    {
        const std::vector<int> order = unitsBySimilarity(threePairs());
        QVERIFY(std::is_permutation(order.begin(), order.end(), allOf(6).begin()));
        for (int wave = 0; wave < 3; ++wave)
            QCOMPARE(std::abs(placeOf(order, wave) - placeOf(order, wave + 3)), 1);
    }

    // Within a cluster, too: a chain of waves, each a little later, is laid out as that chain.
    void aChainOfLikenessIsLaidOutInOrder()
    {
        const std::vector<int> lags { 3, 0, 4, 1, 5, 2 };
        Matrix<float> values(steps, 6);
        for (int t = 0; t < steps; ++t)
            for (int unit = 0; unit < 6; ++unit)
                values(t, unit) = std::sin(0.2F * static_cast<float>(t)
                    - 0.25F * static_cast<float>(lags[static_cast<std::size_t>(unit)]));
        const std::vector<int> order = unitsBySimilarity(values);
        std::vector<int> found;
        for (const int unit : order)
            found.push_back(lags[static_cast<std::size_t>(unit)]);
        QVERIFY(std::is_sorted(found.begin(), found.end())
            || std::is_sorted(found.rbegin(), found.rend()));
        QVERIFY(order.front() < order.back());
    }

    void oppositesAreNotAlike()
    {
        Matrix<float> values = threePairs();
        values.col(3) = -values.col(0); // as far apart as can be
        values.col(4) = values.col(0);
        const std::vector<int> order = unitsBySimilarity(values);
        QCOMPARE(std::abs(placeOf(order, 0) - placeOf(order, 4)), 1);
        QVERIFY(std::abs(placeOf(order, 0) - placeOf(order, 3)) > 1);
    }

    void everyUnitIsThereOnce_data()
    {
        QTest::addColumn<int>("steps");
        QTest::addColumn<int>("units");
        for (const int length : { 0, 1, 2, 511, 513, 700 })
            for (const int units : { 0, 1, 2, 3, 64 })
                QTest::addRow("%d steps of %d units", length, units) << length << units;
    }
    void everyUnitIsThereOnce()
    {
        QFETCH(int, steps);
        QFETCH(int, units);
        const std::vector<float> random = randomFloats(std::size_t(steps) * std::size_t(units), 5);
        Matrix<float> values = Eigen::Map<const Matrix<float>>(random.data(), steps, units);
        if (units > 2)
            values.col(1).setConstant(0.7F); // never changes
        const std::vector<int> order = unitsBySimilarity(values);
        QCOMPARE(order.size(), std::size_t(units));
        QVERIFY(std::is_permutation(order.begin(), order.end(), allOf(units).begin()));
        QCOMPARE(unitsBySimilarity(values), order);
    }

    void equalsComeByNumber()
    {
        const Matrix<float> same = Matrix<float>::Constant(9, 4, 0.5F);
        QCOMPARE(unitsBySimilarity(same).front(), 0);
        QCOMPARE(unitsByForgetGate(same), allOf(4));
        QCOMPARE(unitsByActivity(same), allOf(4));
    }

    void memoryAndActivityAreMeansOverTheSteps()
    {
        Matrix<float> values(2, 4);
        values << 0.1F, 0.9F, -0.8F, 0.3F, /**/ 0.3F, 0.1F, -0.9F, 0.5F;
        QCOMPARE(unitsByForgetGate(values), (std::vector<int> { 1, 3, 0, 2 }));
        QCOMPARE(unitsByActivity(values), (std::vector<int> { 2, 1, 3, 0 }));
    }
};

QTEST_APPLESS_MAIN(TestUnitOrder)
#include "tst_unit_order.moc"
