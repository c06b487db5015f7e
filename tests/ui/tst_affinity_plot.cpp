// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/affinity_test_run.h"
#include "tests/ui/mouse_move.h"
#include "ui/views/affinity_plot.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QCoreApplication>
#include <QSignalSpy>
#include <QTest>
#include <QToolTip>

using namespace timestep;

namespace {

/// Row t reads everything evenly but for a clear preference for token 0.
AffinityPicturePointer picture(int tokens, bool causal = true)
{
    Matrix<float> affinity = Matrix<float>::Zero(tokens, tokens);
    for (int row = 0; row < tokens; ++row) {
        const int readable = causal ? row + 1 : tokens;
        affinity.row(row).head(readable).setConstant(0.5F / float(readable));
        affinity(row, 0) += 0.5F;
    }
    return firstHeadOf(
        runWithAffinity(std::vector<std::string>(tokens, "word"), affinity, { causal, 0 }));
}

class Window
{
public:
    explicit Window(int tokens, bool dark = false)
    {
        plot.setPalette((dark ? Theme::darkTheme() : Theme::light()).palette());
        plot.resize(700, 700);
        plot.setPicture(picture(tokens));
        plot.show();
        if (!QTest::qWaitForWindowExposed(&plot))
            qFatal("no window");
        QCoreApplication::processEvents();
        canvas = plot.findChild<QWidget*>();
    }

    QPoint middle(int column, int row) const
    {
        const AffinityLayout& parts = plot.geometryOfParts();
        return { parts.columnRect(plot.viewport(), column).center().x(),
            parts.rowRect(plot.viewport(), row).center().y() };
    }

    QRgb colorAt(QPoint position)
    {
        QCoreApplication::processEvents();
        return plot.grab().toImage().pixel(position);
    }

    void wheel(QPoint position, int steps)
    {
        QWheelEvent event(position, plot.mapToGlobal(QPointF(position)), QPoint(),
            QPoint(0, steps * QWheelEvent::DefaultDeltasPerStep), Qt::NoButton, Qt::NoModifier,
            Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(canvas, &event);
        QCoreApplication::processEvents();
    }

    void drag(QPoint from, QPoint to)
    {
        QTest::mousePress(canvas, Qt::LeftButton, {}, from);
        moveMouse(canvas, (from + to) / 2);
        moveMouse(canvas, to);
        QTest::mouseRelease(canvas, Qt::LeftButton, {}, to);
        QCoreApplication::processEvents();
    }

    AffinityPlot plot;
    QWidget* canvas = nullptr;
};

} // namespace

class AffinityPlotTest : public QObject
{
    Q_OBJECT
private slots:
    void cellsHaveTheColoursOfTheirShares_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void cellsHaveTheColoursOfTheirShares()
    {
        QFETCH(bool, dark);
        Window window(16, dark);
        const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
        const ColorScale& colors = ColorScale::blue(dark);
        const float full = 0.5F + 0.5F / 9; // of the ninth row, the largest of the longer half
        QCOMPARE(window.colorAt(window.middle(3, 15)), colors.at(0.5F / 16 * (1 / full)));
        QCOMPARE(window.colorAt(window.middle(0, 15)), colors.at((0.5F + 0.5F / 16) * (1 / full)));
        QCOMPARE(window.colorAt(window.middle(0, 0)), colors.at(1));
        QCOMPARE(window.colorAt(window.middle(9, 3)), theme.window.rgb()); // masked: nothing
    }

    void barsSayWhatTheyMean()
    {
        Window window(16);
        const AffinityLayout& parts = window.plot.geometryOfParts();
        moveMouse(window.canvas, { parts.spread.left() + 4, window.middle(0, 15).y() });
        // 16 shares: one of 0.53125, the others 0.03125: 2.84 of 4 bits.
        QCOMPARE(
            QToolTip::text(), "“word”: spread 0.71. 0 reads a single token, 1 reads all 16 alike.");
        moveMouse(window.canvas, { parts.spread.left() + 4, window.middle(0, 0).y() });
        QCOMPARE(QToolTip::text(), "“word” has only itself to read: no spread.");
        moveMouse(window.canvas, { window.middle(15, 0).x(), parts.received.top() + 4 });
        QVERIFY2(QToolTip::text().startsWith("“word”: received 0.50 times an even share. "),
            qPrintable(QToolTip::text())); // the last column is read by the last row only
        QVERIFY(!window.plot.cell());
    }

    void wordsBesideTheBarsHaveRoom()
    {
        Window window(16);
        window.plot.resize(300, 300);
        QVERIFY(window.plot.geometryOfParts().received.left()
            >= AffinityPainter::captionWidth(smallFont(window.plot.font())));
    }

    void hoverTellsTheCell()
    {
        Window window(16);
        QSignalSpy hovered(&window.plot, &AffinityPlot::rowHovered);
        moveMouse(window.canvas, window.middle(4, 9));
        QCOMPARE(window.plot.cell(), QPoint(4, 9));
        QCOMPARE(hovered.last().first().value<std::optional<int>>(), 9);
        QCOMPARE(window.plot.accessibleDescription(), "“word” copies 0.050 from “word”");
        const QPoint above(window.middle(4, 9) - QPoint(0, 60)); // where the tooltip is
        QCOMPARE(window.colorAt(above), Theme::light().tooltip.rgb());
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(window.canvas, &leave);
        QVERIFY(!window.plot.cell());
        QVERIFY(!hovered.last().first().value<std::optional<int>>());
        QVERIFY(window.colorAt(above) != Theme::light().tooltip.rgb());
    }

