// SPDX-License-Identifier: GPL-3.0-or-later
#include "training_examples.h"
#include "ui/views/loss_curves.h"
#include "ui/views/training_figures.h"
#include "ui/views/training_sentence.h"

#include <QTest>

#include <algorithm>

using namespace timestep;

namespace {

const TrainingFigure* figure(const std::vector<TrainingFigure>& figures, const QString& name)
{
    const auto found = std::find_if(figures.begin(), figures.end(),
        [&](const TrainingFigure& figure) { return figure.name == name; });
    return found == figures.end() ? nullptr : &*found;
}

} // namespace

class TrainingFiguresTest : public QObject
{
    Q_OBJECT
private slots:
    void curvesHaveLossesAndTheirMean()
    {
        std::vector<double> losses;
        for (int i = 0; i < 30; ++i)
            losses.push_back(i % 2 == 0 ? 1 : 3);
        const LossCurve bySteps = lossCurve(ModelKind::Lstm, pointsOf(losses), LossAxis::Steps);
        QCOMPARE(bySteps.loss, losses);
        QCOMPARE(bySteps.mean[0], 1.0);
        QCOMPARE(bySteps.mean[1], 2.0);
        QCOMPARE(bySteps.mean[29], 2.0);
        QCOMPARE(bySteps.x.back(), 30.0);
        const LossCurve bySeconds
            = lossCurve(ModelKind::Lstm, pointsOf(losses, 20), LossAxis::Seconds);
        QVERIFY(qAbs(bySeconds.x.back() - 0.6) < 1e-12);
    }

    void lossTicksAreRoundAndAFew_data()
    {
        QTest::addColumn<double>("lower");
        QTest::addColumn<double>("upper");
        QTest::addColumn<std::vector<double>>("ticks");
        QTest::newRow("three decades") << 0.01 << 12.0 << std::vector<double> { 0.01, 0.1, 1, 10 };
        QTest::newRow("one decade") << 0.4 << 6.0 << std::vector<double> { 0.5, 1, 2, 5 };
        QTest::newRow("less") << 0.8 << 1.3 << std::vector<double> { 1 };
    }
    void lossTicksAreRoundAndAFew()
    {
        QFETCH(double, lower);
        QFETCH(double, upper);
        QFETCH(std::vector<double>, ticks);
        const std::vector<double> found = lossTicks(lower, upper);
        QCOMPARE(found.size(), ticks.size());
        for (std::size_t i = 0; i < ticks.size(); ++i)
            QVERIFY(qAbs(found[i] / ticks[i] - 1) < 1e-9);
    }

    void aLossIsReachedByAMeanNotByOneLuckyBatch()
    {
        std::vector<double> losses(20, 2.0);
        losses[12] = 0.01;
        QVERIFY(!lossReached(pointsOf(losses), 1));
        losses.insert(losses.end(), 20, 0.5);
        const auto reached = lossReached(pointsOf(losses), 1);
        QVERIFY(reached.has_value());
        QCOMPARE(reached->steps, std::int64_t(27)); // 3 · 2 + 7 · 0.5 = 9.5
        QVERIFY(qAbs(reached->seconds - 0.27) < 1e-12);
        QVERIFY(!lossReached(pointsOf(std::vector<double>(9, 0.0)), 1)); // too few for a mean
        QVERIFY(!lossNow({}));
    }

    void measuresAreOfTheLatestCourseWithoutTracedSteps()
    {
        TrainingProgress progress;
        progress.points = pointsOf(std::vector<double>(30, 1.0), 100);
        for (std::size_t i = 10; i < 30; ++i) {
            progress.points[i].course = 1;
            progress.points[i].step.seconds = i % 4 == 0 ? 5 : 0.004;
            progress.points[i].traced = i % 4 == 0;
            if (i % 4 == 0)
                progress.points[i].step.consolidation = Consolidation { 1000, i == 28 ? 0.5 : 0.1 };
        }
        TrainingCourse course;
        course.rows = 8;
        const TrainingResult result { progress, progress, course, 1, 16 };
        const TrainingMeasures measures = trainingMeasures(progress, result);
        QCOMPARE(*measures.msPerStep, 4.0);
        QCOMPARE(*measures.tokensPerSecond, 32000.0);
        QCOMPARE(measures.consolidation->bytesMoved, std::size_t(1000));
        QVERIFY(qAbs(measures.consolidation->share - 0.18) < 1e-12); // of five
        const TrainingResult next { progress, progress, course, 2, 16 };
        QVERIFY(!trainingMeasures(progress, next).msPerStep);
    }

    void figuresTellWhatWasComparedAndTimed()
    {
        TrainingProgress lstm, attention;
        lstm.points = pointsOf(std::vector<double>(200, 0.25), 4);
        const TrainingCourse course;
        lstm.trial = trialOf(course,
            { timed(ComparedWay::OneThread, 9), timed(ComparedWay::SubBatches, 4.5),
                timed(ComparedWay::HiddenUnits, 6) });
        const TrainingResult result { lstm, attention, course, 0, 16 };
        const auto figures = trainingFigures(result, 1);
        const QString none = QStringLiteral("–");
        QCOMPARE(figure(figures, "loss")->lstm, QString("0.25"));
        QCOMPARE(figure(figures, "loss")->attention, none);
        QCOMPARE(figure(figures, "reached")->lstm, QString("step 10, 0.04 s"));
        QCOMPARE(figure(figures, "a step")->lstm, QString("4 ms"));
        QCOMPARE(figure(figures, "Gradients that differ, of")->lstm, QString("500"));
        QCOMPARE(figure(figures, "on one thread")->lstm, QString("0"));
        QCOMPARE(figure(figures, "batch unsplit")->lstm, QString("321, ≤ 3e-7"));
        QCOMPARE(figure(figures, "summed as they came")->lstm, QString("99, ≤ 1e-7"));
        QCOMPARE(figure(figures, "last layer's order")->lstm, QString("1 0 3 2"));
        QCOMPARE(figure(figures, "4 sub-batches")->lstm, QString("4.5 ms, × 2.00"));
        QCOMPARE(figure(figures, "by hidden units")->attention, none);
        QVERIFY(!figure(figures, "copies apart"));
        const TrainingProgress nothing;
        const TrainingResult empty { nothing, nothing, course, 0, 16 };
        QVERIFY(!figure(trainingFigures(empty, 1), "on one thread"));
    }

