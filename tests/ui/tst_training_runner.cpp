// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/training_pair.h"
#include "ui/session/training_runner.h"
#include "ui/views/training_lanes.h"

#include <QSignalSpy>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <set>

using namespace timestep;

namespace {

constexpr int patience = 60000; // ms

TrainingRequest recall(int pairs = 1)
{
    TrainingRequest request;
    request.subject.task = TrainingTask::Recall;
    request.subject.mostPairs = pairs;
    request.course.rows = 8;
    return request;
}

TrainingRequest text(std::vector<TokenId> tokens)
{
    TrainingRequest request = recall();
    request.subject.task = TrainingTask::Text;
    request.subject.vocabulary = recallVocabulary();
    request.subject.text = std::move(tokens);
    return request;
}

const std::vector<TrainingPoint>& pointsOf(const TrainingRunner& runner)
{
    return runner.progress(ModelKind::Attention).points;
}

bool trains(const TrainingRunner& runner, std::size_t steps)
{
    return QTest::qWaitFor([&] { return pointsOf(runner).size() >= steps; }, patience);
}

bool stops(TrainingRunner& runner)
{
    runner.stop();
    return QTest::qWaitFor([&] { return !runner.running(); }, patience);
}

/// Steps are numbered without a gap, in both models alike.
bool numbersAreWhole(const TrainingRunner& runner)
{
    for (const ModelKind kind : { ModelKind::Lstm, ModelKind::Attention }) {
        std::int64_t number = 0;
        for (const TrainingPoint& point : runner.progress(kind).points)
            if (point.step.number != ++number)
                return false;
    }
    return true;
}

} // namespace

class TrainingRunnerTest : public QObject
{
    Q_OBJECT
private slots:
    void bothModelsTrainAndStop()
    {
        TrainingRunner runner;
        QVERIFY(!runner.begun());
        runner.start(recall());
        QVERIFY(runner.running());
        QVERIFY(trains(runner, 30));
        QVERIFY(stops(runner));
        QVERIFY(numbersAreWhole(runner));
        const std::size_t lstm = runner.progress(ModelKind::Lstm).points.size();
        const std::size_t attention = pointsOf(runner).size();
        QVERIFY(lstm == attention || lstm == attention + 1); // stopped between the two
        QCOMPARE(runner.activity(), TrainingActivity::None);
        for (const ModelKind kind : { ModelKind::Lstm, ModelKind::Attention }) {
            const auto& progress = runner.progress(kind);
            QVERIFY(progress.traced && !progress.traced->trace.spans.empty());
            QVERIFY(progress.points.front().step.loss > progress.points.back().step.loss);
        }
    }

