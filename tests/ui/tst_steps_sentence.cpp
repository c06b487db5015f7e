// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/steps_pairs.h"
#include "ui/views/steps_sentence.h"

#include <QTest>

using namespace timestep;
using namespace timestep::test;

namespace {

StepsFigures figures()
{
    StepsFigures figures;
    figures.steps = 16;
    figures.rows = 32;
    figures.workers = 4;
    figures.lstm.subBatches = 4;
    figures.lstm.work = 64;
    figures.lstm.span = 8.5;
    figures.lstm.finishedAt = 16;
    figures.lstm.busyShare = 1;
    figures.lstm.inputShare = 0.5;
    figures.attention.subBatches = 4;
    figures.attention.work = 64.4;
    figures.attention.span = 1;
    figures.attention.finishedAt = 16.1;
    figures.attention.busyShare = 1;
    return figures;
}

/// As many workers as there are positions, as in the second mock-up.
StepsFigures manyWorkers()
{
    StepsFigures many = figures();
    many.workers = 64;
    many.lstm.finishedAt = 8.5;
    many.lstm.busyShare = 64 / (8.5 * 64);
    many.attention.finishedAt = 1.1;
    many.attention.busyShare = 0.91;
    return many;
}

} // namespace

class TestStepsSentence : public QObject
{
    Q_OBJECT
private slots:
    void saysWhatTheNumbersMean_data();
    void saysWhatTheNumbersMean();
    void isWrittenForEveryPlan_data();
    void isWrittenForEveryPlan();
    void figuresAreThePlans();
    void aRealRunStandsBesideItsPlan();
    void numbersAreShownShort_data();
    void numbersAreShownShort();
};

