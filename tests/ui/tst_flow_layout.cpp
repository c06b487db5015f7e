// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/flow_layout.h"

#include <QTest>
#include <QWidget>

using namespace timestep;

namespace {

class Box : public QWidget
{
public:
    using QWidget::QWidget;
    QSize sizeHint() const override { return { 100, 20 }; }
    QSize minimumSizeHint() const override { return { 40, 20 }; }
};

} // namespace

class FlowLayoutTest : public QObject
{
    Q_OBJECT
private slots:
    void asManyRowsAsItTakes_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<int>("rows");
        QTest::newRow("one") << 320 << 1;
        QTest::newRow("two") << 319 << 2;
        QTest::newRow("three") << 150 << 3;
        QTest::newRow("narrower than a widget") << 60 << 3;
    }

    void asManyRowsAsItTakes()
    {
        QFETCH(int, width);
        QFETCH(int, rows);
        QWidget window;
        auto* layout = new FlowLayout;
        window.setLayout(layout);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(10);
        for (int box = 0; box < 3; ++box)
            layout->addWidget(new Box(&window));
        QCOMPARE(layout->sizeHint(), QSize(320, 20));
        const int height = rows * 30 - 10;
        QCOMPARE(layout->heightForWidth(width), height);
        layout->setGeometry(QRect(0, 0, width, height));
        QRect before;
        for (int box = 0; box < layout->count(); ++box) {
            const QRect place = layout->itemAt(box)->geometry();
            QVERIFY(QRect(0, 0, width, height).contains(place));
            QVERIFY(!place.intersects(before));
            before = place;
        }
    }

    void whatIsTakenOutIsGone()
    {
        QWidget window;
        auto* layout = new FlowLayout;
        window.setLayout(layout);
        auto* box = new Box(&window);
        layout->addWidget(box);
        delete box;
        QCOMPARE(layout->count(), 0);
        QVERIFY(!layout->itemAt(0));
        QVERIFY(!layout->takeAt(0));
    }
};

QTEST_MAIN(FlowLayoutTest)
#include "tst_flow_layout.moc"
