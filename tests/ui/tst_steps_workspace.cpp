// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/untrained_model.h"
#include "tests/ui/mouse_move.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/picture_format.h"
#include "ui/views/steps_canvas.h"
#include "ui/views/steps_counters.h"
#include "ui/views/steps_real_run.h"
#include "ui/views/steps_workspace.h"
#include "ui/views/theme.h"

#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QScrollBar>
#include <QSvgRenderer>
#include <QtTest>

#include <cstdlib>

using namespace timestep;

namespace {

const std::string text = "Ann has the red key and Bob has the blue key. Ann has the red";

/// Made once: every test may read them.
const ModelPair& models()
{
    static const ModelPair pair = untrainedPair(Vocabulary::bundled(), 1);
    return pair;
}

/// A window over a session whose text has been planned.
class Window
{
public:
    explicit Window(const std::string& typed, const Theme& theme = Theme::light())
        : workspace(session)
        , canvas(workspace.canvas())
    {
        workspace.setPalette(theme.palette());
        workspace.setAutoFillBackground(true);
        workspace.resize(1180, 640);
        workspace.show();
        workspace.activateWindow();
        if (!QTest::qWaitForWindowActive(&workspace))
            qFatal("no window");
        session.setModels(models());
        type(typed);
    }

    void type(const std::string& typed)
    {
        session.setText(typed);
        waitForPlan([] { return true; });
    }

    void set(const std::function<void(Settings&)>& change)
    {
        Settings settings = session.settings();
        change(settings);
        const PlannedPairPointer before = session.plannedPair();
        session.setSettings(settings);
        waitForPlan([&] { return session.plannedPair() != before; });
    }

    int steps() const { return canvas.scene().picture ? canvas.scene().picture->steps() : 0; }

    QPoint middle(int model, int strip, int step, int tier) const
    {
        return canvas.spotRect({ model, strip, step, tier, 0 }).center();
    }

    void hover(int model, int strip, int step, int tier)
    {
        moveMouse(canvas.viewport(), middle(model, strip, step, tier));
    }

    QImage picture() { return canvas.viewport()->grab().toImage(); }

    QString number(const char* name) const
    {
        return workspace.findChild<QLabel*>(QLatin1String(name))->text();
    }

    Session session;
    StepsWorkspace workspace;
    StepsCanvas& canvas;

private:
    void waitForPlan(const std::function<bool()>& isNew)
    {
        const bool planned = QTest::qWaitFor(
            [&] {
                const TokenizedTextPointer tokens = session.tokenized();
                return tokens && tokens->text == session.text() && isNew()
                    && steps() == tokens->window.count() && !session.busy();
            },
            20000);
        if (!planned)
            qFatal("the text was not planned");
    }
};

/// How many pixels of a part of the picture have this colour.
int count(const QImage& image, const QRect& rect, const QColor& color)
{
    int pixels = 0;
    for (int y = rect.top(); y <= rect.bottom(); ++y) {
        for (int x = rect.left(); x <= rect.right(); ++x)
            pixels += image.rect().contains(x, y) && image.pixelColor(x, y) == color ? 1 : 0;
    }
    return pixels;
}

/// The workspace as it is drawn into a document, in its own pixels.
QImage drawnFromSvg(QWidget& workspace)
{
    QImage image(workspace.size(), QImage::Format_RGB32);
    image.fill(Qt::white);
    QPainter painter(&image);
    QSvgRenderer(pictureOf(workspace, PictureFormat::Svg)).render(&painter);
    return image;
}

bool alike(const QColor& a, const QColor& b)
{
    constexpr int rounding = 4;
    return std::abs(a.red() - b.red()) <= rounding && std::abs(a.green() - b.green()) <= rounding
        && std::abs(a.blue() - b.blue()) <= rounding;
}

} // namespace

class TestStepsWorkspace : public QObject
{
    Q_OBJECT
private slots:
    void cellsFillAsTheClockMoves();
    void documentsShowTheSameCells();
    void dashesAreExplained();
    void themesAreFollowed();
    void hoveringSaysWhatIsWaitedFor();
    void aClickPinsTheToken();
    void aTokenPinnedElsewhereIsOutlined();
    void theStepsAndRowsOfAPinnedSpanAreOutlined();
    void theWindowOfALongTextIsPinned();
    void keysWalkFromCellToCell();
    void theWalkBeginsAtTheClickedCell();
    void escapeClearsWhatIsPointedAt();
    void theWalkIsHeard();
    void countersFollowTheClock();
    void theNoteSaysWhichSubBatchesShow();
    void theSentenceFollowsTheSettings();
    void anEmptyTextSaysWhatToDo();
    void oneTokenIsShown();
    void aLongTextScrollsWithThePinInView();
    void aPinThatIsScrolledAwaySaysSo();
    void theWorkersNumberIsOnWhatRuns();
    void theViewFollowsTheFrontUntilScrolledByHand();
    void theWholeTextFits();
    void layersAreShownOneAtATimeOrAll();
    void aLayerAloneSaysWhatIsTakenAsDone();
    void typingKeepsThePictureWhole();
    void trainingGoesBackAndEndsWithTheUpdate();
    void keysReachWhatFollowsTheSteps();
    void chainsAreCounted();
    void thePictureIsToldInWords();
    void aRealRunStandsBelowThePlan();
    void whereNoRunFitsItIsSaid();
};