void TestStepsSentence::saysWhatTheNumbersMean_data()
{
    QTest::addColumn<StepsFigures>("figures");
    QTest::addColumn<QString>("sentence");

    QTest::newRow("no text") << StepsFigures()
                             << "Type a text above, and see which steps wait for which.";
    StepsFigures one = figures();
    one.steps = 1;
    one.lstm.finishedAt = 1;
    one.attention.finishedAt = 0.9;
    QTest::newRow("one token") << one
                               << "One token has no step before it to wait for. "
                                  "Attention is done at 0.9 units, the LSTM at 1.";
    StepsFigures alone = figures();
    alone.workers = 1;
    alone.lstm.finishedAt = 64;
    alone.attention.finishedAt = 64.4;
    QTest::newRow("one worker") << alone
                                << "One worker is never idle, whatever waits for what. "
                                   "The LSTM is done at 64 units, attention at 64.4.";
    QTest::newRow("busy to the end")
        << figures()
        << "4 workers are busy to the end in both: 32 rows split into 4 keep an LSTM as busy as "
           "attention.";
    StepsFigures heavier = figures();
    heavier.attention.work = 96;
    heavier.attention.finishedAt = 24;
    QTest::newRow("busy, unequal arithmetic")
        << heavier
        << "4 workers are busy to the end in both: 32 rows split into 4 keep an LSTM as busy as "
           "attention. Attention has 1.5 times the arithmetic.";
    StepsFigures lighter = figures();
    lighter.attention.work = 32;
    lighter.attention.finishedAt = 8;
    QTest::newRow("busy, less arithmetic")
        << lighter
        << "4 workers are busy to the end in both: 32 rows split into 4 keep an LSTM as busy as "
           "attention. The LSTM has 2 times the arithmetic.";
    lighter.oneLayer = true;
    QTest::newRow("one layer of each")
        << lighter
        << "4 workers are busy to the end in both: 32 rows split into 4 keep an LSTM as busy as "
           "attention. One LSTM layer has 2 times the arithmetic.";
    StepsFigures nearly = figures();
    nearly.lstm.busyShare = 0.92;
    QTest::newRow("hardly idle")
        << nearly
        << "4 workers are busy at least 92 % of the time in both: 32 rows split into 4 keep an "
           "LSTM almost as busy as attention.";
    StepsFigures busier = figures();
    busier.attention.busyShare = 0.92;
    QTest::newRow("the LSTM busier")
        << busier
        << "4 workers are busy at least 92 % of the time in both: 32 rows split into 4 keep an "
           "LSTM busier than attention.";
    QTest::newRow("more workers than chains")
        << manyWorkers()
        << "More workers than chains: half of each LSTM step is done ahead, the other half stays a "
           "chain. Attention is done at 1.1 units, the LSTM at 8.5.";
    StepsFigures wideInput = manyWorkers();
    wideInput.lstm.inputShare = 0.6667;
    QTest::newRow("a larger input half")
        << wideInput
        << "More workers than chains: 67 % of each LSTM step is done ahead, the other 33 % stays a "
           "chain. Attention is done at 1.1 units, the LSTM at 8.5.";
    StepsFigures oneRow = manyWorkers();
    oneRow.rows = 1;
    oneRow.lstm.subBatches = 1;
    QTest::newRow("one row")
        << oneRow
        << "One row is one chain: half of each LSTM step is done ahead, the other half stays a "
           "chain. Attention is done at 1.1 units, the LSTM at 8.5.";
    StepsFigures together = oneRow;
    together.rows = 32;
    QTest::newRow("one sub-batch")
        << together
        << "32 rows kept together are one chain: half of each LSTM step is done ahead, the other "
           "half stays a chain. Attention is done at 1.1 units, the LSTM at 8.5.";
    StepsFigures split = oneRow;
    split.lstm.strategy = Strategy::HiddenSplit;
    split.lstm.slices = 4;
    QTest::newRow("hidden units split")
        << split
        << "One row is one chain: each LSTM step is split into 4 slices, and all wait for all of "
           "the step before. Attention is done at 1.1 units, the LSTM at 8.5.";
    StepsFigures layers = manyWorkers();
    layers.lstm.layers = 2;
    layers.lstm.chain = 17;
    layers.attention.layers = layers.attention.chain = 4;
    QTest::newRow("all layers")
        << layers
        << "More workers than chains: the LSTM's longest chain is 17 cells, 16 tokens "
           "+ 2 layers − 1; attention's is 4, one a layer, however long the text. "
           "Attention is done at 1.1 units, the LSTM at 8.5.";
    StepsFigures sequential = layers;
    sequential.lstm.strategy = Strategy::Sequential;
    sequential.lstm.finishedAt = 32;
    QTest::newRow("the LSTM sequential")
        << sequential
        << "The LSTM sequential: one worker does 2 layers × 16 steps one after the other. "
           "Attention is done at 1.1 units, the LSTM at 32.";
    sequential.attention.strategy = Strategy::Sequential;
    sequential.attention.finishedAt = 30;
    QTest::newRow("both sequential")
        << sequential
        << "Sequential: one worker does everything, one cell after the other. "
           "Attention is done at 30 units, the LSTM at 32.";
    StepsFigures trained = layers;
    trained.training = true;
    trained.lstm.chain = 34;
    trained.attention.chain = 8;
    QTest::newRow("training")
        << trained
        << "Trained, the LSTM is a chain of 34 cells there and back, attention of 8; then 4 "
           "sub-batches wait once for the sum of their gradients. Attention is done at 1.1 units, "
           "the LSTM at 8.5.";
    StepsFigures odd = figures();
    odd.workers = 3;
    odd.lstm.finishedAt = 26;
    odd.lstm.busyShare = 0.82;
    odd.attention.finishedAt = 21.5;
    QTest::newRow("chains that do not come out even")
        << odd
        << "4 chains for 3 workers: the LSTM keeps its workers busy only 82 % of the time. "
           "Attention is done at 21.5 units, the LSTM at 26.";
    StepsFigures idleAttention = figures();
    idleAttention.attention.busyShare = 0.5;
    idleAttention.attention.finishedAt = 32;
    QTest::newRow("attention idle")
        << idleAttention
        << "The LSTM keeps 4 workers busy 100 % of the time, attention 50 %. "
           "The LSTM is done at 16 units, attention at 32.";
    StepsFigures same = manyWorkers();
    same.attention.finishedAt = 8.5;
    QTest::newRow("both done at once")
        << same
        << "More workers than chains: half of each LSTM step is done ahead, the other half stays a "
           "chain. Both are done at 8.5 units.";

    StepsFigures written = manyWorkers();
    written.beingWritten = true;
    written.lstm.finishedAt = written.attention.finishedAt = 16;
    QTest::newRow("being written")
        << written
        << "While the text is being written, both are 4 chains, one a sub-batch: each token waits "
           "for the one before it, in attention as in the LSTM. Both are done at 16 units.";
    StepsFigures broken = manyWorkers();
    broken.brokenLink = true;
    broken.lstm.chain = 9;
    broken.lstm.finishedAt = 5.5;
    broken.chainUnbroken = 16;
    broken.finishedUnbroken = 8.5;
    QTest::newRow("a broken link")
        << broken
        << "With one link broken the LSTM's longest chain is 9 cells instead of 16 and it is done "
           "at 5.5 units instead of 8.5, but it no longer knows what came before.";
    broken.workers = 4;
    broken.lstm.finishedAt = broken.finishedUnbroken = 16;
    QTest::newRow("a broken link that brings nothing")
        << broken
        << "With one link broken the LSTM's longest chain is 9 cells instead of 16 and it is done "
           "at 16 units all the same, 4 workers being busy anyway, but it no longer knows what "
           "came before.";
    written.lstm.subBatches = written.attention.subBatches = 1;
    written.attention.finishedAt = 15;
    QTest::newRow("being written, one chain")
        << written
        << "While the text is being written, both are one chain: each token waits for the one "
           "before it, in attention as in the LSTM. Attention is done at 15 units, the LSTM at 16.";
}

