// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/selection.h"

#include <QSignalSpy>
#include <QtTest>

using namespace timestep;

class TestSelection : public QObject
{
    Q_OBJECT
private slots:
    void startsEmpty()
    {
        const Selection selection;
        QVERIFY(!selection.pinnedToken());
        QVERIFY(!selection.hoveredToken());
        QCOMPARE(selection.layer(), 0);
        QCOMPARE(selection.head(), 0);
    }

    void everyPaneHearsOfAChangeOnce()
    {
        Selection selection;
        QSignalSpy changed(&selection, &Selection::changed);
        selection.pinToken(3);
        selection.pinToken(3);
        QCOMPARE(changed.count(), 1);
        selection.hoverToken(4);
        selection.hoverToken(4);
        QCOMPARE(changed.count(), 2);
        selection.setHead(1, 2);
        selection.setHead(1, 2);
        QCOMPARE(changed.count(), 3);
        QCOMPARE(selection.pinnedToken(), std::optional<int>(3));
        QCOMPARE(selection.hoveredToken(), std::optional<int>(4));
        QCOMPARE(selection.layer(), 1);
        QCOMPARE(selection.head(), 2);
    }

    void clearingKeepsTheHead()
    {
        Selection selection;
        selection.pinToken(3);
        selection.hoverToken(1);
        selection.setHead(1, 2);
        QSignalSpy changed(&selection, &Selection::changed);
        selection.clear();
        QVERIFY(!selection.pinnedToken());
        QVERIFY(!selection.hoveredToken());
        QCOMPARE(selection.head(), 2);
        QCOMPARE(changed.count(), 1);
        selection.clear();
        QCOMPARE(changed.count(), 1);
    }

    void aShorterTextDropsWhatPointsBeyondIt()
    {
        Selection selection;
        selection.pinToken(9);
        selection.hoverToken(2);
        QSignalSpy changed(&selection, &Selection::changed);
        selection.limitTokens(10);
        QCOMPARE(changed.count(), 0);
        selection.limitTokens(9);
        QCOMPARE(changed.count(), 1);
        QVERIFY(!selection.pinnedToken());
        QCOMPARE(selection.hoveredToken(), std::optional<int>(2));
    }
};

QTEST_APPLESS_MAIN(TestSelection)
#include "tst_selection.moc"
