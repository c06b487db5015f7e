// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/race_examples.h"
#include "ui/views/race_baseline.h"

#include <QtTest>

using namespace timestep;

namespace {

RaceMeasurement race(RaceQuestion question = RaceQuestion::Length)
{
    return exampleRace(exampleRequest(question));
}

/// All times of one model, one picture or one length multiplied.
template <typename Predicate>
void slowDown(RaceMeasurement& measurement, double factor, Predicate applies)
{
    for (RacePoint& point : measurement.points) {
        if (!applies(point))
            continue;
        for (double* ms :
            { &point.point.medianMs, &point.point.lowerMedianMs, &point.point.upperMedianMs })
            *ms *= factor;
    }
}

bool isLstm(const RacePoint& point) { return point.places.front().line != RaceLine::Attention; }
bool isAny(const RacePoint&) { return true; }

RaceMeasurement with(RaceMeasurement measurement, const std::function<void(RaceRequest&)>& change)
{
    change(measurement.request);
    return measurement;
}

} // namespace

class RaceBaselineTest : public QObject
{
    Q_OBJECT
private slots:
    void inWords_data()
    {
        QTest::addColumn<RaceMeasurement>("baseline");
        QTest::addColumn<RaceMeasurement>("now");
        QTest::addColumn<QString>("said");
        const QString same
            = "at 64 tokens, 8 rows: both about the same; at 64 tokens, 1 row: both about the same";

        QTest::newRow("nothing differs")
            << race() << race()
            << "Against the baseline (nothing was set otherwise): " + same + '.';

        RaceMeasurement slower = race();
        slowDown(slower, 1.9, isLstm);
        QTest::newRow("settings differ, and the LSTM is faster")
            << with(slower,
                   [](RaceRequest& request) {
                       request.subBatches = 1;
                       request.threads = 1;
                   })
            << race()
            << "Against the baseline (4 sub-batches instead of 1, 2 threads instead of 1): at 64 "
               "tokens, 8 rows: LSTM 1.9 times as fast, attention about the same; at 64 tokens, 1 "
               "row: LSTM 1.9 times as fast, attention about the same.";
        QTest::newRow("both slower, in training")
            << race() <<
            [&] {
                RaceMeasurement now = race();
                now.request.pass = SweepCell::Pass::Training;
                slowDown(now, 3, isAny);
                return now;
            }()
            << "Against the baseline (training instead of reading): at 64 tokens, 8 rows: both "
               "3.0 times as slow; at 64 tokens, 1 row: both 3.0 times as slow.";

        RaceMeasurement noisy = race();
        for (RacePoint& point : noisy.points) {
            point.point.medianMs *= 1.5;
            point.point.upperMedianMs *= 1.6;
        }
        QTest::newRow("medians differ, and the intervals overlap")
            << race() << noisy
            << "Against the baseline (nothing was set otherwise): at 64 tokens, 8 rows: both too "
               "noisy to tell apart; at 64 tokens, 1 row: both too noisy to tell apart.";

        RaceMeasurement few = slower;
        for (RacePoint& point : few.points)
            point.point.repeats = isLstm(point) ? 4 : 5;
        QTest::newRow("fewer than 5 runs")
            << race() << few
            << "Against the baseline (nothing was set otherwise): at 64 tokens, 8 rows: LSTM too "
               "few runs to tell, attention about the same; at 64 tokens, 1 row: LSTM too few runs "
               "to tell, attention about the same.";

        RaceMeasurement little = race();
        slowDown(little, 1.06, isAny);
        QTest::newRow("a small difference has two digits")
            << little << race()
            << "Against the baseline (nothing was set otherwise): at 64 tokens, 8 rows: both 1.06 "
               "times as fast; at 64 tokens, 1 row: both 1.06 times as fast.";

        RaceMeasurement shorter = race();
        std::erase_if(shorter.points, [](const RacePoint& point) {
            return point.point.cell.length > 32 || (isLstm(point) && point.point.cell.length > 16);
        });
        QTest::newRow("the longest length that both models have in both")
            << race() << shorter
            << "Against the baseline (nothing was set otherwise): at 16 tokens, 8 rows: both about "
               "the same; at 16 tokens, 1 row: both about the same.";

        RaceMeasurement lstmOnly = race();
        std::erase_if(lstmOnly.points, [](const RacePoint& point) { return !isLstm(point); });
        QTest::newRow("only one model so far")
            << race() << lstmOnly
            << "Against the baseline (nothing was set otherwise): at 64 tokens, 8 rows: LSTM about "
               "the same; at 64 tokens, 1 row: LSTM about the same.";

        RaceMeasurement nothing = race();
        nothing.points.clear();
        QTest::newRow("nothing measured yet") << race() << nothing
                                              << "Against the baseline (nothing was set "
                                                 "otherwise): nothing was measured in both yet.";

        RaceRequest one = exampleRequest(RaceQuestion::Length);
        one.rows = 1;
        QTest::newRow("one row alone: all rows have nothing beside them")
            << race() << exampleRace(one)
            << "Against the baseline (1 row instead of 8): at 64 tokens, 1 row: both about the "
               "same.";

        RaceRequest many = exampleRequest(RaceQuestion::Length);
        many.rows = 16;
        QTest::newRow("other rows")
            << race() << exampleRace(many)
            << "Against the baseline (16 rows instead of 8): at 64 tokens, all rows: both 2.0 "
               "times as slow; at 64 tokens, 1 row: both about the same.";

        QTest::newRow("models instead of bare layers")
            << race() << with(race(), [](RaceRequest& request) { request.models = examplePair(); })
            << "Against the baseline (lstm-tiny and attention <tiny> instead of bare causal layers "
               "of width 256, 4 heads): "
                + same + '.';
        QTest::newRow("another strategy") << race() << with(race(), [](RaceRequest& request) {
            request.lstmStrategy = Strategy::HiddenSplit;
        }) << "Against the baseline (LSTM hidden-split instead of sub-batch): " + same + '.';

        RaceMeasurement elsewhere = race();
        elsewhere.machine.processor = "Other CPU";
        elsewhere.machine.cores = 1;
        QTest::newRow("another machine")
            << elsewhere << race()
            << "Against the baseline (another machine (Example CPU @ 3.00GHz, 2 cores instead of "
               "Other CPU, 1 core)): "
                + same + '.';
        RaceMeasurement older = race();
        older.machine.version = "0.0.9";
        QTest::newRow("another version")
            << older << race()
            << "Against the baseline (version 0.1.0 instead of 0.0.9): " + same + '.';
        RaceMeasurement reference = race();
        for (RacePoint& point : reference.points)
            point.point.kernel = "reference";
        QTest::newRow("another kernel")
            << reference << race()
            << "Against the baseline (avx2 instead of reference): " + same + '.';

        RaceMeasurement disturbed = race();
        disturbed.disturbed = true;
        QTest::newRow("the baseline was disturbed")
            << disturbed << race()
            << "Against the baseline (nothing was set otherwise): " + same
                + ". The baseline was disturbed: this program did something else meanwhile.";

        QTest::newRow("another question")
            << race(RaceQuestion::Rows) << race()
            << "The baseline is of another question: there is nothing to compare.";
        QTest::newRow("against rows")
            << race(RaceQuestion::Rows) << race(RaceQuestion::Rows)
            << "Against the baseline (nothing was set otherwise): with 64 rows: both about the "
               "same.";
        QTest::newRow("against sub-batches, at another length")
            << race(RaceQuestion::SubBatches)
            << with(race(RaceQuestion::SubBatches),
                   [](RaceRequest& request) { request.speedUpLength = 128; })
            << "Against the baseline (128 tokens instead of 16): in 8 sub-batches: both about the "
               "same.";
        RaceMeasurement memory = race(RaceQuestion::Memory);
        for (RacePoint& point : memory.points)
            point.point.peakBytes *= isLstm(point) ? 1 : 2;
        QTest::newRow("memory")
            << race(RaceQuestion::Memory) << memory
            << "Against the baseline (nothing was set otherwise): memory for reading 64 tokens: "
               "LSTM the same, attention 131 kB instead of 65.5 kB; memory for a training step of "
               "64 "
               "tokens: LSTM the same, attention 131 kB instead of 65.5 kB.";
    }

    void inWords()
    {
        QFETCH(RaceMeasurement, baseline);
        QFETCH(RaceMeasurement, now);
        QFETCH(QString, said);
        QCOMPARE(baselineSentence(baseline, now), said);
    }
};

QTEST_GUILESS_MAIN(RaceBaselineTest)
#include "tst_race_baseline.moc"
