// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/head_scores.h"
#include "engine/model/reference_attention.h"
#include "tests/ui/mouse_move.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/affinity_plot.h"
#include "ui/views/attention_heads.h"
#include "ui/views/attention_sentence.h"
#include "ui/views/attention_workspace.h"
#include "ui/views/head_kind_choice.h"
#include "ui/views/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHelpEvent>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QToolButton>
#include <QToolTip>
#include <QtTest>

using namespace timestep;

namespace {

/// A window over a session whose text has been read.
class Window
{
public:
    explicit Window(const std::string& text, const std::string& models = "untrained")
        : workspace(session)
    {
        session.openModels({ models });
        workspace.setPalette(Theme::light().palette());
        workspace.resize(1180, 680);
        workspace.show();
        if (!QTest::qWaitForWindowExposed(&workspace))
            qFatal("no window");
        type(text);
        plot = workspace.findChild<AffinityPlot*>();
        heads = workspace.findChild<AttentionHeads*>();
    }

    void type(const std::string& text)
    {
        session.setText(text);
        if (!QTest::qWaitFor([&] { return session.run() && session.run()->text == text; }, 20000))
            qFatal("the text was not read");
    }

    QPoint middle(int column, int row) const
    {
        const AffinityLayout& parts = plot->geometryOfParts();
        return { parts.columnRect(plot->viewport(), column).center().x(),
            parts.rowRect(plot->viewport(), row).center().y() };
    }

    QStringList labels() const
    {
        QStringList texts;
        for (const QLabel* label : workspace.findChildren<QLabel*>())
            if (label->isVisible())
                texts.append(label->text());
        return texts;
    }

    Session session;
    AttentionWorkspace workspace;
    AffinityPlot* plot = nullptr;
    AttentionHeads* heads = nullptr;
};

/// Of all heads of a run, counted without the window.
HeadScores scoresOf(const Run& run)
{
    const Affinities& affinities = *run.attention->recording.affinities;
    std::vector<TokenId> ids;
    for (const Token& token : run.tokens)
        ids.push_back(token.id);
    HeadScores scores(affinities.layers(), affinities.heads());
    scores.add(headJobs, affinities, ids);
    return scores;
}

/// q·k ÷ √d of a head by the readable reference, in double. (T, T)
Matrix<double> scoresTwin(const Run& run, HeadIndex head)
{
    const Model& model = *run.attention->model;
    std::vector<TokenId> ids;
    for (const Token& token : run.tokens)
        ids.push_back(token.id);
    const auto weights = std::get<AttentionWeights<float>>(model.weights).cast<double>();
    const auto& all = attentionForward(weights, model.shape, ids, true)
                          .blocks[head.layer]
                          .attention.queryKeyValue;
    const int width = model.shape.width;
    const int d = width / model.shape.heads;
    return all.middleCols(head.head * d, d) * all.middleCols(width + head.head * d, d).transpose()
        / std::sqrt(double(d));
}

const std::string RecallText = "q3=7 a9=1 m4=0 x2=8 k5=2 q3=";
const std::string Text = "Ann has the red key and Bob has the blue key. Ann has the red";

} // namespace

class AttentionWorkspaceTest : public QObject
{
    Q_OBJECT
private slots:
    void aTextIsShownAndTold()
    {
        Window window(Text);
        const int tokens = window.session.run()->window.count();
        QVERIFY(window.workspace.sentence().startsWith("Untrained: "));
        QVERIFY(
            window.workspace.sentence().contains(QStringLiteral(" of %1 × %1 pairs").arg(tokens)));
    }

    void aClickPinsTheTokenEverywhere()
    {
        Window window(Text);
        QTest::mouseClick(
            window.plot->findChild<QWidget*>(), Qt::LeftButton, {}, window.middle(1, 3));
        QCOMPARE(window.session.selection().pinnedToken(), 3);
        const QRect band = window.plot->geometryOfParts().rowRect(window.plot->viewport(), 3);
        QCoreApplication::processEvents();
        const QImage picture = window.plot->grab().toImage();
        QCOMPARE(picture.pixel(band.center().x(), band.top() - 1), Theme::light().pin.rgb());
    }

    void hoverIsSeenByEveryPicture()
    {
        Window window(Text);
        moveMouse(window.plot->findChild<QWidget*>(), window.middle(2, 5));
        QCOMPARE(window.session.selection().hoveredToken(), 5);
    }

    void aHeadIsChosenByItsPicture()
    {
        Window window(Text);
        QTRY_VERIFY(window.heads->complete());
        QTest::mouseClick(window.heads, Qt::LeftButton, {}, window.heads->thumbnail(2, 3).center());
        QCOMPARE(window.session.selection().layer(), 2);
        QCOMPARE(window.session.selection().head(), 3);
        QVERIFY(window.labels().contains("layer 3 · head 4"));
        QTest::keyClick(window.heads, Qt::Key_Up);
        QTest::keyClick(window.heads, Qt::Key_Left);
        QVERIFY(window.labels().contains("layer 2 · head 3"));
        // What is drawn is that head's: the first cell is always 1, the others differ.
        window.session.selection().setHead(0, 0); // as the window's keys [ ] and { } do
        QVERIFY(window.labels().contains("layer 1 · head 1"));
    }

