// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/steps_pairs.h"
#include "ui/views/steps_statement.h"

#include <QTest>

#include <algorithm>
#include <set>

using namespace timestep;
using namespace timestep::test;

namespace {

int operationOf(const StepsModel& model, OperationKind kind, int step, int subBatch = 0)
{
    const auto operations = model.plan->operations();
    for (int i = 0; i < int(operations.size()); ++i) {
        const StepsPlace& place = model.grid.place(i);
        if (operations[std::size_t(i)].kind == kind && place.step == step
            && place.strip == subBatch * model.grid.layers())
            return i;
    }
    return -1;
}

StepsStatement statementAt(const StepsModel& model, int operation, double time)
{
    return statementOf(
        model, stepsLabels(16), operation, relationsOf(*model.plan, operation), time);
}

} // namespace

class TestStepsStates : public QObject
{
    Q_OBJECT
private slots:
    void everyOperationHasItsPlace_data();
    void everyOperationHasItsPlace();
    void statesFollowThePlan_data();
    void statesFollowThePlan();
    void readyIsTheEndOfTheLastNeed_data();
    void readyIsTheEndOfTheLastNeed();
    void aChainWaitsStepByStep();
    void aPositionWaitsForNoOtherPosition();
    void relationsAreThePlansNeeds_data();
    void relationsAreThePlansNeeds();
    void noMoreRunThanThereAreWorkers_data();
    void noMoreRunThanThereAreWorkers();
    void changesAreSeen();
    void statements_data();
    void statements();
    void partsAreNamed();
    void layersAreNamed();
    void aWindowIsNamed();
    void severalStepsSayHowManyAreDone();
};

namespace {

void addRequests()
{
    QTest::addColumn<PlanRequest>("request");
    QTest::newRow("sub-batches") << stepsRequest(16);
    PlanRequest many = stepsRequest(16);
    many.workers = 64;
    QTest::newRow("more workers than chains") << many;
    PlanRequest one = stepsRequest(1);
    QTest::newRow("one token") << one;
    PlanRequest uneven = stepsRequest(7);
    uneven.rows = 5;
    uneven.subBatches = 3;
    uneven.workers = 2;
    QTest::newRow("uneven rows") << uneven;
    PlanRequest layers = stepsRequest(9);
    layers.lstm.layers = 2;
    layers.attention.layers = 3;
    layers.layer = -1;
    layers.causal = false;
    QTest::newRow("all layers, looking ahead") << layers;
    PlanRequest windowed = stepsRequest(9);
    windowed.attention.layers = 3;
    windowed.attention.attentionWindow = 3;
    windowed.layer = -1;
    QTest::newRow("all layers, a window of 3") << windowed;
    PlanRequest split = stepsRequest(9);
    split.lstmStrategy = Strategy::HiddenSplit;
    split.attentionStrategy = Strategy::Head;
    QTest::newRow("slices and heads") << split;
    PlanRequest sequential = stepsRequest(9);
    sequential.lstmStrategy = Strategy::Sequential;
    sequential.attentionStrategy = Strategy::QueryBlock;
    QTest::newRow("unlike strips") << sequential;
    PlanRequest trained = uneven;
    trained.training = true;
    QTest::newRow("training") << trained;
    trained.lstmStrategy = Strategy::HiddenSplit;
    trained.lstm.layers = trained.attention.layers = 2;
    trained.layer = -1;
    QTest::newRow("training in slices, all layers") << trained;
    trained.lstmStrategy = Strategy::Sequential;
    QTest::newRow("training, sums in one model only") << trained;
}

} // namespace

void TestStepsStates::everyOperationHasItsPlace_data() { addRequests(); }

void TestStepsStates::everyOperationHasItsPlace()
{
    QFETCH(PlanRequest, request);
    const auto picture = stepsPicture(request);
    for (const StepsModel& model : picture->models) {
        const auto operations = model.plan->operations();
        std::set<std::array<int, 4>> taken;
        for (int i = 0; i < int(operations.size()); ++i) {
            const Operation& operation = operations[std::size_t(i)];
            const StepsPlace& place = model.grid.place(i);
            QCOMPARE(model.grid.operation(place), i);
            const StepsStrip& strip = model.grid.strips()[std::size_t(place.strip)];
            const bool ofAStep = operation.steps.count() > 0;
            QCOMPARE(model.grid.isTail(place.step), !ofAStep);
            if (ofAStep) {
                QCOMPARE(place.step, operation.steps.begin);
                QVERIFY(strip.rows == operation.rows);
            }
            QCOMPARE(strip.layer, operation.layer);
            const auto tiers = model.grid.tiers(place.strip, place.step);
            QCOMPARE(int(tiers[std::size_t(place.tier)].kind), int(operation.kind));
            QVERIFY(taken.insert({ place.strip, place.step, place.tier, place.part }).second);
        }
        QCOMPARE(model.grid.layers(), model.plan->shape().layers);
        QCOMPARE(model.grid.subBatches(), model.plan->cut().subBatches);
        QCOMPARE(model.grid.operation({ 0, model.grid.stepsAndTails(), 0, 0 }), -1);
        QCOMPARE(model.grid.operation({ -1, 0, 0, 0 }), -1);
    }
}

