// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <cmath>
#include <limits>

using namespace timestep;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

double geluDerivative(double x)
{
    const double k = std::sqrt(2 / M_PI);
    const double squashed = std::tanh(k * (x + 0.044715 * x * x * x));
    return 0.5 * (1 + squashed)
        + 0.5 * x * (1 - squashed * squashed) * k * (1 + 3 * 0.044715 * x * x);
}

/// Numbers for one call of lstmStepBackward, and what it made of them.
struct LstmBackwardCase
{
    int rows, units;
    bool shared; // all rows walk back through one step
    bool firstStep; // no cell before
    bool above; // a layer above
    std::vector<float> gates, cell, cellBefore, hidden, fromAbove, cellGradient, gateGradient;

    LstmBackwardCase(int theRows, int theUnits, bool isShared, bool isFirst, bool hasAbove)
        : rows(theRows)
        , units(theUnits)
        , shared(isShared)
        , firstStep(isFirst)
        , above(hasAbove)
    {
        const std::size_t size = static_cast<std::size_t>(rows) * units;
        gates = randomFloats(4 * size, 1, 0.5F);
        for (std::size_t i = 0; i < gates.size(); ++i)
            gates[i] = i % 64 / 16 == 2 ? 2 * gates[i] : gates[i] + 0.5F; // as nonlinearities give
        cell = randomFloats(size, 2, 3);
        cellBefore = randomFloats(size, 3, 3);
        hidden = randomFloats(size, 4);
        fromAbove = randomFloats(size, 5);
        cellGradient = randomFloats(size, 6);
        gateGradient.resize(4 * size);
    }

    void run(const Kernels& kernels)
    {
        const std::size_t stride = static_cast<std::size_t>(units);
        kernels.lstmStepBackward({ .gates = gates.data(),
            .gatesStride = shared ? 0 : 4 * stride,
            .cell = cell.data(),
            .cellBefore = firstStep ? nullptr : cellBefore.data(),
            .cellStride = shared ? 0 : stride,
            .hiddenGradient = hidden.data(),
            .hiddenGradientStride = stride,
            .fromAbove = above ? fromAbove.data() : nullptr,
            .fromAboveStride = stride,
            .cellGradient = cellGradient.data(),
            .cellGradientStride = stride,
            .gateGradient = gateGradient.data(),
            .gateGradientStride = 4 * stride,
            .rows = rows,
            .units = units });
    }
};

void seeLstmUnit(const LstmBackwardCase& before, const LstmBackwardCase& after, int row, int unit,
    WorstElement& worst)
{
    const auto at = [&](int r) { return static_cast<std::size_t>(r) * before.units + unit; };
    const auto gateAt = [&](int r) {
        return 4 * static_cast<std::size_t>(r) * before.units
            + 64 * static_cast<std::size_t>(unit / 16) + unit % 16;
    };
    const int step = before.shared ? 0 : row;
    const double i = before.gates[gateAt(step)];
    const double f = before.gates[gateAt(step) + 16];
    const double g = before.gates[gateAt(step) + 32];
    const double o = before.gates[gateAt(step) + 48];
    const double old = before.firstStep ? 0 : before.cellBefore[at(step)];
    const double squashed = std::tanh(static_cast<double>(before.cell[at(step)]));
    const double hidden = before.hidden[at(row)] + (before.above ? before.fromAbove[at(row)] : 0.0);
    const double cell = before.cellGradient[at(row)] + hidden * o * (1 - squashed * squashed);
    const std::string name = "row " + std::to_string(row) + ", unit " + std::to_string(unit);
    const float* found = after.gateGradient.data() + gateAt(row);
    worst.see(found[0], cell * g * i * (1 - i), 3e-6, "input gate, " + name);
    worst.see(found[16], cell * old * f * (1 - f), 6e-6, "forget gate, " + name);
    worst.see(found[32], cell * i * (1 - g * g), 3e-6, "candidate, " + name);
    worst.see(found[48], hidden * squashed * o * (1 - o), 3e-6, "output gate, " + name);
    worst.see(after.cellGradient[at(row)], cell * f, 3e-6, "cell, " + name);
}

/// Numbers for one call of layerNormBackward: the norm of random x, gradients that are random.
struct NormBackwardCase
{
    std::vector<float> x, gain, bias, y, normalized, gradient, residual;
    float inverseDeviation = 0;

    NormBackwardCase(const Kernels& kernels, int count)
        : x(randomFloats(count, 50, 2))
        , gain(randomFloats(count, 51))
        , bias(randomFloats(count, 52))
        , y(count)
        , normalized(count)
        , gradient(randomFloats(count, 53))
        , residual(randomFloats(count, 54))
    {
        kernels.layerNorm({ .x = x.data(),
            .gain = gain.data(),
            .bias = bias.data(),
            .y = y.data(),
            .count = count,
            .epsilon = 1e-3F,
            .normalized = normalized.data(),
            .inverseDeviation = &inverseDeviation });
    }