    // One reads the token before, and one what followed the same letter, digit and sign last time.
    void aKindLeadsToTheHeadThatIsBestAtIt_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<int>("job");
        QTest::addColumn<QString>("name");
        QTest::newRow("previous") << int(HeadKind::PreviousToken) << int(HeadJob::PreviousToken)
                                  << "previous token";
        QTest::newRow("induction")
            << int(HeadKind::Induction) << int(HeadJob::Induction) << "what followed last time";
    }

    void aKindLeadsToTheHeadThatIsBestAtIt()
    {
        QFETCH(int, kind);
        QFETCH(int, job);
        QFETCH(QString, name);
        Window window(RecallText, "recall");
        QTRY_VERIFY(window.heads->complete());
        const HeadScores scores = scoresOf(*window.session.run());
        const HeadIndex best = scores.best(HeadJob(job));
        window.session.selection().setHead(3, 3);
        QPushButton& button = window.workspace.findChild<HeadKindChoice*>()->button(HeadKind(kind));
        QVERIFY(button.isEnabled());
        button.setFocus();
        QTest::keyClick(&button, Qt::Key_Space);
        QCOMPARE(window.session.selection().layer(), best.layer);
        QCOMPARE(window.session.selection().head(), best.head);
        const QString figures = QStringLiteral("%1 %2, an even spread %3")
                                    .arg(name, shareText(scores.score(HeadJob(job), best)),
                                        shareText(scores.evenSpread(HeadJob(job))));
        QVERIFY(window.labels().contains(figures)); // beside the chosen head
        const QString all = QStringLiteral("layer %1, head %2: %3")
                                .arg(best.layer + 1)
                                .arg(best.head + 1)
                                .arg(figures);
        QCOMPARE(window.heads->accessibleDescription(), all);
        const QPoint middle = window.heads->thumbnail(best.layer, best.head).center();
        QHelpEvent pointed(QEvent::ToolTip, middle, window.heads->mapToGlobal(middle));
        QCoreApplication::sendEvent(window.heads, &pointed);
        QVERIFY(QToolTip::text().startsWith(all));
    }

    void whereNoHeadStandsOutThereIsNoneToLeadTo()
    {
        Window window("one two three four five six seven"); // nothing comes twice
        QTRY_VERIFY(window.heads->complete());
        const auto& button
            = window.workspace.findChild<HeadKindChoice*>()->button(HeadKind::Induction);
        QVERIFY(!button.isEnabled());
        QCOMPARE(button.text(), "induction 0");
    }

    void stagesOfTheChosenHead()
    {
        Window window(RecallText, "recall");
        QTRY_VERIFY(window.heads->complete());
        window.session.selection().setHead(1, 2);
        const Matrix<double> scores = scoresTwin(*window.session.run(), { 1, 2 });
        double farthest = 0; // of what the mask leaves
        for (int row = 0; row < scores.rows(); ++row)
            farthest = std::max(farthest, scores.row(row).head(row + 1).cwiseAbs().maxCoeff());
        const auto click = [&](const QString& text) {
            for (auto* button : window.workspace.findChildren<QToolButton*>())
                if (button->text() == text)
                    QTest::mouseClick(button, Qt::LeftButton);
            QCoreApplication::processEvents();
            return window.plot->grab().toImage();
        };
        const QColor background = Theme::light().window;
        const auto close = [](QRgb a, QRgb b) { // a shade beside it, for rounding
            return std::abs(qRed(a) - qRed(b)) + std::abs(qGreen(a) - qGreen(b))
                + std::abs(qBlue(a) - qBlue(b))
                <= 9;
        };
        const ColorScale& colors = ColorScale::signedBlue(false);
        const QImage before = click(QStringLiteral("QKᵀ/√d"));
        const QImage masked = click(QStringLiteral("masked"));
        for (int row = 0; row < scores.rows(); ++row)
            for (int column = 0; column < scores.cols(); ++column) {
                const QRgb expected = colors.at(0.5 + scores(row, column) / farthest / 2);
                const QPoint place = window.middle(column, row);
                QVERIFY(close(before.pixel(place), expected));
                QVERIFY(column > row ? masked.pixel(place) == background.rgb()
                                     : close(masked.pixel(place), expected));
            }

        moveMouse(window.plot->findChild<QWidget*>(), window.middle(3, 27));
        const float share
            = window.session.run()->attention->recording.affinities->share({ 1, 2 }, 27, 3);
        QVERIFY(window.plot->accessibleDescription().endsWith(
            QStringLiteral("q·k %1 → ÷√16 %2 → softmax %3")
                .arg(scoreText(scores(27, 3) * 4), scoreText(scores(27, 3)), shareText(share))));
        moveMouse(window.plot->findChild<QWidget*>(), window.middle(20, 4));
        QVERIFY(window.plot->accessibleDescription().endsWith(" → masked: −∞"));
        click(QStringLiteral("softmax"));
        QVERIFY(window.labels().contains("layer 2 · head 3"));
    }

    // What takes longer than a frame is made elsewhere, head by head.
    void aLongTextIsSurveyedHeadByHead()
    {
        Window window(Text);
        std::string longText;
        while (longText.size() < 60 * Text.size())
            longText += Text + ". ";
        window.type(longText);
        const int tokens = window.session.run()->window.count();
        QVERIFY(tokens > 512);
        QTRY_VERIFY(window.workspace.sentence().contains(
            QStringLiteral(" of %L1 × %L1 pairs").arg(tokens)));
        // The influence of so many tokens takes its own time.
        const auto surveyed = [&] { return window.heads->complete() && window.plot->complete(); };
        QTRY_VERIFY_WITH_TIMEOUT(surveyed(), 60000);
        window.session.selection().setHead(2, 3);
        QTRY_VERIFY(window.labels().contains("layer 3 · head 4"));
        const QImage thumbnail = window.heads->grab(window.heads->thumbnail(2, 3)).toImage();
        QVERIFY(thumbnail.pixel(2, thumbnail.height() - 4) != Theme::light().window.rgb());
        QCOMPARE(thumbnail.pixel(thumbnail.width() - 4, 2), Theme::light().window.rgb());
        QTRY_VERIFY_WITH_TIMEOUT(surveyed(), 60000);
        moveMouse(window.plot->findChild<QWidget*>(), window.middle(3, tokens - 2));
        QVERIFY(window.plot->accessibleDescription().contains("copies"));
    }

    void maskOffIsSaidAndSeen()
    {
        Window window(Text);
        auto* causal = window.workspace.findChild<QCheckBox*>();
        QVERIFY(causal->isChecked());
        const auto before = window.session.run();
        QTest::mouseClick(causal, Qt::LeftButton, {}, QPoint(8, causal->height() / 2));
        QTRY_VERIFY(window.session.run() != before);
        QVERIFY(!window.session.settings().causal);
        QVERIFY(window.workspace.sentence().contains("this model can now see the answer"));
        QVERIFY(window.labels().contains("for timing only: this model can now see the answer"));
        moveMouse(window.plot->findChild<QWidget*>(), window.middle(9, 2));
        QVERIFY(window.plot->accessibleDescription().contains("copies"));
    }

    void eachRowByItsOwnLargest()
    {
        Window window(Text);
        auto* shading = window.workspace.findChild<QComboBox*>();
        QTest::keyClick(shading, Qt::Key_Down);
        QCOMPARE(shading->currentIndex(), 1);
        const std::vector<float> row
            = window.session.run()->attention->recording.affinities->row({ 0, 0 }, 7);
        const auto most = std::max_element(row.begin(), row.end()) - row.begin();
        QCoreApplication::processEvents();
        const QImage picture = window.plot->grab().toImage();
        QCOMPARE(
            picture.pixel(window.middle(static_cast<int>(most), 7)), ColorScale::blue(false).at(1));
    }

    void otherTexts_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("empty") << std::string()
                               << "Type a text: every token will show from where it reads.";
        QTest::newRow("one token") << std::string("a") << "A single token has only itself to read.";
        QTest::newRow("not UTF-8")
            << std::string("\xff\xfe")
            << "Untrained: the pattern means nothing yet, but 3 of 2 × 2 pairs have their number.";
    }

    void otherTexts()
    {
        QFETCH(std::string, text);
        QFETCH(QString, sentence);
        Window window(Text);
        QTest::mouseClick(
            window.plot->findChild<QWidget*>(), Qt::LeftButton, {}, window.middle(1, 9));
        moveMouse(window.plot->findChild<QWidget*>(), window.middle(2, 8));
        window.type(text); // pin and hover point beyond it now
        QCOMPARE(window.workspace.sentence(), sentence);
        window.plot->grab();
        window.type(Text);
        QVERIFY(window.workspace.sentence().startsWith("Untrained"));
    }

    void whatIsHiddenIsMadeWhenItIsShown()
    {
        Window window(Text);
        window.workspace.hide();
        window.type("two words");
        window.workspace.show();
        QVERIFY(window.workspace.sentence().contains(
            QStringLiteral("%1 × %1").arg(window.session.run()->window.count())));
    }
};

QTEST_MAIN(AttentionWorkspaceTest)
#include "tst_attention_workspace.moc"