    void clickPinsTheRowAndLabelsAreTargetsToo()
    {
        Window window(16);
        QSignalSpy pinned(&window.plot, &AffinityPlot::rowPinned);
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, window.middle(2, 11));
        QCOMPARE(pinned.last().first().toInt(), 11);
        const QRect& cells = window.plot.geometryOfParts().cells;
        QTest::mouseClick(
            window.canvas, Qt::LeftButton, {}, QPoint(cells.left() - 15, window.middle(0, 6).y()));
        QCOMPARE(pinned.last().first().toInt(), 6);
        QTest::mouseClick(
            window.canvas, Qt::LeftButton, {}, QPoint(window.middle(13, 0).x(), cells.top() - 12));
        QCOMPARE(pinned.last().first().toInt(), 13);
    }

    void thePinIsAYellowOutline()
    {
        Window window(16);
        window.plot.setPinnedRow(11);
        const QRect band = window.plot.geometryOfParts().rowRect(window.plot.viewport(), 11);
        QCOMPARE(
            window.colorAt(QPoint(band.center().x(), band.top() - 1)), Theme::light().pin.rgb());
        window.plot.setPinnedRow(std::nullopt);
        QVERIFY(
            window.colorAt(QPoint(band.center().x(), band.top() - 1)) != Theme::light().pin.rgb());
    }

    void wheelZoomsAboutThePointer_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::newRow("16") << 16;
        QTest::newRow("1,024") << 1024;
    }

    void wheelZoomsAboutThePointer()
    {
        QFETCH(int, tokens);
        Window window(tokens);
        const QPoint place = window.middle(tokens / 4, tokens / 2);
        moveMouse(window.canvas, place);
        const auto before = window.plot.cell();
        QVERIFY(before);
        window.wheel(place, 4);
        QVERIFY(window.plot.viewport().extent() < tokens * 0.5);
        const auto after = window.plot.cell();
        QVERIFY(after);
        // Where a pixel stands for several cells, the cell told is the largest of them.
        QVERIFY((*after - *before).manhattanLength() <= (tokens > 700 ? 4 : 0));
        QTest::keyClick(&window.plot, Qt::Key_0);
        QVERIFY(window.plot.viewport().whole());
    }

    void dragMovesThePicture()
    {
        Window window(64);
        QSignalSpy pinned(&window.plot, &AffinityPlot::rowPinned);
        const QPoint centre = window.plot.geometryOfParts().cells.center();
        window.wheel(centre, 5);
        moveMouse(window.canvas, centre);
        const auto held = window.plot.cell();
        window.drag(centre, centre + QPoint(90, -70));
        QCOMPARE(window.plot.cell(), held); // stays under the pointer
        QVERIFY(pinned.isEmpty()); // a drag is no click
        QTest::mouseDClick(window.canvas, Qt::LeftButton, {}, centre);
        QVERIFY(window.plot.viewport().whole());
    }

    void arrowsWalkTheCells()
    {
        Window window(40);
        QSignalSpy pinned(&window.plot, &AffinityPlot::rowPinned);
        window.plot.setFocus();
        QTest::keyClick(&window.plot, Qt::Key_Down);
        QCOMPARE(window.plot.cell(), QPoint(0, 0));
        for (Qt::Key key : { Qt::Key_Down, Qt::Key_Down, Qt::Key_Right, Qt::Key_Up, Qt::Key_Left,
                 Qt::Key_Left, Qt::Key_Right })
            QTest::keyClick(&window.plot, key);
        QCOMPARE(window.plot.cell(), QPoint(1, 1));
        QTest::keyClick(&window.plot, Qt::Key_End);
        QCOMPARE(window.plot.cell(), QPoint(39, 1));
        QTest::keyClick(&window.plot, Qt::Key_Return);
        QCOMPARE(pinned.last().first().toInt(), 1);
        // Out of view it would say nothing: the picture follows.
        window.wheel(window.plot.geometryOfParts().cells.topLeft() + QPoint(2, 2), 8);
        QVERIFY(window.plot.viewport().extent() < 20);
        QCOMPARE(window.plot.cell(), QPoint(0, 0)); // under the pointer
        for (int step = 0; step < 30; ++step)
            QTest::keyClick(&window.plot, Qt::Key_Down);
        QCOMPARE(window.plot.cell(), QPoint(0, 30));
        QVERIFY(window.plot.viewport().cells().contains(QPointF(0.5, 30.5)));
    }

    void textsOfAnyLength_data()
    {
        QTest::addColumn<int>("tokens");
        for (int tokens : { 0, 1, 2, 1000, 3 })
            QTest::addRow("%d tokens", tokens) << tokens;
    }

    void textsOfAnyLength()
    {
        QFETCH(int, tokens);
        Window window(16);
        moveMouse(window.canvas, window.middle(2, 14));
        window.plot.setPinnedRow(15);
        window.plot.setPicture(picture(tokens)); // the pin may lie beyond it now
        QCoreApplication::processEvents();
        const QRect& cells = window.plot.geometryOfParts().cells;
        const bool drawn
            = window.colorAt(cells.topLeft() + QPoint(1, 1)) != Theme::light().window.rgb();
        QCOMPARE(drawn, tokens > 0);
        QTest::keyClick(&window.plot, Qt::Key_Down);
        QTest::mouseClick(window.canvas, Qt::LeftButton, {}, cells.center());
    }
};

QTEST_MAIN(AffinityPlotTest)
#include "tst_affinity_plot.moc"
