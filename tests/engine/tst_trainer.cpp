// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/execution/parameter_layout.h"
#include "engine/model/model_folder.h"
#include "engine/training/checkpoint.h"
#include "engine/training/trainer.h"
#include "tests/engine/every_kernel.h"
#include "tests/engine/language_model_cases.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <limits>
#include <numeric>
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

/// A batch of its own for each step.
BatchSource batchesFor(const LanguageModelCase& c)
{
    return [rows = c.rows, steps = c.steps](
               std::uint64_t number) { return randomBatch(rows, steps, 100 + number); };
}

Trainer trainerOf(
    const LanguageModelCase& c, int threads = 2, int averageEvery = 0, double dropout = 0)
{
    TrainerSettings settings = settingsFor(c, threads);
    settings.averageEvery = averageEvery;
    settings.dropout = dropout;
    return { modelOf(c), batchesFor(c), settings, defaultKernels() };
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
    QTest::addColumn<int>("averageEvery");
    for (const int every : { 0, 1, 3 }) {
        QTest::addRow("lstm, averaged every %d", every) << true << every;
        QTest::addRow("attention, averaged every %d", every) << false << every;
    }
}

void addDropoutRows()
{
    QTest::addColumn<bool>("isLstm");
    QTest::addColumn<int>("averageEvery");
    QTest::addColumn<double>("dropout");
    for (const int every : { 0, 1, 3 })
        for (const double dropout : { 0.0, 0.2 }) {
            QTest::addRow("lstm, averaged every %d, dropout %g", every, dropout)
                << true << every << dropout;
            QTest::addRow("attention, averaged every %d, dropout %g", every, dropout)
                << false << every << dropout;
        }
}

double fetchDropout()
{
    QFETCH(double, dropout);
    return dropout;
}