void TestStepsStates::statesFollowThePlan_data() { addRequests(); }

void TestStepsStates::statesFollowThePlan()
{
    QFETCH(PlanRequest, request);
    const auto picture = stepsPicture(request);
    for (const StepsModel& model : picture->models) {
        const StepsTimes& times = model.times;
        for (int i = 0; i < int(model.plan->operations().size()); ++i) {
            const double begin = times.begin(i);
            const double end = times.end(i);
            QVERIFY(times.ready(i) <= begin + 1e-9);
            QCOMPARE(int(times.state(i, begin)), int(OperationState::Running));
            QCOMPARE(int(times.state(i, (begin + end) / 2)), int(OperationState::Running));
            QCOMPARE(int(times.state(i, end)), int(OperationState::Done));
            QCOMPARE(times.progress(i, begin), 0.0);
            QCOMPARE(times.progress(i, (begin + end) / 2), 0.5);
            QCOMPARE(times.progress(i, end), 1.0);
            if (begin - times.ready(i) > 1e-6)
                QCOMPARE(int(times.state(i, (times.ready(i) + begin) / 2)),
                    int(OperationState::NoFreeWorker));
            if (times.ready(i) > 1e-6)
                QCOMPARE(int(times.state(i, times.ready(i) / 2)), int(OperationState::Waiting));
        }
    }
}

void TestStepsStates::readyIsTheEndOfTheLastNeed_data() { addRequests(); }

void TestStepsStates::readyIsTheEndOfTheLastNeed()
{
    QFETCH(PlanRequest, request);
    const auto picture = stepsPicture(request);
    for (const StepsModel& model : picture->models) {
        for (int i = 0; i < int(model.plan->operations().size()); ++i) {
            double last = 0;
            for (const OperationRange range : model.plan->needs(i)) {
                for (int need = range.begin; need < range.end; ++need)
                    last = std::max(last, model.times.end(need));
            }
            QCOMPARE(model.times.ready(i), last);
            if (last > 0)
                QCOMPARE(model.times.end(model.times.lastNeed(i)), last);
            else
                QCOMPARE(model.times.lastNeed(i), -1);
        }
    }
}

void TestStepsStates::aChainWaitsStepByStep()
{
    PlanRequest request = stepsRequest(16);
    request.workers = 64;
    const auto picture = stepsPicture(request);
    const StepsModel& lstm = picture->models[0];
    // All input halves are done after half a unit; from there a step takes half a unit.
    for (int step = 0; step < 16; ++step) {
        const int recurrent = operationOf(lstm, OperationKind::RecurrentHalf, step, 2);
        QCOMPARE(lstm.times.begin(recurrent), 0.5 + 0.5 * step);
        if (step > 0)
            QCOMPARE(int(lstm.times.state(recurrent, 0.5)), int(OperationState::Waiting));
    }
    QCOMPARE(lstm.times.finishedAt(), 8.5);
}

void TestStepsStates::aPositionWaitsForNoOtherPosition()
{
    PlanRequest request = stepsRequest(16);
    request.workers = 64;
    const auto picture = stepsPicture(request);
    const StepsModel& attention = picture->models[1];
    const double keysDone
        = attention.times.end(operationOf(attention, OperationKind::KeysValues, 15));
    for (int step = 0; step < 16; ++step) {
        const int block = operationOf(attention, OperationKind::Block, step);
        QVERIFY(attention.times.ready(block) <= keysDone + 1e-9);
    }
}

void TestStepsStates::relationsAreThePlansNeeds_data() { addRequests(); }

void TestStepsStates::relationsAreThePlansNeeds()
{
    QFETCH(PlanRequest, request);
    const auto picture = stepsPicture(request);
    for (const StepsModel& model : picture->models) {
        const int count = int(model.plan->operations().size());
        std::vector<StepsRelations> all;
        for (int i = 0; i < count; ++i)
            all.push_back(relationsOf(*model.plan, i));
        std::size_t needs = 0;
        std::size_t unblocks = 0;
        for (int i = 0; i < count; ++i) {
            needs += all[std::size_t(i)].needs.size();
            unblocks += all[std::size_t(i)].unblocks.size();
            for (const int need : all[std::size_t(i)].needs) {
                const auto& back = all[std::size_t(need)].unblocks;
                QVERIFY(std::binary_search(back.begin(), back.end(), i));
            }
        }
        QCOMPARE(needs, unblocks);
    }
}

