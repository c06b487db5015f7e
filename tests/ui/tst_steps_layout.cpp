// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_layout.h"

#include <QTest>

using namespace timestep;

namespace {

/// Cells of a bar above a larger tier, in both models.
StepsLayoutInput input(int width, int height, int steps, int subBatches, int layers = 1)
{
    StepsLayoutInput input;
    input.size = { width, height };
    input.steps = steps;
    input.lineHeight = 18;
    for (StepsStrips& model : input.models) {
        model.subBatches = subBatches;
        model.layers.assign(std::size_t(layers), { { 1, true }, { 1, false } });
    }
    return input;
}

} // namespace

class TestStepsLayout : public QObject
{
    Q_OBJECT
private slots:
    void showsAllOrSaysHowFarItScrolls_data();
    void showsAllOrSaysHowFarItScrolls();
    void showsAllAtItsLeastWholeHeight_data();
    void showsAllAtItsLeastWholeHeight();
    void everyCellIsFoundUnderItsMiddle_data();
    void everyCellIsFoundUnderItsMiddle();
    void betweenCellsThereIsNothing();
    void allSubBatchesAreShownWhereTheyFit();
    void cellsStayLegible_data();
    void cellsStayLegible();
    void wholeTextGroupsSteps_data();
    void wholeTextGroupsSteps();
    void bothModelsShowTheSameSubBatches();
    void pinnedColumnStaysInView_data();
    void pinnedColumnStaysInView();
    void scrollsNoFartherThanNeeded();
    void partsLieSideBySide();
    void labelsSlantWhereTheyDoNotFit();
};

void TestStepsLayout::showsAllOrSaysHowFarItScrolls_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<int>("subBatches");
    for (const int steps : { 1, 16, 128, 1000 }) {
        for (const int subBatches : { 1, 4, 32 })
            QTest::addRow("%d steps, %d sub-batches", steps, subBatches) << steps << subBatches;
    }
}

void TestStepsLayout::showsAllOrSaysHowFarItScrolls()
{
    QFETCH(int, steps);
    QFETCH(int, subBatches);
    const StepsLayout layout(input(1380, 560, steps, subBatches));
    QCOMPARE(layout.columns(), steps);
    const StepsView end { layout.lastScrollX(), layout.lastFirstSubBatch(), -1 };
    const QRect last = layout.cellRect(1, subBatches - 1, steps - 1, end);
    QVERIFY(layout.stripShows(1, subBatches - 1, end));
    QVERIFY(layout.columnsArea().contains(last));
    QVERIFY(last.bottom() < 560);
    const QRect first = layout.cellRect(0, 0, 0, {});
    QVERIFY(layout.columnsArea().contains(first));
}

void TestStepsLayout::showsAllAtItsLeastWholeHeight_data()
{
    QTest::addColumn<int>("subBatches");
    QTest::addColumn<int>("layers");
    for (const int subBatches : { 2, 4, 32 }) {
        for (const int layers : { 1, 4 })
            QTest::addRow("%d sub-batches, %d layers", subBatches, layers) << subBatches << layers;
    }
}

void TestStepsLayout::showsAllAtItsLeastWholeHeight()
{
    QFETCH(int, subBatches);
    QFETCH(int, layers);
    const int height = StepsLayout(input(1380, 9000, 16, subBatches, layers)).leastWholeHeight();
    const StepsLayout layout(input(1380, height, 16, subBatches, layers));
    QCOMPARE(layout.visibleSubBatches(), subBatches);
    QVERIFY(layout.contentHeight() <= height);
    const StepsLayout lower(input(1380, height - 1, 16, subBatches, layers));
    QVERIFY(lower.visibleSubBatches() < subBatches || lower.stripPitch() < layout.stripPitch());
}

void TestStepsLayout::everyCellIsFoundUnderItsMiddle_data()
{
    QTest::addColumn<int>("scrollX");
    QTest::addColumn<int>("firstSubBatch");
    QTest::newRow("from the start") << 0 << 0;
    QTest::newRow("scrolled") << 333 << 3;
}