    std::vector<float> inputGradient(const Kernels& kernels) const
    {
        std::vector<float> result = residual;
        kernels.layerNormBackward({ .normalized = normalized.data(),
            .inverseDeviation = inverseDeviation,
            .gain = gain.data(),
            .gradient = gradient.data(),
            .inputGradient = result.data(),
            .count = static_cast<int>(x.size()) });
        return result;
    }
};

/// scores (keys, columns), a query per column.
std::vector<float> softmaxBackward(const Kernels& kernels, const std::vector<float>& affinity,
    std::vector<float> gradient, int columns)
{
    const auto stride = static_cast<std::size_t>(columns);
    kernels.softmaxBackward({ .affinity = affinity.data(),
        .affinityStride = stride,
        .gradient = gradient.data(),
        .gradientStride = stride,
        .keys = static_cast<int>(affinity.size() / stride),
        .columns = columns,
        .scale = 0.3F });
    return gradient;
}

std::vector<int> manySizes()
{
    std::vector<int> sizes { 97, 131, 509, 768 };
    for (int size = 1; size <= 70; ++size)
        sizes.push_back(size);
    return sizes;
}

} // namespace

/// The ways back through what the forward kernels compute.
class TestKernelsBackward : public QObject
{
    Q_OBJECT

private slots:
    void lstmStepBackwardFollowsItsEquations_data() { addKernelRows(); }
    void lstmStepBackwardFollowsItsEquations()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        for (int units : { 16, 48, 80 })
            for (int variant = 0; variant < 8; ++variant) {
                const LstmBackwardCase before(
                    5, units, (variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0);
                LstmBackwardCase after = before;
                after.run(kernels);
                for (int row = 0; row < before.rows; ++row)
                    for (int unit = 0; unit < units; ++unit)
                        seeLstmUnit(before, after, row, unit, worst);
            }
        VERIFY_WORST(worst);
    }

    /// One row more or less, and whether slopes are shared, changes no bit of a row.
    void lstmRowsAreOnTheirOwn_data() { addKernelRows(); }
    void lstmRowsAreOnTheirOwn()
    {
        const Kernels& kernels = fetchKernels();
        LstmBackwardCase all(7, 32, true, false, true);
        LstmBackwardCase one = all;
        one.rows = 1;
        one.shared = false;
        all.run(kernels);
        one.run(kernels);
        QVERIFY(sameBits(all.gateGradient.data(), one.gateGradient.data(), 4 * 32));
        QVERIFY(sameBits(all.cellGradient.data(), one.cellGradient.data(), 32));
    }