void TestStepsWorkspace::trainingGoesBackAndEndsWithTheUpdate()
{
    Window window(text);
    const int steps = window.steps();
    window.set([](Settings& settings) { settings.plannedTraining = true; });
    QCOMPARE(window.steps(), steps);
    const StepsModel& lstm = window.canvas.scene().model(0);
    const StepsTier* forward = lstm.grid.strips()[0].tier(OperationKind::RecurrentHalf);
    const StepsTier* back = lstm.grid.strips()[0].tier(OperationKind::RecurrentBackward);
    QVERIFY(forward && back);
    // From left to right, then from right to left.
    const auto end
        = [&](const StepsTier* tier, int step) { return lstm.times.end(tier->operation(step, 0)); };
    for (int step = 1; step < steps; ++step) {
        QVERIFY(end(forward, step) > end(forward, step - 1));
        QVERIFY(end(back, step) < end(back, step - 1));
    }
    QVERIFY(end(forward, steps - 1) < end(back, steps - 1));
    const std::vector<OperationKind> tails { OperationKind::Reduction, OperationKind::GradientNorm,
        OperationKind::Update };
    QCOMPARE(lstm.grid.tails(), tails);
    QCOMPARE(window.canvas.scene().label(steps + 2), QString("update"));
    QVERIFY(window.workspace.sentence().startsWith("Trained, "));
    // Waiting like the last step, what follows it still is a cell of its own: nothing inside.
    window.session.clock().toFirst();
    const QRect sum = window.canvas.spotRect({ 0, 0, steps, 0, 0 }).adjusted(3, 3, -3, -3);
    QCOMPARE(count(window.picture(), sum, Theme::light().window), sum.width() * sum.height());
    // The last cell of all fills at the end only.
    const auto update = [&] {
        return window.canvas.spotRect({ 0, 0, steps + 2, 0, 0 }).adjusted(3, 3, -3, -3);
    };
    const QColor done = Theme::light().lstm.done;
    window.session.clock().setTime(0.9 * lstm.times.finishedAt());
    QCOMPARE(count(window.picture(), update(), done), 0);
    window.session.clock().toLast();
    QVERIFY(count(window.picture(), update(), done) > 0);
}

void TestStepsWorkspace::keysReachWhatFollowsTheSteps()
{
    Window window(text);
    window.set([](Settings& settings) {
        settings.plannedTraining = true;
        settings.lstmStrategy = Strategy::Sequential; // nothing to sum: an empty cell
    });
    window.canvas.setFocus();
    window.session.selection().pinToken(window.steps() - 1);
    QTest::keyClick(&window.canvas, Qt::Key_Right); // shows where the walk begins
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QVERIFY(window.canvas.statement().text().isEmpty());
    QVERIFY(!window.session.selection().hoveredToken());
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QVERIFY2(window.canvas.statement().state.contains("length of all gradients"),
        qPrintable(window.canvas.statement().state));
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QVERIFY(window.canvas.statement().state.contains("update of the weights"));
    QTest::keyClick(&window.canvas, Qt::Key_Return); // of no token
    QCOMPARE(window.session.selection().pinnedToken(), std::optional(window.steps() - 1));
}

void TestStepsWorkspace::chainsAreCounted()
{
    Window window(text);
    const int steps = window.steps();
    QCOMPARE(window.number("lstmChain"), QString::number(steps));
    QCOMPARE(window.number("attentionChain"), QString("1"));
    window.set([](Settings& settings) { settings.plannedLayer = -1; });
    const int layers = models().lstm->shape.layers;
    QCOMPARE(window.number("lstmChain"), QString::number(steps + layers - 1));
    QCOMPARE(window.number("attentionChain"), QString::number(models().attention->shape.layers));
    // Layers overlap, unless one worker does everything.
    const auto finishedAt = [&] { return window.canvas.scene().model(0).times.finishedAt(); };
    window.set([](Settings& settings) {
        settings.workers = 512;
        settings.subBatches = 1;
        settings.lstmStrategy = Strategy::LayerWavefront;
    });
    QVERIFY(finishedAt() < steps + layers - 1);
    window.set([](Settings& settings) { settings.lstmStrategy = Strategy::Sequential; });
    QCOMPARE(finishedAt(), double(steps * layers));
}

