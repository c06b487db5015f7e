// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/every_kernel.h"

#include <QTest>

#include <limits>

using namespace timestep;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float notANumber = std::numeric_limits<float>::quiet_NaN();

using ArrayFunction = void (*)(const float*, float*, std::size_t) noexcept;

double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

double gelu(double x) { return x * sigmoid(2 * std::sqrt(2 / M_PI) * (x + 0.044715 * x * x * x)); }

struct Function
{
    const char* name;
    ArrayFunction Kernels::*kernel;
    double (*exact)(double);
};

const Function functions[] = {
    { "exp", &Kernels::exp, std::exp },
    { "sigmoid", &Kernels::sigmoid, sigmoid },
    { "tanh", &Kernels::tanh, std::tanh },
    { "gelu", &Kernels::gelu, gelu },
};

float one(ArrayFunction function, float x)
{
    float y = 0;
    function(&x, &y, 1);
    return y;
}

} // namespace

class TestKernelsActivations : public QObject
{
    Q_OBJECT

private slots:
    // Relative, over all that does not overflow.
    void areWithinAFewMillionths_data()
    {
        QTest::addColumn<QString>("kernel");
        QTest::addColumn<int>("function");
        for (const Kernels* kernels : availableKernels())
            for (int f = 0; f < 4; ++f)
                QTest::addRow("%s %s", std::string(kernels->name).c_str(), functions[f].name)
                    << QString::fromStdString(std::string(kernels->name)) << f;
    }
    void areWithinAFewMillionths()
    {
        QFETCH(int, function);
        const Function& f = functions[function];
        const Kernels& kernels = fetchKernels();
        std::vector<float> x;
        for (float value = -110; value < 88.7F; value += 0.0037F)
            x.push_back(value);
        for (float value = 1e-38F; value < 1; value *= 1.7F) {
            x.push_back(value);
            x.push_back(-value);
        }
        std::vector<float> y(x.size());
        (kernels.*f.kernel)(x.data(), y.data(), x.size());
        WorstElement worst;
        for (std::size_t i = 0; i < x.size(); ++i) {
            const double expected = f.exact(x[i]);
            // exp is good down to its denormals; what is made of its reciprocal may end in zero
            // where the normal numbers end
            const bool isExp = f.exact == functions[0].exact;
            double bound = 2e-6 * std::abs(expected);
            if (f.exact == gelu && x[i] < -2) // an error of u becomes |u| times that in e^u
                bound *= 1 - x[i] * x[i] * x[i];
            bound += isExp ? 3e-45 : 2e-38 * std::max(1.0F, std::abs(x[i]));
            worst.see(y[i], expected, bound, f.name + (" of " + std::to_string(x[i])));
        }
        VERIFY_WORST(worst);
    }

    void endsAreExact_data() { addKernelRows(); }
    void endsAreExact()
    {
        const Kernels& k = fetchKernels();
        QCOMPARE(one(k.exp, 0), 1.0F);
        QCOMPARE(one(k.exp, 89), infinity);
        QCOMPARE(one(k.exp, 1e30F), infinity);
        QCOMPARE(one(k.exp, infinity), infinity);
        QCOMPARE(one(k.exp, -105), 0.0F);
        QCOMPARE(one(k.exp, -1e30F), 0.0F);
        QCOMPARE(one(k.exp, -infinity), 0.0F);
        QVERIFY(one(k.exp, 88.72F) < infinity);
        QVERIFY(one(k.exp, -103) > 0);
        QCOMPARE(one(k.sigmoid, 0), 0.5F);
        QCOMPARE(one(k.sigmoid, infinity), 1.0F);
        QCOMPARE(one(k.sigmoid, 200), 1.0F);
        QCOMPARE(one(k.sigmoid, -infinity), 0.0F);
        QCOMPARE(one(k.sigmoid, -200), 0.0F);
        QCOMPARE(one(k.tanh, infinity), 1.0F);
        QCOMPARE(one(k.tanh, 50), 1.0F);
        QCOMPARE(one(k.tanh, -infinity), -1.0F);
        QCOMPARE(one(k.tanh, -50), -1.0F);
        QCOMPARE(one(k.tanh, 0), 0.0F);
        QVERIFY(std::signbit(one(k.tanh, -0.0F)));
        QCOMPARE(one(k.gelu, infinity), infinity);
        QCOMPARE(one(k.gelu, 1e20F), 1e20F);
        QCOMPARE(one(k.gelu, 0), 0.0F);
        QCOMPARE(one(k.gelu, -1e20F), 0.0F);
    }

