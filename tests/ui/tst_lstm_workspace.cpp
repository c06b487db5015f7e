// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/mouse_move.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/cell_numbers.h"
#include "ui/views/equation_panel.h"
#include "ui/views/lstm_plot.h"
#include "ui/views/lstm_strip.h"
#include "ui/views/lstm_workspace.h"
#include "ui/views/main_window.h"
#include "ui/views/theme.h"
#include "ui/views/token_bars_view.h"
#include "ui/views/unit_finder.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QSlider>
#include <QTest>
#include <QToolButton>
#include <QWheelEvent>

#include <nlohmann/json.hpp>

using namespace timestep;

namespace {

const std::string Text = "Ann has the red key and Bob has the blue key. Ann has the red";

/// A workspace over a session whose text has been read.
class Window
{
public:
    explicit Window(const std::string& text, const std::string& model = "untrained")
        : workspace(session)
    {
        session.openModels({ model });
        workspace.setPalette(Theme::light().palette());
        workspace.resize(1100, 720);
        workspace.show();
        if (!QTest::qWaitForWindowExposed(&workspace))
            qFatal("no window");
        plot = workspace.findChild<LstmPlot*>();
        bars = workspace.findChild<TokenBarsView*>();
        equation = workspace.findChild<EquationPanel*>();
        finder = workspace.findChild<UnitFinder*>();
        type(text);
    }

    void type(const std::string& text)
    {
        session.setText(text);
        const auto shown = [&] {
            return session.run() && session.run()->text == text && workspace.complete()
                && plot->complete();
        };
        if (!QTest::qWaitFor(shown, 30000))
            qFatal("the text was not shown");
        workspace.grab(); // arranged, and painted
    }

    void settle()
    {
        if (!QTest::qWaitFor([this] { return workspace.complete(); }, 30000))
            qFatal("never complete");
    }

    /// The middle of a cell of a map.
    QPoint place(LstmQuantity quantity, int step, int row) const
    {
        const LstmLayout::Map* map = plot->geometryOfParts().mapOf(quantity);
        const int units = int(recording().cell.front().cols());
        return { int(plot->columns().middle(step)), unitRow(map->cells, row, units).center().y() };
    }

    const Recording& recording() const { return session.run()->lstm->recording; }
    int tokens() const { return session.run()->window.count(); }

    void click(const QString& text)
    {
        for (QToolButton* button : workspace.findChildren<QToolButton*>()) {
            if (button->text() == text && button->isVisible())
                return QTest::mouseClick(button, Qt::LeftButton);
        }
        qFatal("no button %s", qPrintable(text));
    }

    void brush(int first, int last)
    {
        const QPoint from = place(LstmQuantity::Hidden, first, 3);
        const QPoint to = place(LstmQuantity::Hidden, last, 5);
        QTest::mousePress(plot, Qt::LeftButton, {}, from);
        QMouseEvent moved(QEvent::MouseMove, to, plot->mapToGlobal(to), Qt::NoButton,
            Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(plot, &moved);
        QTest::mouseRelease(plot, Qt::LeftButton, {}, to);
        settle();
    }

    Session session;
    LstmWorkspace workspace;
    LstmPlot* plot = nullptr;
    TokenBarsView* bars = nullptr;
    EquationPanel* equation = nullptr;
    UnitFinder* finder = nullptr;
};

QStringList equationOf(const Window& window, int layer, int step, int unit)
{
    LstmPicture picture;
    picture.run = window.session.run();
    picture.reading = picture.run->lstm;
    picture.layer = layer;
    return cellEquation(CellNumbers::of(picture, step, unit));
}

} // namespace

class LstmWorkspaceTest : public QObject
{
    Q_OBJECT
private slots:
    void aPinnedCellHasItsNumbersInTheEquation()
    {
        Window window(Text);
        const QPoint place = window.place(LstmQuantity::Cell, 5, 20);
        moveMouse(window.plot, place);
        const int unit = window.plot->cell()->unit;
        QTest::mouseClick(window.plot, Qt::LeftButton, {}, place);
        QCOMPARE(window.session.selection().pinnedToken(), 5);
        moveMouse(window.plot, window.place(LstmQuantity::Cell, 9, 2));
        QVERIFY(window.equation->text() != equationOf(window, 0, 5, unit).join(u'\n'));
        moveMouse(window.plot, QPoint(1, 1)); // the pin alone is shown now
        QCOMPARE(window.equation->text(), equationOf(window, 0, 5, unit).join(u'\n'));
    }

