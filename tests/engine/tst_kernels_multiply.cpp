// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <limits>

using namespace timestep;

namespace {

// Random A (M, K) and B (K, N), B packed.
struct Factors
{
    int rows, depth, columns;
    std::vector<float> a, b;
    PackedMatrix packed;

    Factors(int m, int k, int n)
        : rows(m)
        , depth(k)
        , columns(n)
        , a(randomFloats(static_cast<std::size_t>(m) * k, static_cast<std::uint32_t>(m + 7 * k)))
        , b(randomFloats(static_cast<std::size_t>(k) * n, static_cast<std::uint32_t>(n + 11 * k)))
        , packed(k, n, [this](int row, int column) { return b[row * columns + column]; })
    {
    }

    Product product(std::vector<float>& c) const
    {
        return { .a = a.data(),
            .aStride = static_cast<std::size_t>(depth),
            .b = packed.view(),
            .columns = columns,
            .rows = rows,
            .c = c.data(),
            .cStride = static_cast<std::size_t>(columns) };
    }

    std::vector<float> multiplied(const Kernels& kernels) const
    {
        std::vector<float> c(static_cast<std::size_t>(rows) * columns);
        kernels.multiply(product(c));
        return c;
    }

    // Each element against double precision; the bound is that of a sum of K + 1 terms in floats.
    void compare(const std::vector<float>& c, double start, WorstElement& worst) const
    {
        const double epsilon = std::numeric_limits<float>::epsilon();
        for (int i = 0; i < rows; ++i)
            for (int j = 0; j < columns; ++j) {
                double sum = start;
                double norm = std::abs(start);
                for (int k = 0; k < depth; ++k) {
                    const double term = static_cast<double>(a[i * depth + k]) * b[k * columns + j];
                    sum += term;
                    norm += std::abs(term);
                }
                const double bound = epsilon * (depth + 1) * norm + 1e-30;
                worst.see(c[i * columns + j], sum, bound,
                    "C(" + std::to_string(i) + ", " + std::to_string(j) + ") of "
                        + std::to_string(rows) + " x " + std::to_string(depth) + " x "
                        + std::to_string(columns));
            }
    }
};

} // namespace

