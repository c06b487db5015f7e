// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <cmath>

using namespace timestep;

namespace {

constexpr std::uint64_t key = 0x0123456789ABCDEF;

std::uint32_t thresholdOf(double share) { return static_cast<std::uint32_t>(share * 0x1p31); }

/// Of numbers from `first` of a row on.
std::vector<float> dropped(const Kernels& kernels, const std::vector<float>& x, double share,
    std::uint64_t keyOfRow = key, int first = 0)
{
    std::vector<float> y(x.size(), -1.0F);
    kernels.dropout({ .x = x.data(),
        .y = y.data(),
        .first = first,
        .count = static_cast<int>(x.size()),
        .key = keyOfRow,
        .threshold = thresholdOf(share),
        .scale = static_cast<float>(1 / (1 - share)) });
    return y;
}

/// 1 where a number of ones was dropped.
std::vector<int> mask(std::uint64_t keyOfRow, int count, double share)
{
    std::vector<int> found;
    const std::vector<float> ones(static_cast<std::size_t>(count), 1.0F);
    for (const float y : dropped(defaultKernels(), ones, share, keyOfRow))
        found.push_back(y == 0 ? 1 : 0);
    return found;
}

} // namespace

class TestKernelsDropout : public QObject
{
    Q_OBJECT

private slots:
    void isTheSameBitsAsTheReadableTwin_data() { addKernelRows(); }
    void isTheSameBitsAsTheReadableTwin()
    {
        const Kernels& kernels = fetchKernels();
        for (const double share : { 0.0, 0.1, 0.5, 0.99 })
            for (std::size_t count = 0; count < 70; ++count)
                for (const int first : { 0, 5, 1 << 20 }) {
                    const std::vector<float> x = randomFloats(count, 3);
                    const std::vector<float> expected
                        = dropped(kernelsNamed("reference"), x, share, key, first);
                    const std::vector<float> found = dropped(kernels, x, share, key, first);
                    QVERIFY(sameBits(found.data(), expected.data(), count));
                }
    }

    void partsInPlaceAreTheWhole_data() { addKernelRows(); }
    void partsInPlaceAreTheWhole()
    {
        const Kernels& kernels = fetchKernels();
        std::vector<float> x = randomFloats(77, 4);
        const std::vector<float> whole = dropped(kernels, x, 0.3);
        for (const auto& [begin, end] : { std::pair { 0, 16 }, { 16, 37 }, { 37, 77 } })
            kernels.dropout({ .x = x.data() + begin,
                .y = x.data() + begin,
                .first = begin,
                .count = end - begin,
                .key = key,
                .threshold = thresholdOf(0.3),
                .scale = static_cast<float>(1 / 0.7) });
        QVERIFY(sameBits(x.data(), whole.data(), x.size()));
    }

    void whatIsDroppedIsZeroAndTheRestIsScaled()
    {
        const std::vector<float> x = randomFloats(1000, 5);
        const std::vector<float> y = dropped(defaultKernels(), x, 0.25);
        for (std::size_t i = 0; i < x.size(); ++i)
            QVERIFY(y[i] == 0 || y[i] == x[i] * static_cast<float>(1 / 0.75));
        QVERIFY(dropped(defaultKernels(), x, 0) == x);
    }

    /// Within five standard deviations of what independent numbers would give: of all, of each
    /// unit's column over rows of neighbouring keys, and of neighbours that are dropped together.
    void dropsItsShareAndNothingFollowsFromAnother()
    {
        constexpr int rows = 2000;
        constexpr int units = 96;
        for (const double share : { 0.1, 0.5 }) {
            std::vector<std::vector<int>> masks;
            for (int row = 0; row < rows; ++row)
                masks.push_back(mask(static_cast<std::uint64_t>(row), units, share));
            const auto agrees = [&](double found, double expected, double count) {
                return std::abs(found - expected * count)
                    < 5 * std::sqrt(expected * (1 - expected) * count);
            };
            double all = 0;
            double besides = 0;
            double below = 0;
            for (int unit = 0; unit < units; ++unit) {
                double column = 0;
                for (int row = 0; row < rows; ++row) {
                    column += masks[row][unit];
                    besides += unit > 0 ? masks[row][unit] * masks[row][unit - 1] : 0;
                    below += row > 0 ? masks[row][unit] * masks[row - 1][unit] : 0;
                }
                QVERIFY(agrees(column, share, rows));
                all += column;
            }
            QVERIFY(agrees(all, share, rows * units));
            QVERIFY(agrees(besides, share * share, rows * (units - 1)));
            QVERIFY(agrees(below, share * share, (rows - 1) * units));
        }
    }

    void everyBitOfTheKeyMatters()
    {
        const std::vector<int> before = mask(key, 256, 0.5);
        for (int bit = 0; bit < 64; ++bit) {
            const std::vector<int> after = mask(key ^ (std::uint64_t { 1 } << bit), 256, 0.5);
            int changed = 0;
            for (std::size_t i = 0; i < before.size(); ++i)
                changed += before[i] != after[i] ? 1 : 0;
            QVERIFY2(changed > 80 && changed < 176, qPrintable(QString::number(bit)));
        }
    }
};

QTEST_APPLESS_MAIN(TestKernelsDropout)
#include "tst_kernels_dropout.moc"