    void hoverPreviewsAndIsSeenEverywhere()
    {
        Window window(Text);
        moveMouse(window.plot, window.place(LstmQuantity::Forget, 3, 7));
        const auto cell = window.plot->cell();
        QVERIFY(cell);
        QCOMPARE(cell->quantity, LstmQuantity::Forget);
        QCOMPARE(window.session.selection().hoveredToken(), 3);
        QCOMPARE(window.equation->text(), equationOf(window, 0, 3, cell->unit).join(u'\n'));
        const float value = window.recording().gates[0].forget(3, cell->unit);
        QVERIFY(window.plot->accessibleDescription().contains(stateText(value)));
    }

    void arrowsWalkCellsAndEnterPins()
    {
        Window window(Text);
        window.plot->setFocus();
        QTest::keyClick(window.plot, Qt::Key_Home); // appears
        QTest::keyClick(window.plot, Qt::Key_Home);
        QTest::keyClick(window.plot, Qt::Key_Right);
        QTest::keyClick(window.plot, Qt::Key_Right);
        QTest::keyClick(window.plot, Qt::Key_Down);
        QVERIFY(window.plot->cell());
        QCOMPARE(window.plot->cell()->step, 2);
        const int unit = window.plot->cell()->unit;
        QTest::keyClick(window.plot, Qt::Key_Return);
        QCOMPARE(window.session.selection().pinnedToken(), 2);
        window.settle();
        QCOMPARE(window.equation->text(), equationOf(window, 0, 2, unit).join(u'\n'));
    }

    void theNumbersAreThoseOfInspect()
    {
        Window window(Text);
        QProcess inspect;
        inspect.start(QStringLiteral(TIMESTEP_PROGRAM),
            { "inspect", "--model", "untrained", "--text", QString::fromStdString(Text), "--json",
                "-" });
        QVERIFY(inspect.waitForFinished(60000));
        const auto json = nlohmann::json::parse(inspect.readAllStandardOutput().toStdString());
        const auto& lstm = json["models"][0];
        QCOMPARE(lstm["kind"].get<std::string>(), std::string("lstm"));
        moveMouse(window.plot, window.place(LstmQuantity::Cell, 7, 11));
        const int unit = window.plot->cell()->unit;
        const auto gate = [&](const char* name) {
            return stateText(lstm["gates"][0][name][7][unit].get<float>());
        };
        const QString shown = window.equation->text();
        for (const QString& number : { gate("forget"), gate("input"), gate("candidate"),
                 gate("output"), stateText(lstm["cell"][0][6][unit].get<float>()),
                 stateText(lstm["cell"][0][7][unit].get<float>()),
                 stateText(lstm["hidden"][0][7][unit].get<float>()) })
            QVERIFY2(shown.contains(number), qPrintable(number + u'\n' + shown));
    }

    void aBrushFindsItsUnits()
    {
        Window window(Text);
        window.brush(4, 6);
        QCOMPARE(window.finder->found().search.span, (IndexRange { 4, 7 }));
        const auto expected = [&] {
            const Matrix<float>& hidden = window.recording().hidden[0];
            const float threshold = window.finder->found().search.threshold.value;
            int units = 0;
            for (int unit = 0; unit < int(hidden.cols()); ++unit)
                units += hidden(4, unit) > threshold && hidden(5, unit) > threshold
                    && hidden(6, unit) > threshold;
            return units;
        };
        auto* summary = window.finder->findChild<QLabel*>("unitsFound");
        QVERIFY(summary->text().startsWith(QStringLiteral("%1 of ").arg(expected())));
        auto* threshold = window.finder->findChild<QSlider*>();
        threshold->setValue(0);
        window.settle();
        QVERIFY(expected() > 0);
        QVERIFY(summary->text().startsWith(QStringLiteral("%1 of ").arg(expected())));
        // The strip tells where else they are on.
        window.click(QStringLiteral("Units on"));
        QCOMPARE(window.bars->bars().series.front().values.size(), size_t(window.tokens()));
        QCOMPARE(window.bars->bars().series.front().values[5], double(expected()));
        QVERIFY(window.workspace.clearOwn());
        QVERIFY(!window.finder->found().search.span);
        QVERIFY(!window.workspace.clearOwn());
    }

