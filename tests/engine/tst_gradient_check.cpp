// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/gradient_check.h"
#include "tests/engine/language_model_cases.h"

#include <QTest>

#include <algorithm>

using namespace timestep;

namespace {

const LanguageModelCase lstm { "lstm", ModelKind::Lstm, 2, 24, 0, 24, true, Positions::Sinusoids, 8,
    17, 4 };
const LanguageModelCase attention { "attention", ModelKind::Attention, 2, 24, 3, 24, true,
    Positions::Learned, 8, 17, 4 };

TrainerSettings settingsFor(const LanguageModelCase& c)
{
    TrainerSettings settings;
    settings.rows = c.rows;
    settings.steps = c.steps;
    settings.subBatches = c.subBatches;
    settings.threads = 3;
    return settings;
}

} // namespace

class TestGradientCheck : public QObject
{
    Q_OBJECT

private slots:
    void splitIsTheSameBitsButNotTheWhole_data()
    {
        QTest::addColumn<bool>("isLstm");
        QTest::addColumn<double>("dropout");
        QTest::newRow("lstm") << true << 0.0;
        QTest::newRow("attention") << false << 0.0;
        QTest::newRow("lstm with dropout") << true << 0.2;
        QTest::newRow("attention with dropout") << false << 0.2;
    }
    void splitIsTheSameBitsButNotTheWhole()
    {
        QFETCH(bool, isLstm);
        const LanguageModelCase& c = isLstm ? lstm : attention;
        const ModelPointer model = modelOf(c);
        TrainerSettings settings = settingsFor(c);
        QFETCH(double, dropout);
        settings.dropout = dropout;
        bool anotherOrder = false;
        for (int trial = 0; trial < 200 && !anotherOrder; ++trial) {
            const std::optional<GradientCheck> check = checkGradients(
                *model, randomBatch(c.rows, c.steps, 5), settings, defaultKernels(), {});
            QVERIFY(check);
            QCOMPARE(check->oneThread.numbers,
                ParameterLayout(trainingShape(*model, c.rows, c.steps)).size());
            QCOMPARE(check->oneThread.differing, 0);
            QCOMPARE(check->oneThread.largest, 0.0);
            QVERIFY(check->unsplit.differing > 0);
            QVERIFY(check->unsplit.largest > 0 && check->unsplit.largest < 1e-5);
            std::vector<int> sorted = check->arrival;
            std::sort(sorted.begin(), sorted.end());
            QCOMPARE(sorted, (std::vector<int> { 0, 1, 2, 3 }));
            // Summed as they came: that is another rounding as soon as they come in another order.
            anotherOrder = check->inOrderOfArrival.differing > 0;
            QVERIFY(check->inOrderOfArrival.largest < 1e-5);
        }
        QVERIFY(anotherOrder);
    }

    void canBeStopped()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!checkGradients(*modelOf(lstm), randomBatch(8, 17, 5), settingsFor(lstm),
            defaultKernels(), stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(TestGradientCheck)
#include "tst_gradient_check.moc"