void TestStepsLayout::everyCellIsFoundUnderItsMiddle()
{
    QFETCH(int, scrollX);
    QFETCH(int, firstSubBatch);
    const StepsLayout layout(input(900, 420, 200, 32));
    const StepsView view { scrollX, firstSubBatch, -1 };
    int found = 0;
    for (int model = 0; model < 2; ++model) {
        for (int strip = 0; strip < 32; ++strip) {
            if (!layout.stripShows(model, strip, view))
                continue;
            for (int column = 0; column < 200; ++column) {
                const QRect cell = layout.cellRect(model, strip, column, view);
                if (!layout.columnsArea().contains(cell))
                    continue;
                for (int tier = 0; tier < 2; ++tier) {
                    const QRect part = layout.partRect(model, strip, column, tier, 0);
                    const auto spot = layout.spotAt(part.translated(cell.topLeft()).center(), view);
                    QVERIFY(spot);
                    QCOMPARE(*spot, (StepsSpot { model, strip, column, tier, 0 }));
                    ++found;
                }
            }
        }
    }
    QVERIFY(found > 400);
}

void TestStepsLayout::betweenCellsThereIsNothing()
{
    const StepsLayout layout(input(900, 500, 16, 4));
    const QRect cell = layout.cellRect(0, 1, 3, {});
    QVERIFY(layout.spotAt(cell.center(), {}));
    QVERIFY(!layout.spotAt(cell.center() + QPoint(cell.width() / 2 + 2, 0), {}));
    QVERIFY(!layout.spotAt(cell.center() + QPoint(0, cell.height() / 2 + 2), {}));
    QVERIFY(!layout.spotAt(layout.titleRect(1).center(), {}));
    QVERIFY(!layout.spotAt(layout.tokenLabelsRect().center(), {}));
    QVERIFY(!layout.spotAt(layout.rowLabelRect(0, 1, {}).center(), {}));
}

/// All sub-batches at once are worth lower cells, as long as a worker's number has room in one.
void TestStepsLayout::allSubBatchesAreShownWhereTheyFit()
{
    int lowest = 600;
    while (StepsLayout(input(1060, lowest - 1, 19, 4)).shown(0) == 4)
        --lowest;
    const StepsLayout least(input(1060, lowest, 19, 4));
    QVERIFY(least.cellHeight() >= 12);
    const StepsLayout lower(input(1060, lowest - 1, 19, 4));
    QVERIFY(lower.cellHeight() > least.cellHeight()); // then fewer, and those well
}

void TestStepsLayout::cellsStayLegible_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("1280 x 720") << QSize(1060, 360);
    QTest::newRow("1920 x 1080") << QSize(1700, 720);
}

void TestStepsLayout::cellsStayLegible()
{
    QFETCH(QSize, size);
    for (const int steps : { 1, 16, 128, 1000 }) {
        for (const int subBatches : { 1, 4, 32 }) {
            const StepsLayout layout(input(size.width(), size.height(), steps, subBatches));
            QVERIFY(layout.cellWidth() >= 20);
            QVERIFY(layout.tierRect(0, 0, 0, 1).height() >= 12);
            QVERIFY(layout.tierRect(0, 0, 0, 0).height() >= 3);
            QVERIFY(layout.contentHeight() <= size.height());
        }
    }
}

void TestStepsLayout::wholeTextGroupsSteps_data()
{
    QTest::addColumn<int>("steps");
    QTest::addColumn<int>("perCell");
    QTest::newRow("few") << 16 << 1;
    QTest::newRow("128") << 128 << 2;
    QTest::newRow("1,000") << 1000 << 12;
}

void TestStepsLayout::wholeTextGroupsSteps()
{
    QFETCH(int, steps);
    QFETCH(int, perCell);
    StepsLayoutInput all = input(900, 500, steps, 4);
    all.wholeText = true;
    const StepsLayout layout(all);
    QCOMPARE(layout.stepsPerCell(), perCell);
    QCOMPARE(layout.lastScrollX(), 0);
    QVERIFY(layout.cellWidth() >= 6);
    int next = 0;
    for (int column = 0; column < layout.columns(); ++column) {
        QCOMPARE(layout.firstStep(column), next);
        QCOMPARE(layout.columnOf(next), column);
        next = layout.lastStep(column) + 1;
    }
    QCOMPARE(next, steps);
}

