// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/influence_twin.h"
#include "ui/session/influence_job.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/attention_sentence.h"
#include "ui/views/influence_image.h"
#include "ui/views/influence_map.h"
#include "ui/views/influence_panel.h"
#include "ui/views/influence_sentence.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QLabel>
#include <QPushButton>
#include <QTest>
#include <QToolTip>

#include <algorithm>
#include <numeric>
#include <vector>

using namespace timestep;

namespace {

const std::string text = "Ann has the red key and Bob has the blue key. Ann has the red";

class Window
{
public:
    explicit Window(const std::string& bytes, const Theme& theme = Theme::light())
        : panel(session)
        , job(*panel.findChild<InfluenceJob*>())
        , lstm(*panel.findChildren<InfluenceMap*>()[0])
        , attention(*panel.findChildren<InfluenceMap*>()[1])
    {
        session.openModels({ "untrained" });
        panel.setPalette(theme.palette());
        panel.setAutoFillBackground(true);
        panel.resize(380, 280);
        panel.show();
        if (!QTest::qWaitForWindowExposed(&panel))
            qFatal("no window");
        type(bytes);
    }

    void type(const std::string& bytes)
    {
        session.setText(bytes);
        if (!QTest::qWaitFor([&] { return session.run() && session.run()->text == bytes; }, 20000))
            qFatal("the text was not read");
    }

    bool waitUntilComplete()
    {
        return QTest::qWaitFor([this] { return panel.complete(); }, 20000);
    }

    QString words() const
    {
        QString longest;
        for (const QLabel* label : panel.findChildren<QLabel*>()) {
            if (label->isVisible() && label->wordWrap())
                longest = label->text();
        }
        return longest;
    }

    bool shows(const QString& label) const
    {
        const auto labels = panel.findChildren<QLabel*>();
        return std::any_of(labels.begin(), labels.end(),
            [&](const QLabel* found) { return found->isVisible() && found->text() == label; });
    }

    QString label(int token) const
    {
        const Token& place = session.run()->tokens[std::size_t(token)];
        return QString::fromStdString(
            session.run()->text.substr(place.begin, place.end - place.begin))
            .trimmed();
    }

    /// "“red” 0.41, “the” 0.22" of the readable twin.
    QString mostSwaying(const Influence& twin, int row) const
    {
        std::vector<int> order(std::size_t(row) + 1);
        std::iota(order.begin(), order.end(), 0);
        std::stable_sort(order.begin(), order.end(),
            [&](int a, int b) { return twin.shares(row, a) > twin.shares(row, b); });
        QStringList parts;
        for (int i = 0; i < std::min(2, row + 1); ++i)
            parts.append(QStringLiteral("“%1” %2").arg(
                label(order[std::size_t(i)]), shareText(twin.shares(row, order[std::size_t(i)]))));
        return parts.join(", ");
    }

    Session session;
    InfluencePanel panel;
    InfluenceJob& job;
    InfluenceMap& lstm;
    InfluenceMap& attention;
};

QImage pictureOf(QWidget& widget)
{
    QCoreApplication::processEvents();
    return widget.grab().toImage();
}

} // namespace

class TestInfluencePanel : public QObject
{
    Q_OBJECT
private slots:
    void theWordsAreTheTwinsNumbers()
    {
        Window window(text);
        QVERIFY(window.waitUntilComplete());
        const Run& run = *window.session.run();
        const Influence lstm = influenceTwin(run, *run.lstm->model);
        const Influence attention = influenceTwin(run, *run.attention->model);
        for (const int row : { 0, 7, run.window.count() - 1 }) {
            window.session.selection().pinToken(row);
            const QString expected
                = QStringLiteral("After “%1”, swayed most by: LSTM %2; attention %3.")
                      .arg(window.label(row), window.mostSwaying(lstm, row),
                          window.mostSwaying(attention, row));
            const QStringList lines = window.words().split(u'\n');
            QCOMPARE(lines.size(), 2);
            QCOMPARE(lines[0], expected);
            for (const Influence* twin : { &lstm, &attention })
                QVERIFY2(lines[1].contains(QString::number(twin->norms(row), 'g', 3)),
                    qPrintable(lines[1]));
            QCOMPARE(window.lstm.accessibleDescription(), window.words());
        }
        window.session.selection().clear();
        QVERIFY(window.words().startsWith(
            QStringLiteral("After “%1”, ").arg(window.label(run.window.count() - 1))));
        QVERIFY(window.shows("LSTM, untrained"));
        QVERIFY(window.shows("Attention, untrained"));
        QVERIFY(window.lstm.accessibleName().contains("LSTM, untrained"));
    }