void TestStepsSentence::saysWhatTheNumbersMean()
{
    QFETCH(StepsFigures, figures);
    QFETCH(QString, sentence);
    QCOMPARE(stepsSentence(figures), sentence);
    QString brief = briefStepsSentence(figures);
    brief.chop(1); // the full stop may come later
    QVERIFY(sentence.startsWith(brief));
}

void TestStepsSentence::isWrittenForEveryPlan_data()
{
    QTest::addColumn<PlanRequest>("request");
    QTest::addColumn<QString>("begin");
    QTest::newRow("the first mock-up") << stepsRequest(16) << "4 workers are busy ";
    PlanRequest many = stepsRequest(16);
    many.workers = 64;
    QTest::newRow("the second mock-up")
        << many
        << "More workers than chains: half of each LSTM step is done ahead, the other half stays a "
           "chain. Attention is done at ";
    PlanRequest one = stepsRequest(16);
    one.workers = 1;
    QTest::newRow("one worker") << one << "One worker is never idle, ";
    PlanRequest row = stepsRequest(16);
    row.rows = 1;
    row.subBatches = 1;
    QTest::newRow("one row") << row << "One row is one chain: half of each LSTM step ";
    PlanRequest broken = many;
    broken.brokenLink = 6;
    QTest::newRow("a broken link")
        << broken
        << "With one link broken the LSTM's longest chain is 10 cells instead of 16 and it is done "
           "at ";
    QTest::newRow("one token") << stepsRequest(1) << "One token has no step before it ";
    PlanRequest layers = many;
    layers.lstm.layers = 2;
    layers.attention.layers = 4;
    layers.layer = -1;
    QTest::newRow("all layers")
        << layers
        << "More workers than chains: the LSTM's longest chain is 17 cells, 16 tokens "
           "+ 2 layers − 1; attention's is 4, one a layer, however long the text. ";
    layers.training = true;
    QTest::newRow("training of all layers")
        << layers
        << "Trained, the LSTM is a chain of 34 cells there and back, attention of 8; then 4 ";
    PlanRequest pair = row;
    pair.workers = 2;
    QTest::newRow("one chain and its inputs")
        << pair << "2 workers are busy at least 94 % of the time in both: one chain, ";
}