void TestStepsWorkspace::thePictureIsToldInWords()
{
    Window window(text);
    window.session.clock().toFirst();
    const QString begin = window.canvas.accessibleDescription();
    QVERIFY2(begin.startsWith("Plan at 0 units. LSTM: 4 sub-batches of "), qPrintable(begin));
    QVERIFY(begin.contains(" operations 0 are done, 4 run, "));
    window.session.clock().toLast();
    const QString end = window.canvas.accessibleDescription();
    QVERIFY(end != begin);
    QVERIFY(end.contains(" are done, 0 run, 0 wait for others, 0 for a free worker. Attention: "));
}

void TestStepsWorkspace::aRealRunStandsBelowThePlan()
{
    Window window("Ann has the red key");
    StepsRealRun& real = window.workspace.realRun();
    QVERIFY(!real.isVisible());
    window.set([](Settings& settings) { setBesideTrace(settings, true); });
    QVERIFY(real.isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(real.measured(), 20000);
    QVERIFY(real.canvas().isVisible());
    QVERIFY2(window.workspace.sentence().contains(" that ran: LSTM "),
        qPrintable(window.workspace.sentence()));
    // The same cells.
    const StepsModel& ran = real.canvas().scene().model(0);
    QCOMPARE(ran.grid.strips().size(), window.canvas.scene().model(0).grid.strips().size());
    QVERIFY(ran.measured());
    QVERIFY(window.session.clock().duration() >= ran.times.finishedAt() - 1e-9);
    window.session.clock().toLast();
    moveMouse(real.canvas().viewport(), real.canvas().spotRect({ 0, 0, 2, 1, 0 }).center());
    QVERIFY2(real.canvas().statement().state.contains(" ms; had to wait "),
        qPrintable(real.canvas().statement().state));
    window.set([](Settings& settings) {
        settings.besideTrace = false;
        settings.plannedLayer = 0;
    });
    QVERIFY(!real.isVisible());
    QCOMPARE(window.session.clock().duration(), window.session.plannedPair()->duration());
}

void TestStepsWorkspace::whereNoRunFitsItIsSaid()
{
    Window window("Ann has the red key");
    window.set([](Settings& settings) {
        setBesideTrace(settings, true);
        settings.plannedTraining = true;
    });
    auto* note = window.workspace.findChild<ElidedLabel*>(QStringLiteral("realRunNote"));
    QVERIFY(note->isVisible());
    QVERIFY(note->fullText().contains("reads, in all layers"));
    QVERIFY(!window.workspace.realRun().canvas().isVisible());
    QVERIFY(window.workspace.sentence().startsWith("Trained, "));
}

void TestStepsWorkspace::cellsFillAsTheClockMoves()
{
    Window window(text);
    const Theme::ModelColors& colors = Theme::light().lstm;
    const int step = 4;
    // Inside its outline, which has the colour of running cells.
    const QRect cell = window.canvas.spotRect({ 0, 0, step, 1, 0 }).adjusted(3, 3, -3, -3);
    const int area = cell.width() * cell.height();
    const StepsModel& lstm = window.canvas.scene().model(0);
    const int operation = lstm.grid.operation({ 0, step, 1, 0 });
    const double begin = lstm.times.begin(operation);
    const double end = lstm.times.end(operation);

    window.session.clock().setTime(begin / 2);
    QCOMPARE(count(window.picture(), cell, colors.running), 0);
    QCOMPARE(count(window.picture(), cell, colors.done), 0);
    window.session.clock().setTime(begin + 0.25 * (end - begin));
    const int quarter = count(window.picture(), cell, colors.running);
    QVERIFY(quarter > 0);
    window.session.clock().setTime(begin + 0.75 * (end - begin));
    QVERIFY(count(window.picture(), cell, colors.running) > quarter);
    window.session.clock().setTime(end);
    QVERIFY(count(window.picture(), cell, colors.done) > area / 2);
}

/// Also in the middle of the text and of the time: what is done, runs or waits, in each column.
void TestStepsWorkspace::documentsShowTheSameCells()
{
    Window window(text);
    window.session.clock().setTime(window.session.clock().duration() * 0.3);
    window.canvas.horizontalScrollBar()->setValue(30); // cuts through a column
    const QImage screen = window.workspace.grab().toImage();
    const QImage document = drawnFromSvg(window.workspace);
    QCOMPARE(document.size(), screen.size());
    const StepsScene& scene = window.canvas.scene();
    const auto [first, last] = scene.layout.visibleColumns(scene.view);
    QVERIFY(last - first > 4);
    for (int model = 0; model < 2; ++model) {
        for (int column = first + 1; column < last; ++column) {
            const QRect cell = window.canvas.spotRect({ model, 0, column, 1, 0 });
            // Away from its worker's number and its outline.
            for (const double share : { 0.12, 0.88 }) {
                const QPoint point = window.canvas.viewport()->mapTo(&window.workspace,
                    QPoint(cell.left() + int(share * cell.width()), cell.center().y()));
                QVERIFY2(alike(document.pixelColor(point), screen.pixelColor(point)),
                    qPrintable(QStringLiteral("model %1, column %2: %3 instead of %4")
                                   .arg(model)
                                   .arg(column)
                                   .arg(document.pixelColor(point).name(),
                                       screen.pixelColor(point).name())));
            }
        }
    }
    // Nothing stands beside the columns, where a document has no clip.
    const QRect area = scene.layout.columnsArea();
    const int row = window.canvas.spotRect({ 0, 0, first + 1, 1, 0 }).center().y();
    const QPoint beside
        = window.canvas.viewport()->mapTo(&window.workspace, QPoint(area.left() - 4, row));
    QCOMPARE(document.pixelColor(beside), screen.pixelColor(beside));
}

/// Also where there is no room for it beside the longer explanation.
void TestStepsWorkspace::dashesAreExplained()
{
    Window window(text);
    const QByteArray painted = pictureOf(window.workspace, PictureFormat::Svg);
    QVERIFY(painted.contains("dotted: no free worker"));
    QVERIFY(painted.contains("large: the position"));
}

void TestStepsWorkspace::themesAreFollowed()
{
    Window window(text, Theme::darkTheme());
    window.session.clock().toLast();
    const QRect cell = window.canvas.spotRect({ 1, 0, 3, 1, 0 });
    QVERIFY(count(window.picture(), cell, Theme::darkTheme().attention.done) > 100);
    window.workspace.setPalette(Theme::light().palette());
    QVERIFY(count(window.picture(), cell, Theme::light().attention.done) > 100);
    QCOMPARE(count(window.picture(), cell, Theme::darkTheme().attention.done), 0);
}

void TestStepsWorkspace::hoveringSaysWhatIsWaitedFor()
{
    Window window(text);
    window.set([](Settings& settings) { settings.workers = 64; });
    window.session.clock().setTime(2);
    const QImage before = window.picture();
    const int last = window.steps() - 1;
    window.hover(0, 0, last, 1);
    const QString expected = QStringLiteral("step %1 “%2” waits for step %3, and so on: ")
                                 .arg(last)
                                 .arg(window.canvas.scene().labels.back())
                                 .arg(last - 1);
    QVERIFY2(window.canvas.statement().state.startsWith(expected),
        qPrintable(window.canvas.statement().state));
    QCOMPARE(window.session.selection().hoveredToken(), std::optional<int>(last));
    // What it needs is outlined, and the tooltip lies below the cell.
    const QImage after = window.picture();
    const QRect needed = window.canvas.spotRect({ 0, 0, last - 1, 1, 0 }).adjusted(-3, -3, 3, 3);
    QCOMPARE(count(before, needed, Theme::light().text), 0);
    QVERIFY(count(after, needed, Theme::light().text) > needed.width());
    QVERIFY(count(after, after.rect(), Theme::light().tooltip)
        > count(before, after.rect(), Theme::light().tooltip) + 2000);

    window.hover(1, 1, 2, 1);
    QCOMPARE(window.canvas.statement().needs, "needs keys and values of positions 0–2");
    moveMouse(window.canvas.viewport(), { 2, 2 });
    QVERIFY(window.canvas.statement().state.isEmpty());
    QCOMPARE(window.session.selection().hoveredToken(), std::nullopt);
}

void TestStepsWorkspace::aClickPinsTheToken()
{
    Window window(text);
    const Theme& theme = Theme::light();
    const QImage before = window.picture();
    QCOMPARE(count(before, before.rect(), theme.pin), 0);
    QTest::mouseClick(window.canvas.viewport(), Qt::LeftButton, {}, window.middle(0, 2, 5, 1));
    QCOMPARE(window.session.selection().pinnedToken(), std::optional<int>(5));
    const QImage after = window.picture();
    for (int model = 0; model < 2; ++model) {
        const QRect cell = window.canvas.spotRect({ model, 0, 5, 1, 0 });
        QVERIFY(count(after, cell.adjusted(-5, 0, 5, 0), theme.pin) > cell.height());
        const QRect other = window.canvas.spotRect({ model, 0, 7, 1, 0 });
        QCOMPARE(count(after, other.adjusted(-5, 0, 5, 0), theme.pin), 0);
    }
    window.session.selection().clear();
    const QImage cleared = window.picture();
    QCOMPARE(count(cleared, cleared.rect(), theme.pin), 0);
}

void TestStepsWorkspace::aTokenPinnedElsewhereIsOutlined()
{
    Window window(text);
    window.session.selection().pinToken(9);
    QCOMPARE(window.canvas.scene().pinnedStep, std::optional<int>(9));
    const QRect cell = window.canvas.spotRect({ 1, 3, 9, 1, 0 });
    QVERIFY(count(window.picture(), cell.adjusted(-5, 0, 5, 0), Theme::light().pin) > 0);
}

/// Of 32 rows in 4 sub-batches, rows 8 to 15 are those of the second.
void TestStepsWorkspace::theStepsAndRowsOfAPinnedSpanAreOutlined()
{
    Window window(text);
    const int steps = window.steps();
    window.session.selection().pinWork(
        { .window = { 0, steps }, .steps = { 3, 6 }, .rows = { 8, 16 } });
    const QImage picture = window.picture();
    const QColor pin = Theme::light().pin;
    for (int model = 0; model < 2; ++model) {
        for (const int column : { 3, 5 }) {
            const QRect cell = window.canvas.spotRect({ model, 1, column, 1, 0 });
            QVERIFY(count(picture, cell.adjusted(-5, -5, 5, 5), pin) > cell.height());
        }
        const QRect within = window.canvas.spotRect({ model, 1, 4, 1, 0 });
        QCOMPARE(count(picture, within.adjusted(1, 1, -1, -1), pin), 0);
        for (const StepsSpot& spot :
            { StepsSpot { model, 1, 7, 1, 0 }, StepsSpot { model, 3, 4, 1, 0 } })
            QCOMPARE(count(picture, window.canvas.spotRect(spot).adjusted(-5, 0, 5, 0), pin), 0);
    }
    window.session.selection().pinToken(9);
    QCOMPARE(window.canvas.scene().pinnedRows, std::nullopt);
    window.session.selection().clear();
    QCOMPARE(count(window.picture(), picture.rect(), pin), 0);
}

void TestStepsWorkspace::theWindowOfALongTextIsPinned()
{
    Window window(text);
    window.set([](Settings& settings) {
        settings.windowBegin = 4;
        settings.windowLength = 6;
    });
    QCOMPARE(window.steps(), 6);
    QTest::mouseClick(window.canvas.viewport(), Qt::LeftButton, {}, window.middle(1, 0, 2, 1));
    QCOMPARE(window.session.selection().pinnedToken(), std::optional<int>(6));
    window.session.selection().pinToken(1); // before the window
    QCOMPARE(window.canvas.scene().pinnedStep, std::nullopt);
}

void TestStepsWorkspace::keysWalkFromCellToCell()
{
    Window window(text);
    window.canvas.setFocus();
    QTest::keyClick(&window.canvas, Qt::Key_Right); // where the walk begins
    QVERIFY(window.canvas.scene().keyboardSpot);
    QCOMPARE(*window.canvas.scene().keyboardSpot, (StepsSpot { 0, 0, 0, 1, 0 }));
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QTest::keyClick(&window.canvas, Qt::Key_Down);
    QCOMPARE(*window.canvas.scene().keyboardSpot, (StepsSpot { 0, 1, 2, 1, 0 }));
    for (int i = 0; i < 3; ++i)
        QTest::keyClick(&window.canvas, Qt::Key_Down);
    QCOMPARE(*window.canvas.scene().keyboardSpot, (StepsSpot { 1, 0, 2, 1, 0 }));
    QTest::keyClick(&window.canvas, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClick(&window.canvas, Qt::Key_Up);
    QCOMPARE(*window.canvas.scene().keyboardSpot, (StepsSpot { 0, 3, window.steps() - 1, 1, 0 }));
    QTest::keyClick(&window.canvas, Qt::Key_Left);
    QTest::keyClick(&window.canvas, Qt::Key_Return);
    QCOMPARE(window.session.selection().pinnedToken(), std::optional<int>(window.steps() - 2));
    QTest::keyClick(&window.canvas, Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(window.canvas.scene().keyboardSpot->column, 0);
}

void TestStepsWorkspace::theWalkBeginsAtTheClickedCell()
{
    Window window(text);
    QTest::mouseClick(window.canvas.viewport(), Qt::LeftButton, {}, window.middle(1, 2, 5, 1));
    QVERIFY(!window.canvas.scene().keyboardSpot);
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QCOMPARE(*window.canvas.scene().keyboardSpot, (StepsSpot { 1, 2, 6, 1, 0 }));
    // Another click, another beginning.
    QTest::mouseClick(window.canvas.viewport(), Qt::LeftButton, {}, window.middle(0, 1, 9, 1));
    QTest::keyClick(&window.canvas, Qt::Key_Up);
    QCOMPARE(*window.canvas.scene().keyboardSpot, (StepsSpot { 0, 0, 9, 1, 0 }));
    // A pin that is set elsewhere is where the next walk begins.
    window.session.selection().clear();
    window.session.selection().pinToken(3);
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QCOMPARE(window.canvas.scene().keyboardSpot->column, 3);
}

void TestStepsWorkspace::escapeClearsWhatIsPointedAt()
{
    Window window(text);
    QCoreApplication::processEvents(); // the layout settles
    const QImage before = window.picture();
    QTest::mouseClick(window.canvas.viewport(), Qt::LeftButton, {}, window.middle(0, 1, 9, 1));
    window.hover(0, 1, 9, 1);
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QCOMPARE(window.session.selection().hoveredToken(), std::optional<int>(10));
    QVERIFY(window.picture() != before);
    window.session.selection().clear(); // what Esc does in the window
    QVERIFY(window.canvas.statement().state.isEmpty());
    QVERIFY(window.picture() == before);
}

void TestStepsWorkspace::theWalkIsHeard()
{
    Window window(text);
    QVERIFY(!window.canvas.accessibleName().isEmpty());
    window.canvas.setFocus();
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    QTest::keyClick(&window.canvas, Qt::Key_Right);
    const QString heard = window.canvas.accessibleDescription();
    QVERIFY2(heard.contains(QStringLiteral("step 1 “%1”").arg(window.canvas.scene().labels[1])),
        qPrintable(heard));
    QVERIFY2(heard.contains("needs step 0 and its input half"), qPrintable(heard));
    window.session.clock().toLast();
    QVERIFY(window.canvas.accessibleDescription().contains("done, by worker"));
}

void TestStepsWorkspace::countersFollowTheClock()
{
    Window window(text);
    window.session.clock().toFirst();
    QCOMPARE(
        window.number("lstmFinishedAt"), QString::number(window.steps()) + QStringLiteral(".0"));
    QCOMPARE(window.number("lstmIdle"), "0 of 4");
    window.session.clock().toLast();
    QCOMPARE(window.number("lstmIdle"), "4 of 4");
    window.set([](Settings& settings) { settings.workers = 64; });
    window.session.clock().setTime(2);
    QCOMPARE(window.number("lstmIdle"), "60 of 64");
    QCOMPARE(window.number("attentionIdle"), "64 of 64");
    const double parallelism = window.session.plannedPair()->lstm.summary.parallelism;
    QCOMPARE(window.number("lstmParallelism"), QString::number(parallelism, 'f', 1));
    QCOMPARE(window.number("lstmFactors"),
        QStringLiteral("= 4 sub-batches × %1 time").arg(QString::number(parallelism / 4, 'f', 1)));
    // Sub-batches that are not alike are counted in the largest.
    window.set([](Settings& settings) { settings.rows = 5; });
    auto* factors = window.workspace.findChild<ElidedLabel*>(QStringLiteral("lstmFactors"));
    QVERIFY2(factors->fullText().startsWith("= 2.5 sub-batches of 2 rows × "),
        qPrintable(factors->fullText()));
}

void TestStepsWorkspace::theNoteSaysWhichSubBatchesShow()
{
    Window window(text);
    const auto note = [&](int shown) {
        return window.canvas.scene().layout.shown(0) == shown ? window.canvas.scene().note
                                                              : QString();
    };
    for (int height = 640; height > 200 && note(2).isEmpty(); height -= 10)
        window.workspace.resize(1180, height);
    QCOMPARE(note(2), "sub-batches 1–2 of 4: scroll");
    for (int height = 640; height > 200 && note(1).isEmpty(); height -= 10)
        window.workspace.resize(1180, height);
    QCOMPARE(note(1), "sub-batch 1 of 4: scroll");
}

void TestStepsWorkspace::theSentenceFollowsTheSettings()
{
    Window window(text);
    QSignalSpy changed(&window.workspace, &Workspace::sentenceChanged);
    QVERIFY(window.workspace.sentence().startsWith("4 workers are busy "));
    window.set([](Settings& settings) { settings.workers = 64; });
    QVERIFY(window.workspace.sentence().startsWith("More workers than chains: "));
    QVERIFY(changed.count() >= 1);
    window.set([](Settings& settings) { settings.rows = 1; });
    QVERIFY(window.workspace.sentence().startsWith("One row is one chain: "));
}

void TestStepsWorkspace::anEmptyTextSaysWhatToDo()
{
    Window window("");
    QVERIFY(window.workspace.sentence().startsWith("Type a text above"));
    QVERIFY(!window.workspace.findChild<StepsCounters*>()->isVisible());
    const QImage image = window.picture();
    QVERIFY(count(image, image.rect(), Theme::light().window) < image.width() * image.height());
    window.type(text);
    QVERIFY(window.workspace.findChild<StepsCounters*>()->isVisible());
    window.type("");
    QVERIFY(window.workspace.sentence().startsWith("Type a text above"));
    QTest::keyClick(&window.canvas, Qt::Key_Right); // and nothing to walk on
    QVERIFY(window.canvas.statement().state.isEmpty());
}

void TestStepsWorkspace::oneTokenIsShown()
{
    Window window("a");
    QCOMPARE(window.steps(), 1);
    QVERIFY(window.workspace.sentence().startsWith("One token "));
    window.hover(0, 0, 0, 1);
    QCOMPARE(window.canvas.statement().unblocks, "unblocks input half of step 0 of layer 2");
    QVERIFY(window.canvas.scene().note.isEmpty());
}

void TestStepsWorkspace::aLongTextScrollsWithThePinInView()
{
    std::string longText;
    for (int i = 0; i < 12; ++i)
        longText += text + ". ";
    Window window(longText);
    QVERIFY(window.steps() > 150);
    QVERIFY(window.canvas.horizontalScrollBar()->maximum() > 0);
    QVERIFY2(
        window.canvas.scene().note.startsWith("tokens 1–"), qPrintable(window.canvas.scene().note));
    window.session.selection().pinToken(120);
    QVERIFY(window.canvas.horizontalScrollBar()->value() > 0);
    const QRect pinned = window.canvas.spotRect({ 0, 0, 120, 1, 0 });
    QVERIFY(!pinned.isEmpty());
    // Scrolled away, the pinned step stays at the edge, where it is found by the mouse, too.
    window.canvas.horizontalScrollBar()->setValue(0);
    const QRect kept = window.canvas.spotRect({ 0, 0, 120, 1, 0 });
    QCOMPARE(kept.size(), pinned.size());
    QVERIFY(window.canvas.viewport()->rect().contains(kept));
    QVERIFY(count(window.picture(), kept.adjusted(-5, 0, 5, 0), Theme::light().pin) > 0);
    window.hover(0, 0, 120, 1);
    QVERIFY2(window.canvas.statement().state.startsWith("step 120 "),
        qPrintable(window.canvas.statement().state));
}

void TestStepsWorkspace::aPinThatIsScrolledAwaySaysSo()
{
    std::string longText;
    for (int i = 0; i < 12; ++i)
        longText += text + ". ";
    Window window(longText);
    window.session.selection().pinToken(4);
    QVERIFY2(!window.canvas.scene().note.contains("pinned"),
        qPrintable(window.canvas.scene().note)); // in view
    window.canvas.horizontalScrollBar()->setValue(window.canvas.horizontalScrollBar()->maximum());
    QVERIFY2(window.canvas.scene().note.contains(" and the pinned token 5"),
        qPrintable(window.canvas.scene().note));
    // Between it and its neighbours is a gap that belongs to no cell, with a mark.
    const QRect pinned = window.canvas.spotRect({ 0, 0, 4, 1, 0 });
    const int line = window.canvas.fontMetrics().height();
    const QRect gap(pinned.right() + 4, pinned.top(), line - 5, pinned.height());
    const QImage picture = window.picture();
    QCOMPARE(count(picture, gap, Theme::light().lstm.outline), 0);
    QVERIFY(count(picture, gap, Theme::light().window) < gap.width() * gap.height());
    moveMouse(window.canvas.viewport(), gap.center());
    QVERIFY(window.canvas.statement().state.isEmpty());
}

void TestStepsWorkspace::theWorkersNumberIsOnWhatRuns()
{
    Window window(text);
    const StepsModel& lstm = window.canvas.scene().model(0);
    const int input = lstm.grid.operation({ 0, 0, 0, 0 });
    window.session.clock().setTime((lstm.times.begin(input) + lstm.times.end(input)) / 2);
    const QRect bar = window.canvas.spotRect({ 0, 0, 0, 0, 0 });
    const QRect recurrent = window.canvas.spotRect({ 0, 0, 0, 1, 0 });
    QVERIFY(bar.height() < 16);
    const QImage picture = window.picture();
    // The disc covers the middle of the bar, and of the part that waits only the beginning.
    QCOMPARE(count(picture, QRect(bar.center().x() - 5, bar.top() + 2, 3, 1),
                 Theme::light().lstm.running),
        0);
    const QRect below(recurrent.left() + 3, bar.top() + 18, recurrent.width() - 6,
        recurrent.bottom() - bar.top() - 18 - 3);
    QVERIFY(below.height() > 4);
    QCOMPARE(count(picture, below, Theme::light().window), below.width() * below.height());
}

void TestStepsWorkspace::theViewFollowsTheFrontUntilScrolledByHand()
{
    std::string longText;
    for (int i = 0; i < 12; ++i)
        longText += text + ". ";
    Window window(longText);
    PlaybackClock& clock = window.session.clock();
    clock.play();
    clock.setTime(100);
    const int front = 100;
    QVERIFY(window.canvas.horizontalScrollBar()->value() > 0);
    QVERIFY(!window.canvas.spotRect({ 0, 0, front, 1, 0 }).isEmpty());
    QWheelEvent wheel({ 300, 200 }, window.canvas.viewport()->mapToGlobal(QPointF(300, 200)), {},
        { 0, 480 }, Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    const int followed = window.canvas.horizontalScrollBar()->value();
    QCoreApplication::sendEvent(window.canvas.viewport(), &wheel);
    const int byHand = window.canvas.horizontalScrollBar()->value();
    QVERIFY(byHand < followed);
    clock.setTime(140);
    QCOMPARE(window.canvas.horizontalScrollBar()->value(), byHand);
    clock.pause();
    QCOMPARE(window.canvas.horizontalScrollBar()->value(), byHand);
    clock.play();
    clock.setTime(141);
    QVERIFY(window.canvas.horizontalScrollBar()->value() > followed);
}

void TestStepsWorkspace::theWholeTextFits()
{
    std::string longText;
    for (int i = 0; i < 24; ++i)
        longText += text + ". ";
    Window window(longText);
    auto* button = window.canvas.findChild<QPushButton*>();
    QVERIFY(button->isVisible());
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(window.canvas.horizontalScrollBar()->maximum(), 0);
    const int perCell = window.canvas.scene().layout.stepsPerCell();
    QVERIFY(perCell > 1);
    QVERIFY2(window.canvas.scene().note.startsWith(
                 QStringLiteral("cells show %1 steps each").arg(perCell)),
        qPrintable(window.canvas.scene().note));
    window.session.clock().toLast();
    window.hover(0, 0, 3, 1);
    QVERIFY2(window.canvas.statement().state.startsWith(
                 QStringLiteral("steps %1–%2, ").arg(3 * perCell).arg(4 * perCell - 1)),
        qPrintable(window.canvas.statement().state));
    const QRect cell = window.canvas.spotRect({ 0, 0, 3, 1, 0 });
    QVERIFY(count(window.picture(), cell, Theme::light().lstm.done) > 0);
    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(window.canvas.horizontalScrollBar()->maximum() > 0);
}

void TestStepsWorkspace::layersAreShownOneAtATimeOrAll()
{
    Window window(text);
    const auto layers = [&](int model) { return window.canvas.scene().model(model).grid.layers(); };
    QCOMPARE(layers(0), 1);
    QCOMPARE(window.canvas.scene().layerTexts[0], "layer 1 of 2 alone");
    QCOMPARE(window.canvas.scene().layerTexts[1], "layer 1 of 4 alone");
    window.set([](Settings& settings) { settings.plannedLayer = -1; });
    QCOMPARE(layers(0), 2);
    QCOMPARE(layers(1), 4);
    QVERIFY(window.canvas.scene().layerTexts[0].isEmpty());
    window.hover(1, 2, 3, 0); // the third layer of the first sub-batch
    QVERIFY2(window.canvas.statement().state.startsWith("layer 3, position 3"),
        qPrintable(window.canvas.statement().state));
}

void TestStepsWorkspace::aLayerAloneSaysWhatIsTakenAsDone()
{
    Window window(text);
    window.hover(0, 0, 3, 1);
    QCOMPARE(
        window.canvas.statement().unblocks, "unblocks step 4 and input half of step 3 of layer 2");
    const int last = window.steps() - 1;
    window.hover(1, 0, 3, 1);
    QCOMPARE(window.canvas.statement().unblocks,
        QStringLiteral("unblocks positions 3–%1 of layer 2").arg(last));
    window.hover(0, 0, 3, 0);
    QCOMPARE(window.canvas.statement().needs, "needs nothing"); // it reads the text
    QVERIFY(explanationOf(window.canvas.scene().model(0)).contains("waits for nothing ·"));

    window.set([](Settings& settings) { settings.plannedLayer = 2; });
    QCOMPARE(window.canvas.scene().layerTexts[0], "layer 2 of 2 alone, as if layer 1 were done");
    QCOMPARE(window.canvas.scene().layerTexts[1], "layer 3 of 4 alone, as if layers 1–2 were done");
    QVERIFY(explanationOf(window.canvas.scene().model(0)).contains("waits for nothing else ·"));
    QVERIFY(explanationOf(window.canvas.scene().model(1)).contains("wait for nothing else ·"));
    moveMouse(window.canvas.viewport(), { 2, 2 });
    window.hover(0, 0, 3, 0);
    QCOMPARE(window.canvas.statement().needs, "needs step 3 of layer 1, taken as done");
    window.hover(0, 0, 3, 1);
    QCOMPARE(window.canvas.statement().unblocks, "unblocks step 4"); // the last layer
    window.hover(1, 0, 3, 0);
    QCOMPARE(window.canvas.statement().needs, "needs position 3 of layer 2, taken as done");
    window.hover(1, 0, 3, 1);
    QCOMPARE(window.canvas.statement().unblocks,
        QStringLiteral("unblocks positions 3–%1 of layer 4").arg(last));
}

void TestStepsWorkspace::typingKeepsThePictureWhole()
{
    Window window(text);
    window.session.selection().pinToken(15);
    window.hover(0, 0, 3, 1);
    window.session.clock().play();
    std::string typed;
    for (const char letter : std::string("Bob has")) {
        typed += letter;
        window.session.editText(typed);
        QTest::qWait(5);
        window.picture();
    }
    QTRY_COMPARE(window.steps(), window.session.tokenized()->window.count());
    QTRY_VERIFY(!window.session.busy());
    QCOMPARE(window.canvas.scene().labels.size(), std::size_t(window.steps()));
    QCOMPARE(window.canvas.scene().pinnedStep, std::nullopt); // there is no such token any more
    window.type("a");
    QVERIFY(window.canvas.statement().state.isEmpty()); // the mouse is where no cell is now
    QCOMPARE(window.session.selection().hoveredToken(), std::nullopt);
}

QTEST_MAIN(TestStepsWorkspace)
#include "tst_steps_workspace.moc"