void TestStepsLayout::bothModelsShowTheSameSubBatches()
{
    const StepsLayout layout(input(900, 360, 16, 32));
    QVERIFY(layout.lastFirstSubBatch() > 0);
    for (int first = 0; first <= layout.lastFirstSubBatch(); ++first) {
        const StepsView view { 0, first, -1 };
        for (int strip = 0; strip < 32; ++strip)
            QCOMPARE(layout.stripShows(0, strip, view), layout.stripShows(1, strip, view));
        QCOMPARE(layout.stripTop(0, first, view), layout.stripsRect(0).top());
        QCOMPARE(layout.stripTop(1, first, view), layout.stripsRect(1).top());
    }
}

void TestStepsLayout::pinnedColumnStaysInView_data()
{
    QTest::addColumn<int>("pinned");
    QTest::addColumn<int>("scrollX");
    QTest::newRow("right of the view") << 900 << 0;
    QTest::newRow("left of the view") << 3 << 5000;
    QTest::newRow("in view") << 12 << 100;
    QTest::newRow("half out of view") << 3 << 100;
}

void TestStepsLayout::pinnedColumnStaysInView()
{
    QFETCH(int, pinned);
    QFETCH(int, scrollX);
    const StepsLayout layout(input(900, 500, 1000, 4));
    const StepsView view { scrollX, 0, pinned };
    const QRect cell = layout.cellRect(1, 2, pinned, view);
    QVERIFY(layout.columnsArea().contains(cell));
    const auto spot = layout.spotAt(cell.center() + QPoint(0, 3), view);
    QVERIFY(spot);
    QCOMPARE(spot->column, pinned);
}

void TestStepsLayout::scrollsNoFartherThanNeeded()
{
    const StepsLayout layout(input(900, 500, 1000, 4));
    const StepsView view { 2000, 0, -1 };
    const auto [first, last] = layout.visibleColumns(view);
    QCOMPARE(layout.scrollToColumn((first + last) / 2, view), 2000);
    const int right = layout.scrollToColumn(last + 10, view);
    QVERIFY(right > 2000);
    const QRect area = layout.columnsArea();
    QCOMPARE(layout.cellRect(0, 0, last + 10, { right, 0, -1 }).right(), area.right());
    const int left = layout.scrollToColumn(first - 10, view);
    QCOMPARE(layout.cellRect(0, 0, first - 10, { left, 0, -1 }).left(), area.left());
    QCOMPARE(layout.scrollToColumn(0, view), 0);
    QCOMPARE(layout.scrollToColumn(999, view), layout.lastScrollX());
}

void TestStepsLayout::partsLieSideBySide()
{
    StepsLayoutInput split = input(900, 500, 8, 2);
    split.models[0].layers = { { { 4, true }, { 4, false } } };
    const StepsLayout layout(split);
    for (int tier = 0; tier < 2; ++tier) {
        const QRect whole = layout.tierRect(0, 0, 0, tier);
        for (int part = 0; part < 4; ++part) {
            const QRect rect = layout.partRect(0, 0, 0, tier, part);
            QVERIFY(whole.contains(rect));
            if (part > 0)
                QVERIFY(rect.left() > layout.partRect(0, 0, 0, tier, part - 1).right());
            const QRect cell = layout.cellRect(0, 1, 5, {});
            const auto spot = layout.spotAt(rect.translated(cell.topLeft()).center(), {});
            QVERIFY(spot);
            QCOMPARE(*spot, (StepsSpot { 0, 1, 5, tier, part }));
        }
    }
}

void TestStepsLayout::labelsSlantWhereTheyDoNotFit()
{
    StepsLayoutInput wide = input(1380, 560, 16, 4);
    wide.tokenLabelWidth = 50;
    QVERIFY(!StepsLayout(wide).slantedLabels());
    QCOMPARE(StepsLayout(wide).labelStride(), 1);
    wide.tokenLabelWidth = 130;
    const StepsLayout slanted(wide);
    QVERIFY(slanted.slantedLabels());
    QVERIFY(slanted.tokenLabelsRect().height()
        > StepsLayout(input(1380, 560, 16, 4)).tokenLabelsRect().height());
    wide.steps = 1000;
    wide.wholeText = true;
    const StepsLayout grouped(wide);
    QVERIFY(grouped.labelStride() * grouped.columnPitch() >= 18);
}

QTEST_APPLESS_MAIN(TestStepsLayout)
#include "tst_steps_layout.moc"