    /// Then the shares are those of the same prediction, and the norms as well.
    void theTargetMayBeTheSameTokenForBoth()
    {
        Window window(text);
        QVERIFY(window.waitUntilComplete());
        const Run& run = *window.session.run();
        const std::vector<TokenId> own = influenceTwin(run, *run.lstm->model).targets;
        const Influence attention = influenceTwin(run, *run.attention->model, true, own);
        auto* target = window.panel.findChild<QComboBox*>();
        target->setFocus();
        QTest::keyClick(target, Qt::Key_Down);
        QCOMPARE(window.session.selection().influenceTarget(), InfluenceTarget::LstmBest);
        QVERIFY(!window.panel.complete());
        QVERIFY(window.waitUntilComplete());
        for (std::size_t t = 0; t < own.size(); ++t) {
            QCOMPARE(window.job.attention().rows[t].target, own[t]);
            QCOMPARE(window.job.lstm().rows[t].target, own[t]);
            QVERIFY(std::abs(window.job.attention().rows[t].norm - attention.norms(Eigen::Index(t)))
                < 1e-4 * attention.norms(Eigen::Index(t)));
        }
        QTest::keyClick(target, Qt::Key_Down);
        QVERIFY(window.waitUntilComplete());
        QCOMPARE(
            window.job.lstm().rows[5].target, influenceTwin(run, *run.attention->model).targets[5]);
    }

    void hoveringTellsSharesAndNorms()
    {
        Window window(text);
        QVERIFY(window.waitUntilComplete());
        const Run& run = *window.session.run();
        const Influence lstm = influenceTwin(run, *run.lstm->model);
        const Influence attention = influenceTwin(run, *run.attention->model);
        for (InfluenceMap* map : { &window.lstm, &window.attention }) {
            QTest::mouseMove(map, map->cellRect({ 3, 9 }).center());
            const QStringList lines = QToolTip::text().split(u'\n');
            QCOMPARE(lines.size(), 4);
            QCOMPARE(lines[0],
                QStringLiteral("“%1” sways the prediction after “%2” (6 tokens back)")
                    .arg(window.label(3), window.label(9)));
            QCOMPARE(lines[1],
                QStringLiteral("share: LSTM %1 · attention %2")
                    .arg(shareText(lstm.shares(9, 3)), shareText(attention.shares(9, 3))));
            for (const Influence* twin : { &lstm, &attention })
                QVERIFY2(lines[2].contains(
                             QStringLiteral("‖ = %1").arg(QString::number(twin->norms(9), 'g', 3))),
                    qPrintable(lines[2]));
            QCOMPARE(window.session.selection().hoveredToken(), 9);
            QTest::mouseMove(map, map->cellRect({ 1, 4 }).center());
        }
        QVERIFY(window.words().startsWith(QStringLiteral("After “%1”, ").arg(window.label(4))));
        QTest::mouseMove(&window.panel, QPoint(300, 5));
        QTRY_VERIFY(!window.session.selection().hoveredToken());
    }

