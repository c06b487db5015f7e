// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/random_stream.h"
#include "engine/training/adamw.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>
#include <utility>
#include <vector>

using namespace timestep;

namespace {

/// Two arrays that decay and one between them that does not, of sizes that fill no vector.
struct Parameters
{
    std::vector<std::vector<float>> values;
    std::vector<std::vector<float>> gradients;

    explicit Parameters(std::vector<std::size_t> sizes = { 37, 5, 101 })
    {
        const RandomStream stream(1, 0);
        std::uint64_t place = 0;
        for (const std::size_t size : sizes) {
            gradients.emplace_back(size);
            for (float& value : values.emplace_back(size))
                value = static_cast<float>(stream.uniform(place++));
        }
    }

    std::size_t count() const
    {
        std::size_t sum = 0;
        for (const std::vector<float>& array : values)
            sum += array.size();
        return sum;
    }

    std::vector<ParameterArray> arrays()
    {
        std::vector<ParameterArray> result;
        for (std::size_t a = 0; a < values.size(); ++a)
            result.push_back({ values[a], gradients[a], a % 2 == 0 });
        return result;
    }

    /// Of all magnitudes, some of them 0.
    void setGradients(std::uint64_t step)
    {
        const RandomStream stream(2, step);
        std::uint64_t place = 0;
        for (std::vector<float>& array : gradients) {
            for (float& gradient : array) {
                const double number = stream.normal(place++);
                gradient = number < -1 ? 0 : static_cast<float>(std::pow(10, -3 * number) * number);
            }
        }
    }
};

void stepWhole(AdamW& optimiser, Parameters& parameters, double learningRate, double factor = 1)
{
    const AdamWStep step = optimiser.nextStep(learningRate, factor);
    optimiser.update(parameters.arrays(), 0, parameters.count(), step);
}

/// One parameter of the formula in the header, as it is written there.
struct DoubleTwin
{
    double value;
    double m = 0;
    double v = 0;

    void step(const AdamWSettings& s, int t, double learningRate, double g, bool decays)
    {
        m = s.firstDecay * m + (1 - s.firstDecay) * g;
        v = s.secondDecay * v + (1 - s.secondDecay) * g * g;
        const double first = m / (1 - std::pow(s.firstDecay, t));
        const double second = v / (1 - std::pow(s.secondDecay, t));
        const double decay = decays ? learningRate * s.weightDecay * value : 0;
        value -= learningRate * first / (std::sqrt(second) + s.epsilon) + decay;
    }
};

QString errorOf(const AdamWSettings& settings)
{
    try {
        AdamW(1, settings);
    } catch (const Error& error) {
        return error.what();
    }
    return {};
}

} // namespace

/// What training relies on: the published rule, on any number of threads, resumed or not.
class TestAdamW : public QObject
{
    Q_OBJECT

private slots:
    /// A gradient that stays 2 has m̂ = 2 and v̂ = 4 in every step, so with ε = 2 the update is
    /// η (2/4 + θ/2). A missing bias correction, an ε within the root or a decay that goes through
    /// the moments would each show in the first step.
    void constantGradientByHand()
    {
        AdamW optimiser(
            2, { .firstDecay = 0.9, .secondDecay = 0.999, .epsilon = 2, .weightDecay = 0.5 });
        float decaying = 1;
        float free = 1;
        const float gradient = 2;
        const std::vector<ParameterArray> arrays { { { &decaying, 1 }, { &gradient, 1 }, true },
            { { &free, 1 }, { &gradient, 1 }, false } };
        const std::pair<float, float> wanted[]
            = { { 0.9F, 0.95F }, { 0.805F, 0.9F }, { 0.71475F, 0.85F } };
        for (const auto& [withDecay, without] : wanted) {
            optimiser.update(arrays, 0, 2, optimiser.nextStep(0.1));
            QVERIFY(std::abs(decaying - withDecay) < 1e-6F);
            QVERIFY(std::abs(free - without) < 1e-6F);
        }
    }

