// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/selection.h"

#include <QSignalSpy>
#include <QTest>

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

    void aChosenHeadIsNotReplacedByASuggestion()
    {
        Selection selection;
        selection.suggestHead(2, 1);
        QCOMPARE(selection.layer(), 2);
        selection.setHead(0, 3);
        selection.suggestHead(2, 1);
        QCOMPARE(selection.layer(), 0);
        QCOMPARE(selection.head(), 3);
        selection.forgetChosenHead();
        QCOMPARE(selection.head(), 3);
        selection.suggestHead(2, 1);
        QCOMPARE(selection.head(), 1);
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

    /// Row 2 of a text of 5 tokens reads from its third on: at step 2 and 3 its fifth and, wrapping
    /// round, its first. Row 3 would read one more.
    void pinnedWorkPinsWhatItsFirstRowReads()
    {
        Selection selection;
        QSignalSpy changed(&selection, &Selection::changed);
        const PinnedWork work { .window = { 10, 15 }, .steps = { 2, 4 }, .rows = { 2, 4 } };
        selection.pinWork(work);
        selection.pinWork(work);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(selection.pinnedToken(), std::optional<int>(10));
        for (int token = 0; token < 20; ++token)
            QCOMPARE(selection.pins(token), token == 14 || token == 10);
        selection.pinToken(14);
        QCOMPARE(changed.count(), 2);
        QVERIFY(!selection.pinnedWork());
        QVERIFY(!selection.pins(10));
    }

    void workOfAllRowsPinsOnlyItsSteps()
    {
        Selection selection;
        selection.pinWork({ .window = { 2, 40 }, .steps = { 0, 3 }, .rows = { 0, 32 } });
        for (int token = 0; token < 45; ++token)
            QCOMPARE(selection.pins(token), token >= 2 && token < 5);
        selection.limitTokens(39);
        QVERIFY(!selection.pinnedWork());
        selection.clear();
        QVERIFY(!selection.pins(2));
    }
};

QTEST_APPLESS_MAIN(TestSelection)
#include "tst_selection.moc"