    void aClickPinsTheRowInBoth_data()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }

    void aClickPinsTheRowInBoth()
    {
        QFETCH(bool, dark);
        const Theme& theme = dark ? Theme::darkTheme() : Theme::light();
        Window window(text, theme);
        QVERIFY(window.waitUntilComplete());
        QTest::mouseClick(
            &window.attention, Qt::LeftButton, {}, window.attention.cellRect({ 0, 5 }).center());
        QCOMPARE(window.session.selection().pinnedToken(), 5);
        for (InfluenceMap* map : { &window.lstm, &window.attention }) {
            const QRect cell = map->cellRect({ 12, 5 }); // masked: nothing else is drawn there
            QCOMPARE(pictureOf(*map).pixel(cell.center().x(), cell.top() - 1), theme.pin.rgb());
        }
    }

    void equalColoursAreEqualShares()
    {
        Window window(text);
        QVERIFY(window.waitUntilComplete());
        const Run& run = *window.session.run();
        const Influence lstm = influenceTwin(run, *run.lstm->model);
        const Influence attention = influenceTwin(run, *run.attention->model);
        const double full = fullColorInfluence(window.job.lstm(), window.job.attention());
        const int tokens = run.window.count();
        const float largest = std::max(lstm.shares.bottomRows(tokens - tokens / 2).maxCoeff(),
            attention.shares.bottomRows(tokens - tokens / 2).maxCoeff());
        QVERIFY(largest <= full && 2.5 * largest >= full);
        const auto near = [](QRgb a, QRgb b) { // a share may round to either of two shades
            return std::abs(qRed(a) - qRed(b)) < 4 && std::abs(qGreen(a) - qGreen(b)) < 4
                && std::abs(qBlue(a) - qBlue(b)) < 4;
        };
        const auto compare
            = [&](InfluenceMap& map, const Influence& twin, const ColorScale& scale) {
                  const QImage picture = pictureOf(map);
                  for (int row = 0; row < tokens; ++row) {
                      for (int column = 0; column <= row; ++column)
                          QVERIFY(near(picture.pixel(map.cellRect({ column, row }).center()),
                              scale.at(twin.shares(row, column) / full)));
                      for (int column = row + 1; column < tokens; ++column)
                          QCOMPARE(picture.pixel(map.cellRect({ column, row }).center()),
                              Theme::light().window.rgb());
                  }
              };
        compare(window.lstm, lstm, ColorScale::orange(false));
        compare(window.attention, attention, ColorScale::blue(false));
        window.panel.setPalette(Theme::darkTheme().palette());
        QCOMPARE(pictureOf(window.lstm).pixel(window.lstm.cellRect({ 0, 0 }).center()),
            ColorScale::orange(true).at(1));
    }

    void otherTexts_data()
    {
        QTest::addColumn<std::string>("bytes");
        QTest::addColumn<QString>("words");
        QTest::newRow("empty") << std::string() << "";
        QTest::newRow("one token")
            << std::string("a") << "After “a”, swayed most by: LSTM “a” 1.00; attention “a” 1.00.";
    }

    void otherTexts()
    {
        QFETCH(std::string, bytes);
        Window window(text);
        QVERIFY(window.waitUntilComplete());
        QTest::mouseMove(&window.lstm, window.lstm.cellRect({ 1, 9 }).center());
        QTest::mouseClick(
            &window.lstm, Qt::LeftButton, {}, window.lstm.cellRect({ 1, 9 }).center());
        window.type(bytes); // pin and hover point beyond it now
        QVERIFY(window.waitUntilComplete());
        QFETCH(QString, words);
        QTRY_COMPARE(window.words().split(u'\n').constFirst(), words);
        pictureOf(window.panel);
    }

    void longTextsAreAskedFor()
    {
        std::string bytes = "Ann";
        for (int i = 0; i < InfluenceJob::MostTokensUnasked + 20; ++i)
            bytes += " has";
        Window window("Ann");
        Settings settings = window.session.settings();
        settings.windowLength = 4096;
        window.session.setSettings(settings);
        auto* compute = window.panel.findChild<QPushButton*>();
        QVERIFY(!compute->isVisible());
        window.type(bytes);
        QTRY_VERIFY_WITH_TIMEOUT(compute->isVisible(), 90000);
        QVERIFY(window.words().contains("only on demand"));
        QVERIFY(window.panel.complete()); // there is nothing to wait for
        QTest::mouseClick(compute, Qt::LeftButton);
        QVERIFY(!compute->isVisible());
        QVERIFY(!window.panel.complete());
        QTRY_VERIFY_WITH_TIMEOUT(window.job.lstm().known() > 1, 90000);
        QTRY_VERIFY_WITH_TIMEOUT(window.words().startsWith("After “has”, "), 90000);
        // Rows may have come since the last frame: then the next one tells.
        QTRY_VERIFY(window.shows(influenceProgress(window.job.lstm(), window.job.attention())));
        window.type("Ann");
        QVERIFY(window.waitUntilComplete());
    }

    void hiddenItComputesNothing()
    {
        Window window("Ann");
        QVERIFY(window.waitUntilComplete());
        const int before = window.job.lstm().known();
        window.panel.hide();
        window.type(text);
        QTest::qWait(200);
        QVERIFY(window.job.lstm().known() <= before);
        window.panel.show();
        QVERIFY(window.waitUntilComplete());
        QVERIFY(window.job.state() == InfluenceJob::State::Done);
    }
};

QTEST_MAIN(TestInfluencePanel)
#include "tst_influence_panel.moc"
