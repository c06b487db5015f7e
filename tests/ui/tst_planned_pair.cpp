// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "ui/session/plan_events.h"
#include "ui/session/planned_pair.h"

#include <QTest>

#include <algorithm>
#include <cmath>

using namespace timestep;

namespace {

PlanRequest requestOf(int steps, int layer)
{
    ModelShape lstm;
    lstm.kind = ModelKind::Lstm;
    lstm.layers = 2;
    lstm.width = 8;
    lstm.embedding = 4;
    ModelShape attention;
    attention.kind = ModelKind::Attention;
    attention.layers = 3;
    attention.width = 12;
    attention.embedding = 12;
    attention.heads = 3;
    Settings settings;
    settings.rows = 8;
    settings.subBatches = 2;
    settings.workers = 2;
    settings.plannedLayer = layer;
    return planRequest(lstm, attention, steps, settings);
}

} // namespace

class TestPlannedPair : public QObject
{
    Q_OBJECT
private slots:
    void plansTheLayersAskedFor_data()
    {
        QTest::addColumn<int>("layer");
        QTest::addColumn<int>("lstmLayers");
        QTest::addColumn<int>("lstmInput");
        QTest::addColumn<int>("attentionLayers");
        QTest::newRow("the first reads the embedding") << 0 << 1 << 4 << 1;
        QTest::newRow("the second reads the first") << 1 << 1 << 8 << 1;
        QTest::newRow("beyond its last a model plans its last") << 2 << 1 << 8 << 1;
        QTest::newRow("all") << -1 << 2 << 4 << 3;
    }

    void plansTheLayersAskedFor()
    {
        QFETCH(int, layer);
        QFETCH(int, lstmLayers);
        QFETCH(int, lstmInput);
        QFETCH(int, attentionLayers);
        const auto pair = planPair(requestOf(5, layer), {});
        QVERIFY(pair);
        QCOMPARE(pair->lstm.plan.shape().layers, lstmLayers);
        QCOMPARE(pair->lstm.plan.shape().inputWidth, lstmInput);
        QCOMPARE(pair->attention.plan.shape().layers, attentionLayers);
    }

    void aUnitIsOneLstmStepOfOneSubBatch()
    {
        const auto pair = planPair(requestOf(5, 0), {});
        // Two workers, two sub-batches of one chain each: neither ever waits, so five steps take
        // five units.
        QCOMPARE(pair->lstm.schedule.length / pair->unitFlops, 5.0);
        const double steps = 5 * 2; // of two sub-batches
        QCOMPARE(pair->unitFlops, pair->lstm.summary.work / steps);
    }

    void momentsAreThoseOfBothModels()
    {
        const auto pair = planPair(requestOf(5, 0), {});
        const std::vector<double>& moments = pair->moments;
        QVERIFY(std::is_sorted(moments.begin(), moments.end()));
        QCOMPARE(moments.front(), 0.0);
        QCOMPARE(moments.back(), pair->duration());
        for (const PlannedModel* model : { &pair->lstm, &pair->attention }) {
            for (const ScheduledOperation& operation : model->schedule.operations) {
                const double end = operation.end / pair->unitFlops;
                QVERIFY(std::binary_search(moments.begin(), moments.end(), end));
            }
        }
    }

    /// Two sub-batches are two chains in both, whatever the attention picture shows as visible.
    void beingWrittenBothAreChains()
    {
        for (const bool causal : { true, false }) {
            PlanRequest request = requestOf(6, -1);
            request.causal = causal;
            request.beingWritten = true;
            request.workers = 16;
            const auto pair = planPair(request, {});
            QVERIFY(pair);
            for (const PlannedModel* model : { &pair->lstm, &pair->attention }) {
                QCOMPARE(model->summary.parallelism, 2.0);
                QVERIFY(model->plan.shape().causal);
                QCOMPARE(model->schedule.length, model->summary.span);
            }
            request.beingWritten = false;
            QVERIFY(planPair(request, {})->attention.summary.parallelism > 6);
        }
    }

