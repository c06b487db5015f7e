// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/kernels.h"

#include <QTest>

#include <cmath>
#include <cstddef>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace timestep {

/// One data row for each table of kernels this machine can run.
inline void addKernelRows()
{
    QTest::addColumn<QString>("kernel");
    for (const Kernels* kernels : availableKernels()) {
        const std::string name(kernels->name);
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

inline const Kernels& fetchKernels()
{
    QFETCH(QString, kernel);
    return kernelsNamed(kernel.toStdString());
}

/// Tables that must agree bit for bit; null where this machine has not that instruction set.
struct NarrowAndWide
{
    const Kernels* narrow = nullptr; // AVX2
    const Kernels* wide = nullptr; // AVX-512
};

inline NarrowAndWide narrowAndWide()
{
    NarrowAndWide found;
    for (const Kernels* kernels : availableKernels()) {
        if (kernels->name == "avx2")
            found.narrow = kernels;
        if (kernels->name == "avx512")
            found.wide = kernels;
    }
    return found;
}

inline std::vector<float> randomFloats(std::size_t count, std::uint32_t seed, float largest = 1)
{
    std::mt19937 generator(seed);
    std::uniform_real_distribution<float> uniform(-largest, largest);
    std::vector<float> values(count);
    for (float& value : values)
        value = uniform(generator);
    return values;
}

inline bool sameBits(const float* a, const float* b, std::size_t count)
{
    // Nothing may lie nowhere, which memcmp forbids.
    return count == 0 || std::memcmp(a, b, count * sizeof(float)) == 0;
}

/// The element that misses its bound by most, to be named in a failure.
struct WorstElement
{
    double excess = 0; // |found − expected| ÷ bound; beyond 1 it fails
    std::string where = "none";

    void see(double found, double expected, double bound, const std::string& name)
    {
        const double difference = std::abs(found - expected);
        const double ratio = std::isnan(difference) ? HUGE_VAL : difference / bound;
        if (ratio > excess) {
            excess = ratio;
            where = name + ": found " + std::to_string(found) + ", expected "
                + std::to_string(expected) + ", off by " + std::to_string(ratio)
                + " times the bound";
        }
    }
};

} // namespace timestep

#define VERIFY_WORST(worst) QVERIFY2((worst).excess <= 1, (worst).where.c_str())