void TestStepsSentence::isWrittenForEveryPlan()
{
    QFETCH(PlanRequest, request);
    QFETCH(QString, begin);
    const QString sentence = stepsSentence(figuresOf(*plannedPair(request)));
    QVERIFY2(sentence.startsWith(begin), qPrintable(sentence));
    QVERIFY(sentence.endsWith(u'.'));
}

void TestStepsSentence::figuresAreThePlans()
{
    PlanRequest request = stepsRequest(16);
    request.workers = 64;
    const StepsFigures figures = figuresOf(*plannedPair(request));
    QCOMPARE(figures.steps, 16);
    QCOMPARE(figures.rows, 32);
    QCOMPARE(figures.workers, 64);
    QCOMPARE(figures.lstm.work, 64.0); // 16 steps of 4 sub-batches
    QCOMPARE(figures.lstm.span, 8.5);
    QCOMPARE(figures.lstm.finishedAt, 8.5);
    QCOMPARE(figures.lstm.inputShare, 0.5);
    QCOMPARE(figures.lstm.busyShare, 64 / (8.5 * 64));
    QCOMPARE(figures.lstm.parallelism, 64 / 8.5);
}

void TestStepsSentence::aRealRunStandsBesideItsPlan()
{
    MeasuredPair measured;
    measured.nsPerUnit = 50'000;
    measured.plannedUnits = { 96, 60 };
    measured.ns = { 5.1e6, 3.25e6 };
    measured.threads = measured.cores = 2;
    StepsFigures planned;
    planned.workers = 4;
    planned.lstm.finishedAt = 48.5;
    planned.attention.finishedAt = 30;
    QCOMPARE(realRunSentence(planned, measured),
        QStringLiteral("Planned above on 4 imagined workers: LSTM 48.5 units, attention 30. "
                       "On the 2 threads that ran: LSTM 96 units by the plan, measured 5.10 ms = "
                       "102 units; attention 60 units by the plan, measured 3.25 ms = 65 units."));
    measured.threads = 4;
    measured.disturbed = true;
    const QString sentence = realRunSentence(planned, measured);
    QVERIFY(sentence.contains(QStringLiteral(" On the 4 threads of 2 cores that ran: LSTM ")));
    QVERIFY(sentence.endsWith(QStringLiteral(" Other programs disturbed it.")));
}

void TestStepsSentence::numbersAreShownShort_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QString>("ratio");
    QTest::addColumn<QString>("units");
    QTest::addColumn<QString>("text");
    QTest::newRow("whole") << 16.0 << "16"
                           << "16.0"
                           << "16 units";
    QTest::newRow("one") << 1.0 << "1"
                         << "1.0"
                         << "1 unit";
    QTest::newRow("half") << 7.52 << "7.5"
                          << "7.5"
                          << "7.5 units";
    QTest::newRow("thousands") << 2980.63 << "2,980.6"
                               << "2,980.6"
                               << "2,980.6 units";
    QTest::newRow("small") << 0.0042 << "0.004"
                           << "0.004"
                           << "0.004 units";
    QTest::newRow("nothing") << 0.0 << "0"
                             << "0.0"
                             << "0 units";
}

void TestStepsSentence::numbersAreShownShort()
{
    QFETCH(double, number);
    QFETCH(QString, ratio);
    QFETCH(QString, units);
    QFETCH(QString, text);
    QCOMPARE(ratioNumber(number), ratio);
    QCOMPARE(unitsNumber(number), units);
    QCOMPARE(unitsText(number), text);
}

QTEST_APPLESS_MAIN(TestStepsSentence)
#include "tst_steps_sentence.moc"