    void shiftWithTheArrowsBrushes()
    {
        Window window(Text);
        window.plot->setFocus();
        QTest::keyClick(window.plot, Qt::Key_Home);
        QTest::keyClick(window.plot, Qt::Key_Home);
        QTest::keyClick(window.plot, Qt::Key_Right, Qt::ShiftModifier);
        QTest::keyClick(window.plot, Qt::Key_Right, Qt::ShiftModifier);
        window.settle();
        QCOMPARE(window.finder->found().search.span, (IndexRange { 0, 3 }));
    }

    void unitsAreSorted()
    {
        Window window(Text);
        QComboBox* order = nullptr;
        for (QComboBox* box : window.workspace.findChildren<QComboBox*>())
            order = box->accessibleName() == "Order of the units" ? box : order;
        QVERIFY(order);
        order->setCurrentIndex(order->findText("by memory"));
        QTRY_VERIFY(window.workspace.complete());
        window.workspace.grab();
        const Matrix<float>& forget = window.recording().gates[0].forget;
        double before = 2;
        for (const int row : { 0, 5, 50 }) {
            const QPoint place = window.place(LstmQuantity::Forget, 2, row);
            moveMouse(window.plot, place);
            const double mean = forget.col(window.plot->cell()->unit).mean();
            QVERIFY(mean <= before);
            before = mean;
        }
    }

    void keysAndButtonsChangeTheLayer()
    {
        Window window(Text);
        const auto name = [&] {
            for (const QLabel* label : window.workspace.findChildren<QLabel*>())
                if (label->text().startsWith("layer "))
                    return label->text();
            return QString();
        };
        const int layers = window.session.models().lstm->shape.layers;
        QVERIFY(layers > 1);
        QCOMPARE(name(), QStringLiteral("layer 1 of %1").arg(layers));
        window.workspace.stepLayer(1); // as the window's keys { } do
        QTRY_COMPARE(name(), QStringLiteral("layer 2 of %1").arg(layers));
        window.settle();
        moveMouse(window.plot, window.place(LstmQuantity::Hidden, 1, 4));
        QCOMPARE(window.equation->text(),
            equationOf(window, 1, 1, window.plot->cell()->unit).join(u'\n'));
        window.click(QStringLiteral("‹"));
        QTRY_COMPARE(name(), QStringLiteral("layer 1 of %1").arg(layers));
        window.workspace.stepLayer(-1);
        QTRY_COMPARE(name(), QStringLiteral("layer 1 of %1").arg(layers));
    }

    void oneMapIsEnlarged()
    {
        Window window(Text);
        const int before = window.plot->geometryOfParts().mapOf(LstmQuantity::Cell)->cells.height();
        window.click(QStringLiteral("c"));
        QCOMPARE(window.plot->geometryOfParts().maps.size(), size_t(1));
        QVERIFY(
            window.plot->geometryOfParts().mapOf(LstmQuantity::Cell)->cells.height() > 5 * before);
        window.click(QStringLiteral("all six"));
        QCOMPARE(window.plot->geometryOfParts().maps.size(), size_t(6));
    }

    void theWheelZoomsBothPictures()
    {
        Window window(Text);
        const QPoint place = window.place(LstmQuantity::Input, 10, 3);
        QWheelEvent wheel(place, window.plot->mapToGlobal(QPointF(place)), QPoint(),
            QPoint(0, 5 * QWheelEvent::DefaultDeltasPerStep), Qt::NoButton, Qt::NoModifier,
            Qt::NoScrollPhase, false);
        QApplication::sendEvent(window.plot, &wheel);
        QVERIFY(!window.plot->columns().axis.whole());
        QCOMPARE(window.plot->columns().tokenAt(place.x()), 10);
        QCOMPARE(window.bars->columns().axis, window.plot->columns().axis);
        QCOMPARE(window.bars->columns().left, window.plot->columns().left);
        QTest::keyClick(window.plot, Qt::Key_0);
        QVERIFY(window.plot->columns().axis.whole());
    }