void TestStepsStates::noMoreRunThanThereAreWorkers_data() { addRequests(); }

void TestStepsStates::noMoreRunThanThereAreWorkers()
{
    QFETCH(PlanRequest, request);
    const auto picture = stepsPicture(request);
    for (const StepsModel& model : picture->models) {
        for (const double moment : picture->pair->moments) {
            std::set<int> workers;
            int running = 0;
            for (int i = 0; i < int(model.plan->operations().size()); ++i) {
                if (model.times.state(i, moment) != OperationState::Running)
                    continue;
                ++running;
                workers.insert(model.times.worker(i));
            }
            QCOMPARE(int(workers.size()), running); // each has a worker of its own
            QCOMPARE(model.times.running(moment), running);
            QVERIFY(running <= request.workers);
        }
        QCOMPARE(model.times.running(model.times.finishedAt()), 0);
        QVERIFY(model.times.running(0) > 0);
    }
}

void TestStepsStates::changesAreSeen()
{
    const auto picture = stepsPicture(stepsRequest(16));
    const StepsTimes& times = picture->models[0].times;
    const int recurrent = operationOf(picture->models[0], OperationKind::RecurrentHalf, 5);
    const double begin = times.begin(recurrent);
    const double end = times.end(recurrent);
    QVERIFY(times.changes(recurrent, begin - 0.01, begin));
    QVERIFY(times.changes(recurrent, begin + 0.1, begin + 0.11)); // its progress
    QVERIFY(times.changes(recurrent, end - 0.01, end + 5));
    QVERIFY(times.changes(recurrent, end + 5, begin - 0.01)); // backwards
    QVERIFY(!times.changes(recurrent, end, end + 5));
    QVERIFY(!times.changes(recurrent, 0, 0.25));
}

void TestStepsStates::statements_data()
{
    QTest::addColumn<int>("workers");
    QTest::addColumn<int>("model");
    QTest::addColumn<OperationKind>("kind");
    QTest::addColumn<int>("step");
    QTest::addColumn<int>("subBatch");
    QTest::addColumn<double>("time");
    QTest::addColumn<QString>("state");
    QTest::addColumn<QString>("needs");
    QTest::addColumn<QString>("unblocks");
    const auto input = OperationKind::InputHalf;
    const auto recurrent = OperationKind::RecurrentHalf;
    const auto keys = OperationKind::KeysValues;
    const auto block = OperationKind::Block;

    QTest::newRow("waiting in a chain")
        << 64 << 0 << recurrent << 15 << 0 << 2.0
        << "step 15 “t15” waits for step 14, and so on: 6 more units"
        << "needs step 14 and its input half"
        << "unblocks nothing";
    QTest::newRow("waiting for what runs")
        << 64 << 0 << recurrent << 5 << 0 << 2.5 << "step 5 “t5” waits for step 4: 0.5 more units"
        << "needs step 4 and its input half"
        << "unblocks step 6";
    QTest::newRow("waiting for its own input")
        << 64 << 0 << recurrent << 0 << 0 << 0.25
        << "step 0 “t0” waits for its input half: 0.3 more units"
        << "needs its input half"
        << "unblocks step 1";
    QTest::newRow("one more unit") << 64 << 0 << recurrent << 6 << 0 << 2.5
                                   << "step 6 “t6” waits for step 5, and so on: 1 more unit"
                                   << "needs step 5 and its input half"
                                   << "unblocks step 7";
    QTest::newRow("running") << 64 << 0 << recurrent << 4 << 0 << 2.5
                             << "step 4 “t4”: worker 1, begins at 2.5, ends at 3.0"
                             << "needs step 3 and its input half"
                             << "unblocks step 5";
    QTest::newRow("rows that read other tokens")
        << 64 << 0 << recurrent << 4 << 2 << 2.5
        << "step 4 of rows 16–23: worker 3, begins at 2.5, ends at 3.0"
        << "needs step 3 and its input half"
        << "unblocks step 5";
    QTest::newRow("done") << 4 << 0 << recurrent << 4 << 0 << 6.0
                          << "step 4 “t4”: done, by worker 1 from 4.5 to 5.0"
                          << "needs step 3 and its input half"
                          << "unblocks step 5";
    QTest::newRow("no free worker")
        << 4 << 0 << input << 9 << 0 << 2.0
        << "input half of step 9 “t9”: ready, but no free worker for 7 more units"
        << "needs nothing"
        << "unblocks its recurrent half";
    QTest::newRow("keys") << 4 << 1 << keys << 12 << 0 << 0.0
                          << "keys and values of position 12 “t12”: ready, but no free worker for "
                          << "needs nothing"
                          << "unblocks positions 12–15";
    QTest::newRow("a causal position")
        << 4 << 1 << block << 3 << 1 << 0.0 << "position 3 of rows 8–15 waits for "
        << "needs keys and values of positions 0–3"
        << "unblocks nothing";
}

