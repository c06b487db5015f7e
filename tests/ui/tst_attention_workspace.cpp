// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/error.h"
#include "engine/measurement/head_scores.h"
#include "engine/model/reference_attention.h"
#include "tests/ui/mouse_move.h"
#include "ui/models/number_text.h"
#include "ui/models/window_labels.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/affinity_export.h"
#include "ui/views/affinity_plot.h"
#include "ui/views/attention_heads.h"
#include "ui/views/attention_sentence.h"
#include "ui/views/attention_workspace.h"
#include "ui/views/elided_label.h"
#include "ui/views/head_kind_choice.h"
#include "ui/views/influence_panel.h"
#include "ui/views/passed_on_bars.h"
#include "ui/views/reading_arcs.h"
#include "ui/views/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QHelpEvent>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QToolTip>

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

/// A head by the readable reference, in double.
struct HeadTwin
{
    Matrix<double> scores; // q·k ÷ √d, (T, T)
    Matrix<double> affinity; // (T, T)
    Matrix<double> valueNorms; // ‖v‖, (T, 1)

    HeadTwin(const Run& run, HeadIndex head)
    {
        const Model& model = *run.attention->model;
        std::vector<TokenId> ids;
        for (const Token& token : run.tokens)
            ids.push_back(token.id);
        const auto weights = std::get<AttentionWeights<float>>(model.weights).cast<double>();
        const auto kept = attentionForward(weights, model.shape, ids, true);
        const auto& attention = kept.blocks[head.layer].attention;
        const int width = model.shape.width;
        const int d = width / model.shape.heads;
        const auto part = [&](int which) -> Matrix<double> {
            return attention.queryKeyValue.middleCols(which * width + head.head * d, d);
        };
        scores = part(0) * part(1).transpose() / std::sqrt(double(d));
        affinity = attention.affinity[head.head];
        valueNorms = part(2).rowwise().norm();
    }
};

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

    /// The picture opens where the model looks a pair up, not at whatever its first head does.
    void aHeadThatTellsIsShownUntilOneIsChosen()
    {
        Window window(RecallText, "recall");
        QTRY_VERIFY(window.heads->complete());
        const HeadIndex best = scoresOf(*window.session.run()).best(HeadJob::Induction);
        const Selection& shown = window.session.selection();
        QCOMPARE(shown.layer(), best.layer);
        QCOMPARE(shown.head(), best.head);
        const HeadIndex other { best.layer, best.head == 0 ? 1 : 0 };
        QTest::mouseClick(window.heads, Qt::LeftButton, {},
            window.heads->thumbnail(other.layer, other.head).center());
        window.type(std::string("k4=4 ") + RecallText);
        QTRY_VERIFY(window.heads->complete());
        QCOMPARE(shown.layer(), other.layer);
        QCOMPARE(shown.head(), other.head);
    }

    void typingDoesNotChangeTheHead()
    {
        Window window("one two three", "recall"); // nothing comes twice
        QTRY_VERIFY(window.heads->complete());
        const int layer = window.session.selection().layer();
        const int head = window.session.selection().head();
        window.session.editText(RecallText);
        QTRY_COMPARE(window.session.run()->text, std::string(RecallText));
        QTRY_VERIFY(window.heads->complete());
        QCOMPARE(window.session.selection().layer(), layer);
        QCOMPARE(window.session.selection().head(), head);
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
        const Matrix<double> scores = HeadTwin(*window.session.run(), { 1, 2 }).scores;
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

    // A large share of a short value passes little on.
    void whatThePinnedTokenGets()
    {
        Window window(Text);
        const HeadIndex head { 1, 2 };
        window.session.selection().setHead(head.layer, head.head);
        const int row = 9;
        QTest::mouseClick(
            window.plot->findChild<QWidget*>(), Qt::LeftButton, {}, window.middle(1, row));
        const HeadTwin twin(*window.session.run(), head);
        const Matrix<double> passedOn
            = twin.affinity.row(row).transpose().cwiseProduct(twin.valueNorms);
        Eigen::Index most = 0;
        const double length = passedOn.col(0).maxCoeff(&most);
        const auto* bars = window.workspace.findChild<PassedOnBars*>();
        const QString label = windowLabels(*window.session.run())[most];
        QVERIFY(bars->accessibleDescription().startsWith(
            QStringLiteral("token %1 “%2”: %3 × %4 = %5; ")
                .arg(QString::number(most + 1), label, shareText(twin.affinity(row, most)),
                    shareText(twin.valueNorms(most)), shareText(length))));
    }

    void arcsOverTheTextAreShownWhenWanted()
    {
        Window window(RecallText, "recall");
        window.session.selection().setHead(1, 1);
        auto* arcs = window.workspace.findChild<ReadingArcs*>();
        QVERIFY(!arcs->isVisible());
        for (auto* box : window.workspace.findChildren<QCheckBox*>())
            if (box->text().startsWith("Arcs"))
                QTest::keyClick(box, Qt::Key_Space);
        QVERIFY(arcs->isVisible());
        const int row = 12;
        QTest::mouseClick(
            window.plot->findChild<QWidget*>(), Qt::LeftButton, {}, window.middle(1, row));
        const Matrix<double> affinity = HeadTwin(*window.session.run(), { 1, 1 }).affinity;
        Eigen::Index most = 0;
        const double share = affinity.row(row).maxCoeff(&most);
        const QStringList labels = windowLabels(*window.session.run());
        QVERIFY(arcs->accessibleDescription().startsWith(
            QStringLiteral("“%1” reads %2 from “%3”")
                .arg(labels[row], shareText(share), labels[most])));
        const QImage picture = arcs->grab().toImage();
        const QRgb background = Theme::light().window.rgb();
        const auto drawnAbove = [&](int token) {
            const QPoint place = arcs->placeOf(token).toPoint();
            for (int y = place.y() - 12; y < place.y() - 2; ++y)
                if (picture.pixel(place.x(), y) != background)
                    return true;
            return false;
        };
        QVERIFY(drawnAbove(static_cast<int>(most)));
        QVERIFY(!drawnAbove(row + 5)); // it comes later
    }

    void whatIsKeptIsSaidOfBothInANarrowWindowToo()
    {
        Window window(Text);
        window.workspace.resize(650, 380); // what a window of 900x600 leaves
        const ElidedLabel* kept = nullptr;
        for (const auto* label : window.workspace.findChildren<ElidedLabel*>())
            if (label->fullText().startsWith(QStringLiteral("Keys and values of ")))
                kept = label;
        QVERIFY(kept);
        QTRY_VERIFY(kept->text() != kept->fullText());
        const ModelShape& lstm = window.session.models().lstm->shape;
        QVERIFY2(kept->text().endsWith(
                     QStringLiteral("LSTM: ") + bytesText(8.0 * lstm.layers * lstm.width)),
            qPrintable(kept->text()));
        QVERIFY(kept->toolTip().startsWith(kept->fullText()));
    }

    void whatIsKeptGrowsWhileTheTextIsWritten()
    {
        Window window(Text);
        const auto lines = [&](int tokens) {
            const ModelShape& attention = window.session.models().attention->shape;
            const ModelShape& lstm = window.session.models().lstm->shape;
            return std::pair(QStringLiteral("Keys and values of %1 tokens: %2 (+%3 a token) · LSTM "
                                            "state: %4, constant")
                                 .arg(tokens)
                                 .arg(bytesText(8.0 * attention.layers * tokens * attention.width),
                                     bytesText(8.0 * attention.layers * attention.width),
                                     bytesText(8.0 * lstm.layers * lstm.width)),
                bytesText(4.0 * attention.heads * attention.layers * tokens * tokens));
        };
        const auto shown = [&](const QString& text) {
            for (const auto* label : window.workspace.findChildren<ElidedLabel*>())
                if (label->fullText().contains(text))
                    return true;
            return false;
        };
        for (const std::string& more :
            { std::string(), std::string(" key"), std::string(" key and Bob has the blue one") }) {
            window.session.extendText(Text + more, true);
            QTRY_COMPARE(window.session.tokenized()->text, Text + more);
            const auto [kept, stored] = lines(window.session.tokenized()->count());
            QVERIFY(shown(kept));
            QVERIFY(shown(stored));
        }
    }

    void theHeadShownIsWritten()
    {
        Window window(Text);
        window.session.selection().setHead(1, 2);
        const std::vector<DataFormat> formats = window.workspace.dataFormats();
        const HeadTwin twin(*window.session.run(), { 1, 2 });
        const auto tokens = twin.affinity.rows();
        const QStringList labels = windowLabels(*window.session.run());

        const DataFormat* csv = dataFormatOf(formats, "x.csv");
        const QStringList lines = QString::fromStdString(csv->write()).split('\n');
        QCOMPARE(lines[0], "layer,head,row,column,row_token,column_token,share,score");
        QCOMPARE(lines.size(), 2 + tokens * (tokens + 1) / 2); // and nothing after the last
        const QStringList cell = lines[1 + 5 * 6 / 2 + 3].split(','); // of row 5, column 3
        QCOMPARE(cell.mid(0, 6), QStringList({ "2", "3", "5", "3", labels[5], labels[3] }));
        QVERIFY(std::abs(cell[6].toDouble() - twin.affinity(5, 3)) < 1e-5);
        QVERIFY(std::abs(cell[7].toDouble() - twin.scores(5, 3)) < 1e-4);

        const DataFormat* json = dataFormatOf(formats, "x.json");
        const QJsonObject head
            = QJsonDocument::fromJson(QByteArray::fromStdString(json->write())).object();
        QCOMPARE(head["layer"].toInt(), 2);
        QCOMPARE(head["head"].toInt(), 3);
        QCOMPARE(head["causal"].toBool(), true);
        QCOMPARE(head["tokens"].toArray()[5].toString(), labels[5]);
        QCOMPARE(head["affinity"].toArray().size(), tokens);
        QVERIFY(std::abs(head["affinity"][5][3].toDouble() - twin.affinity(5, 3)) < 1e-5);
        QCOMPARE(head["affinity"][3][5].toDouble(), 0.0);
        QVERIFY(std::abs(head["scores"][3][5].toDouble() - twin.scores(3, 5)) < 1e-4);
    }

    void tooManyPairsAreRefused()
    {
        AffinityPicture picture;
        picture.fullColor.resize(mostTokensWritten + 1);
        QVERIFY_THROWS_EXCEPTION(Error, affinityCsv(picture));
        QVERIFY_THROWS_EXCEPTION(Error, affinityJson(picture));
        QCOMPARE(affinityCsv({}), "layer,head,row,column,row_token,column_token,share,score\n");
        QVERIFY(QJsonDocument::fromJson(QByteArray::fromStdString(affinityJson({}))).isObject());
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

        for (auto* button : window.workspace.findChildren<QToolButton*>())
            if (button->text().startsWith("QK"))
                QTest::mouseClick(button, Qt::LeftButton);
        const QPoint later = window.middle(tokens - 3, tokens / 4);
        const auto drawn = [&] {
            return window.plot->grab().toImage().pixel(later) != Theme::light().window.rgb();
        };
        QTRY_VERIFY(drawn()); // the mask comes afterwards
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

    void aButtonLeadsToWhatIsFurtherDown()
    {
        Window window("Ann has the red key and Bob");
        auto* influence = window.workspace.findChild<InfluencePanel*>();
        const auto seen = [&] {
            return !influence->visibleRegion().isEmpty()
                && influence->visibleRegion().boundingRect().top() == 0;
        };
        QToolButton* there = nullptr;
        for (QToolButton* button : window.workspace.findChildren<QToolButton*>())
            if (button->text() == "Influence")
                there = button;
        QVERIFY(there);
        window.workspace.resize(1180, 420);
        QTRY_VERIFY(there->isVisible());
        QVERIFY(!seen());
        QTest::mouseClick(there, Qt::LeftButton);
        QTRY_VERIFY(seen());
        window.workspace.resize(1180, 2000); // there is room for all of it
        QTRY_VERIFY(!there->isVisible());
        QVERIFY(seen());
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