    /// β1 = ½, β2 = ¾, ε = 1, η = 1; gradients 2, 0, −1:
    /// m = 1, ½, −¼ with corrections ½, ¾, ⅞; v = 1, ¾, 13/16 with corrections ¼, 7/16, 37/64.
    void changingGradientByHand()
    {
        AdamW optimiser(
            1, { .firstDecay = 0.5, .secondDecay = 0.75, .epsilon = 1, .weightDecay = 0.5 });
        float value = 0;
        float gradient = 0;
        const std::vector<ParameterArray> arrays { { { &value, 1 }, { &gradient, 1 }, false } };
        const std::pair<float, double> steps[]
            = { { 2.0F, 2.0 / (1 + 2) }, { 0.0F, (2.0 / 3) / (1 + std::sqrt(12.0 / 7)) },
                  { -1.0F, (-2.0 / 7) / (1 + std::sqrt(52.0 / 37)) } };
        double wanted = 0;
        for (const auto& [given, update] : steps) {
            gradient = given;
            wanted -= update;
            optimiser.update(arrays, 0, 1, optimiser.nextStep(1));
            QVERIFY(std::abs(value - wanted) < 1e-6);
        }
        QCOMPARE(optimiser.state().firstMoments, std::vector<float> { -0.25F });
        QCOMPARE(optimiser.state().secondMoments, std::vector<float> { 0.8125F });
        QCOMPARE(optimiser.state().steps, 3);
    }

    /// A gradient is scaled by the clipping factor before the moments see it.
    void agreesWithTheFormulaInDoublePrecision_data()
    {
        QTest::addColumn<double>("factor");
        QTest::newRow("not clipped") << 1.0;
        QTest::newRow("clipped") << 0.125;
    }
    void agreesWithTheFormulaInDoublePrecision()
    {
        QFETCH(double, factor);
        const AdamWSettings settings { .weightDecay = 0.1 };
        Parameters parameters;
        std::vector<std::vector<DoubleTwin>> twins;
        for (const std::vector<float>& array : parameters.values) {
            twins.emplace_back();
            for (const float value : array)
                twins.back().push_back({ .value = value });
        }
        AdamW optimiser(parameters.count(), settings);
        for (int t = 1; t <= 200; ++t) {
            const double learningRate = 0.01 / t;
            parameters.setGradients(static_cast<std::uint64_t>(t));
            stepWhole(optimiser, parameters, learningRate, factor);
            for (std::size_t a = 0; a < twins.size(); ++a)
                for (std::size_t k = 0; k < twins[a].size(); ++k)
                    twins[a][k].step(
                        settings, t, learningRate, factor * parameters.gradients[a][k], a % 2 == 0);
        }
        // Each step rounds a value of about 1 once; the roundings of the update are far smaller.
        const double tolerance = 200 * std::numeric_limits<float>::epsilon() / 2;
        for (std::size_t a = 0; a < twins.size(); ++a)
            for (std::size_t k = 0; k < twins[a].size(); ++k)
                QVERIFY2(std::abs(parameters.values[a][k] - twins[a][k].value) <= tolerance,
                    qPrintable(QString("array %1, parameter %2: %3, not %4")
                                   .arg(a)
                                   .arg(k)
                                   .arg(double(parameters.values[a][k]))
                                   .arg(twins[a][k].value)));
    }

    /// Slices of any size, across the borders of arrays, on threads of their own.
    void sameBitsHoweverSliced_data()
    {
        QTest::addColumn<std::size_t>("slice");
        for (const std::size_t slice : { 1, 7, 16, 40, 142 })
            QTest::addRow("%zu", slice) << slice;
    }
    void sameBitsHoweverSliced()
    {
        QFETCH(std::size_t, slice);
        Parameters whole;
        Parameters sliced;
        AdamW wholeOptimiser(whole.count());
        AdamW slicedOptimiser(sliced.count());
        for (std::uint64_t t = 0; t < 5; ++t) {
            whole.setGradients(t);
            sliced.setGradients(t);
            stepWhole(wholeOptimiser, whole, 0.01, 0.3);
            const AdamWStep step = slicedOptimiser.nextStep(0.01, 0.3);
            const std::vector<ParameterArray> arrays = sliced.arrays();
            std::vector<std::jthread> threads;
            for (std::size_t begin = 0; begin < sliced.count(); begin += slice) {
                threads.emplace_back([&, begin] {
                    slicedOptimiser.update(
                        arrays, begin, std::min(begin + slice, sliced.count()), step);
                });
            }
        }
        QVERIFY(whole.values == sliced.values);
        QVERIFY(wholeOptimiser.state() == slicedOptimiser.state());
        QVERIFY(whole.values != Parameters().values);
    }