    void whatIsStillInTheCellAddsUpToIt()
    {
        Window window(Text);
        window.session.selection().pinToken(9);
        window.settle();
        const auto& shares = window.bars->bars().series.front().values;
        double sum = 0;
        for (int step = 0; step <= 9; ++step)
            sum += shares[size_t(step)];
        QVERIFY(qAbs(sum - 1) < 1e-6);
        QVERIFY(std::isnan(shares[10])); // nothing that is to come
        const QPoint place = window.place(LstmQuantity::Cell, 9, 30);
        moveMouse(window.plot, place);
        const int unit = window.plot->cell()->unit;
        QTest::mouseClick(window.plot, Qt::LeftButton, {}, place);
        window.settle();
        window.click(QStringLiteral("unit %1").arg(unit));
        sum = 0;
        for (int step = 0; step <= 9; ++step)
            sum += window.bars->bars().series.front().values[size_t(step)];
        QVERIFY(qAbs(sum - double(window.recording().cell[0](9, unit))) < 1e-5);
    }

    void everyQuestionHasItsAnswer_data()
    {
        QTest::addColumn<QString>("tab");
        QTest::addColumn<int>("models");
        QTest::addColumn<QString>("sentence"); // begins so
        QTest::newRow("influence") << QStringLiteral("Influence") << 2 << "After “";
        QTest::newRow("replace") << QStringLiteral("Replace") << 2 << "With “";
        QTest::newRow("override") << QStringLiteral("Override") << 1 << "With f = 0 forced at “";
        QTest::newRow("asked early") << QStringLiteral("Asked early") << 2 << "Asked ";
    }

