// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/pixels_of.h"
#include "ui/views/whole_picture.h"
#include "ui/views/workspace.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QSlider>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <QtTest>

using namespace timestep;

namespace {

QWidget* block(const QColor& color, int height)
{
    auto* widget = new QWidget;
    widget->setFixedHeight(height);
    widget->setAutoFillBackground(true);
    widget->setPalette(QPalette(color));
    return widget;
}

/// A row of controls, a picture of some height, its last line green, and room that is left over.
class TallWorkspace : public Workspace
{
public:
    explicit TallWorkspace(int height)
    {
        auto* column = new QVBoxLayout(this);
        column->setContentsMargins(0, 0, 0, 0);
        auto* controls = new QHBoxLayout(row);
        choice->addItem(QStringLiteral("reading"));
        for (QWidget* control : std::initializer_list<QWidget*> { button, choice, slider })
            controls->addWidget(control);
        column->addWidget(row);
        column->addWidget(block(Qt::red, height));
        column->addWidget(block(Qt::green, 1));
        column->addStretch();
    }

    QString title() const override { return {}; }
    QString sentence() const override { return {}; }
    void setForPicture(bool forPicture) override { laidOut = forPicture; }

    bool laidOut = false;
    QWidget* row = new QWidget;
    QPushButton* button = new QPushButton(QStringLiteral("Start"));
    QComboBox* choice = new QComboBox;
    QSlider* slider = new QSlider(Qt::Horizontal);
};

/// As the window has it.
struct Shown
{
    explicit Shown(int height)
        : workspace(new TallWorkspace(height))
    {
        auto* around = new QVBoxLayout(&window);
        around->addWidget(new QLabel(QStringLiteral("above")));
        around->addWidget(view, 1);
        auto* column = new QVBoxLayout(view);
        column->addWidget(new QLabel(QStringLiteral("sentence")));
        auto* stack = new QStackedWidget;
        page->setWidgetResizable(true);
        page->setWidget(workspace);
        stack->addWidget(page);
        column->addWidget(stack, 1);
        window.resize(400, 300);
        window.show();
        workspace->button->setFocus();
        QCoreApplication::processEvents();
    }

    QString caption() const
    {
        const auto* label = view->findChild<QLabel*>(QStringLiteral("pictureCaption"));
        return label && label->isVisible() ? label->text() : QString();
    }

    QWidget window;
    QWidget* view = new QWidget;
    QScrollArea* page = new QScrollArea;
    TallWorkspace* workspace;
};

} // namespace

class TestWholePicture : public QObject
{
    Q_OBJECT
private slots:
    void itHoldsWhatWouldHaveToBeScrolled()
    {
        Shown shown(900);
        QVERIFY(shown.page->verticalScrollBar()->maximum() > 0);
        const int width = shown.view->width();
        const WholePicture picture(*shown.view, *shown.workspace, QString());
        QCOMPARE(picture.size().width(), width);
        QVERIFY(picture.size().height() > 900);
        QCOMPARE(shown.page->verticalScrollBar()->maximum(), 0);
        const QImage image = shown.view->grab().toImage();
        QCOMPARE(pixelsOf(image, Qt::green), shown.workspace->width()); // the last line
        QVERIFY(pixelsOf(image, Qt::red) >= 900 * shown.workspace->width());
    }

    void itIsNoHigherThanItNeeds()
    {
        Shown shown(50);
        const int before = shown.view->height();
        const WholePicture picture(*shown.view, *shown.workspace, QString());
        QVERIFY(picture.size().height() < before);
        QCOMPARE(pixelsOf(shown.view->grab().toImage(), Qt::green), shown.workspace->width());
    }

    void whatItsControlsSayIsWritten()
    {
        Shown shown(200);
        const WholePicture picture(*shown.view, *shown.workspace, QStringLiteral("reading"));
        QVERIFY(shown.workspace->laidOut);
        for (const QWidget* control : std::initializer_list<QWidget*> {
                 shown.workspace->button, shown.workspace->choice, shown.workspace->slider })
            QVERIFY(!control->isVisible());
        QVERIFY(!shown.workspace->row->isVisible()); // it holds nothing else
        QCOMPARE(shown.caption(), QStringLiteral("reading"));
    }

    void afterwardsAllIsAsItWas()
    {
        Shown shown(900);
        shown.page->verticalScrollBar()->setValue(70);
        const QRect place = shown.view->geometry();
        const QImage before = shown.window.grab().toImage();
        {
            const WholePicture picture(*shown.view, *shown.workspace, QStringLiteral("reading"));
            QVERIFY(shown.view->geometry() != place);
        }
        const auto check = [&] {
            QVERIFY(!shown.workspace->laidOut);
            QCOMPARE(shown.view->geometry(), place);
            QCOMPARE(shown.page->verticalScrollBar()->value(), 70);
            QCOMPARE(shown.window.focusWidget(), shown.workspace->button);
            QCOMPARE(shown.caption(), QString());
            QCOMPARE(shown.window.grab().toImage(), before);
        };
        check();
        QCoreApplication::processEvents(); // and it stays so
        check();
    }

    /// Frames of an animation must not jump.
    void itTakesTheSizeOfAnEarlierOne()
    {
        Shown shown(900);
        const QSize size = WholePicture(*shown.view, *shown.workspace, QString()).size();
        shown.window.resize(500, 400);
        QCOMPARE(WholePicture(*shown.view, *shown.workspace, QStringLiteral("longer"), size).size(),
            size);
    }

    void whatIsCutIsTold()
    {
        Shown shown(WholePicture::mostHeight + 500);
        const WholePicture picture(*shown.view, *shown.workspace, QStringLiteral("reading"));
        QCOMPARE(picture.size().height(), WholePicture::mostHeight);
        QCOMPARE(shown.caption(), QStringLiteral("reading · cut at 8,000 pixels"));
    }
};

QTEST_MAIN(TestWholePicture)
#include "tst_whole_picture.moc"
