// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_layout.h"
#include "ui/views/affinity_viewport.h"

#include <QTest>

#include <cmath>

using namespace timestep;

class AffinityViewportTest : public QObject
{
    Q_OBJECT
private slots:
    void zoomKeepsThePointUnderTheCursor()
    {
        AffinityViewport view;
        view.setTokens(1024);
        const double column = 300;
        const double row = 640;
        const auto onScreen = [&] {
            return QPointF(
                (column - view.column()) / view.extent(), (row - view.row()) / view.extent());
        };
        const QPointF before = onScreen();
        for (int step = 0; step < 12; ++step)
            view.zoom(0.8, column, row);
        QVERIFY(view.extent() < 80);
        QVERIFY((onScreen() - before).manhattanLength() < 1e-9);
    }

    void neverLeavesTheMatrix_data()
    {
        QTest::addColumn<int>("tokens");
        for (int tokens : { 0, 1, 3, 16, 1000 })
            QTest::addRow("%d tokens", tokens) << tokens;
    }

    void neverLeavesTheMatrix()
    {
        QFETCH(int, tokens);
        AffinityViewport view;
        view.setTokens(tokens);
        const QRectF matrix(0, 0, tokens, tokens);
        const auto inside = [&] {
            return view.column() >= 0 && view.row() >= 0 && view.column() + view.extent() <= tokens
                && view.row() + view.extent() <= tokens;
        };
        for (double factor : { 0.1, 0.5, 3.0, 0.01, 100.0, 0.3 }) {
            view.zoom(factor, tokens, 0);
            QVERIFY(inside());
            view.pan(tokens / 3.0, -2.0 * tokens);
            QVERIFY(inside());
            view.pan(-10.0 * tokens, tokens / 7.0);
            QVERIFY(inside());
        }
        view.showAll();
        QVERIFY(view.whole());
        QCOMPARE(view.cells(), matrix);
    }

    void aGrowingTextStaysWholeOrWhereItWas()
    {
        AffinityViewport view;
        view.setTokens(10);
        view.setTokens(30);
        QVERIFY(view.whole());
        view.zoom(1.0 / 3, 0, 0);
        const QRectF part = view.cells();
        QCOMPARE(part, QRectF(0, 0, 10, 10));
        view.setTokens(31);
        QCOMPARE(view.cells(), part);
        view.setTokens(5); // no longer there
        QVERIFY(view.whole());
    }

    void revealMovesOnlyAsFarAsNeeded()
    {
        AffinityViewport view;
        view.setTokens(100);
        view.zoom(0.1, 0, 0);
        view.reveal(5, 5);
        QCOMPARE(view.cells(), QRectF(0, 0, 10, 10));
        view.reveal(10, 99);
        QCOMPARE(view.cells(), QRectF(1, 90, 10, 10));
    }

    void pixelsAndCellsAgree_data()
    {
        QTest::addColumn<int>("tokens");
        QTest::addColumn<double>("zoom");
        for (int tokens : { 1, 16, 200, 1024 })
            for (double zoom : { 1.0, 0.37, 0.05 })
                QTest::addRow("%d tokens, zoom %g", tokens, zoom) << tokens << zoom;
    }

    void pixelsAndCellsAgree()
    {
        QFETCH(int, tokens);
        QFETCH(double, zoom);
        AffinityViewport view;
        view.setTokens(tokens);
        view.zoom(zoom, tokens * 0.4, tokens * 0.7);
        const auto layout = AffinityLayout::of(QSize(700, 650), 60, 0, 16);
        for (int row = 0; row < tokens; ++row) {
            const QRect band = layout.rowRect(view, row);
            if (band.height() > 1) // else a pixel stands for several rows
                QCOMPARE(layout.rowAt(view, band.top() + band.height() / 2.0), row);
            if (!band.isEmpty())
                QVERIFY(layout.cells.contains(band));
        }
        QVERIFY(!layout.rowAt(view, layout.cells.top() - 2));
        QVERIFY(!layout.columnAt(view, layout.cells.right() + 3));
    }

    void allPartsAreInsideTheWidget_data()
    {
        QTest::addColumn<QSize>("widget");
        QTest::newRow("wide") << QSize(1200, 500);
        QTest::newRow("high") << QSize(420, 900);
        QTest::newRow("small") << QSize(300, 300);
    }

    void allPartsAreInsideTheWidget()
    {
        QFETCH(QSize, widget);
        const auto layout = AffinityLayout::of(widget, 80, 0, 16);
        const QRect all(QPoint(0, 0), widget);
        QVERIFY(layout.cells.width() > 50);
        QCOMPARE(layout.cells.width(), layout.cells.height());
        for (const QRect& part : { layout.cells, layout.spread, layout.received, layout.note })
            QVERIFY(all.contains(part));
    }

    void labelsDoNotTouch()
    {
        QCOMPARE(labelStride(31, 16), 1);
        QCOMPARE(labelStride(16, 16), 1);
        QCOMPARE(labelStride(9, 16), 2);
        QCOMPARE(labelStride(0.5, 16), 50);
        for (double cell = 0.3; cell < 40; cell *= 1.17) {
            const int stride = labelStride(cell, 16);
            QVERIFY(stride * cell >= 16);
            QVERIFY(stride == 1 || stride * cell <= 16 * 2.5);
        }
    }
};

QTEST_APPLESS_MAIN(AffinityViewportTest)
#include "tst_affinity_viewport.moc"