    void parallelismIsTheProductOfWhereItComesFrom_data()
    {
        QTest::addColumn<Strategy>("lstm");
        QTest::addColumn<Strategy>("attention");
        QTest::newRow("sub-batches") << Strategy::SubBatch << Strategy::SubBatch;
        QTest::newRow("hidden units, heads") << Strategy::HiddenSplit << Strategy::Head;
        QTest::newRow("layers, query blocks") << Strategy::LayerWavefront << Strategy::QueryBlock;
    }

    /// Two even sub-batches are twice as much at once; of an LSTM layer, time brings less than two.
    void parallelismIsTheProductOfWhereItComesFrom()
    {
        QFETCH(Strategy, lstm);
        QFETCH(Strategy, attention);
        PlanRequest request = requestOf(6, 0);
        request.lstmStrategy = lstm;
        request.attentionStrategy = attention;
        request.workers = 4;
        const auto pair = planPair(request, {});
        QVERIFY(pair);
        for (const PlannedModel* model : { &pair->lstm, &pair->attention }) {
            const ParallelismFactors& factors = model->parallelism;
            QCOMPARE(factors.rows, 2.0);
            QVERIFY(
                std::abs(factors.rows * factors.time * factors.step - model->summary.parallelism)
                < 1e-9 * model->summary.parallelism);
        }
        QVERIFY(pair->lstm.parallelism.time > 1 && pair->lstm.parallelism.time < 2);
        QVERIFY(pair->attention.parallelism.time > 4);
        QCOMPARE(pair->lstm.parallelism.step > 1, lstm == Strategy::HiddenSplit);
        QCOMPARE(pair->attention.parallelism.step > 1, attention == Strategy::Head);
    }

    /// 2 chains and 4 workers: the LSTM's input halves are soon done, and workers stand idle.
    void eventsAreWhatTheSchedulesShow()
    {
        PlanRequest request = requestOf(12, 0);
        request.workers = 4;
        const auto pair = planPair(request, {});
        const std::vector<PlaybackEvent> events = planEvents(*pair);
        const auto timeOf = [&](const char* text) {
            for (const PlaybackEvent& event : events)
                if (event.text.contains(QLatin1String(text)))
                    return event.time;
            return -1.0;
        };
        double inputs = 0;
        for (std::size_t i = 0; i < pair->lstm.schedule.operations.size(); ++i)
            if (pair->lstm.plan.operations()[i].kind == OperationKind::InputHalf)
                inputs = std::max(inputs, pair->lstm.schedule.operations[i].end);
        QCOMPARE(timeOf("input halves done"), inputs / pair->unitFlops);
        QVERIFY(timeOf("LSTM: a worker has nothing to do") > 0);
        QVERIFY(timeOf("LSTM: a worker has nothing to do") <= inputs / pair->unitFlops);
        QCOMPARE(timeOf("LSTM: done"), pair->lstm.schedule.length / pair->unitFlops);
        QCOMPARE(timeOf("attention: done"), pair->attention.schedule.length / pair->unitFlops);
        QVERIFY(std::is_sorted(events.begin(), events.end(),
            [](const PlaybackEvent& a, const PlaybackEvent& b) { return a.time < b.time; }));
        request.workers = 1; // never idle
        for (const PlaybackEvent& event : planEvents(*planPair(request, {})))
            QVERIFY(!event.text.contains("nothing to do"));
    }

    void autoIsPlannedAsSubBatches()
    {
        PlanRequest request = requestOf(5, 0);
        request.lstmStrategy = Strategy::Auto;
        const auto pair = planPair(request, {});
        QVERIFY(pair->lstm.plan.cut().strategy == Strategy::SubBatch);
    }

    void aStrategyOfTheOtherModelIsRefused()
    {
        PlanRequest request = requestOf(5, 0);
        request.lstmStrategy = Strategy::Head;
        QVERIFY_EXCEPTION_THROWN(planPair(request, {}), Error);
    }

    void stoppedPlansAreNone()
    {
        std::stop_source stop;
        stop.request_stop();
        QVERIFY(!planPair(requestOf(5, 0), stop.get_token()));
    }
};

QTEST_APPLESS_MAIN(TestPlannedPair)
#include "tst_planned_pair.moc"
