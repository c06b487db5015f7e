// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"
#include "ui/views/chip_strip.h"
#include "ui/views/chips_bar.h"
#include "ui/views/theme.h"

#include <QLabel>
#include <QPushButton>
#include <QTest>

using namespace timestep;

namespace {

std::string repeated(const std::string& text, int times)
{
    std::string all;
    for (int i = 0; i < times; ++i)
        all += text;
    return all;
}

} // namespace

class TestChipsBar : public QObject
{
    Q_OBJECT
private slots:
    void init()
    {
        m_session = std::make_unique<Session>();
        m_bar = std::make_unique<ChipsBar>(*m_session);
        m_bar->setPalette(Theme::light().palette());
        m_bar->resize(900, 44);
        m_bar->show();
        m_session->openModels({ "untrained" });
    }

    void cleanup()
    {
        m_bar.reset();
        m_session.reset();
    }

    void theCountFollowsTheText_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("line");
        QTest::newRow("none") << ""
                              << "0 tokens";
        QTest::newRow("one") << " the"
                             << "1 token";
        QTest::newRow("several") << " the the the"
                                 << "3 tokens";
    }

    void theCountFollowsTheText()
    {
        QFETCH(QString, text);
        read(text.toStdString());
        QTEST(count(), "line");
    }

    void aClickPinsAndAnotherClears()
    {
        read(" the the the the");
        clickChip(2);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(2));
        clickChip(2);
        QVERIFY(!m_session->selection().pinnedToken());
    }

    void theMouseIsFollowed()
    {
        read(" the the the the");
        QTest::mouseMove(strip(), strip()->chipRect(1).center());
        QTRY_COMPARE(m_session->selection().hoveredToken(), std::optional<int>(1));
    }

    void arrowsWalkFromTokenToToken()
    {
        read(" the the the the");
        QTest::keyClick(strip(), Qt::Key_Right);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(0));
        QTest::keyClick(strip(), Qt::Key_Right);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(1));
        QTest::keyClick(strip(), Qt::Key_End, Qt::ControlModifier);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(3));
        QTest::keyClick(strip(), Qt::Key_Right);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(3));
        QTest::keyClick(strip(), Qt::Key_Home, Qt::ControlModifier);
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(0));
    }

    void thePinnedTokenIsBroughtIntoView_data()
    {
        QTest::addColumn<int>("token");
        for (const int token : { 0, 30, 77, 150, 199 })
            QTest::addRow("token %d", token) << token;
    }

    void thePinnedTokenIsBroughtIntoView()
    {
        QFETCH(int, token);
        read(repeated(" the", 200));
        QVERIFY(strip()->chipRect(199).isEmpty()); // far outside
        m_session->selection().pinToken(100);
        m_session->selection().pinToken(token);
        const QRect chip = strip()->chipRect(token);
        QVERIFY(!chip.isEmpty());
        QVERIFY(strip()->rect().contains(chip));
    }

    void thePinIsOutlinedInYellow()
    {
        read(" the the the the");
        m_session->selection().pinToken(1);
        const QImage picture = strip()->grab().toImage();
        const QRect chip = strip()->chipRect(1);
        const QColor edge = picture.pixelColor(chip.center().x(), chip.top());
        const QColor pin = Theme::light().pin;
        QVERIFY2(std::abs(edge.hue() - pin.hue()) < 12 && edge.saturation() > 60,
            qPrintable(edge.name()));
        const QColor other
            = picture.pixelColor(strip()->chipRect(2).center().x(), strip()->chipRect(2).top());
        QVERIFY(other.saturation() < 40);
    }

    void aWindowOfALongTextIsToldAndMoved()
    {
        Settings settings = m_session->settings();
        settings.windowLength = 10;
        m_session->setSettings(settings);
        read(repeated(" the", 45));
        QCOMPARE(count(), QStringLiteral("10 of 45 tokens in use"));
        const auto buttons = m_bar->findChildren<QPushButton*>();
        QCOMPARE(buttons.size(), 2);
        QVERIFY(buttons[0]->isVisible());
        QVERIFY(!buttons[0]->isEnabled());
        QTest::mouseClick(buttons[1], Qt::LeftButton);
        waitUntilIdle();
        QVERIFY((m_session->tokenized()->window == IndexRange { 10, 20 }));
        QVERIFY(buttons[0]->isEnabled());
    }

    void aTokenOutsideTheWindowMovesItThere()
    {
        Settings settings = m_session->settings();
        settings.windowLength = 10;
        m_session->setSettings(settings);
        read(repeated(" the", 15));
        clickChip(13);
        waitUntilIdle();
        QVERIFY(m_session->tokenized()->window.contains(13));
        QCOMPARE(m_session->selection().pinnedToken(), std::optional<int>(13));
    }

    void aMillionBytesScrollToTheirEnd()
    {
        read(repeated(" the", 250000));
        QCOMPARE(m_session->tokenized()->count(), 250000);
        QTest::keyClick(strip(), Qt::Key_End, Qt::ControlModifier);
        waitUntilIdle();
        QVERIFY(!strip()->chipRect(249999).isEmpty());
    }

private:
    void waitUntilIdle()
    {
        QVERIFY(QTest::qWaitFor([this] { return !m_session->busy(); }, 60000));
    }

    void read(const std::string& text)
    {
        m_session->setText(text);
        waitUntilIdle();
    }

    ChipStrip* strip() { return m_bar->strip(); }

    QString count() { return m_bar->findChild<QLabel*>(QStringLiteral("tokenCount"))->text(); }

    void clickChip(int token)
    {
        const QRect chip = strip()->chipRect(token);
        QVERIFY(!chip.isEmpty());
        QTest::mouseClick(strip(), Qt::LeftButton, {}, chip.center());
    }

    std::unique_ptr<Session> m_session;
    std::unique_ptr<ChipsBar> m_bar;
};

QTEST_MAIN(TestChipsBar)
#include "tst_chips_bar.moc"
