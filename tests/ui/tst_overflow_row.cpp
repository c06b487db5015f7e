// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/overflow_row.h"

#include <QApplication>
#include <QPushButton>
#include <QtTest>

#include <algorithm>

using namespace timestep;

namespace {

/// A row of buttons in a window.
class Row
{
public:
    Row()
    {
        for (const char* name : { "one", "two", "three", "four" }) {
            auto* button = new QPushButton(QString::fromLatin1(name));
            buttons.push_back(button);
            row.add(button);
        }
        const auto all = row.findChildren<QPushButton*>();
        more = *std::find_if(all.begin(), all.end(),
            [](const QPushButton* button) { return button->text().startsWith("More"); });
        row.show();
        if (!QTest::qWaitForWindowExposed(&row))
            qFatal("no window");
    }

    void setWidth(int width)
    {
        row.resize(width, row.sizeHint().height());
        QCoreApplication::processEvents();
    }
    bool inRow(const QPushButton* button) const
    {
        return button->parentWidget() == &row && row.rect().contains(button->geometry());
    }

    OverflowRow row;
    std::vector<QPushButton*> buttons;
    QPushButton* more;
};

} // namespace

class OverflowRowTest : public QObject
{
    Q_OBJECT
private slots:
    void allAreInTheRowWhereTheyFit()
    {
        Row test;
        test.setWidth(test.row.sizeHint().width());
        QVERIFY(!test.more->isVisible());
        QCOMPARE(test.row.inRow(), 4);
        for (const QPushButton* button : test.buttons)
            QVERIFY2(test.inRow(button), qPrintable(button->text()));
    }

    void theLastGoBehindTheButton()
    {
        Row test;
        test.setWidth(test.row.sizeHint().width() - 1);
        QVERIFY(test.inRow(test.more));
        QVERIFY(test.row.inRow() < 4);
        QRect before;
        for (std::size_t index = 0; index < test.buttons.size(); ++index) {
            const bool row = index < std::size_t(test.row.inRow());
            QCOMPARE(test.inRow(test.buttons[index]), row);
            QCOMPARE(test.buttons[index]->isVisible(), row);
            if (row) {
                QVERIFY(!test.buttons[index]->geometry().intersects(before));
                before = test.buttons[index]->geometry();
            }
        }
        QVERIFY(!test.more->geometry().intersects(before));
        // With room they are back, as they were.
        test.setWidth(test.row.sizeHint().width());
        QVERIFY(!test.more->isVisible());
        for (const QPushButton* button : test.buttons)
            QVERIFY(test.inRow(button) && button->isVisible());
    }

    void theButtonShowsThemUntilOneIsClicked()
    {
        Row test;
        QPushButton* last = test.buttons.back();
        QSignalSpy clicked(last, &QPushButton::clicked);
        test.setWidth(test.row.minimumSizeHint().width());
        QTest::mouseClick(test.more, Qt::LeftButton);
        QTRY_VERIFY(last->isVisible());
        QTest::mouseClick(last, Qt::LeftButton);
        QCOMPARE(clicked.count(), 1);
        QTRY_VERIFY(!last->isVisible());
        QTest::mouseClick(test.more, Qt::LeftButton);
        QTRY_VERIFY(last->isVisible());
        QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Escape);
        QTRY_VERIFY(!last->isVisible());
    }
};

QTEST_MAIN(OverflowRowTest)
#include "tst_overflow_row.moc"
