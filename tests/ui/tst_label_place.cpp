// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/label_place.h"

#include <QTest>

using namespace timestep;

class LabelPlaceTest : public QObject
{
    Q_OBJECT
private slots:
    void crossing_data()
    {
        QTest::addColumn<QLineF>("line");
        QTest::addColumn<bool>("crossed");
        QTest::newRow("through") << QLineF(0, 20, 100, 20) << true;
        QTest::newRow("through a corner") << QLineF(5, 18, 18, 5) << true;
        QTest::newRow("ends within") << QLineF(0, 0, 15, 15) << true;
        QTest::newRow("within") << QLineF(12, 12, 20, 20) << true;
        QTest::newRow("beside") << QLineF(0, 0, 100, 9) << false;
        QTest::newRow("ends before") << QLineF(0, 20, 9, 20) << false;
    }

    void crossing()
    {
        QFETCH(QLineF, line);
        QTEST(crosses(line, QRectF(10, 10, 60, 20)), "crossed");
        QCOMPARE(crosses(QLineF(line.p2(), line.p1()), QRectF(10, 10, 60, 20)),
            crosses(line, QRectF(10, 10, 60, 20)));
    }

    void places_data()
    {
        QTest::addColumn<std::vector<QLineF>>("lines");
        const QLineF rising(0, 200, 200, 50);
        const QLineF level(200, 50, 400, 50);
        QTest::newRow("above the end") << std::vector { rising, level };
        QTest::newRow("another line above")
            << std::vector { rising, level, QLineF(200, 40, 400, 40) };
        QTest::newRow("lines on both sides")
            << std::vector { rising, level, QLineF(210, 40, 400, 40), QLineF(200, 60, 400, 60),
                   QLineF(200, 75, 400, 75), QLineF(200, 22, 400, 22) };
        QTest::newRow("to the top edge")
            << std::vector { QLineF(0, 200, 390, 2), QLineF(390, 2, 400, 2) };
    }

    void places()
    {
        QFETCH(std::vector<QLineF>, lines);
        const QRectF area(0, 0, 400, 200);
        std::vector<QRectF> taken;
        const QPointF end(400, lines.size() == 2 && lines[1].y1() == 2 ? 2 : 50);
        for (int name = 0; name < 2; ++name) {
            const auto place = labelPlace(
                QSizeF(100, 18), { lines[0].p1(), lines[0].p2(), end }, area, lines, taken);
            QVERIFY(place && area.contains(*place));
            for (const QLineF& line : lines)
                QVERIFY(!crosses(line, *place));
            for (const QRectF& other : taken)
                QVERIFY(!other.intersects(*place));
            taken.push_back(*place);
        }
    }

    void aLineOfItsOwnIsFollowedToWhereThereIsRoom()
    {
        // Only left of x = 60, below the line, nothing is taken.
        const std::vector<QPointF> own { QPointF(0, 20), QPointF(400, 20) };
        const auto place = labelPlace(QSizeF(50, 18), own, QRectF(0, 0, 400, 100),
            { QLineF(own[0], own[1]) }, { QRectF(60, 0, 340, 100), QRectF(0, 0, 400, 20) });
        QVERIFY(place);
        QVERIFY(place->right() <= 60 && place->top() > 20 && place->top() < 30);
    }

    void noPlaceWhereItWouldNameAnotherLine()
    {
        // Both run together to x = 100, then the other passes between the line and what is free.
        const QLineF together(0, 60, 100, 60);
        const QLineF own(100, 60, 200, 22);
        const QLineF other(100, 60, 200, 30);
        const QRectF area(0, 0, 200, 100);
        const std::vector<QRectF> taken { QRectF(0, 0, 200, 20), QRectF(0, 20, 150, 30) };
        QVERIFY(!labelPlace(QSizeF(50, 18), { together.p1(), together.p2(), own.p2() }, area,
            { together, together, own, other }, taken));
        QVERIFY(labelPlace(QSizeF(50, 18), { together.p1(), together.p2(), other.p2() }, area,
            { together, together, own, other }, taken));
    }

    void withoutRoomThereIsNoPlace()
    {
        std::vector<QLineF> everywhere;
        for (int y = 0; y < 100; y += 5)
            everywhere.emplace_back(0, y, 200, y);
        QVERIFY(!labelPlace(QSizeF(50, 18), { QPointF(0, 60), QPointF(200, 60) },
            QRectF(0, 0, 200, 100), everywhere, {}));
    }
};

QTEST_APPLESS_MAIN(LabelPlaceTest)
#include "tst_label_place.moc"
