// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/model/model_folder.h"
#include "engine/training/checkpoint.h"
#include "engine/training/trainer.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <limits>
#include <thread>

using namespace timestep;

namespace {

const LanguageModelCase lstm { "lstm", ModelKind::Lstm, 2, 24, 0, 16, false, Positions::Sinusoids,
    6, 17, 3 };
const LanguageModelCase attention { "attention", ModelKind::Attention, 2, 24, 3, 24, true,
    Positions::Learned, 6, 17, 2 };

TrainerSettings settingsFor(const LanguageModelCase& c, int threads = 2)
{
    TrainerSettings settings;
    settings.rows = c.rows;
    settings.steps = c.steps;
    settings.subBatches = c.subBatches;
    settings.threads = threads;
    settings.learningRate = { .peak = 5e-3, .warmUpSteps = 3, .steps = 20 };
    return settings;
}

Trainer trainerOf(const LanguageModelCase& c, int threads = 2)
{
    const BatchSource batches = [rows = c.rows, steps = c.steps](std::uint64_t number) {
        return randomBatch(rows, steps, 100 + number);
    };
    return { modelOf(c), batches, settingsFor(c, threads), defaultKernels() };
}

std::vector<double> train(Trainer& trainer, int steps)
{
    std::vector<double> losses;
    for (int i = 0; i < steps; ++i)
        losses.push_back(trainer.step({})->loss);
    return losses;
}

void addModelRows()
{
    QTest::addColumn<bool>("isLstm");
    QTest::newRow("lstm") << true;
    QTest::newRow("attention") << false;
}

const LanguageModelCase& fetchModel()
{
    QFETCH(bool, isLstm);
    return isLstm ? lstm : attention;
}

} // namespace

class TestTrainer : public QObject
{
    Q_OBJECT

private slots:
    void learns_data() { addModelRows(); }
    void learns()
    {
        Trainer trainer = trainerOf(fetchModel());
        const std::vector<double> losses = train(trainer, 20);
        QCOMPARE(trainer.stepsDone(), 20);
        QVERIFY(losses.back() < losses.front() - 0.5);
    }

    void resumesWithTheSameBits_data() { addModelRows(); }
    void resumesWithTheSameBits()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer whole = trainerOf(c);
        const std::vector<double> losses = train(whole, 9);

        Trainer first = trainerOf(c);
        train(first, 4);
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        writeCheckpoint({ first.state(), R"({"task":"recall"})" }, path);
        const Checkpoint checkpoint = readCheckpoint(path);
        QCOMPARE(checkpoint.settings, std::string(R"({"task":"recall"})"));
        QVERIFY(checkpoint.state == first.state());

        Trainer second = trainerOf(c, 3); // another number of threads
        second.restore(checkpoint.state);
        QCOMPARE(second.stepsDone(), 4);
        QCOMPARE(train(second, 5), std::vector<double>(losses.begin() + 4, losses.end()));
        QVERIFY(second.state() == whole.state());
    }

    void whatIsTrainedIsAModelFolder_data() { addModelRows(); }
    void whatIsTrainedIsAModelFolder()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer trainer = trainerOf(c);
        train(trainer, 2);
        QTemporaryDir folder;
        saveModel(trainer.model(), folder.path().toStdString());
        const ModelPointer read = loadModel(folder.path().toStdString());
        QVERIFY(read->shape == trainer.model().shape);
        const auto again = trainedParameters(*read, trainer.plan().shape());
        const std::vector<float> values = trainer.state().parameters;
        QVERIFY(sameBits(again->values().data(), values.data(), values.size()));
    }

    void aStopLeavesTheStepBefore_data() { addModelRows(); }
    void aStopLeavesTheStepBefore()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer trainer = trainerOf(c);
        Trainer undisturbed = trainerOf(c);
        train(trainer, 2);
        train(undisturbed, 2);
        int stopped = 0;
        // Stopped at some time or other, also while the parameters change: the step is then either
        // taken as a whole or not at all.
        for (int i = 0; i < 60; ++i) {
            std::stop_source stop;
            std::jthread later([&stop, i] {
                std::this_thread::sleep_for(std::chrono::microseconds(20 * i));
                stop.request_stop();
            });
            if (trainer.step(stop.get_token()))
                train(undisturbed, 1);
            else
                ++stopped;
            later.join();
            QVERIFY(trainer.state() == undisturbed.state());
        }
        QVERIFY(stopped > 0);
    }

    void stopsWhereTheGradientsAreNoNumbers()
    {
        Trainer trainer = trainerOf(lstm);
        train(trainer, 1);
        TrainerState broken = trainer.state();
        broken.parameters.front() = std::numeric_limits<float>::infinity();
        trainer.restore(broken);
        try {
            trainer.step({});
            QFAIL("a step with infinite weights");
        } catch (const Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains("step 2"));
            QVERIFY(QString::fromUtf8(error.what()).contains("learning rate"));
        }
        QVERIFY(trainer.state() == broken);
    }

    void wrongCheckpointsAreRefused()
    {
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        QVERIFY_EXCEPTION_THROWN(readCheckpoint(path), Error); // none there
        std::ofstream(checkpointFile(path)) << "no checkpoint at all";
        QVERIFY_EXCEPTION_THROWN(readCheckpoint(path), Error);

        Trainer trainer = trainerOf(lstm);
        saveModel(trainer.model(), path);
        std::filesystem::rename(path / "model.safetensors", checkpointFile(path));
        try {
            readCheckpoint(path);
            QFAIL("a model is no checkpoint");
        } catch (const Error& error) {
            QVERIFY(QString::fromUtf8(error.what()).contains("training.safetensors"));
            QVERIFY(QString::fromUtf8(error.what()).contains("not a checkpoint"));
        }
        QVERIFY_EXCEPTION_THROWN(trainer.restore(trainerOf(attention).state()), Error);
    }

    void textsLongerThanTheTableOfPositionsAreRefused()
    {
        TrainerSettings settings = settingsFor(attention);
        settings.steps = 99;
        QVERIFY_EXCEPTION_THROWN(
            Trainer(modelOf(attention), {}, settings, defaultKernels()), Error);
    }
};

QTEST_APPLESS_MAIN(TestTrainer)
#include "tst_trainer.moc"