    void gradientsAreComparedFirst()
    {
        TrainingRunner runner;
        runner.start(recall());
        QVERIFY(trains(runner, 1));
        for (const ModelKind kind : { ModelKind::Lstm, ModelKind::Attention }) {
            const auto& trial = runner.progress(kind).trial;
            QVERIFY(trial.has_value());
            QCOMPARE(trial->afterSteps, std::int64_t(0));
            QCOMPARE(trial->check.oneThread.differing, std::int64_t(0));
            QVERIFY(trial->check.oneThread.numbers > 100'000);
            QVERIFY(trial->check.unsplit.differing > 0);
            QCOMPARE(trial->check.arrival.size(), std::size_t(4));
            std::set<ComparedWay> ways;
            for (const TimedWay& way : trial->ways) {
                QVERIFY(way.medianMs > 0 && way.lowerMs <= way.medianMs);
                ways.insert(way.way);
            }
            QCOMPARE(ways.size(), kind == ModelKind::Lstm ? std::size_t(4) : std::size_t(2));
        }
        QVERIFY(stops(runner));
    }

    void itGoesOnWhereItWasStopped()
    {
        TrainingRunner stopped, whole;
        stopped.start(recall());
        QVERIFY(trains(stopped, 5));
        QVERIFY(stops(stopped));
        const std::size_t before = pointsOf(stopped).size();
        stopped.resume(recall().course);
        QVERIFY(trains(stopped, before + 10));
        QVERIFY(stops(stopped));
        QVERIFY(numbersAreWhole(stopped));
        // The same losses as without the interruption.
        whole.start(recall());
        QVERIFY(trains(whole, before + 10));
        QVERIFY(stops(whole));
        for (std::size_t i = 0; i < before + 10; ++i)
            QCOMPARE(pointsOf(stopped)[i].step.loss, pointsOf(whole)[i].step.loss);
    }

    void theWayMayChangeWhileItTrains_data()
    {
        QTest::addColumn<int>("way");
        QTest::newRow("hidden units") << static_cast<int>(TrainingWay::HiddenUnits);
        QTest::newRow("layers") << static_cast<int>(TrainingWay::Layers);
        QTest::newRow("averaged copies") << static_cast<int>(TrainingWay::AveragedCopies);
    }
    void theWayMayChangeWhileItTrains()
    {
        QFETCH(int, way);
        TrainingRunner runner;
        TrainingRequest request = recall();
        runner.start(request);
        QVERIFY(trains(runner, 5));
        request.course.way = static_cast<TrainingWay>(way);
        request.course.averageEvery = 3;
        runner.setCourse(request.course);
        QVERIFY(QTest::qWaitFor(
            [&] {
                return !pointsOf(runner).empty() && pointsOf(runner).back().course == 1
                    && runner.progress(ModelKind::Lstm).trial->afterSteps > 0;
            },
            patience));
        QVERIFY(trains(runner, pointsOf(runner).size() + 10));
        request.course.way = TrainingWay::DataParallel;
        runner.setCourse(request.course);
        QVERIFY(QTest::qWaitFor([&] { return pointsOf(runner).back().course == 2; }, patience));
        QVERIFY(stops(runner));
        QVERIFY(numbersAreWhole(runner));
        QCOMPARE(
            runner.progress(ModelKind::Lstm).trial->check.oneThread.differing, std::int64_t(0));
        std::size_t apart = 0;
        for (const TrainingPoint& point : pointsOf(runner))
            apart += point.step.copiesApart.has_value() ? 1 : 0;
        QCOMPARE(apart > 0, static_cast<TrainingWay>(way) == TrainingWay::AveragedCopies);
    }

    void keptModelsAreThoseThatWereTrained()
    {
        TrainingRunner runner;
        ModelPair kept;
        connect(
            &runner, &TrainingRunner::kept, this, [&](const ModelPair& models) { kept = models; });
        runner.keep();
        QVERIFY(!runner.running()); // there is nothing to keep
        runner.start(recall());
        QVERIFY(trains(runner, 3));
        runner.keep();
        QVERIFY(QTest::qWaitFor([&] { return kept.lstm != nullptr; }, patience));
        QVERIFY(runner.running());
        QVERIFY(stops(runner));
        kept = {};
        runner.keep();
        QVERIFY(QTest::qWaitFor([&] { return kept.lstm && !runner.running(); }, patience));
        const auto steps = QString::number(pointsOf(runner).size());
        QCOMPARE(kept.attention->name, std::string("trained-attention"));
        QCOMPARE(QString::fromStdString(kept.attention->origin), "trained, " + steps + " steps");
        QVERIFY(!kept.lstm->untrained());
        QCOMPARE(kept.lstm->vocabulary, kept.attention->vocabulary);
        const double parameters = static_cast<double>(kept.lstm->parameters());
        QVERIFY(
            std::abs(static_cast<double>(kept.attention->parameters()) / parameters - 1) < 0.05);
    }

    void checkAloneTrainsNothing()
    {
        TrainingRunner runner;
        runner.start(recall());
        QVERIFY(trains(runner, 3));
        QVERIFY(stops(runner));
        const std::size_t before = pointsOf(runner).size();
        runner.check(recall().course);
        QVERIFY(QTest::qWaitFor([&] { return !runner.running(); }, patience));
        QCOMPARE(pointsOf(runner).size(), before);
        QCOMPARE(runner.progress(ModelKind::Attention).trial->afterSteps,
            static_cast<std::int64_t>(before));
    }

    void shortTextsTrainInShortRows_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<int>("steps");
        QTest::addColumn<bool>("possible");
        QTest::newRow("none") << 0 << 1 << false;
        QTest::newRow("two") << 2 << 1 << false;
        QTest::newRow("three") << 3 << 1 << true;
        QTest::newRow("eleven") << 11 << 5 << true;
        QTest::newRow("many") << 1000 << 64 << true;
    }
    void shortTextsTrainInShortRows()
    {
        QFETCH(int, tokens);
        QFETCH(bool, possible);
        std::vector<TokenId> ids;
        for (int i = 0; i < tokens; ++i)
            ids.push_back(i % 50);
        const TrainingRequest request = text(ids);
        QTEST(trainingSteps(request.subject), "steps");
        TrainingRunner runner;
        QSignalSpy failed(&runner, &TrainingRunner::failed);
        runner.start(request);
        QVERIFY(possible ? trains(runner, 2)
                         : QTest::qWaitFor([&] { return !runner.running(); }, patience));
        QCOMPARE(failed.count(), possible ? 0 : 1);
        QCOMPARE(runner.begun(), possible);
        QVERIFY(stops(runner));
    }

