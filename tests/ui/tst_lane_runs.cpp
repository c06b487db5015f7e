// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lane_runs.h"
#include "ui/views/lanes_layout.h"

#include <QTest>

using namespace timestep;

namespace {

LaneSpan span(double begin, double end, int style = 0)
{
    LaneSpan made;
    made.begin = begin;
    made.end = end;
    made.style = style;
    return made;
}

LanesPicture picture(const std::vector<int>& rows)
{
    LanesPicture made;
    for (const int count : rows) {
        LaneGroup group;
        group.duration = 5;
        group.rows.resize(static_cast<std::size_t>(count));
        made.groups.push_back(group);
    }
    return made;
}

} // namespace

class LaneRunsTest : public QObject
{
    Q_OBJECT
private slots:
    void wideSpansAreDrawnEach()
    {
        const std::vector<LaneSpan> spans { span(0, 1, 0), span(1, 3, 1), span(4, 5, 0) };
        const auto runs = laneRuns(spans, { 100, 10 });
        QCOMPARE(runs.size(), std::size_t(3));
        QCOMPARE(runs[1].left, 110.0);
        QCOMPARE(runs[1].right, 130.0);
        QCOMPARE(runs[1].style, 1);
        QVERIFY(!runs[1].thin());
    }

    void noSpanIsDropped_data()
    {
        QTest::addColumn<double>("pixelsPerMs");
        QTest::addColumn<int>("spans");
        for (const double scale : { 0.001, 0.1, 1.0, 10.0, 1000.0 })
            for (const int count : { 1, 7, 1000 })
                QTest::addRow("%g pixels a ms, %d", scale, count) << scale << count;
    }
    void noSpanIsDropped()
    {
        QFETCH(double, pixelsPerMs);
        QFETCH(int, spans);
        std::vector<LaneSpan> all;
        for (int i = 0; i < spans; ++i)
            all.push_back(span(i * 1.1, i * 1.1 + (i % 3 == 0 ? 1.0 : 0.05), i % 4));
        int told = 0;
        double before = -1;
        for (const LaneRun& run : laneRuns(all, { 0, pixelsPerMs })) {
            QCOMPARE(run.first, told);
            told += run.count;
            QVERIFY(run.right - run.left > 1 - 1e-9);
            QVERIFY(run.left > before);
            before = run.left;
        }
        QCOMPARE(told, spans);
    }

    void thinSpansOfOnePixelShareTheStyleOfMostOfIt()
    {
        const std::vector<LaneSpan> spans { span(0, 0.01, 0), span(0.02, 0.06, 1),
            span(0.07, 0.09, 0), span(0.1, 0.13, 2) };
        const auto runs = laneRuns(spans, { 0, 2 });
        QCOMPARE(runs.size(), std::size_t(1));
        QCOMPARE(runs[0].count, 4);
        QCOMPARE(runs[0].style, 1);
        QVERIFY(runs[0].thin());
    }

    void theAxisKeepsItsEndWhileItFits_data()
    {
        QTest::addColumn<double>("needed");
        QTest::addColumn<double>("shown");
        QTest::addColumn<double>("end");
        QTest::newRow("first") << 7.3 << 0.0 << 8.0;
        QTest::newRow("exact") << 4.0 << 0.0 << 4.0;
        QTest::newRow("small") << 0.021 << 0.0 << 0.03;
        QTest::newRow("fits") << 5.0 << 8.0 << 8.0;
        QTest::newRow("outgrown") << 8.1 << 8.0 << 10.0;
        QTest::newRow("much too long") << 2.5 << 8.0 << 3.0;
        QTest::newRow("nothing") << 0.0 << 8.0 << 8.0;
        QTest::newRow("nothing at all") << 0.0 << 0.0 << 1.0;
    }
    void theAxisKeepsItsEndWhileItFits()
    {
        QFETCH(double, needed);
        QFETCH(double, shown);
        QTEST(laneAxisEnd(needed, shown), "end");
    }

    void ticksAreRoundAndFew()
    {
        const auto ticks = laneTicks(0, 8, 8);
        QCOMPARE(ticks.size(), std::size_t(9));
        QCOMPARE(ticks[3], 3.0);
        QVERIFY(laneTicks(0, 0.03, 8).size() <= 9);
        QCOMPARE(laneTicks(0, 0.03, 8).front(), 0.0);
        QCOMPARE(laneTicks(5.5, 8.5, 3), (std::vector<double> { 6, 7, 8 }));
    }

    void lanesLieBelowEachOtherOnOneAxis_data()
    {
        QTest::addColumn<double>("height");
        for (const double height : { 120.0, 200.0, 900.0 })
            QTest::addRow("%g pixels", height) << height;
    }
    void lanesLieBelowEachOtherOnOneAxis()
    {
        QFETCH(double, height);
        const LanesPicture two = picture({ 2, 3 });
        const LanesLayout layout(two, { 500, height }, { 16, 90, { 60, 60 } }, 10);
        double bottom = layout.legend(1).bottom();
        for (std::size_t group = 0; group < 2; ++group) {
            QVERIFY(layout.title(group).top() >= bottom);
            bottom = layout.title(group).bottom();
            for (std::size_t row = 0; row < two.groups[group].rows.size(); ++row) {
                const QRectF lane = layout.lane(group, row);
                QVERIFY(lane.top() >= bottom);
                QCOMPARE(lane.left(), layout.axis().pixel(0));
                QCOMPARE(lane.right(), layout.axis().pixel(5));
                QVERIFY(layout.name(group, row).right() <= lane.left());
                bottom = lane.bottom();
            }
        }
        QVERIFY(layout.axisTop() >= bottom);
        QVERIFY(layout.axis().pixel(10) <= 500);
    }

    void theLegendTakesAsManyLinesAsItNeeds()
    {
        const LanesPicture one = picture({ 1 });
        const LaneMetrics metrics { 16, 90, { 100, 100, 100, 100 } };
        const LanesLayout narrow(one, { 300, 300 }, metrics, 10);
        const LanesLayout wide(one, { 1000, 300 }, metrics, 10);
        QCOMPARE(wide.legend(3).top(), 0.0);
        QCOMPARE(narrow.legend(2).left(), 0.0);
        QVERIFY(narrow.legend(2).top() > narrow.legend(1).top());
        QVERIFY(narrow.title(0).top() > wide.title(0).top());
    }
};

QTEST_GUILESS_MAIN(LaneRunsTest)
#include "tst_lane_runs.moc"