    void tanhNeverLeavesItsRange_data() { addKernelRows(); }
    void tanhNeverLeavesItsRange()
    {
        const Kernels& k = fetchKernels();
        for (float x = 6; x < 12; x += 0.0001F)
            QVERIFY(std::abs(one(k.tanh, x)) <= 1 && std::abs(one(k.tanh, -x)) <= 1);
    }

    void notANumberStaysOne_data() { addKernelRows(); }
    void notANumberStaysOne()
    {
        const Kernels& k = fetchKernels();
        for (const Function& f : functions)
            QVERIFY2(std::isnan(one(k.*f.kernel, notANumber)), f.name);
    }

    void countAndPlaceDoNotMatter_data() { addKernelRows(); }
    void countAndPlaceDoNotMatter()
    {
        const Kernels& k = fetchKernels();
        const std::vector<float> x = randomFloats(100, 3, 6);
        for (const Function& f : functions) {
            std::vector<float> all(100);
            (k.*f.kernel)(x.data(), all.data(), 100);
            for (std::size_t first = 0; first < 20; ++first)
                for (std::size_t count = 1; count < 70; ++count) {
                    std::vector<float> part(count);
                    (k.*f.kernel)(x.data() + first, part.data(), count);
                    QVERIFY2(sameBits(part.data(), all.data() + first, count), f.name);
                }
            std::vector<float> inPlace = x;
            (k.*f.kernel)(inPlace.data(), inPlace.data(), 100);
            QVERIFY2(inPlace == all, f.name);
        }
    }

    void lstmStepFollowsItsEquations_data() { addKernelRows(); }
    void lstmStepFollowsItsEquations()
    {
        const Kernels& k = fetchKernels();
        constexpr int rows = 3;
        for (int units : { 16, 48, 80 }) {
            const std::size_t size = static_cast<std::size_t>(rows) * units;
            const std::vector<float> before = randomFloats(4 * size, 5, 8);
            const std::vector<float> cellBefore = randomFloats(size, 6, 3);
            for (bool keep : { false, true }) {
                std::vector<float> gates = before;
                std::vector<float> cell = cellBefore;
                std::vector<float> hidden(size);
                k.lstmStep({ .gates = gates.data(),
                    .gatesStride = static_cast<std::size_t>(4 * units),
                    .cell = cell.data(),
                    .cellStride = static_cast<std::size_t>(units),
                    .hidden = hidden.data(),
                    .hiddenStride = static_cast<std::size_t>(units),
                    .rows = rows,
                    .units = units,
                    .keepGates = keep });
                WorstElement worst;
                for (int row = 0; row < rows; ++row)
                    for (int unit = 0; unit < units; ++unit) {
                        const std::size_t at = static_cast<std::size_t>(row) * units + unit;
                        const std::size_t gate = 4 * static_cast<std::size_t>(row) * units
                            + 64 * static_cast<std::size_t>(unit / 16) + unit % 16;
                        const double i = sigmoid(before[gate]);
                        const double f = sigmoid(before[gate + 16]);
                        const double g = std::tanh(before[gate + 32]);
                        const double o = sigmoid(before[gate + 48]);
                        const double c = f * cellBefore[at] + i * g;
                        const std::string name = "unit " + std::to_string(unit);
                        worst.see(cell[at], c, 1e-5, "cell of " + name);
                        worst.see(hidden[at], o * std::tanh(c), 1e-5, "hidden of " + name);
                        if (keep) {
                            worst.see(gates[gate], i, 2e-6, "input gate of " + name);
                            worst.see(gates[gate + 16], f, 2e-6, "forget gate of " + name);
                            worst.see(gates[gate + 32], g, 2e-6, "candidate of " + name);
                            worst.see(gates[gate + 48], o, 2e-6, "output gate of " + name);
                        }
                    }
                VERIFY_WORST(worst);
                QVERIFY(keep || gates == before);
            }
        }
    }

    void avx2AndAvx512AreTheSameBits()
    {
        const auto [narrow, wide] = narrowAndWide();
        if (narrow == nullptr || wide == nullptr)
            QSKIP("this processor has not both");
        const std::vector<float> x = randomFloats(10'000, 8, 100);
        for (const Function& f : functions) {
            std::vector<float> a(x.size());
            std::vector<float> b(x.size());
            (narrow->*f.kernel)(x.data(), a.data(), x.size());
            (wide->*f.kernel)(x.data(), b.data(), x.size());
            QVERIFY2(sameBits(a.data(), b.data(), a.size()), f.name);
        }
    }
};

QTEST_APPLESS_MAIN(TestKernelsActivations)
#include "tst_kernels_activations.moc"