    void updatesNothingOutsideTheSlice()
    {
        Parameters parameters;
        const Parameters before = parameters;
        parameters.setGradients(0);
        for (std::vector<float>& array : parameters.gradients)
            for (float& gradient : array)
                gradient += 1;
        AdamW optimiser(parameters.count());
        const AdamWStep step = optimiser.nextStep(0.01);
        optimiser.update(parameters.arrays(), 36, 43, step);
        std::size_t number = 0;
        for (std::size_t a = 0; a < before.values.size(); ++a) {
            for (std::size_t k = 0; k < before.values[a].size(); ++k, ++number) {
                const bool isUpdated = parameters.values[a][k] != before.values[a][k];
                QCOMPARE(isUpdated, number >= 36 && number < 43);
            }
        }
    }

    /// Five steps and five more are ten.
    void resumesWithTheSameBits()
    {
        Parameters straight;
        AdamW optimiser(straight.count());
        Parameters kept;
        AdamWState state;
        for (std::uint64_t t = 0; t < 10; ++t) {
            if (t == 5) {
                kept = straight;
                state = optimiser.state();
            }
            straight.setGradients(t);
            stepWhole(optimiser, straight, 0.01);
        }
        AdamW resumed(kept.count());
        resumed.restore(state);
        for (std::uint64_t t = 5; t < 10; ++t) {
            kept.setGradients(t);
            stepWhole(resumed, kept, 0.01);
        }
        QVERIFY(kept.values == straight.values);
        QVERIFY(resumed.state() == optimiser.state());
    }

    /// The moments of a row that is never read again die away, but not through denormal numbers,
    /// which would make its update slow.
    void momentsMakeNoDenormalNumbers()
    {
        Parameters parameters({ 33 });
        for (float& gradient : parameters.gradients[0])
            gradient = 1e-15F;
        AdamW optimiser(parameters.count());
        stepWhole(optimiser, parameters, 0.01);
        for (float& gradient : parameters.gradients[0])
            gradient = 0;
        for (int t = 0; t < 1000; ++t)
            stepWhole(optimiser, parameters, 0.01);
        for (const auto& moments :
            { optimiser.state().firstMoments, optimiser.state().secondMoments })
            for (const float moment : moments)
                QVERIFY(moment == 0 || std::isnormal(moment));
    }

    void refusesWhatIsOutOfRange_data()
    {
        QTest::addColumn<AdamWSettings>("settings");
        QTest::addColumn<QString>("message");
        const double none = std::numeric_limits<double>::quiet_NaN();
        QTest::newRow("beta 1") << AdamWSettings { .firstDecay = 1 } << "beta 1";
        QTest::newRow("beta 2") << AdamWSettings { .secondDecay = -0.1 } << "beta 2";
        QTest::newRow("epsilon") << AdamWSettings { .epsilon = 0 } << "epsilon";
        QTest::newRow("decay") << AdamWSettings { .weightDecay = -1 } << "weight decay";
        QTest::newRow("no number") << AdamWSettings { .weightDecay = none } << "weight decay";
    }
    void refusesWhatIsOutOfRange()
    {
        QFETCH(AdamWSettings, settings);
        QFETCH(QString, message);
        QVERIFY2(errorOf(settings).contains(message), qPrintable(errorOf(settings)));
    }

    void refusesTheStateOfAnotherModel_data()
    {
        QTest::addColumn<std::size_t>("first");
        QTest::addColumn<std::size_t>("second");
        QTest::addColumn<int>("steps");
        QTest::newRow("first moments") << std::size_t(3) << std::size_t(4) << 1;
        QTest::newRow("second moments") << std::size_t(4) << std::size_t(5) << 1;
        QTest::newRow("steps") << std::size_t(4) << std::size_t(4) << -1;
    }
    void refusesTheStateOfAnotherModel()
    {
        QFETCH(std::size_t, first);
        QFETCH(std::size_t, second);
        QFETCH(int, steps);
        AdamW optimiser(4);
        const AdamWState before = optimiser.state();
        QVERIFY_EXCEPTION_THROWN(
            optimiser.restore({ std::vector<float>(first), std::vector<float>(second), steps }),
            Error);
        QVERIFY(optimiser.state() == before);
    }
};

QTEST_APPLESS_MAIN(TestAdamW)
#include "tst_adamw.moc"