    void layerNormKeepsWhatTheWayBackNeeds_data() { addKernelRows(); }
    void layerNormKeepsWhatTheWayBackNeeds()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        for (int count : manySizes()) {
            const NormBackwardCase c(kernels, count);
            double mean = 0;
            for (float value : c.x)
                mean += value;
            mean /= count;
            double variance = 0;
            for (float value : c.x)
                variance += (value - mean) * (value - mean);
            const double inverse = 1 / std::sqrt(variance / count + 1e-3);
            const std::string of = " of " + std::to_string(count);
            worst.see(c.inverseDeviation, inverse, 1e-5 * inverse, "deviation" + of);
            for (int i = 0; i < count; ++i)
                worst.see(c.normalized[i], (c.x[i] - mean) * inverse, 2e-5,
                    "element " + std::to_string(i) + of);
            std::vector<float> without(c.x.size());
            kernels.layerNorm(
                { c.x.data(), c.gain.data(), c.bias.data(), without.data(), count, 1e-3F });
            QVERIFY(without == c.y); // keeping changes no bit
        }
        VERIFY_WORST(worst);
    }

    void layerNormBackwardAgreesWithDoublePrecision_data() { addKernelRows(); }
    void layerNormBackwardAgreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        for (int count : manySizes()) {
            const NormBackwardCase c(kernels, count);
            double mean = 0;
            double along = 0;
            for (int i = 0; i < count; ++i) {
                const double scaled = static_cast<double>(c.gain[i]) * c.gradient[i];
                mean += scaled / count;
                along += scaled * c.normalized[i] / count;
            }
            const std::vector<float> found = c.inputGradient(kernels);
            for (int i = 0; i < count; ++i) {
                const double scaled = static_cast<double>(c.gain[i]) * c.gradient[i];
                const double expected = c.residual[i]
                    + c.inverseDeviation * (scaled - mean - c.normalized[i] * along);
                worst.see(found[i], expected, 2e-6 * (1 + c.inverseDeviation),
                    "element " + std::to_string(i) + " of " + std::to_string(count));
            }
        }
        VERIFY_WORST(worst);
    }

    void softmaxBackwardAgreesWithDoublePrecision_data() { addKernelRows(); }
    void softmaxBackwardAgreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        for (int columns : { 16, 32, 48 })
            for (int keys : { 1, 2, 17, 301 }) {
                const std::size_t size = static_cast<std::size_t>(keys) * columns;
                std::vector<float> affinity = randomFloats(size, 60);
                for (float& p : affinity)
                    p = (p + 1) / static_cast<float>(keys);
                const std::vector<float> gradient = randomFloats(size, 61);
                const std::vector<float> found
                    = softmaxBackward(kernels, affinity, gradient, columns);
                for (int column = 0; column < columns; ++column) {
                    double sum = 0;
                    for (std::size_t i = column; i < size; i += columns)
                        sum += static_cast<double>(affinity[i]) * gradient[i];
                    for (std::size_t i = column; i < size; i += columns)
                        worst.see(found[i], 0.3F * affinity[i] * (gradient[i] - sum),
                            2e-6 * affinity[i],
                            "element " + std::to_string(i) + " of " + std::to_string(size));
                }
            }
        VERIFY_WORST(worst);
    }

    void scoreGradientsAgreeWithDoublePrecision_data() { addKernelRows(); }
    void scoreGradientsAgreeWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        WorstElement worst;
        for (int size : manySizes()) {
            const auto count = static_cast<std::size_t>(size);
            const std::vector<float> affinity = randomFloats(count, 70);
            const std::vector<float> gradient = randomFloats(count, 71);
            std::vector<float> found = gradient;
            kernels.scoreGradients(affinity.data(), found.data(), count, 0.7F, 0.25F);
            for (std::size_t i = 0; i < count; ++i)
                worst.see(found[i], 0.25 * affinity[i] * (static_cast<double>(gradient[i]) - 0.7F),
                    1e-6, "element " + std::to_string(i) + " of " + std::to_string(size));
        }
        VERIFY_WORST(worst);
    }

    void maskedKeysGetNoGradient_data() { addKernelRows(); }
    void maskedKeysGetNoGradient()
    {
        const std::size_t size = 5 * 16;
        std::vector<float> affinity(size, 0.0F);
        for (int column = 0; column < 16; ++column)
            affinity[column] = 1; // all of the attention is on key 0
        for (float gradient : softmaxBackward(fetchKernels(), affinity, randomFloats(size, 62), 16))
            QCOMPARE(gradient, 0.0F);
    }

    void geluDerivativeAgreesWithDoublePrecision_data() { addKernelRows(); }
    void geluDerivativeAgreesWithDoublePrecision()
    {
        const Kernels& kernels = fetchKernels();
        std::vector<float> x { 0, -0.0F, 9.99F, 10, 10.01F, -10, 1e20F, -1e20F, infinity,
            -infinity };
        for (float value = -12; value < 12; value += 0.003F)
            x.push_back(value);
        std::vector<float> y(x.size());
        kernels.geluDerivative(x.data(), y.data(), x.size());
        WorstElement worst;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double expected = x[i] >= 100 ? 1 : x[i] <= -100 ? 0 : geluDerivative(x[i]);
            worst.see(y[i], expected, 2e-6, "at " + std::to_string(x[i]));
        }
        VERIFY_WORST(worst);
    }

    void geluDerivativeShowsWhatIsNotANumber_data() { addKernelRows(); }
    void geluDerivativeShowsWhatIsNotANumber()
    {
        float y = 0;
        fetchKernels().geluDerivative(&notANumber, &y, 1);
        QVERIFY(std::isnan(y));
    }

    void elementsAreMultiplied_data() { addKernelRows(); }
    void elementsAreMultiplied()
    {
        const Kernels& kernels = fetchKernels();
        for (std::size_t count = 0; count < 70; ++count) {
            const std::vector<float> x = randomFloats(count, 8);
            const std::vector<float> before = randomFloats(count + 1, 9);
            std::vector<float> y = before;
            kernels.multiplyElements(x.data(), y.data(), count);
            for (std::size_t i = 0; i < count; ++i)
                QCOMPARE(y[i], x[i] * before[i]);
            QCOMPARE(y[count], before[count]);
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const auto [narrow, wide] = narrowAndWide();
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        for (int count = 1; count < 150; ++count)
            QVERIFY(NormBackwardCase(*narrow, count).inputGradient(*narrow)
                == NormBackwardCase(*wide, count).inputGradient(*wide));
        LstmBackwardCase a(6, 48, false, false, true);
        LstmBackwardCase b = a;
        a.run(*narrow);
        b.run(*wide);
        QVERIFY(a.gateGradient == b.gateGradient && a.cellGradient == b.cellGradient);
        const std::vector<float> affinity = randomFloats(100 * 32, 70);
        const std::vector<float> gradient = randomFloats(100 * 32, 71);
        QVERIFY(softmaxBackward(*narrow, affinity, gradient, 32)
            == softmaxBackward(*wide, affinity, gradient, 32));
        const std::vector<float> x = randomFloats(1000, 72, 12);
        std::vector<float> slopes(1000);
        std::vector<float> others(1000);
        narrow->geluDerivative(x.data(), slopes.data(), 1000);
        wide->geluDerivative(x.data(), others.data(), 1000);
        QVERIFY(slopes == others);
    }
};

QTEST_APPLESS_MAIN(TestKernelsBackward)
#include "tst_kernels_backward.moc"
