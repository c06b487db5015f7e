// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/number_slider.h"

#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace timestep;

class TestNumberSlider : public QObject
{
    Q_OBJECT
private slots:
    void everyNumberIsShownWhereItIsFound_data()
    {
        QTest::addColumn<int>("most");
        for (const int most : { 32, 256, 512 })
            QTest::addRow("1 to %d", most) << most;
    }

    void everyNumberIsShownWhereItIsFound()
    {
        QFETCH(int, most);
        const NumberScale scale(most);
        QCOMPARE(scale.placeOf(1), 0);
        QCOMPARE(scale.placeOf(most), NumberScale::places);
        for (int number = 1; number < most; ++number)
            QVERIFY(scale.placeOf(number) <= scale.placeOf(number + 1));
        for (int number = 1; number <= most; number *= 2)
            QCOMPARE(scale.numberAt(scale.placeOf(number)), number);
    }

    void keysPassRoundNumbers()
    {
        const NumberScale scale(512);
        QList<int> up { 1 };
        while (up.last() < 512)
            up << scale.next(up.last(), 1);
        QCOMPARE(up,
            (QList<int> { 1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512 }));
        QCOMPARE(scale.next(512, 1), 512);
        QCOMPARE(scale.next(1, -1), 1);
        QCOMPARE(scale.next(5, 1), 6);
        QCOMPARE(scale.next(5, -1), 4);
        QCOMPARE(scale.next(512, -1), 384);
    }

    void theEndOfTheScaleMoves()
    {
        NumberSlider slider(QStringLiteral("Threads"), {}, 4);
        slider.setMost(16);
        slider.setNumber(16);
        QCOMPARE(slider.number(), 16);
        QCOMPARE(slider.findChild<QSlider*>()->value(), int(NumberScale::places));
        slider.setMost(4);
        QCOMPARE(slider.number(), 4);
        QCOMPARE(slider.findChild<QSlider*>()->value(), int(NumberScale::places));
    }

    void theUserMovesItByKeysAndTyping()
    {
        NumberSlider slider(QStringLiteral("Rows"), {}, 256);
        slider.setNumber(32);
        slider.show();
        QSignalSpy changed(&slider, &NumberSlider::numberChanged);
        auto* handle = slider.findChild<NumberHandle*>();
        auto* value = slider.findChild<QSpinBox*>();
        QTest::keyClick(handle, Qt::Key_Right);
        QCOMPARE(slider.number(), 48);
        QTest::keyClick(handle, Qt::Key_Left);
        QTest::keyClick(handle, Qt::Key_Left);
        QCOMPARE(slider.number(), 24);
        QCOMPARE(changed.count(), 3);
        value->selectAll();
        QTest::keyClicks(value, QStringLiteral("7"));
        QTest::keyClick(value, Qt::Key_Return);
        QCOMPARE(slider.number(), 7);
        QCOMPARE(changed.last().first().toInt(), 7);
        QTest::keyClick(handle, Qt::Key_End);
        QCOMPARE(slider.number(), 256);
        QTest::keyClick(handle, Qt::Key_Home);
        QCOMPARE(slider.number(), 1);
    }

    void theHandleGoesWhereTheMouseIsPressed()
    {
        NumberSlider slider(QStringLiteral("Workers"), {}, 512);
        slider.resize(300, 60);
        slider.show();
        auto* handle = slider.findChild<NumberHandle*>();
        QTest::mouseClick(
            handle, Qt::LeftButton, {}, QPoint(handle->width() - 2, handle->height() / 2));
        QCOMPARE(slider.number(), 512);
        QTest::mouseClick(handle, Qt::LeftButton, {}, QPoint(2, handle->height() / 2));
        QCOMPARE(slider.number(), 1);
    }

    void theLimitHoldsWhicheverWayItIsChosen()
    {
        NumberSlider slider(QStringLiteral("Sub-batches"), {}, 32);
        slider.setLimit(6);
        slider.show();
        QTest::keyClick(slider.findChild<NumberHandle*>(), Qt::Key_End);
        QCOMPARE(slider.number(), 6);
    }
};

QTEST_MAIN(TestNumberSlider)
#include "tst_number_slider.moc"