    void moreMemoryThanTheBudgetIsRefusedAndWhatWasThereStays()
    {
        TrainingRunner runner;
        QSignalSpy failed(&runner, &TrainingRunner::failed);
        TrainingRequest request = recall();
        request.memoryBudget = 1000;
        runner.start(request);
        QVERIFY(QTest::qWaitFor([&] { return !runner.running(); }, patience));
        QCOMPARE(failed.count(), 1);
        QVERIFY(failed.front().front().toString().contains("training both models"));
        QVERIFY(!runner.begun());
    }

    void anewForgetsWhatWasThere()
    {
        TrainingRunner runner;
        runner.start(recall());
        QVERIFY(trains(runner, 20));
        const double first = pointsOf(runner).front().step.loss;
        runner.start(recall());
        QVERIFY(pointsOf(runner).empty());
        QVERIFY(trains(runner, 2));
        QCOMPARE(pointsOf(runner).front().step.loss, first);
        QVERIFY(numbersAreWhole(runner));
        QVERIFY(stops(runner));
    }

    void copiesCarryOverByTheirMean()
    {
        TrainerState state { { 1, 2, 3, 6 }, { { 0, 0, 2, 2 }, { 4, 4, 4, 8 }, 7 } };
        const TrainerState one = carriedOver(state, 2, 1);
        QCOMPARE(one.parameters, (std::vector<float> { 2, 4 }));
        QCOMPARE(one.optimizer.firstMoments, (std::vector<float> { 1, 1 }));
        QCOMPARE(one.optimizer.secondMoments, (std::vector<float> { 4, 6 }));
        QCOMPARE(one.optimizer.steps, std::int64_t(7));
        QCOMPARE(carriedOver(one, 1, 3).parameters, (std::vector<float> { 2, 4, 2, 4, 2, 4 }));
        QCOMPARE(carriedOver(state, 2, 2), state);
    }

    void everySpanOfATraceIsOnItsLane()
    {
        TrainingRunner runner;
        runner.start(recall());
        QVERIFY(trains(runner, 2));
        QVERIFY(stops(runner));
        const auto& lstm = runner.progress(ModelKind::Lstm);
        const auto& attention = runner.progress(ModelKind::Attention);
        const LanesPicture picture
            = trainingLanes(lstm.traced.get(), attention.traced.get(), recall().course);
        QCOMPARE(picture.groups.size(), std::size_t(2));
        for (const LaneGroup& group : picture.groups) {
            QCOMPARE(group.rows.size(), std::size_t(2));
            std::set<int> phases;
            double work = 0;
            for (const LaneRow& row : group.rows) {
                double free = 0;
                for (const LaneSpan& span : row.spans) {
                    QVERIFY(span.begin >= free - 1e-9 && span.end > span.begin);
                    QVERIFY(!span.detail.isEmpty());
                    free = span.end;
                    phases.insert(span.style);
                    const auto phase = static_cast<TrainingPhase>(span.style);
                    if (phase != TrainingPhase::Waiting && phase != TrainingPhase::Late)
                        work += span.end - span.begin;
                }
                QVERIFY(free <= group.duration + 1e-9);
            }
            for (const TrainingPhase phase : { TrainingPhase::Forward, TrainingPhase::Loss,
                     TrainingPhase::Backward, TrainingPhase::WeightGradients,
                     TrainingPhase::Reduction, TrainingPhase::Update })
                QVERIFY(phases.count(static_cast<int>(phase)) == 1);
            const auto& traced = group.kind == ModelKind::Lstm ? lstm.traced : attention.traced;
            double ran = 0;
            for (const Span& span : traced->trace.spans)
                ran += static_cast<double>(span.endNs - span.beginNs) * 1e-6;
            QVERIFY(work >= ran * (1 - 1e-9)); // short breaks within a stretch count as work
        }
    }
};

QTEST_GUILESS_MAIN(TrainingRunnerTest)
#include "tst_training_runner.moc"