int fetchAveraging()
{
    QFETCH(int, averageEvery);
    return averageEvery;
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
        Trainer trainer = trainerOf(fetchModel(), 2, fetchAveraging());
        const std::vector<double> losses = train(trainer, 20);
        QCOMPARE(trainer.stepsDone(), 20);
        QVERIFY(losses.back() < losses.front() - 0.5);
    }

    void resumesWithTheSameBits_data() { addDropoutRows(); }
    void resumesWithTheSameBits()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer whole = trainerOf(c, 2, fetchAveraging(), fetchDropout());
        const std::vector<double> losses = train(whole, 9);

        Trainer first = trainerOf(c, 2, fetchAveraging(), fetchDropout());
        train(first, 4);
        QTemporaryDir folder;
        const std::filesystem::path path = folder.path().toStdString();
        writeCheckpoint({ first.state(), R"({"task":"recall"})" }, path);
        const Checkpoint checkpoint = readCheckpoint(path);
        QCOMPARE(checkpoint.settings, std::string(R"({"task":"recall"})"));
        QVERIFY(checkpoint.state == first.state());

        // another number of threads
        Trainer second = trainerOf(c, 3, fetchAveraging(), fetchDropout());
        second.restore(checkpoint.state);
        QCOMPARE(second.stepsDone(), 4);
        QCOMPARE(train(second, 5), std::vector<double>(losses.begin() + 4, losses.end()));
        QVERIFY(second.state() == whole.state());
    }

    void whatIsTrainedIsAModelFolder_data() { addModelRows(); }
    void whatIsTrainedIsAModelFolder()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer trainer = trainerOf(c, 2, fetchAveraging());
        train(trainer, 3); // copies are one then
        QTemporaryDir folder;
        saveModel(trainer.model(), folder.path().toStdString());
        const ModelPointer read = loadModel(folder.path().toStdString());
        QVERIFY(read->shape == trainer.model().shape);
        const auto again = trainedParameters(*read, trainer.plan().shape());
        const std::vector<float> values = trainer.state().parameters;
        QVERIFY(sameBits(again->values().data(), values.data(), again->values().size()));
    }

    void aStopLeavesTheStepBefore_data() { addModelRows(); }
    void aStopLeavesTheStepBefore()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer trainer = trainerOf(c, 2, fetchAveraging());
        Trainer undisturbed = trainerOf(c, 2, fetchAveraging());
        train(trainer, 2);
        train(undisturbed, 2);
        int stopped = 0;
        // Stopped before it begins, and at some time or other, also while the parameters change: the
        // step is then either taken as a whole or not at all.
        for (int i = 0; i < 60; ++i) {
            std::stop_source stop;
            if (i == 0)
                stop.request_stop();
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

    void copiesGoTheirOwnWayUntilTheyAreAveraged()
    {
        Trainer trainer = trainerOf(lstm, 2, 3);
        const std::size_t each = trainer.state().parameters.size() / 3;
        const auto copiesAgree = [&] {
            const std::vector<float> all = trainer.state().parameters;
            return sameBits(all.data(), all.data() + each, each)
                && sameBits(all.data(), all.data() + 2 * each, each);
        };
        QVERIFY(copiesAgree());
        for (int step = 1; step <= 6; ++step) {
            const std::optional<TrainingStep> taken = trainer.step({});
            QCOMPARE(copiesAgree(), step % 3 == 0);
            QCOMPARE(taken->copiesApart.has_value(), step % 3 == 0);
            QCOMPARE(taken->copyLosses.size(), std::size_t { 3 });
            const double mean
                = std::accumulate(taken->copyLosses.begin(), taken->copyLosses.end(), 0.0) / 3;
            QVERIFY(std::abs(mean - taken->loss) < 0.1 * mean); // weighted with counted targets
            if (taken->copiesApart)
                QVERIFY(*taken->copiesApart > 1e-4 && *taken->copiesApart < 1);
        }
    }

    /// A copy is what training alone on its rows makes of the model.
    void aCopyIsTrainedOnItsRowsAlone()
    {
        Trainer copies = trainerOf(lstm, 2, 1000);
        train(copies, 4);
        TrainerSettings alone = settingsFor(lstm, 1);
        alone.rows = lstm.rows / 3;
        alone.subBatches = 1;
        const auto part = [](std::uint64_t number) { // the second third
            const TrainingBatch whole = batchesFor(lstm)(number);
            TrainingBatch batch;
            batch.rows = lstm.rows / 3;
            batch.steps = lstm.steps;
            const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(batch.rows) * batch.steps;
            batch.tokens.assign(whole.tokens.begin() + size, whole.tokens.begin() + 2 * size);
            batch.targets.assign(whole.targets.begin() + size, whole.targets.begin() + 2 * size);
            batch.counted = std::ranges::count_if(
                batch.targets, [](TokenId target) { return target != uncounted; });
            return batch;
        };
        Trainer second(modelOf(lstm), part, alone, defaultKernels());
        train(second, 4);
        const std::vector<float> all = copies.state().parameters;
        const std::vector<float> expected = second.state().parameters;
        QVERIFY(sameBits(all.data() + expected.size(), expected.data(), expected.size()));
    }

    void copiesDropWhatOneModelWould_data() { addModelRows(); }
    void copiesDropWhatOneModelWould()
    {
        const LanguageModelCase& c = fetchModel();
        Trainer one = trainerOf(c, 2, 0, 0.3);
        Trainer copies = trainerOf(c, 2, std::max(fetchAveraging(), 1), 0.3);
        Trainer undropped = trainerOf(c);
        const double loss = train(one, 1).front(); // of the same weights in all of them
        QVERIFY(std::abs(train(copies, 1).front() - loss) < 1e-6);
        QVERIFY(std::abs(train(undropped, 1).front() - loss) > 1e-5);
    }

    void learnsWithDropout_data() { addModelRows(); }
    void learnsWithDropout()
    {
        Trainer trainer = trainerOf(fetchModel(), 2, fetchAveraging(), 0.1);
        const std::vector<double> losses = train(trainer, 20);
        QVERIFY(losses.back() < losses.front() - 0.4);
    }

    void bytesAreAnnouncedWithDropout()
    {
        TrainerSettings settings = settingsFor(lstm);
        const std::size_t without = Trainer::bytesNeeded(*modelOf(lstm), settings);
        settings.dropout = 0.1; // what the second layer reads is gathered
        QVERIFY(Trainer::bytesNeeded(*modelOf(lstm), settings) > without);
    }

    void anotherSeedDropsOthers()
    {
        TrainerSettings settings = settingsFor(lstm);
        settings.dropout = 0.3;
        Trainer one(modelOf(lstm), batchesFor(lstm), settings, defaultKernels());
        settings.seed = 2;
        Trainer other(modelOf(lstm), batchesFor(lstm), settings, defaultKernels());
        QVERIFY(train(one, 1) != train(other, 1));
    }

    void dropoutOutOfRangeIsRefused()
    {
        for (const double share : { -0.1, 1.0, 2.0, std::nan("") }) {
            TrainerSettings settings = settingsFor(lstm);
            settings.dropout = share;
            try {
                Trainer(modelOf(lstm), batchesFor(lstm), settings, defaultKernels());
                QFAIL("dropout out of range");
            } catch (const Error& error) {
                QVERIFY(QString::fromUtf8(error.what()).contains("dropout"));
            }
        }
    }

    void tellsWhatConsolidationTook()
    {
        for (const int averageEvery : { 0, 1 }) {
            Trainer trainer = trainerOf(lstm, 2, averageEvery);
            Trace trace;
            const std::optional<TrainingStep> step = trainer.step({}, &trace);
            QVERIFY(step->consolidation);
            QVERIFY(step->consolidation->share > 0 && step->consolidation->share < 1);
            const int parameters = ParameterLayout(trainer.plan().shape()).size();
            const auto moved = static_cast<double>(step->consolidation->bytesMoved);
            // Three sub-batches: four times what is summed (all but the untied embedding), or six
            // times all that is averaged.
            const double embedding = 257.0 * lstm.embedding;
            QCOMPARE(moved,
                averageEvery > 0 ? 4.0 * 6 * parameters : 4.0 * 4 * (parameters - embedding));
        }
    }

    void copiesHaveWholeRows()
    {
        TrainerSettings settings = settingsFor(lstm);
        settings.averageEvery = 2;
        settings.strategy = Strategy::HiddenSplit;
        QVERIFY_EXCEPTION_THROWN(
            Trainer(modelOf(lstm), batchesFor(lstm), settings, defaultKernels()), Error);
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