    void everyQuestionHasItsAnswer()
    {
        QFETCH(QString, tab);
        QFETCH(int, models);
        QFETCH(QString, sentence);
        Window window("q3=7 a9=1 b2=4 q3=");
        window.session.selection().pinToken(4);
        window.click(tab);
        QTRY_COMPARE_WITH_TIMEOUT(int(window.bars->bars().series.size()), models, 20000);
        window.settle();
        for (const TokenBars::Series& series : window.bars->bars().series) {
            QCOMPARE(int(series.values.size()), window.tokens());
            QVERIFY(std::any_of(series.values.begin(), series.values.end(),
                [](double value) { return value > 0; }));
        }
        QVERIFY2(window.workspace.sentence().startsWith(sentence),
            qPrintable(window.workspace.sentence()));
        // Of its numbers the file has each.
        const std::string csv = window.workspace.dataFormats().back().write();
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), 1 + window.tokens());
        QVERIFY(csv.find(tab.toStdString()) < csv.find('\n'));
    }

    void aReplacedTokenChangesNothingBeforeIt()
    {
        Window window(Text);
        window.session.selection().pinToken(6);
        window.click(QStringLiteral("Replace"));
        QTRY_COMPARE(int(window.bars->bars().series.size()), 2);
        for (const TokenBars::Series& series : window.bars->bars().series) {
            for (int step = 0; step < 6; ++step)
                QCOMPARE(series.values[size_t(step)], 0.0);
            QVERIFY(series.values[6] > 0);
        }
        // The token by itself changes nothing.
        QLineEdit* typed = nullptr;
        for (QLineEdit* field : window.workspace.findChildren<QLineEdit*>())
            typed = field->accessibleName().isEmpty() ? typed : field;
        QVERIFY(typed);
        const Token& token = window.session.run()->tokens[6];
        typed->setText(QString::fromStdString(Text.substr(token.begin, token.end - token.begin)));
        QTRY_COMPARE(window.bars->bars().series.front().values[6], 0.0);
    }

    void influenceNamesTheTokenItIsOf()
    {
        Window window(Text);
        window.session.selection().pinToken(6);
        window.click(QStringLiteral("Influence"));
        window.session.selection().setInfluenceTarget(InfluenceTarget::LstmBest);
        window.settle();
        const auto named = [&](size_t series) {
            return window.bars->bars().series[series].detail.section(u':', 0, 0);
        };
        QTRY_COMPARE(int(window.bars->bars().series.size()), 2);
        QTRY_VERIFY(named(0).startsWith(u'“') && named(0) == named(1));
        QComboBox* target = nullptr;
        for (QComboBox* box : window.workspace.findChildren<QComboBox*>())
            target = box->accessibleName().startsWith("The next token") ? box : target;
        QVERIFY(target);
        QCOMPARE(target->currentText(), QStringLiteral("the LSTM's best"));
    }

    void aCutLinkIsSaidAndWritten()
    {
        Window window(Text);
        window.session.selection().pinToken(6);
        window.click(QStringLiteral("Override"));
        QComboBox* what = nullptr;
        for (QComboBox* box : window.workspace.findChildren<QComboBox*>())
            what = box->accessibleName() == "What is changed" ? box : what;
        QVERIFY(what);
        what->setCurrentIndex(1);
        window.click(QStringLiteral("show"));
        QTRY_VERIFY2(window.workspace.sentence().startsWith("With the link cut at “"),
            qPrintable(window.workspace.sentence()));
        window.settle();
        const auto cuts = [&] {
            const auto json = nlohmann::json::parse(window.workspace.dataFormats()[1].write());
            return json["override"].is_null() ? nlohmann::json() : json["override"]["cut_links"];
        };
        QTRY_COMPARE(int(cuts().size()), 1);
        QCOMPARE(cuts()[0]["step"].get<int>(), 6);
        window.click(QStringLiteral("Still in c"));
        QTRY_COMPARE(int(cuts().size()), 0);
    }

    void forcedGatesAreSeenInThePicture()
    {
        Window window(Text);
        window.session.selection().pinToken(6);
        window.click(QStringLiteral("Override")); // f = 0 of all units at the pinned token
        window.settle();
        const auto equation = [&] {
            moveMouse(window.plot, window.place(LstmQuantity::Forget, 6, 4));
            return window.equation->text();
        };
        const QString before = equation();
        QVERIFY(!before.contains(stateText(0)));
        window.click(QStringLiteral("show"));
        window.settle();
        QTRY_VERIFY2(equation().contains(stateText(0)), qPrintable(equation()));
        window.click(QStringLiteral("Still in c"));
        window.settle();
        QTRY_COMPARE(equation(), before);
    }

    void otherTexts_data()
    {
        QTest::addColumn<std::string>("text");
        QTest::addColumn<QString>("sentence");
        QTest::newRow("empty") << std::string() << "Type a text";
        QTest::newRow("one token") << std::string("a") << "Untrained: the forget gates";
        QTest::newRow("not UTF-8") << std::string("\xff\xfe") << "Untrained: the forget gates";
    }

    void otherTexts()
    {
        QFETCH(std::string, text);
        QFETCH(QString, sentence);
        Window window(Text);
        window.brush(2, 9);
        QTest::mouseClick(window.plot, Qt::LeftButton, {}, window.place(LstmQuantity::Input, 8, 3));
        window.type(text); // pin, brush and cell point beyond it now
        QTRY_VERIFY2(window.workspace.sentence().startsWith(sentence),
            qPrintable(window.workspace.sentence()));
        for (const QString& tab : { QStringLiteral("Influence"), QStringLiteral("Replace"),
                 QStringLiteral("Override"), QStringLiteral("Asked early"),
                 QStringLiteral("Units on"), QStringLiteral("Still in c") }) {
            window.click(tab);
            window.settle();
            window.workspace.grab();
        }
        window.type(Text);
        QVERIFY(window.workspace.sentence().startsWith("Untrained"));
    }

    void theNumbersShownAreExported()
    {
        Window window("two words");
        const auto formats = window.workspace.dataFormats();
        QCOMPARE(formats.size(), size_t(3));
        const QString csv = QString::fromStdString(formats.front().write());
        QCOMPARE(
            csv.count(u'\n'), 1 + window.tokens() * int(window.recording().cell.front().cols()));
    }

    void escTakesTheBrushBackAfterThePin()
    {
        Session session;
        MainWindow window(session);
        auto* workspace = new LstmWorkspace(session);
        window.addWorkspace(3, workspace);
        session.openModels({ "untrained" });
        session.setText(Text);
        window.resize(1280, 800);
        window.show();
        QVERIFY(QTest::qWaitForWindowExposed(&window));
        auto* plot = workspace->findChild<LstmPlot*>();
        auto* finder = workspace->findChild<UnitFinder*>();
        QTRY_VERIFY(session.run() && session.run()->text == Text && workspace->complete());
        QTRY_VERIFY(plot->complete());
        plot->setFocus();
        QTest::keyClick(plot, Qt::Key_Home);
        QTest::keyClick(plot, Qt::Key_Right, Qt::ShiftModifier);
        QTRY_VERIFY(finder->found().search.span);
        QTest::keyClick(plot, Qt::Key_BraceRight);
        QTRY_VERIFY(workspace->complete());
        QTest::keyClick(plot, Qt::Key_Escape);
        QTest::keyClick(plot, Qt::Key_Escape);
        QTRY_VERIFY(!finder->found().search.span);
    }
};

QTEST_MAIN(LstmWorkspaceTest)
#include "tst_lstm_workspace.moc"