void TestStepsStates::statements()
{
    QFETCH(int, workers);
    QFETCH(int, model);
    QFETCH(OperationKind, kind);
    QFETCH(int, step);
    QFETCH(int, subBatch);
    QFETCH(double, time);
    QFETCH(QString, state);
    QFETCH(QString, needs);
    QFETCH(QString, unblocks);
    PlanRequest request = stepsRequest(16);
    request.workers = workers;
    const auto picture = stepsPicture(request);
    const StepsModel& shown = picture->models[std::size_t(model)];
    const StepsStatement statement
        = statementAt(shown, operationOf(shown, kind, step, subBatch), time);
    if (state.endsWith(u' '))
        QVERIFY2(statement.state.startsWith(state), qPrintable(statement.state));
    else
        QCOMPARE(statement.state, state);
    QCOMPARE(statement.needs, needs);
    QCOMPARE(statement.unblocks, unblocks);
}

void TestStepsStates::partsAreNamed()
{
    PlanRequest request = stepsRequest(8);
    request.lstmStrategy = Strategy::HiddenSplit;
    request.attentionStrategy = Strategy::Head;
    const auto picture = stepsPicture(request);
    const StepsModel& lstm = picture->models[0];
    const StepsStatement slice
        = statementAt(lstm, operationOf(lstm, OperationKind::RecurrentHalf, 3), 0);
    QVERIFY2(slice.state.startsWith("slice 1 of 4 of step 3 “t3” waits for all slices of step 2"),
        qPrintable(slice.state));
    QCOMPARE(slice.unblocks, "unblocks all slices of step 4");
    const StepsModel& attention = picture->models[1];
    const StepsStatement join
        = statementAt(attention, operationOf(attention, OperationKind::Combine, 3), 0);
    QCOMPARE(join.needs, "needs its heads");
    const StepsStatement head
        = statementAt(attention, operationOf(attention, OperationKind::Attend, 3), 0);
    QVERIFY2(head.state.startsWith("head 0 of position 3 “t3” waits for "), qPrintable(head.state));
}

void TestStepsStates::layersAreNamed()
{
    PlanRequest request = stepsRequest(8);
    request.lstm.layers = 2;
    request.attention.layers = 2;
    request.layer = -1;
    const auto picture = stepsPicture(request);
    const StepsModel& attention = picture->models[1];
    const auto operations = attention.plan->operations();
    const auto upper = std::find_if(operations.begin(), operations.end(),
        [](const Operation& one) { return one.layer == 1 && one.steps.begin == 5; });
    const StepsStatement statement = statementAt(attention, int(upper - operations.begin()), 0);
    QVERIFY2(
        statement.state.startsWith("layer 2, position 5 “t5” waits for positions 0–5 of layer 1"),
        qPrintable(statement.state));
    QCOMPARE(statement.needs, "needs positions 0–5 of layer 1");
}

void TestStepsStates::aWindowIsNamed()
{
    PlanRequest request = stepsRequest(16);
    request.attention.attentionWindow = 4;
    const auto picture = stepsPicture(request);
    const StepsModel& attention = picture->models[1];
    const int block = operationOf(attention, OperationKind::Block, 9);
    QCOMPARE(statementAt(attention, block, 0).needs, "needs keys and values of positions 6–9");
    const int keys = operationOf(attention, OperationKind::KeysValues, 9);
    QCOMPARE(statementAt(attention, keys, 0).unblocks, "unblocks positions 9–12");
    QVERIFY(explanationOf(attention).contains("waits for the last 4 bars up to its own"));

    request.attention.layers = 3; // of which the middle one is shown alone
    request.layer = 1;
    const auto middle = stepsPicture(request);
    const int last = operationOf(middle->models[1], OperationKind::Block, 14);
    QCOMPARE(
        statementAt(middle->models[1], last, 0).unblocks, "unblocks positions 14–15 of layer 3");
    request.causal = false;
    QVERIFY(explanationOf(stepsPicture(request)->models[1]).contains("the bars less than 4 away"));
}

void TestStepsStates::severalStepsSayHowManyAreDone()
{
    PlanRequest request = stepsRequest(16);
    request.workers = 64;
    const auto picture = stepsPicture(request);
    QCOMPARE(statementOfSteps(picture->models[0], 1, 4, 7, 3.25).state,
        "steps 4–7, rows 8–15: 1 of 4 done, 1 running");
}

QTEST_APPLESS_MAIN(TestStepsStates)
#include "tst_steps_states.moc"