class TestKernelsMultiply : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithDoublePrecision_data() { addKernelRows(); }
    void agreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        const auto check = [&](int m, int k, int n) {
            const Factors factors(m, k, n);
            factors.compare(factors.multiplied(kernels), 0, worst);
        };
        for (int size = 1; size <= 70; ++size) {
            check(size, 17, 70);
            check(5, size, 53);
            check(3, 31, size);
            check(1 + size % 9, size, 71 - size);
        }
        for (int prime : { 97, 131, 193, 257 }) {
            check(1, prime, 2 * prime);
            check(2, prime, 2 * prime);
            check(11, prime, prime);
        }
        VERIFY_WORST(worst);
    }

    void anyRowsAndColumnsAreTheSameBits_data() { addKernelRows(); }
    void anyRowsAndColumnsAreTheSameBits()
    {
        const Kernels& kernels = fetchKernels();
        const Factors factors(19, 83, 331);
        const std::vector<float> whole = factors.multiplied(kernels);
        for (int firstRow : { 0, 1, 7, 11 })
            for (int rows : { 1, 2, 3, 4, 5, 7, 8 })
                for (int firstColumn : { 0, 16, 32, 48, 64, 240, 320 })
                    for (int columns : { 1, 5, 8, 11, 16, 24, 48, 64, 91, 192, 331 }) {
                        if (firstColumn + columns > factors.columns)
                            continue;
                        std::vector<float> part(static_cast<std::size_t>(rows) * columns);
                        Product product = factors.product(part);
                        product.a += firstRow * factors.depth;
                        product.rows = rows;
                        product.firstColumn = firstColumn;
                        product.columns = columns;
                        product.cStride = static_cast<std::size_t>(columns);
                        kernels.multiply(product);
                        for (int row = 0; row < rows; ++row)
                            QVERIFY2(sameBits(&part[row * columns],
                                         &whole[(firstRow + row) * factors.columns + firstColumn],
                                         columns),
                                qPrintable(QStringLiteral("rows %1 + %2, columns %3 + %4")
                                               .arg(firstRow)
                                               .arg(rows)
                                               .arg(firstColumn)
                                               .arg(columns)));
                    }
    }

    void transposedLeftFactorIsTheSameBits_data() { addKernelRows(); }
    void transposedLeftFactorIsTheSameBits()
    {
        const Kernels& kernels = fetchKernels();
        for (int rows : { 1, 2, 3, 8, 13, 70 })
            for (int columns : { 5, 48, 150 }) {
                const Factors factors(rows, 37, columns);
                std::vector<float> transposed(factors.a.size());
                for (int row = 0; row < rows; ++row)
                    for (int k = 0; k < factors.depth; ++k)
                        transposed[k * rows + row] = factors.a[row * factors.depth + k];
                const std::vector<float> expected = factors.multiplied(kernels);
                std::vector<float> c(expected.size());
                Product product = factors.product(c);
                product.a = transposed.data();
                product.aStride = 1;
                product.aDepthStride = rows;
                kernels.multiply(product);
                QVERIFY(sameBits(c.data(), expected.data(), c.size()));
            }
    }

    // What runs backwards through A and through B read the other way round is the same chain.
    void leftFactorIsReadBackwards_data() { addKernelRows(); }
    void leftFactorIsReadBackwards()
    {
        const Kernels& kernels = fetchKernels();
        for (int rows : { 1, 2, 3, 8, 13, 70 }) {
            const Factors factors(rows, 37, 150);
            std::vector<float> reversed(factors.a.size());
            for (int k = 0; k < factors.depth; ++k)
                for (int row = 0; row < rows; ++row)
                    reversed[(factors.depth - 1 - k) * rows + row]
                        = factors.a[row * factors.depth + k];
            const std::vector<float> expected = factors.multiplied(kernels);
            std::vector<float> c(expected.size());
            Product product = factors.product(c);
            product.a = reversed.data() + (factors.depth - 1) * rows;
            product.aStride = 1;
            product.aDepthStride = -rows;
            kernels.multiply(product);
            QVERIFY(sameBits(c.data(), expected.data(), c.size()));
        }
    }

    void startsFromBiasOrFromWhatIsThere_data() { addKernelRows(); }
    void startsFromBiasOrFromWhatIsThere()
    {
        const Kernels& kernels = fetchKernels();
        for (int rows : { 1, 2, 5, 9 })
            for (int columns : { 7, 64, 150 }) {
                const Factors factors(rows, 29, columns);
                const std::vector<float> bias(columns, 0.75F);
                std::vector<float> fromBias(static_cast<std::size_t>(rows) * columns);
                Product product = factors.product(fromBias);
                product.start = bias.data();
                kernels.multiply(product);
                WorstElement worst;
                factors.compare(fromBias, 0.75, worst);
                VERIFY_WORST(worst);

                std::vector<float> accumulated(fromBias.size(), 0.75F);
                product = factors.product(accumulated);
                product.start = accumulated.data();
                product.startStride = product.cStride;
                kernels.multiply(product);
                QVERIFY(accumulated == fromBias);
            }
    }

    // K split by the caller: the chain simply goes on, so the bits are those of one product.
    void accumulatingContinuesTheChain_data() { addKernelRows(); }
    void accumulatingContinuesTheChain()
    {
        const Kernels& kernels = fetchKernels();
        const Factors factors(6, 64, 48);
        std::vector<float> c(6 * 48);
        for (int part = 0; part < 2; ++part) {
            Product product = factors.product(c);
            product.a += 32 * part;
            product.b.data += 32 * 48 * part;
            product.b.depth = 32;
            if (part > 0) {
                product.start = c.data();
                product.startStride = product.cStride;
            }
            kernels.multiply(product);
        }
        QVERIFY(c == factors.multiplied(kernels));
    }

    void touchesNothingBesideItsResult_data() { addKernelRows(); }
    void touchesNothingBesideItsResult()
    {
        const Kernels& kernels = fetchKernels();
        constexpr float untouched = 12345;
        for (int columns = 1; columns <= 60; ++columns) {
            const Factors factors(10, 3, columns);
            const std::size_t stride = static_cast<std::size_t>(columns) + 5;
            std::vector<float> c(12 * stride, untouched);
            Product product = factors.product(c);
            product.c = c.data() + stride;
            product.cStride = stride;
            kernels.multiply(product);
            for (std::size_t i = 0; i < c.size(); ++i) {
                const bool inside = i / stride >= 1 && i / stride <= 10
                    && i % stride < static_cast<std::size_t>(columns);
                QCOMPARE(c[i] == untouched, !inside);
            }
        }
    }

    void depthZeroGivesTheStart_data() { addKernelRows(); }
    void depthZeroGivesTheStart()
    {
        const Factors factors(3, 0, 20);
        std::vector<float> c(60, 9);
        Product product = factors.product(c);
        fetchKernels().multiply(product);
        QCOMPARE(c, std::vector<float>(60, 0));
    }

    void spoiltNumbersStayVisible_data() { addKernelRows(); }
    void spoiltNumbersStayVisible()
    {
        const Kernels& kernels = fetchKernels();
        Factors factors(4, 20, 50);
        factors.a[1 * 20 + 3] = std::numeric_limits<float>::quiet_NaN();
        factors.a[2 * 20 + 3] = std::numeric_limits<float>::infinity();
        const std::vector<float> c = factors.multiplied(kernels);
        for (int j = 0; j < 50; ++j) {
            QVERIFY(std::isfinite(c[j]));
            QVERIFY(std::isnan(c[50 + j]));
            QVERIFY(std::isinf(c[100 + j]));
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const auto [narrow, wide] = narrowAndWide();
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        for (int rows = 1; rows <= 17; ++rows)
            for (int columns : { 1, 16, 40, 64, 150, 203 }) {
                const Factors factors(rows, 67, columns);
                QVERIFY(factors.multiplied(*narrow) == factors.multiplied(*wide));
            }
    }
};

QTEST_APPLESS_MAIN(TestKernelsMultiply)
#include "tst_kernels_multiply.moc"