    void aTrialOfAnotherSplitTellsNothing()
    {
        TrainingProgress progress;
        TrainingCourse course;
        progress.trial = trialOf(course, { timed(ComparedWay::OneThread, 9) });
        course.learningRate *= 2;
        QVERIFY(currentTrial(progress, course));
        course.subBatches = 7;
        QVERIFY(!currentTrial(progress, course));
    }

    void averagedCopiesTellHowFarApartTheyWere()
    {
        TrainingProgress progress;
        progress.points = pointsOf(std::vector<double>(20, 1.0));
        progress.points[9].step.copiesApart = 0.5;
        progress.points[19].step.copiesApart = 0.012;
        progress.points[14].step.consolidation = Consolidation { 0, 0 };
        progress.points[19].step.consolidation = Consolidation { 4'400'000, 0.02 };
        TrainingCourse course;
        course.way = TrainingWay::AveragedCopies;
        const TrainingResult result { progress, progress, course, 0, 16 };
        const auto figures = trainingFigures(result, 1);
        QCOMPARE(figure(figures, "copies apart")->lstm, QString("1.2 %"));
        QCOMPARE(figure(figures, "bytes moved a step")->lstm, QString("440 kB"));
        QCOMPARE(figure(figures, "share of an averaging step")->lstm, QString("2 %"));
        QVERIFY(trainingSentence(result, true)
                    .replace(QChar(QChar::Nbsp), QLatin1Char(' '))
                    .startsWith("4 copies, averaged every 10 steps: by "
                                "then they are 1.2 % (LSTM)"));
    }

    void sentence_data()
    {
        QTest::addColumn<int>("way");
        QTest::addColumn<int>("subBatches");
        QTest::addColumn<double>("subBatchMs");
        QTest::addColumn<double>("spread");
        QTest::addColumn<bool>("tried");
        QTest::addColumn<QString>("begin");
        const int rows = static_cast<int>(TrainingWay::DataParallel);
        const int units = static_cast<int>(TrainingWay::HiddenUnits);
        QTest::newRow("faster") << rows << 4 << 5.0 << 0.02 << true
                                << "4 sub-batches on 2 threads beside one piece on one: 1.8 times "
                                   "as fast for both. 0 of 1,000 gradients differ";
        QTest::newRow("slower") << rows << 4 << 18.0 << 0.02 << true
                                << "4 sub-batches on 2 threads beside one piece on one: 2.0 times "
                                   "as slow for both.";
        QTest::newRow("too noisy") << rows << 4 << 8.0 << 0.3 << true
                                   << "4 sub-batches on 2 threads beside one piece on one: no "
                                      "certain difference for both.";
        QTest::newRow("not tried")
            << rows << 4 << 8.0 << 0.3 << false << "Both models are being trained in sub-batches.";
        QTest::newRow("one") << rows << 1 << 8.0 << 0.3 << true
                             << "In one sub-batch there is nothing to sum";
        QTest::newRow("units") << units << 4 << 4.5 << 0.02 << true
                               << "Hidden units split over 2 threads train the LSTM: 1.5 times as "
                                  "fast (rows: 2.0 times as fast). 0 of 1,000 gradients differ";
        QTest::newRow("units, not tried")
            << units << 4 << 4.5 << 0.02 << false << "The LSTM's hidden units are split";
    }
    void sentence()
    {
        QFETCH(int, way);
        QFETCH(int, subBatches);
        QFETCH(double, subBatchMs);
        QFETCH(double, spread);
        QFETCH(bool, tried);
        QFETCH(QString, begin);
        TrainingCourse course;
        course.way = static_cast<TrainingWay>(way);
        course.subBatches = subBatches;
        TrainingProgress progress;
        progress.points = pointsOf({ 1, 1, 1 });
        if (tried)
            progress.trial = trialOf(course,
                { timed(ComparedWay::OneThread, 9, spread),
                    timed(ComparedWay::SubBatches, subBatchMs, spread),
                    timed(ComparedWay::HiddenUnits, 6, spread) });
        const TrainingResult result { progress, progress, course, 0, 16 };
        const QString said = trainingSentence(result, true);
        QVERIFY2(said.startsWith(begin), qPrintable(said));
    }

    void beforeAnythingTheSentenceAsks()
    {
        const TrainingProgress nothing;
        const TrainingResult result { nothing, nothing, {}, 0, 16 };
        QVERIFY(trainingSentence(result, false).contains("Press Train"));
        QVERIFY(trainingSentence(result, true).contains("being compared"));
    }
};

QTEST_GUILESS_MAIN(TrainingFiguresTest)
#include "tst_training_figures.moc"
