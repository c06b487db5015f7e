// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/chip_strip.h"
#include "ui/views/elided_label.h"
#include "ui/views/fonts.h"
#include "ui/views/key_sheet.h"
#include "ui/views/main_window.h"
#include "ui/views/message_bar.h"
#include "ui/views/more_panel.h"
#include "ui/views/number_slider.h"
#include "ui/views/run_bar.h"
#include "ui/views/side_column.h"
#include "ui/views/steps_canvas.h"
#include "ui/views/text_field.h"
#include "ui/views/theme.h"
#include "ui/views/transport_bar.h"
#include "ui/views/whole_picture.h"
#include "ui/views/workspace.h"
#include "ui/views/workspace_tabs.h"
#include "ui/views/workspaces.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTimer>
#include <QWheelEvent>
#include <QWindow>
#include <QtTest>

using namespace timestep;

class TestMainWindow : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_session = std::make_unique<Session>();
        m_session->setText("Ann has the red key");
        m_window = std::make_unique<MainWindow>(*m_session);
        addWorkspaces(*m_window, *m_session);
        m_window->resize(1280, 720);
        m_window->showWorkspace(1);
        m_window->show();
        m_window->activateWindow();
        m_session->openModels({ "untrained" });
        waitUntilIdle();
        m_window->setFocus();
    }

    void cleanup()
    {
        m_window.reset();
        m_session.reset();
    }

    void typingBecomesTokens()
    {
        field()->setFocus();
        field()->selectAll();
        QTest::keyClicks(field(), QStringLiteral(" the the the"));
        waitUntilIdle();
        QCOMPARE(m_session->text(), std::string(" the the the"));
        QCOMPARE(label("tokenCount"), QStringLiteral("3 tokens"));
        QVERIFY(!child<ChipStrip>()->chipRect(2).isEmpty());
        QCOMPARE(m_session->run()->text, std::string(" the the the"));
    }

    void lettersInTheTextFieldAreText()
    {
        field()->setFocus();
        field()->clear();
        QTest::keyClicks(field(), QStringLiteral("1 2, m. ? [L]"));
        QCOMPARE(m_session->text(), std::string("1 2, m. ? [L]"));
        QCOMPARE(m_window->currentWorkspace(), 1);
        QVERIFY(!m_session->clock().playing());
        QVERIFY(m_session->settings().causal);
        QVERIFY(!child<KeySheet>()->isVisible());
    }

    void aPictureHasNothingToClickOrScroll_data()
    {
        QTest::addColumn<int>("workspace");
        for (int number = 1; number <= 6; ++number)
            QTest::addRow("workspace %d", number) << number;
    }

    void aPictureHasNothingToClickOrScroll()
    {
        QFETCH(int, workspace);
        m_window->showWorkspace(workspace);
        Workspace& shown = *m_window->workspace(workspace);
        QTRY_VERIFY(!m_session->busy() && shown.isVisible());
        QWidget& view = *m_window->findChild<QLabel*>(QStringLiteral("sentence"))->parentWidget();
        const QSize before = view.size();
        {
            const WholePicture picture(view, shown, shown.choicesText());
            QCOMPARE(picture.size().width(), before.width());
            QVERIFY(!m_window->workspaceScrolls());
            for (const QWidget* widget : shown.findChildren<QWidget*>()) {
                const bool control = qobject_cast<const QAbstractButton*>(widget)
                    || qobject_cast<const QComboBox*>(widget)
                    || qobject_cast<const QAbstractSpinBox*>(widget)
                    || qobject_cast<const QAbstractSlider*>(widget);
                QVERIFY2(!control || !widget->isVisible(), widget->metaObject()->className());
            }
        }
        QCoreApplication::processEvents();
        QCOMPARE(view.size(), before);
        const QSize size = m_window->wholePictureSize();
        {
            const WholePicture next(view, shown, shown.choicesText(), size);
            QCOMPARE(next.size(), size);
            QVERIFY(!m_window->workspaceScrolls());
        }
        QVERIFY(!shown.findChildren<QAbstractButton*>().isEmpty());
    }

    void controlEnterRunsAllRows()
    {
        QCOMPARE(m_session->run()->rows, 1);
        field()->setFocus();
        QTest::keyClick(field(), Qt::Key_Return, Qt::ControlModifier);
        waitUntilIdle();
        QCOMPARE(m_session->run()->rows, m_session->settings().rows);
    }

    void theButtonRunsAllRows()
    {
        QTest::mouseClick(button("runAllRows"), Qt::LeftButton);
        waitUntilIdle();
        QCOMPARE(m_session->run()->rows, m_session->settings().rows);
    }

    void aRunOfAllRowsIsSeen()
    {
        m_session->setText(longText());
        waitUntilIdle();
        QVERIFY(!runBar()->isVisible());
        QTest::mouseClick(button("runAllRows"), Qt::LeftButton);
        QVERIFY(runBar()->isVisible());
        QVERIFY2(runLine().startsWith(QStringLiteral("Running 32 rows ")), qPrintable(runLine()));
        QVERIFY(button("runAllRows")->text().contains(QStringLiteral("Stop")));
        waitUntilIdle();
        const auto run = m_session->run();
        QCOMPARE(run->rows, 32);
        QVERIFY(!button("runAllRows")->text().contains(QStringLiteral("Stop")));
        const auto threads = int(run->lstm->trace.lanes.size());
        QCOMPARE(runLine(),
            QStringLiteral(
                "32 rows, 4 sub-batches on %1: LSTM %2, attention %3 (one run, measured; "
                "Race repeats and compares)")
                .arg(threadsText(threads), durationText(run->lstm->milliseconds, 3),
                    durationText(run->attention->milliseconds, 3)));
        // Any workspace shows it, and at any size the figures come first.
        QTest::keyClick(m_window.get(), Qt::Key_2);
        QVERIFY(runBar()->isVisible());
    }

    void theLineOfARunGoesWhenItIsNoLongerTrue_data()
    {
        QTest::addColumn<bool>("text");
        QTest::newRow("another text") << true;
        QTest::newRow("other rows") << false;
    }

    void theLineOfARunGoesWhenItIsNoLongerTrue()
    {
        QFETCH(bool, text);
        QTest::keyClick(m_window.get(), Qt::Key_Return, Qt::ControlModifier);
        waitUntilIdle();
        QVERIFY(runBar()->isVisible());
        if (text) {
            field()->setFocus();
            QTest::keyClicks(field(), QStringLiteral("s"));
            waitUntilIdle();
        } else {
            auto* rows = child<NumberSlider>()->findChild<NumberHandle*>();
            QTest::keyClick(rows, Qt::Key_Left);
        }
        QVERIFY(!runBar()->isVisible());
        // Nor does it come back when another run is stopped.
        m_session->toggleAllRows();
        m_session->toggleAllRows();
        waitUntilIdle();
        QVERIFY(!runBar()->isVisible());
    }

    void aRunOfAllRowsCanBeStopped_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("Esc") << 0;
        QTest::newRow("the button again") << 1;
        QTest::newRow("Ctrl+Enter again") << 2;
    }

    void aRunOfAllRowsCanBeStopped()
    {
        QFETCH(int, how);
        m_session->setText(longText());
        waitUntilIdle();
        const auto before = m_session->run();
        field()->setFocus();
        QTest::keyClick(field(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(m_session->runsAllRows());
        if (how == 0)
            QTest::keyClick(field(), Qt::Key_Escape);
        else if (how == 1)
            QTest::mouseClick(button("runAllRows"), Qt::LeftButton);
        else
            QTest::keyClick(field(), Qt::Key_Return, Qt::ControlModifier);
        QVERIFY(!m_session->runsAllRows());
        QVERIFY(!runBar()->isVisible());
        waitUntilIdle();
        QVERIFY(m_session->run() == before);
    }

    void keysDriveTheClock()
    {
        PlaybackClock& clock = m_session->clock();
        QTest::keyClick(m_window.get(), Qt::Key_Space);
        QVERIFY(clock.playing());
        QTest::keyClick(m_window.get(), Qt::Key_Space);
        QVERIFY(!clock.playing());
        QTest::keyClick(m_window.get(), Qt::Key_Home);
        QCOMPARE(clock.time(), 0.0);
        QTest::keyClick(m_window.get(), Qt::Key_Period);
        const double firstMoment = clock.time();
        QVERIFY(firstMoment > 0);
        QTest::keyClick(m_window.get(), Qt::Key_Comma);
        QCOMPARE(clock.time(), 0.0);
        QTest::keyClick(m_window.get(), Qt::Key_End);
        QCOMPARE(clock.time(), clock.duration());
    }

    void aFocusedButtonKeepsItsSpace()
    {
        button("last")->setFocus();
        QTest::keyClick(button("last"), Qt::Key_Space);
        QVERIFY(!m_session->clock().playing());
        QCOMPARE(m_session->clock().time(), m_session->clock().duration());
    }

    void theTransportShowsAndMovesTheClock()
    {
        const PlaybackClock& clock = m_session->clock();
        auto* scrubber = bar()->findChild<QSlider*>(QStringLiteral("scrubber"));
        QTest::mouseClick(
            scrubber, Qt::LeftButton, {}, QPoint(scrubber->width() - 2, scrubber->height() / 2));
        QCOMPARE(clock.time(), clock.duration());
        QCOMPARE(label("time"), QLocale().toString(clock.duration(), 'f', 1));
        QTest::mouseClick(button("first"), Qt::LeftButton);
        QCOMPARE(clock.time(), 0.0);
        QCOMPARE(scrubber->value(), 0);
        QVERIFY(bar()
                    ->findChild<QLabel*>(QStringLiteral("units"))
                    ->accessibleName()
                    .contains(QStringLiteral("1 unit = one LSTM step of 8 rows")));
        QTest::mouseClick(button("play"), Qt::LeftButton);
        QVERIFY(clock.playing());
        QCOMPARE(button("play")->accessibleName(), QStringLiteral("Pause"));
    }

    void numbersShowWorkspaces()
    {
        QTest::keyClick(m_window.get(), Qt::Key_2);
        QCOMPARE(m_window->currentWorkspace(), 2);
        QVERIFY(m_window->workspace(2)->isVisible());
        QVERIFY(!m_window->workspace(1)->isVisible());
        for (const int number : { 3, 4, 5, 6 }) {
            QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_0 + number));
            QCOMPARE(m_window->currentWorkspace(), number);
        }
        QTest::keyClick(m_window.get(), Qt::Key_7); // there is none
        QCOMPARE(m_window->currentWorkspace(), 6);
        auto* tabs = child<WorkspaceTabs>();
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(0).center());
        QCOMPARE(m_window->currentWorkspace(), 1);
    }

    void keysWorkWhateverHasTheFocus()
    {
        // The race has combo boxes, and none of them may keep the digits.
        for (const int key : { Qt::Key_5, Qt::Key_1, Qt::Key_5, Qt::Key_2, Qt::Key_1 }) {
            QTest::keyClick(focused(), static_cast<Qt::Key>(key));
            QCOMPARE(m_window->currentWorkspace(), key - Qt::Key_0);
            QVERIFY(!qobject_cast<QComboBox*>(focused()));
        }
        QTest::keyClick(focused(), Qt::Key_2);
        QTest::keyClick(focused(), Qt::Key_F11);
        QTest::keyClick(focused(), Qt::Key_1);
        QCOMPARE(m_window->currentWorkspace(), 1);
        QTest::keyClick(focused(), Qt::Key_F11);

        m_window->showWorkspace(2);
        auto* choice = m_window->workspace(2)->findChild<QComboBox*>();
        choice->setFocus();
        QTest::keyClick(choice, Qt::Key_BracketRight);
        QCOMPARE(m_session->selection().head(), 1);
        QTest::keyClick(choice, Qt::Key_M);
        QVERIFY(!m_session->settings().causal);
        QCOMPARE(choice->currentIndex(), 0);
        QTest::keyClick(choice, Qt::Key_Down);
        QCOMPARE(choice->currentIndex(), 1); // what is its own stays its own
        QTest::keyClick(choice, Qt::Key_1);
        QCOMPARE(m_window->currentWorkspace(), 1);
        auto* slider = child<NumberHandle>();
        slider->setFocus();
        QTest::keyClick(slider, Qt::Key_2);
        QCOMPARE(m_window->currentWorkspace(), 2);
    }

    void homeAndEndAreTheClocks()
    {
        auto& canvas = *m_window->workspace(1)->findChild<StepsCanvas*>();
        PlaybackClock& clock = m_session->clock();
        QTest::keyClick(m_window.get(), Qt::Key_1);
        QCOMPARE(focused(), &canvas);
        QTest::keyClick(&canvas, Qt::Key_Right);
        QTest::keyClick(&canvas, Qt::Key_End);
        QCOMPARE(clock.time(), clock.duration());
        QCOMPARE(canvas.scene().keyboardSpot->column, 0);
        QTest::keyClick(&canvas, Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(canvas.scene().keyboardSpot->column, canvas.scene().layout.columns() - 1);
        QTest::keyClick(&canvas, Qt::Key_Home);
        QCOMPARE(clock.time(), 0.0);
        QTest::keyClick(&canvas, Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(canvas.scene().keyboardSpot->column, 0);
    }

    void escapeClearsTheCursor_data()
    {
        QTest::addColumn<int>("workspace");
        QTest::newRow("steps") << 1;
        QTest::newRow("attention") << 2;
    }

    void escapeClearsTheCursor()
    {
        QFETCH(int, workspace);
        QTest::keyClick(m_window.get(), static_cast<Qt::Key>(Qt::Key_0 + workspace));
        QWidget* picture = focused();
        QCoreApplication::processEvents();
        const QImage before = picture->grab().toImage();
        QTest::keyClick(picture, Qt::Key_Right);
        QTest::keyClick(picture, Qt::Key_Right);
        QCoreApplication::processEvents();
        QVERIFY(picture->grab().toImage() != before);
        QTest::keyClick(picture, Qt::Key_Escape);
        QCoreApplication::processEvents();
        QVERIFY(picture->grab().toImage() == before);
        QVERIFY(!m_session->selection().hoveredToken());
    }

    void aLongerSentenceLeavesNothingBehind_data()
    {
        QTest::addColumn<int>("workspace");
        for (int number = 1; number <= 6; ++number)
            QTest::addRow("%d", number) << number;
    }
    /// What is on the screen is what the widgets are, once all of them have moved.
    void aLongerSentenceLeavesNothingBehind()
    {
        QFETCH(int, workspace);
        m_window->showWorkspace(workspace);
        auto* sentence = m_window->findChild<QLabel*>(QStringLiteral("sentence"));
        sentence->setText(QStringLiteral("short"));
        QTest::qWait(20);
        sentence->setText(QStringLiteral("much longer ").repeated(30));
        QTest::qWait(20);
        const auto onScreen = [this] {
            return m_window->screen()
                ->grabWindow(m_window->winId())
                .toImage()
                .convertToFormat(QImage::Format_RGB32);
        };
        const auto afresh
            = [this] { return m_window->grab().toImage().convertToFormat(QImage::Format_RGB32); };
        QTRY_VERIFY(onScreen() == afresh());
    }

    void theSentenceIsThatOfTheWorkspace()
    {
        for (const int number : { 1, 2 }) {
            m_window->showWorkspace(number);
            QVERIFY(!m_window->workspace(number)->sentence().isEmpty());
            QCOMPARE(label("sentence"),
                withUnbrokenQuantities(m_window->workspace(number)->briefSentence()));
        }
    }

    void theTransportIsThereForClocksOnly()
    {
        for (const int number : { 1, 2, 4, 5 }) {
            m_window->showWorkspace(number);
            int transports = 0;
            for (const TransportBar* transport : m_window->findChildren<TransportBar*>())
                transports += transport->isVisible() ? 1 : 0;
            QCOMPARE(transports, m_window->workspace(number)->clock() ? 1 : 0);
        }
    }

    void bracketsChooseHeadAndLayer()
    {
        m_window->showWorkspace(2);
        const Selection& selection = m_session->selection();
        const ModelShape& shape = m_session->models().attention->shape;
        QTest::keyClick(m_window.get(), Qt::Key_BracketRight);
        QCOMPARE(selection.head(), 1);
        QTest::keyClick(m_window.get(), Qt::Key_BraceRight, Qt::ShiftModifier);
        QCOMPARE(selection.layer(), 1);
        for (int i = 0; i < 50; ++i)
            QTest::keyClick(m_window.get(), Qt::Key_BracketRight);
        QCOMPARE(selection.head(), shape.heads - 1);
        QTest::keyClick(m_window.get(), Qt::Key_BracketLeft);
        QCOMPARE(selection.head(), shape.heads - 2);
    }

    void bracesChooseTheLayerThatIsPlanned()
    {
        QTest::keyClick(m_window.get(), Qt::Key_BraceRight, Qt::ShiftModifier);
        waitUntilIdle();
        QCOMPARE(m_session->settings().plannedLayer, 1);
        QCOMPARE(m_session->plannedPair()->layer, 1);
        for (int i = 0; i < 3; ++i)
            QTest::keyClick(m_window.get(), Qt::Key_BraceLeft, Qt::ShiftModifier);
        QCOMPARE(m_session->settings().plannedLayer, -1); // all layers
    }

    void mTurnsTheMaskOff()
    {
        QTest::keyClick(m_window.get(), Qt::Key_M);
        QVERIFY(!m_session->settings().causal);
        waitUntilIdle();
        const Affinities& affinities = *m_session->run()->attention->recording.affinities;
        QVERIFY(affinities.share({ 0, 0 }, 0, affinities.tokens() - 1)
            > 0); // the first token looks ahead
    }

    void lPinsAndEscapeClears()
    {
        m_session->selection().hoverToken(2);
        QTest::keyClick(m_window.get(), Qt::Key_L);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(2));
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(!m_session->selection().pinnedToken());
    }

    void escapeWorksFromTheTextField()
    {
        m_session->selection().pinToken(1);
        field()->setFocus();
        QTest::keyClick(field(), Qt::Key_Escape);
        QVERIFY(!m_session->selection().pinnedToken());
    }

    void escapeLeadsOutOfTheTextFieldToThePicture()
    {
        field()->setFocus();
        QTest::keyClick(field(), Qt::Key_Space);
        QVERIFY(!m_session->clock().playing());
        m_session->selection().pinToken(1);
        QTest::keyClick(field(), Qt::Key_Escape);
        QVERIFY(field()->hasFocus()); // first the pin goes
        QTest::keyClick(field(), Qt::Key_Escape);
        QVERIFY(m_window->workspace(1)->isAncestorOf(focused()));
        QTest::keyClick(focused(), Qt::Key_Space);
        QVERIFY(m_session->clock().playing());
        QTest::keyClick(focused(), Qt::Key_2);
        QCOMPARE(m_window->currentWorkspace(), 2);
    }

    void shortcutsActInEveryField()
    {
        QList<QWidget*> fields { field() };
        for (auto* box : m_window->findChildren<QAbstractSpinBox*>())
            if (box->isVisible())
                fields.append(box);
        QVERIFY(fields.size() > 3);
        for (QWidget* widget : fields) {
            m_window->activateWindow(); // the dialog was
            QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
            widget->setFocus();
            QVERIFY(widget->hasFocus());
            for (const bool shown : { true, false }) {
                QTest::keyClick(widget, Qt::Key_F1);
                QCOMPARE(child<KeySheet>()->isVisible(), shown);
            }
            bool asked = false;
            QTimer::singleShot(0, this, [&asked] {
                for (QWidget* top : QApplication::topLevelWidgets()) {
                    auto* dialog = qobject_cast<QDialog*>(top);
                    if (dialog && dialog->isVisible()) {
                        asked = true;
                        dialog->reject();
                    }
                }
            });
            QTest::keyClick(widget, Qt::Key_E, Qt::ControlModifier);
            QTRY_VERIFY2(asked, qPrintable(widget->accessibleName()));
        }
    }

    void slidersFollowKeysAndLimitEachOther()
    {
        auto sliders = m_window->findChildren<NumberSlider*>();
        sliders.removeIf([](const NumberSlider* slider) { return !slider->isVisible(); });
        QCOMPARE(sliders.size(), 3); // threads are set where they are measured
        auto* workers = sliders[2]->findChild<NumberHandle*>();
        workers->setFocus();
        QTest::keyClick(workers, Qt::Key_Right);
        QCOMPARE(m_session->settings().workers, 6);
        waitUntilIdle();
        QCOMPARE(m_session->plannedPair()->workers, 6);
        QTest::keyClick(sliders[0]->findChild<NumberHandle*>(), Qt::Key_Home);
        QCOMPARE(m_session->settings().rows, 1);
        QCOMPARE(sliders[1]->number(), 1);
        waitUntilIdle();
        QCOMPARE(m_session->plannedPair()->lstm.plan.cut().subBatches, 1);
        // What was chosen comes back with the rows.
        QTest::keyClick(sliders[0]->findChild<NumberHandle*>(), Qt::Key_End);
        QCOMPARE(sliders[1]->number(), 4);
        waitUntilIdle();
        QCOMPARE(m_session->plannedPair()->lstm.plan.cut().subBatches, 4);
    }

    void twiceTheTextIsTwiceTheWords()
    {
        QTest::mouseClick(button("twiceTheText"), Qt::LeftButton);
        QCOMPARE(m_session->text(), std::string("Ann has the red key Ann has the red key"));
        QCOMPARE(field()->bytes(), m_session->text());
    }

    void moreOpensAndClosesByKeyboard()
    {
        button("moreButton")->setFocus();
        QTest::keyClick(button("moreButton"), Qt::Key_Space);
        QVERIFY(child<MorePanel>()->isVisible());
        QVERIFY(m_window->rect().contains(child<MorePanel>()->geometry()));
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(!child<MorePanel>()->isVisible());
    }

    void anErrorIsShownAndTakesNothingAway()
    {
        const auto before = m_session->run();
        m_session->openModels({ "/nowhere/model" });
        waitUntilIdle();
        QVERIFY(child<MessageBar>()->message().contains(QStringLiteral("/nowhere/model")));
        QVERIFY(m_session->run() == before);
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(child<MessageBar>()->message().isEmpty());
    }

    void questionMarkShowsAllKeys()
    {
        QTest::keyClick(m_window.get(), Qt::Key_Question, Qt::ShiftModifier);
        auto* sheet = child<KeySheet>();
        QVERIFY(sheet->isVisible());
        QVERIFY(m_window->rect().contains(
            QRect(sheet->mapTo(m_window.get(), QPoint()), sheet->size())));
        QVERIFY(sheet->findChildren<QLabel*>().size() > 20);
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(!sheet->isVisible());
    }

    void themesFollowTheChoice()
    {
        for (const bool dark : { true, false }) {
            ViewSettings view = m_window->viewSettings();
            view.theme = dark ? ThemeChoice::Dark : ThemeChoice::Light;
            m_window->setViewSettings(view);
            const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
            for (QWidget* widget : { static_cast<QWidget*>(m_window->workspace(1)),
                     static_cast<QWidget*>(child<ChipStrip>()) })
                QCOMPARE(Theme::of(widget->palette()).dark, dark);
            const QImage picture = m_window->grab().toImage();
            QCOMPARE(picture.pixelColor(picture.width() / 2, 3), theme.panel);
        }
    }

    void theSystemsThemeComesBack()
    {
        QVERIFY(!Theme::of(m_window->palette()).dark); // what the offscreen platform has
        ViewSettings view = m_window->viewSettings();
        view.theme = ThemeChoice::Dark;
        m_window->setViewSettings(view);
        QVERIFY(Theme::of(m_window->palette()).dark);
        view.theme = ThemeChoice::System;
        m_window->setViewSettings(view);
        QVERIFY(!Theme::of(m_window->palette()).dark);
    }

    void letterSizeFollowsTheKeys()
    {
        const int before
            = m_window->findChild<QLabel*>(QStringLiteral("sentence"))->fontInfo().pixelSize();
        for (int i = 0; i < 4; ++i)
            QTest::keyClick(m_window.get(), Qt::Key_Plus, Qt::ControlModifier);
        const int larger
            = m_window->findChild<QLabel*>(QStringLiteral("sentence"))->fontInfo().pixelSize();
        QVERIFY2(larger > before, qPrintable(QStringLiteral("%1, %2").arg(before).arg(larger)));
        QTest::keyClick(m_window.get(), Qt::Key_0, Qt::ControlModifier);
        QCOMPARE(m_window->findChild<QLabel*>(QStringLiteral("sentence"))->fontInfo().pixelSize(),
            before);
    }

    void handlesAreRoundAtAnySize()
    {
        auto* scrubber = bar()->findChild<QSlider*>(QStringLiteral("scrubber")); // at 0
        for (int larger = 0; larger < 8; ++larger) {
            for (QSlider* slider : { static_cast<QSlider*>(child<NumberHandle>()), scrubber }) {
                for (const bool focus : { false, true }) {
                    if (focus)
                        slider->setFocus();
                    else
                        m_window->setFocus();
                    // Its outermost colour reaches all four sides, but no corner.
                    const Theme& theme = Theme::of(m_window->palette());
                    const QColor color = focus ? theme.secondaryText : theme.button;
                    const QImage picture = slider->grab().toImage();
                    const QRect handle = bounds(picture, color);
                    QVERIFY(handle.width() > 8 && handle.height() > 8);
                    for (const QPoint corner : { handle.topLeft(), handle.topRight(),
                             handle.bottomLeft(), handle.bottomRight() }) {
                        QVERIFY2(picture.pixelColor(corner) != color,
                            qPrintable(QStringLiteral("%1 steps larger").arg(larger)));
                    }
                }
            }
            QTest::keyClick(m_window.get(), Qt::Key_Plus, Qt::ControlModifier);
        }
    }

    void whatIsPlannedSaysSo()
    {
        for (const QSize size : { QSize(900, 600), QSize(1280, 720), QSize(1920, 1080) }) {
            m_window->resize(size);
            QCoreApplication::processEvents();
            auto* canvas = m_window->workspace(1)->findChild<StepsCanvas*>();
            const QRect corner = canvas->scene().layout.cornerRect();
            const QRegion seen = canvas->viewport()->visibleRegion(); // not scrolled away
            QCOMPARE(seen.intersected(corner).boundingRect(), corner);
            const QSize words = QFontMetrics(smallFont(canvas->font())).size(0, sourceText(false));
            QVERIFY(corner.width() >= words.width() && corner.height() >= words.height());
            const QImage picture = canvas->viewport()->grab(corner).toImage();
            QVERIFY(bounds(picture, Theme::of(m_window->palette()).secondaryText).width()
                > words.width() / 2);
        }
    }

    void theWheelScrollsAndChangesNothingInPassing()
    {
        m_window->resize(900, 600);
        m_window->showWorkspace(2);
        auto* column = m_window->workspace(2)->findChild<SideColumn*>();
        QScrollBar* bar = column->verticalScrollBar();
        QTRY_VERIFY(bar->maximum() > 0);
        auto* shading = column->findChild<QComboBox*>();
        column->ensureWidgetVisible(shading);
        const int before = bar->value();
        turnWheel(*shading, before == bar->maximum() ? 1 : -1);
        QCOMPARE(shading->currentIndex(), 0);
        QVERIFY(!shading->hasFocus());
        QVERIFY(bar->value() != before);
        shading->setFocus(); // whoever chose it may go on with the wheel
        turnWheel(*shading, -1);
        QCOMPARE(shading->currentIndex(), 1);
        auto* rows = child<NumberSlider>();
        const int number = rows->number();
        for (QWidget* part : { static_cast<QWidget*>(rows->findChild<QAbstractSpinBox*>()),
                 static_cast<QWidget*>(rows->findChild<NumberHandle*>()) })
            turnWheel(*part, -1);
        QCOMPARE(rows->number(), number);
    }

    void theSmallestWindowScrollsOneWayOnly()
    {
        m_window->resize(900, 600);
        for (const int number : { 1, 2, 3 }) {
            m_window->showWorkspace(number);
            QCoreApplication::processEvents();
            auto* outer = qobject_cast<QScrollArea*>(
                m_window->workspace(number)->parentWidget()->parentWidget());
            QVERIFY(outer);
            QCOMPARE(outer->horizontalScrollBar()->maximum(), 0);
            if (number == 1)
                QCOMPARE(outer->verticalScrollBar()->maximum(), 0); // the picture has its own
        }
    }

    void aLowWindowTellsTheRaceInFewWords()
    {
        m_window->showWorkspace(5);
        Workspace* race = m_window->workspace(5);
        for (QComboBox* box : race->findChildren<QComboBox*>())
            if (box->accessibleName().startsWith("Against what"))
                box->setCurrentIndex(box->count() - 1); // memory: told without measuring
        auto* sentence = m_window->findChild<QLabel*>(QStringLiteral("sentence"));
        m_window->resize(1280, 720);
        QTRY_COMPARE(sentence->text(), withUnbrokenQuantities(race->sentence()));
        QVERIFY(sentence->toolTip().isEmpty());
        m_window->resize(900, 600);
        QTRY_COMPARE(sentence->text(), withUnbrokenQuantities(race->briefSentence()));
        QVERIFY(race->briefSentence() != race->sentence());
        QCOMPARE(sentence->toolTip(), race->sentence());
        QTRY_VERIFY2(sentence->height() <= 3 * sentence->fontMetrics().lineSpacing() + 2,
            qPrintable(QString("%1, a line %2: %3")
                           .arg(sentence->height())
                           .arg(sentence->fontMetrics().lineSpacing())
                           .arg(sentence->text())));
    }

    void presentationHidesTheSidePane()
    {
        QTest::keyClick(m_window.get(), Qt::Key_F11);
        QVERIFY(m_window->isFullScreen());
        QVERIFY(!child<NumberSlider>()->isVisible());
        QVERIFY(m_window->viewSettings().nextTokenFolded);
        QCOMPARE(QFontInfo(m_window->workspace(1)->font()).pixelSize(), 24);
        const auto* sentence = m_window->findChild<QLabel*>(QStringLiteral("sentence"));
        QCOMPARE(sentence->fontInfo().pixelSize(), 32);
        QTest::keyClick(m_window.get(), Qt::Key_Escape);
        QVERIFY(!m_window->isFullScreen());
        QVERIFY(!m_window->viewSettings().nextTokenFolded);
        QVERIFY(child<NumberSlider>()->isVisible());
    }

    void nothingIsCutOff_data()
    {
        QTest::addColumn<QSize>("size");
        for (const QSize size : { QSize(900, 600), QSize(1280, 720), QSize(1920, 1080) })
            QTest::addRow("%dx%d", size.width(), size.height()) << size;
    }

    void nothingIsCutOff()
    {
        QFETCH(QSize, size);
        m_window->resize(size);
        QCoreApplication::processEvents();
        QCOMPARE(m_window->size(), size); // no widget needs more
        QVERIFY(child<WorkspaceTabs>()->width()
            >= child<WorkspaceTabs>()->tabRect(child<WorkspaceTabs>()->count() - 1).right());
        for (const QWidget* widget : controls()) {
            const QRect rect(widget->mapTo(m_window.get(), QPoint()), widget->size());
            QVERIFY2(m_window->rect().contains(rect), widget->metaObject()->className());
            const auto* pushButton = qobject_cast<const QPushButton*>(widget);
            if (pushButton && !pushButton->text().isEmpty()) {
                QVERIFY2(pushButton->width()
                        >= pushButton->fontMetrics().horizontalAdvance(pushButton->text()),
                    qPrintable(pushButton->text()));
            }
        }
    }

    void everyControlHasANameForScreenReaders()
    {
        QTest::mouseClick(button("moreButton"), Qt::LeftButton);
        for (const QWidget* widget : controls()) {
            const auto* named = qobject_cast<const QAbstractButton*>(widget);
            const QString name = widget->accessibleName().isEmpty() && named
                ? named->text()
                : widget->accessibleName();
            QVERIFY2(!name.isEmpty(),
                qPrintable(QStringLiteral("%1 %2").arg(
                    QLatin1String(widget->metaObject()->className()), widget->objectName())));
        }
    }

    void tabReachesEveryControlOfTheFrame()
    {
        QSet<const QWidget*> reached;
        field()->setFocus();
        for (int i = 0; i < 60; ++i) {
            reached << QApplication::focusWidget();
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
        }
        QVERIFY(reached.contains(button("runAllRows")));
        QVERIFY(reached.contains(child<ChipStrip>()));
        QVERIFY(reached.contains(child<NumberHandle>()));
        QVERIFY(reached.contains(button("moreButton")));
        QVERIFY(reached.contains(child<WorkspaceTabs>()));
        QVERIFY(reached.contains(button("play")));
    }

    void theWindowMayCloseDuringARun()
    {
        m_session->setText(std::string(4000, 'x'));
        m_session->runAllRows();
        QVERIFY(m_session->busy());
        QSignalSpy runs(m_session.get(), &Session::runChanged);
        m_window->close();
        m_window.reset();
        m_session.reset();
        QCoreApplication::processEvents();
        QCOMPARE(runs.count(), 0);
    }

private:
    void waitUntilIdle()
    {
        QVERIFY(QTest::qWaitFor([this] { return !m_session->busy(); }, 60000));
    }

    template <typename Widget>
    Widget* child() const
    {
        return m_window->findChild<Widget*>();
    }

    /// Around the pixels of a colour.
    static QRect bounds(const QImage& image, const QColor& color)
    {
        QRect found;
        for (int y = 0; y < image.height(); ++y) {
            for (int x = 0; x < image.width(); ++x) {
                if (image.pixelColor(x, y) == color)
                    found = found.united(QRect(x, y, 1, 1));
            }
        }
        return found;
    }

    static std::string longText()
    {
        std::string text;
        for (int i = 0; i < 24; ++i)
            text += "Ann has the red key and Bob has the blue key. ";
        return text;
    }

    RunBar* runBar() const { return child<RunBar>(); }

    QString runLine() const
    {
        return m_window->findChild<ElidedLabel*>(QStringLiteral("runLine"))->fullText();
    }

    /// As a mouse does over the middle of a widget, through the window.
    void turnWheel(QWidget& widget, int notches)
    {
        const QPoint place = widget.mapTo(m_window.get(), widget.rect().center());
        QWheelEvent turned(place, m_window->mapToGlobal(QPointF(place)), {}, { 0, 120 * notches },
            Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QSpontaneKeyEvent::setSpontaneous(&turned); // only such a one is offered to what is around
        qApp->notify(m_window->windowHandle(), &turned);
    }

    QWidget* focused() const
    {
        QWidget* widget = m_window->focusWidget();
        return widget ? widget : m_window.get();
    }

    TextField* field() const { return child<TextField>(); }

    /// In the frame of the window, or else in the bar of the workspace in front.
    QPushButton* button(const char* name) const
    {
        auto* found = bar()->findChild<QPushButton*>(QLatin1String(name));
        return found ? found : m_window->findChild<QPushButton*>(QLatin1String(name));
    }

    QString label(const char* name) const
    {
        const auto* found = bar()->findChild<QLabel*>(QLatin1String(name));
        return (found ? found : m_window->findChild<QLabel*>(QLatin1String(name)))->text();
    }

    /// Of the workspace in front; where it has none, that of the first.
    QWidget* bar() const
    {
        QWidget* current = m_window->workspace(m_window->currentWorkspace())->bottomBar();
        return current ? current : m_window->workspace(1)->bottomBar();
    }

    /// What the user can act on in the frame of the window, as far as it is shown.
    QList<const QWidget*> controls() const
    {
        QList<const QWidget*> found;
        for (const QWidget* widget : m_window->findChildren<QWidget*>()) {
            const bool control = qobject_cast<const QAbstractButton*>(widget)
                || qobject_cast<const QSlider*>(widget) || qobject_cast<const QComboBox*>(widget)
                || qobject_cast<const QAbstractSpinBox*>(widget)
                || qobject_cast<const TextField*>(widget) || qobject_cast<const ChipStrip*>(widget);
            const bool inWorkspace = m_window->workspace(1)->isAncestorOf(widget)
                || m_window->workspace(2)->isAncestorOf(widget);
            if (control && widget->isVisible() && !inWorkspace
                && !widget->objectName().startsWith(QStringLiteral("qt_")))
                found << widget;
        }
        return found;
    }

    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestMainWindow)
#include "tst_main_window.moc"
