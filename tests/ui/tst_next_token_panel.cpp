// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/next_tokens.h"
#include "ui/models/token_label.h"
#include "ui/session/session.h"
#include "ui/views/chip_strip.h"
#include "ui/views/elided_label.h"
#include "ui/views/fonts.h"
#include "ui/views/main_window.h"
#include "ui/views/next_token_bars.h"
#include "ui/views/next_token_panel.h"
#include "ui/views/text_field.h"
#include "ui/views/theme.h"
#include "ui/views/token_times_plot.h"
#include "ui/views/workspaces.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

using namespace timestep;

namespace {

constexpr int patienceMs = 60000;
const std::string text = "Ann has the red key and Bob";

} // namespace

class TestNextTokenPanel : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_session = std::make_unique<Session>();
        m_session->setText(text);
        m_window = std::make_unique<MainWindow>(*m_session);
        addWorkspaces(*m_window, *m_session);
        m_window->resize(1280, 720);
        m_window->showWorkspace(1);
        m_window->show();
        m_window->activateWindow();
        m_session->openModels({ "untrained" });
        waitUntilRead();
        m_window->setFocus();
    }

    void cleanup()
    {
        m_window.reset();
        m_session.reset();
    }

    void theFiveMostLikelyOfBothAreShown_data()
    {
        QTest::addColumn<int>("pinned");
        QTest::addColumn<int>("hovered");
        QTest::addColumn<int>("shown");
        QTest::newRow("the last") << -1 << -1 << 10;
        QTest::newRow("hovered") << -1 << 2 << 2;
        QTest::newRow("pinned") << 3 << -1 << 3;
        QTest::newRow("pinned goes before hovered") << 3 << 2 << 3;
    }
    void theFiveMostLikelyOfBothAreShown()
    {
        QFETCH(int, pinned);
        QFETCH(int, hovered);
        QFETCH(int, shown);
        QCOMPARE(m_session->tokenized()->count(), 11);
        if (pinned >= 0)
            m_session->selection().pinToken(pinned);
        if (hovered >= 0)
            m_session->selection().hoverToken(hovered);
        const auto run = m_session->run();
        for (const auto& [bars, model] : { std::pair(this->bars(0), run->lstm.get()),
                 std::pair(this->bars(1), run->attention.get()) }) {
            const auto row = model->logits.row(shown);
            const auto best = bestPredictions({ row.data(), std::size_t(row.size()) }, 5);
            for (int place = 0; place < 5; ++place) {
                const Prediction& expected = best[std::size_t(place)];
                QVERIFY(bars->textOf(place).endsWith(percentText(expected.probability)));
                // As long as its share, in the model's colour, and the token is there to read.
                const QRect whole = bars->placeRect(place), bar = bars->barRect(place);
                QVERIFY(std::abs(bar.width() - expected.probability * whole.width()) <= 1);
                QVERIFY(bars->rect().contains(whole) && whole.width() > 60);
            }
        }
        const QString label = tokenLabel(m_session->tokenized()->bytes(shown));
        QCOMPARE(after(),
            shown == 10 ? QStringLiteral("Next after “%1”").arg(label)
                        : QStringLiteral("After token %1, “%2”").arg(shown + 1).arg(label));
    }

    void whiteSpaceIsSeen()
    {
        type("a\n");
        QCOMPARE(after(), QStringLiteral("Next after “⏎”"));
        QVERIFY(bars(0)->textOf(0).size() > 3);
    }

    void barsHaveTheModelsColours()
    {
        const NextTokenBars* attention = bars(1);
        const QImage picture = bars(1)->grab().toImage();
        // The first bar is the longest there is; its lower left corner holds no letter.
        const QRect bar = attention->barRect(0);
        QVERIFY(bar.width() > 3);
        const QColor found = picture.pixelColor(bar.left() + 1, bar.bottom() - 1);
        QCOMPARE(found.rgb(), Theme::of(m_window->palette()).attention.done.rgb());
    }

    void itIsThereInEveryWorkspace()
    {
        for (const int key : { Qt::Key_1, Qt::Key_2, Qt::Key_5 }) {
            QTest::keyClick(m_window.get(), static_cast<Qt::Key>(key));
            QVERIFY(panel()->isVisible());
            QVERIFY(bars(0)->isVisible() && bars(1)->isVisible());
        }
    }

    void untrainedModelsAreMarked()
    {
        QCOMPARE(note(), QStringLiteral("untrained: nothing learned"));
    }

    void anEmptyTextHasNothingToGoOnFrom()
    {
        type("");
        QVERIFY(!button("writeNext")->isEnabled() && !button("continue")->isEnabled());
        QCOMPARE(note(), QStringLiteral("type a text first"));
        type("A");
        QVERIFY(button("writeNext")->isEnabled() && button("continue")->isEnabled());
    }

    void theNextTokenIsAppendedAndUndone_data()
    {
        QTest::addColumn<int>("writer");
        QTest::newRow("lstm") << 0;
        QTest::newRow("attention") << 1;
    }
    void theNextTokenIsAppendedAndUndone()
    {
        QFETCH(int, writer);
        child<QComboBox>("writer")->setFocus();
        QTest::keyClick(child<QComboBox>("writer"), writer == 0 ? Qt::Key_Home : Qt::Key_End);
        setNumber("temperature", "0");
        const QString most = bars(writer)->textOf(0);
        QTest::mouseClick(button("writeNext"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->text().size() > text.size(), patienceMs);
        const std::string written = m_session->text();
        QVERIFY(written.starts_with(text));
        QVERIFY(most.startsWith(tokenLabel(written.substr(text.size())) + u' '));
        QCOMPARE(field()->bytes(), written);
        QTest::keySequence(field(), QKeySequence::Undo);
        QCOMPARE(m_session->text(), text);
        QTest::keySequence(field(), QKeySequence::Redo);
        QCOMPARE(m_session->text(), written);
    }

    void continuingIsOneEdit()
    {
        setNumber("tokensToWrite", "40");
        QTest::mouseClick(button("continue"), Qt::LeftButton);
        QTRY_COMPARE_WITH_TIMEOUT(
            button("continue")->text(), QStringLiteral("Continue"), patienceMs);
        QVERIFY(m_session->text().size() >= text.size() + 40);
        QCOMPARE(field()->bytes(), m_session->text());
        waitUntilRead();
        // The end of it is seen: the chips follow.
        const auto* chips = m_window->findChild<ChipStrip*>();
        QVERIFY(chips->rect().contains(chips->chipRect(m_session->tokenized()->count() - 1)));
        QTest::keySequence(field(), QKeySequence::Undo);
        QCOMPARE(m_session->text(), text);
    }

    void aLongOneCanBeStopped_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("Esc in the window") << 0;
        QTest::newRow("Esc in the text") << 1;
        QTest::newRow("the button again") << 2;
        QTest::newRow("a letter") << 3;
    }
    void aLongOneCanBeStopped()
    {
        QFETCH(int, how);
        setNumber("tokensToWrite", "10000");
        QTest::mouseClick(button("continue"), Qt::LeftButton);
        QVERIFY(button("continue")->text().contains(QStringLiteral("Stop")));
        QTRY_VERIFY_WITH_TIMEOUT(m_session->text().size() > text.size(), patienceMs);
        const std::string before = m_session->text();
        if (how == 0)
            QTest::keyClick(m_window.get(), Qt::Key_Escape);
        else if (how == 1)
            QTest::keyClick(field(), Qt::Key_Escape);
        else if (how == 2)
            QTest::mouseClick(button("continue"), Qt::LeftButton);
        else
            QTest::keyClick(field(), Qt::Key_X);
        QCOMPARE(button("continue")->text(), QStringLiteral("Continue"));
        QTest::qWait(250);
        QCOMPARE(m_session->text(), how == 3 ? before + "x" : before);
    }

    void theTimeOfATokenIsShownForBoth()
    {
        m_window->resize(1920, 1080);
        QVERIFY(!child<QLabel>("lstmTime")->isVisible());
        setNumber("tokensToWrite", "12");
        QTest::mouseClick(button("continue"), Qt::LeftButton);
        const auto ended = [this](const char* name) {
            const auto* label = child<QLabel>(name);
            return label->isVisible() && label->toolTip().contains("median of 12 tokens");
        };
        QTRY_VERIFY_WITH_TIMEOUT(ended("lstmTime") && ended("attentionTime"), patienceMs);
        static const QRegularExpression time(QStringLiteral("^\\d+\\.\\d+ ms a token$"));
        for (const char* name : { "lstmTime", "attentionTime" }) {
            const auto* label = child<QLabel>(name);
            QVERIFY2(time.match(label->text()).hasMatch(), qPrintable(label->text()));
        }
        const auto plots = m_window->findChildren<TokenTimesPlot*>();
        QCOMPARE(plots.size(), 2);
        for (const TokenTimesPlot* plot : plots) {
            QVERIFY(plot->isVisible());
            QCOMPARE(plot->barCount(), 12);
        }
    }

    void theTokensComeFirst_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("places");
        QTest::addColumn<bool>("numbers");
        QTest::addColumn<bool>("plots");
        QTest::newRow("narrow") << QSize(1160, 720) << 4 << false << false;
        QTest::newRow("usual") << QSize(1280, 720) << 5 << false << false;
        QTest::newRow("wider") << QSize(1420, 800) << 5 << true << false;
        QTest::newRow("large") << QSize(1920, 1080) << 5 << true << true;
    }
    void theTokensComeFirst()
    {
        QFETCH(QSize, size);
        QFETCH(int, places);
        QFETCH(bool, numbers);
        QFETCH(bool, plots);
        m_window->resize(size);
        QTest::mouseClick(button("writeNext"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->text().size() > text.size(), patienceMs);
        waitUntilRead();
        QTRY_COMPARE(bars(0)->placeCount(), places);
        const QFontMetrics letters(monospaceFont(bars(0)->font()));
        const int token = letters.horizontalAdvance(QStringLiteral("·contint"));
        for (int place = 0; place < places; ++place)
            QVERIFY(bars(0)->placeRect(place).width() > token);
        QCOMPARE(bars(0)->placeRect(places - 1).right(), bars(0)->width() - 1);
        QCOMPARE(child<QLabel>("lstmTime")->isVisible(), numbers);
        QCOMPARE(m_window->findChild<TokenTimesPlot*>()->isVisible(), plots);
        static const QRegularExpression times(QStringLiteral("^LSTM [0-9.]+, attn. [0-9.]+ ms$"));
        QCOMPARE(times.match(note()).hasMatch(), !numbers);
    }

    void writingGoesOnFromTheEndAndDropsThePin()
    {
        m_session->selection().pinToken(3);
        QCOMPARE(note(), QStringLiteral("writes at the end of the text"));
        QTest::mouseClick(button("writeNext"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->text().size() > text.size(), patienceMs);
        waitUntilRead();
        QVERIFY(!m_session->selection().pinnedToken());
        const auto written = m_session->tokenized();
        QCOMPARE(after(),
            QStringLiteral("Next after “%1”")
                .arg(tokenLabel(written->bytes(written->count() - 1))));
        QVERIFY(note() != QStringLiteral("writes at the end of the text"));
    }

    void aWindowThatEndsBeforeTheTextSaysSo()
    {
        useTokens(0);
        QCOMPARE(after(),
            QStringLiteral("After token 4, “%1”")
                .arg(tokenLabel(m_session->tokenized()->bytes(3))));
        QCOMPARE(note(), QStringLiteral("window ends before the text"));
        QVERIFY(noteTip().contains(QStringLiteral("token 4 of 11")));
    }

    void aLongTextSaysHowMuchIsRead()
    {
        useTokens(7);
        QCOMPARE(note(), QStringLiteral("writes from the last 3"));
        QVERIFY(noteTip().contains(QStringLiteral("the context is full")));
    }

    void itFoldsToALine()
    {
        QTest::mouseClick(child<QToolButton>("foldNextToken"), Qt::LeftButton);
        QVERIFY(m_window->viewSettings().nextTokenFolded);
        QVERIFY(!bars(0)->isVisible());
        const QString line = child<ElidedLabel>("nextTokenLine")->fullText();
        QVERIFY2(line.contains(bars(0)->textOf(0)) && line.contains(bars(1)->textOf(0)),
            qPrintable(line));
        QVERIFY(button("writeNext")->isVisible()); // and still it can go on
        QTest::mouseClick(button("writeNext"), Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->text().size() > text.size(), patienceMs);
        QTest::mouseClick(child<QToolButton>("foldNextToken"), Qt::LeftButton);
        QVERIFY(!m_window->viewSettings().nextTokenFolded);
        QVERIFY(bars(0)->isVisible());
    }

    void aSmallWindowHasRoomForALineOnly_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<bool>("line");
        QTest::newRow("smallest") << QSize(900, 600) << true;
        QTest::newRow("narrow") << QSize(900, 900) << true;
        QTest::newRow("usual") << QSize(1280, 720) << false;
        QTest::newRow("large") << QSize(1920, 1080) << false;
    }
    void aSmallWindowHasRoomForALineOnly()
    {
        QFETCH(QSize, size);
        QFETCH(bool, line);
        m_window->resize(size);
        QCoreApplication::processEvents();
        QCOMPARE(m_window->size(), size);
        QCOMPARE(child<ElidedLabel>("nextTokenLine")->isVisible(), line);
        QCOMPARE(bars(0)->isVisible(), !line);
        QVERIFY(!m_window->viewSettings().nextTokenFolded); // it comes back
    }

    void percentsAreRoundedForReading_data()
    {
        QTest::addColumn<double>("share");
        QTest::addColumn<QString>("text");
        QTest::newRow("sure") << 1.0 << "100 %";
        QTest::newRow("most") << 0.456 << "46 %";
        QTest::newRow("ten") << 0.0996 << "10 %";
        QTest::newRow("some") << 0.0312 << "3.1 %";
        QTest::newRow("one") << 0.00996 << "1.0 %";
        QTest::newRow("few") << 0.0042 << "0.42 %";
        QTest::newRow("hardly") << 0.00001 << "< 0.01 %";
    }
    void percentsAreRoundedForReading()
    {
        QFETCH(double, share);
        QFETCH(QString, text);
        QCOMPARE(percentText(share), text);
    }

private:
    void waitUntilRead()
    {
        QTRY_VERIFY_WITH_TIMEOUT(
            m_session->run() && m_session->run()->text == m_session->text() && !m_session->busy(),
            patienceMs);
    }

    /// Four of the eleven.
    void useTokens(int begin)
    {
        Settings settings = m_session->settings();
        settings.windowBegin = begin;
        settings.windowLength = 4;
        m_session->setSettings(settings);
        QTRY_VERIFY_WITH_TIMEOUT(m_session->run()->window.begin == begin
                && m_session->run()->window.count() == 4 && !m_session->busy(),
            patienceMs);
    }

    void type(const std::string& bytes)
    {
        field()->setFocus();
        field()->selectAll();
        QTest::keyClick(field(), Qt::Key_Delete);
        for (const char letter : bytes) {
            if (letter == '\n')
                QTest::keyClick(field(), Qt::Key_Return, Qt::ShiftModifier);
            else
                QTest::keyClick(field(), letter);
        }
        waitUntilRead();
    }

    void setNumber(const char* name, const QString& number)
    {
        auto* box = child<QAbstractSpinBox>(name);
        box->setFocus();
        box->selectAll();
        QTest::keyClicks(box, number);
        QTest::keyClick(box, Qt::Key_Tab);
    }

    template <typename Widget>
    Widget* child(const char* name) const
    {
        return m_window->findChild<Widget*>(QString::fromUtf8(name));
    }
    NextTokenPanel* panel() const { return m_window->findChild<NextTokenPanel*>(); }
    NextTokenBars* bars(int model) const
    {
        return m_window->findChildren<NextTokenBars*>().at(model);
    }
    QPushButton* button(const char* name) const { return child<QPushButton>(name); }
    TextField* field() const { return m_window->findChild<TextField*>(); }
    QString after() const { return child<ElidedLabel>("nextAfter")->fullText(); }
    QString noteTip() const { return child<ElidedLabel>("nextTokenNote")->toolTip(); }
    QString note() const { return child<ElidedLabel>("nextTokenNote")->fullText(); }

    std::unique_ptr<Session> m_session;
    std::unique_ptr<MainWindow> m_window;
};

QTEST_MAIN(TestNextTokenPanel)
#include "tst_next_token_panel.moc"
