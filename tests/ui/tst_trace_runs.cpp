// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/trace_runs.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <random>

using namespace timestep;

namespace {

/// `count` intervals one after the other, now and then with nothing between.
std::vector<LaneInterval> randomIntervals(int count, int longest)
{
    std::mt19937 random(3);
    std::vector<LaneInterval> intervals;
    std::int64_t now = 0;
    for (int i = 0; i < count; ++i) {
        const std::int64_t length = 1 + std::int64_t(random() % unsigned(longest));
        const auto state = random() % 3 == 0 ? LaneState::Barrier : LaneState::Work;
        intervals.push_back({ now, now + length, state == LaneState::Work ? length : 0, i, state });
        now += length + (random() % 4 == 0 ? std::int64_t(random() % 5000) : 0);
    }
    return intervals;
}

} // namespace

class TraceRunsTest : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsDropped_data()
    {
        QTest::addColumn<int>("longest"); // ns
        QTest::addColumn<double>("pixelsPerMs");
        for (const int longest : { 10, 1000, 100'000 })
            for (const double scale : { 0.3, 7.0, 1000.0, 100'000.0 })
                QTest::addRow("%d ns, %g pixels a ms", longest, scale) << longest << scale;
    }
    void nothingIsDropped()
    {
        QFETCH(int, longest);
        QFETCH(double, pixelsPerMs);
        const LaneTimeline lane(randomIntervals(2000, longest));
        const LaneAxis axis { 90.25, pixelsPerMs };
        const double end = axis.pixel(double(lane.intervals().back().endNs) / nsPerMs) + 2;
        const auto runs = traceRuns(lane, axis, axis.left, end);
        // All that can be seen of an interval lies in runs that begin where it does or before.
        std::size_t next = 0; // run
        for (std::size_t i = 0; i < lane.intervals().size(); ++i) {
            const double middle = axis.pixel(
                0.5 * double(lane.intervals()[i].beginNs + lane.intervals()[i].endNs) / nsPerMs);
            while (next < runs.size() && runs[next].right < middle - 1e-6)
                ++next;
            QVERIFY(next < runs.size());
            QVERIFY2(runs[next].left <= middle + 1e-6, qPrintable(QString::number(i)));
        }
        for (const TraceRun& run : runs) {
            QVERIFY(run.right - run.left > 0.999 || !run.thin);
            if (run.thin)
                QVERIFY(
                    run.totals.of(LaneState::Work) > 0 || run.totals.of(LaneState::Barrier) > 0);
        }
        // However many there are, there are no more runs than places for them.
        QVERIFY(double(runs.size()) <= 2 * (end - axis.left) + 2);
    }

    void aPixelTellsItsShares()
    {
        // Two spans of 100 ns and a barrier of 200 ns in a pixel of 1 µs.
        const LaneTimeline lane({ { 2000, 2100, 100, 0, LaneState::Work },
            { 2300, 2500, 0, 1, LaneState::Barrier }, { 2500, 2600, 50, 1, LaneState::Work } });
        const auto runs = traceRuns(lane, { 0, 1000 }, 0, 100);
        QCOMPARE(runs.size(), std::size_t(1));
        QVERIFY(runs[0].thin);
        QCOMPARE(runs[0].left, 2.0);
        QCOMPARE(runs[0].right, 3.0);
        QCOMPARE(runs[0].spans, 2);
        QCOMPARE(runs[0].totals.share(LaneState::Work), 0.15);
        QCOMPARE(runs[0].totals.share(LaneState::WaitingForCore), 0.05);
        QCOMPARE(runs[0].totals.share(LaneState::Barrier), 0.2);
    }

    void whatIsWideEnoughIsDrawnAsItself()
    {
        const LaneTimeline lane({ { 0, 10'000, 10'000, 0, LaneState::Work },
            { 10'000, 10'100, 100, 1, LaneState::Work },
            { 10'100, 30'000, 0, 2, LaneState::Barrier } });
        const auto runs = traceRuns(lane, { 50, 1000 }, 50, 100);
        QCOMPARE(runs.size(), std::size_t(3));
        QCOMPARE(runs[0].left, 50.0);
        QCOMPARE(runs[0].right, 60.0);
        QVERIFY(!runs[0].thin);
        QVERIFY(runs[1].thin);
        QCOMPARE(runs[2].interval, std::size_t(2));
        QCOMPARE(runs[2].right, 80.0);
    }

    void aPartLooksLikeTheSamePartOfAll_data()
    {
        QTest::addColumn<double>("pixelsPerMs");
        for (const double scale : { 20.0, 1000.0, 10'000.0 })
            QTest::addRow("%g pixels a ms", scale) << scale;
    }
    void aPartLooksLikeTheSamePartOfAll()
    {
        QFETCH(double, pixelsPerMs);
        const LaneTimeline lane(randomIntervals(500, 3000));
        const LaneAxis axis { 90.25, pixelsPerMs };
        const double end = axis.pixel(double(lane.intervals().back().endNs) / nsPerMs) + 2;
        const auto all = traceRuns(lane, axis, std::floor(axis.left), end);
        for (double at = 95; at < end; at += 7) {
            const PixelRange part = uncut(lane, axis, { at, at + 5 });
            QVERIFY(part.from <= at && part.to >= at + 5);
            for (const TraceRun& run : traceRuns(lane, axis, part.from, std::min(part.to, end))) {
                if (run.right <= at || run.left >= at + 5)
                    continue;
                const auto same = std::find_if(all.begin(), all.end(), [&](const TraceRun& other) {
                    return qAbs(other.left - run.left) < 1e-9 && other.thin == run.thin;
                });
                QVERIFY2(same != all.end(), qPrintable(QString::number(run.left)));
                QVERIFY(qAbs(same->right - run.right) < 1e-9);
                QCOMPARE(same->interval, run.interval);
            }
        }
    }

    void onlyWhatIsAskedFor()
    {
        const LaneTimeline lane(randomIntervals(1000, 1000));
        const LaneAxis axis { 0, 1000 };
        for (const TraceRun& run : traceRuns(lane, axis, 100, 140)) {
            QVERIFY(run.right >= 100);
            QVERIFY(run.left < 140);
        }
        QVERIFY(traceRuns(LaneTimeline(), axis, 0, 100).empty());
    }
};

QTEST_APPLESS_MAIN(TraceRunsTest)
#include "tst_trace_runs.moc"
