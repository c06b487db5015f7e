// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/mouse_move.h"
#include "tests/ui/pixels_of.h"
#include "tests/ui/traced_test_run.h"
#include "ui/views/theme.h"
#include "ui/views/trace_runs.h"
#include "ui/views/trace_statement.h"
#include "ui/views/trace_view.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QWheelEvent>

using namespace timestep;

namespace {

class View
{
public:
    explicit View(TracedRunPointer newest = testRun(2, 2), TracedRunPointer kept = nullptr)
    {
        view.setPalette(Theme::light().palette());
        view.resize(1000, 500);
        view.show();
        view.setGroups(shownGroups(newest, kept));
        if (!QTest::qWaitForWindowExposed(&view))
            qFatal("no window");
        view.setFocus();
    }

    QPoint place(std::size_t group, std::size_t lane, double ms) const
    {
        const QRectF rect = view.layoutNow().lane(group, lane);
        return QPointF(view.layoutNow().axis().pixel(ms), rect.center().y()).toPoint();
    }

    void drag(QPoint from, QPoint to, Qt::MouseButton button = Qt::LeftButton,
        Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mousePress(&view, button, modifiers, from);
        for (const QPoint& at : { (from + to) / 2, to }) {
            QMouseEvent moved(
                QEvent::MouseMove, at, view.mapToGlobal(at), Qt::NoButton, button, modifiers);
            QApplication::sendEvent(&view, &moved);
        }
        QTest::mouseRelease(&view, button, modifiers, to);
    }

    void wheel(QPoint at, int notches, Qt::KeyboardModifiers modifiers = {})
    {
        QWheelEvent turned(at, view.mapToGlobal(at), {}, { 0, 120 * notches }, Qt::NoButton,
            modifiers, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &turned);
    }

    int span(const ShownSpan& shown) const { return view.scene().span(shown).operation; }

    TraceView view;
};

/// By the spans alone: of all lanes, between two moments.
LaneTotals totalsOfSpans(const TracedGroup& group, double beginMs, double endMs)
{
    LaneTotals totals;
    totals.lanes = int(group.lanes.size());
    totals.lengthNs = (endMs - beginMs) * 1e6;
    for (const Span& span : group.trace.spans) {
        const double part = std::min(endMs * 1e6, double(span.endNs))
            - std::max(beginMs * 1e6, double(span.beginNs));
        if (part > 0)
            totals.ns[std::size_t(LaneState::Work)] += part;
    }
    totals.ns[std::size_t(LaneState::NothingToDo)]
        = totals.lanes * totals.lengthNs - totals.of(LaneState::Work);
    return totals;
}

} // namespace

class TraceViewTest : public QObject
{
    Q_OBJECT
private slots:
    void bothModelsAreSeen()
    {
        View window;
        const QImage picture = window.view.grab().toImage();
        QVERIFY(pixelsOf(picture, Theme::light().lstm.running) > 1000);
        QVERIFY(pixelsOf(picture, Theme::light().attention.running) > 1000);
        const QString text = window.view.accessibleDescription();
        QVERIFY(text.contains("LSTM, 8 rows, 2 sub-batches on 2 threads"));
        QVERIFY(text.contains("Attention, 1 row, 1 sub-batch on 2 threads"));
    }

    void shortSpansAreNamedToo()
    {
        PlanShape shape = testShape(ModelKind::Lstm, 1, 16);
        shape.layers = 2;
        Cut cut;
        cut.stepsPerChunk = 16;
        const TracedGroup group = testGroupByTasks(shape, cut, 50, 1, 1);
        const QStringList labels = spanLabels(group, 0);
        QCOMPARE(labels.first(), operationText(group, 0));
        QCOMPARE(labels.last(), QString("L1"));
        QVERIFY(labels.contains("L1 0–15"));
        QVERIFY(labels.contains("L1\n0–15"));
        const TracedGroup attention
            = testGroupByTasks(testShape(ModelKind::Attention, 1, 16), cut, 50, 1, 1);
        QVERIFY(spanLabels(attention, 0).last().startsWith("q0–"));
    }

    void twoRunsOfManyThreadsHaveLegibleLanes()
    {
        View window(testRun(4, 4), testRun(4, 4, 2));
        window.view.resize(1000, window.view.minimumSizeHint().height());
        QVERIFY(window.view.layoutNow().namesFit());
        QVERIFY(window.view.layoutNow().lanes(7).bottom() < window.view.height());
    }

    void draggingTellsTheTotalsOfTheSpans()
    {
        View window;
        const TracedGroup& group = window.view.scene().groups[2].group(); // one row
        const double end = double(group.endNs) * 1e-6;
        window.drag(window.place(2, 0, 0.2 * end), window.place(2, 1, 0.7 * end));
        QVERIFY(window.view.scene().range);
        const TraceRange& range = *window.view.scene().range;
        QCOMPARE(range.group, std::size_t(2));
        QVERIFY(qAbs(range.beginMs - 0.2 * end) < 0.02 * end);
        QVERIFY(qAbs(range.endMs - 0.7 * end) < 0.02 * end);
        QCOMPARE(window.view.rangeText(),
            totalsText(totalsOfSpans(group, range.beginMs, range.endMs), 2));
        // One of two lanes works.
        QVERIFY(window.view.rangeText().contains("work 50 %"));
        QVERIFY(window.view.rangeText().contains("nothing to do 50 %"));
        QVERIFY(window.view.accessibleDescription().contains(window.view.rangeText()));
        QVERIFY(!window.view.scene().pinned); // it was no click
        QTest::keyClick(&window.view, Qt::Key_Escape);
        QVERIFY(!window.view.scene().range);
    }

    void aRangeEndsWithItsGroup()
    {
        View window;
        const double end = double(window.view.scene().groups[2].group().endNs) * 1e-6;
        window.drag(window.place(2, 0, 0.5 * end),
            { int(window.view.layoutNow().right()), window.place(2, 0, 0).y() });
        QCOMPARE(window.view.scene().range->endMs, end);
        window.drag(window.place(2, 0, 1.2 * end), window.place(2, 0, 1.3 * end));
        QVERIFY(!window.view.scene().range); // there is nothing
    }

    void aClickPinsASpanWithItsRelations()
    {
        View window;
        QSignalSpy pinned(&window.view, &TraceView::spanPinned);
        // The first sub-batch's operations are 50 µs each: input and recurrent halves by turns.
        QTest::mouseClick(&window.view, Qt::LeftButton, {}, window.place(0, 0, 0.125));
        QCOMPARE(pinned.size(), 1);
        const TraceScene& scene = window.view.scene();
        QVERIFY(scene.pinned);
        const TracedGroup& group = scene.groups[0].group();
        const Operation& operation = group.operationOf(scene.pinned->span);
        QCOMPARE(scene.span(*scene.pinned).beginNs, 100'000);
        QVERIFY(operation.kind == OperationKind::InputHalf);
        QVERIFY(scene.needed.empty()); // it reads the input alone
        QCOMPARE(scene.unblocked.size(), std::size_t(1));
        QVERIFY(group.operationOf(scene.unblocked[0]).kind == OperationKind::RecurrentHalf);
        const QColor pin = Theme::light().pin;
        const QImage picture = window.view.grab().toImage();
        QVERIFY(pixelsOf(picture, pin) > 20);
        // The arrow is an arc above the lane: names stay legible.
        window.view.setShowsArrows(false);
        const QImage without = window.view.grab().toImage();
        const QRectF lane = window.view.layoutNow().lane(0, 0);
        const QRect names = lane.adjusted(0, 8, 0, 0).toRect();
        QVERIFY(picture != without);
        QCOMPARE(picture.copy(names), without.copy(names));
        window.view.clearPointing();
        QVERIFY(!scene.pinned);
        QCOMPARE(pixelsOf(window.view.grab().toImage(), pin), 0);
    }

    void hoveringTellsWhatASpanNeeded()
    {
        View window;
        moveMouse(&window.view, window.place(0, 1, 0.175));
        const QStringList lines = window.view.tipLines();
        QCOMPARE(lines[0], QString("LSTM, thread 2: recurrent half, steps 4–7, rows 4–7"));
        QVERIFY(lines[1].startsWith("50 µs, from 0.150 ms on"));
        QCOMPARE(lines[2],
            QString("needed input half, steps 4–7, rows 4–7; recurrent half, steps 0–3, rows 4–7"));
        moveMouse(&window.view, window.place(2, 1, 0.1));
        QCOMPARE(window.view.tipLines(), QStringList("LSTM, thread 2: nothing to do"));
    }

    void aTipSaysWhichTokensTheFirstRowReads()
    {
        auto run = std::make_shared<TracedRun>(*testRun(2, 2));
        run->request.window = { 0, 16 };
        const std::vector<ShownGroup> groups = shownGroups(run, nullptr);
        const auto tip = [&](std::size_t group, int span) {
            return spanLines(groups[group], span).join(QLatin1Char('\n'));
        };
        const auto spanOf = [&](std::size_t group, int row, int step) {
            const TracedGroup& traced = groups[group].group();
            int span = 0;
            while (traced.operationOf(span).rows.begin != row
                || traced.operationOf(span).steps.begin != step)
                ++span;
            return span;
        };
        QVERIFY(tip(0, spanOf(0, 4, 8)).contains("row 4, the first of them, reads tokens 13–16"));
        QVERIFY(tip(0, spanOf(0, 4, 12)).contains("reads tokens 1–4"));
        QVERIFY(tip(2, spanOf(2, 0, 4)).contains("row 0 reads tokens 5–8"));
    }

    void keysWalkFromSpanToSpan()
    {
        View window;
        TraceView& view = window.view;
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(*view.scene().walked, (ShownSpan { 0, view.scene().walked->span }));
        QCOMPARE(view.scene().span(*view.scene().walked).beginNs, 0);
        QTest::keyClick(&view, Qt::Key_Right);
        QCOMPARE(view.scene().span(*view.scene().walked).beginNs, 50'000);
        QTest::keyClick(&view, Qt::Key_Down); // the other lane, at the same time
        QCOMPARE(view.scene().span(*view.scene().walked).lane, 1);
        QCOMPARE(view.scene().span(*view.scene().walked).beginNs, 50'000);
        QTest::keyClick(&view, Qt::Key_Left);
        QCOMPARE(view.scene().span(*view.scene().walked).beginNs, 0);
        QTest::keyClick(&view, Qt::Key_Left); // there is nothing before it
        QCOMPARE(view.scene().span(*view.scene().walked).beginNs, 0);
        QVERIFY(view.accessibleDescription().startsWith("LSTM, thread 2: input half"));
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.scene().walked->group, std::size_t(1)); // attention
        QTest::keyClick(&view, Qt::Key_End, Qt::ControlModifier);
        const TracedGroup& attention = view.scene().groups[1].group();
        QCOMPARE(view.scene().span(*view.scene().walked).endNs, attention.endNs);
        for (int i = 0; i < 9; ++i)
            QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.scene().walked->group, std::size_t(3)); // its second lane has no spans
        QCOMPARE(view.scene().span(*view.scene().walked).lane, 0);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(view.scene().pinned, view.scene().walked);
    }

    void theWheelZoomsAboutTheMouse()
    {
        View window;
        TraceView& view = window.view;
        const QPoint at = window.place(0, 0, 0.3);
        const double held = view.layoutNow().msAt(at.x());
        window.wheel(at, 5);
        const double length = view.scene().viewEndMs - view.scene().viewBeginMs;
        QVERIFY(length < 0.5 * view.scene().endMs);
        QVERIFY(qAbs(view.layoutNow().msAt(at.x()) - held) < 1e-9);
        window.wheel(at, -20);
        QCOMPARE(view.scene().viewBeginMs, 0.0);
        QCOMPARE(view.scene().viewEndMs, view.scene().endMs);
        window.wheel(at, 200); // as far as it goes
        QVERIFY(view.scene().viewEndMs > view.scene().viewBeginMs);
        QTest::keyClick(&view, Qt::Key_0);
        QCOMPARE(view.scene().viewEndMs, view.scene().endMs);
        QTest::keyClick(&view, Qt::Key_Plus);
        QVERIFY(view.scene().viewEndMs - view.scene().viewBeginMs < view.scene().endMs);
        QTest::keyClick(&view, Qt::Key_Minus);
        QCOMPARE(view.scene().viewEndMs - view.scene().viewBeginMs, view.scene().endMs);
    }

    void whatIsHeldMovesWithTheMouse_data()
    {
        QTest::addColumn<Qt::MouseButton>("button");
        QTest::addColumn<Qt::KeyboardModifiers>("modifiers");
        QTest::newRow("middle button") << Qt::MiddleButton << Qt::KeyboardModifiers();
        QTest::newRow("Shift") << Qt::LeftButton << Qt::KeyboardModifiers(Qt::ShiftModifier);
    }
    void whatIsHeldMovesWithTheMouse()
    {
        QFETCH(Qt::MouseButton, button);
        QFETCH(Qt::KeyboardModifiers, modifiers);
        View window;
        TraceView& view = window.view;
        const double end = view.scene().endMs;
        view.zoomTo(0.4 * end, 0.6 * end);
        const QPoint from = window.place(0, 0, 0.5 * end);
        const double held = view.layoutNow().msAt(from.x());
        window.drag(from, from - QPoint(100, 0), button, modifiers);
        QVERIFY(qAbs(view.layoutNow().msAt(from.x() - 100) - held) < 1e-6);
        QVERIFY(!view.scene().range);
        window.drag(from, from + QPoint(100'000, 0), button, modifiers);
        QCOMPARE(view.scene().viewBeginMs, 0.0); // there is nothing before
    }

    void theCriticalPathIsDrawnOnDemand()
    {
        View window;
        const QImage before = window.view.grab().toImage();
        window.view.setShowsPath(true);
        const QImage with = window.view.grab().toImage();
        const QColor text = Theme::light().text;
        QVERIFY(pixelsOf(with, text) > pixelsOf(before, text) + 200);
        // In the gaps: what stands on the spans stays as it was.
        for (std::size_t lane = 0; lane < 2; ++lane) {
            const QRect row = window.view.layoutNow().lane(0, lane).adjusted(0, 2, 0, -2).toRect();
            QCOMPARE(with.copy(row), before.copy(row));
        }
        QCOMPARE(pathText(window.view.scene().groups[0].group()),
            QString("critical path 0.250 ms of 0.400 ms"));
        window.view.setShowsPath(false);
        QCOMPARE(window.view.grab().toImage(), before);
    }

    void anEarlierRunIsBelowTheNewest()
    {
        View window(testRun(2, 2, 5), testRun(4, 2, 3));
        const auto& groups = window.view.scene().groups;
        QCOMPARE(groups.size(), std::size_t(8));
        for (std::size_t i = 0; i < groups.size(); ++i) {
            QCOMPARE(groups[i].kept, i % 2 == 1);
            QCOMPARE(groups[i].caption.startsWith("run 3"), i % 2 == 1);
            QCOMPARE(groups[i].index, i / 2);
        }
        QVERIFY(groups[1].caption.contains("4 threads, 2 cores"));
    }

    void theClockIsALine()
    {
        View window;
        const double end = window.view.scene().endMs;
        const auto at = [&](double ms) {
            const QRectF lanes = window.view.layoutNow().lanes(0);
            return window.view.grab().toImage().pixelColor(
                int(window.view.layoutNow().axis().pixel(ms)), int(lanes.top()) - 2);
        };
        QCOMPARE(at(0.5 * end), Theme::light().window);
        window.view.setClock(0.5 * end);
        QVERIFY(at(0.5 * end) != Theme::light().window);
        window.view.setClock(std::nullopt);
        QCOMPARE(at(0.5 * end), Theme::light().window);
    }

    void whatIsPaintedAnewInPartLooksTheSame()
    {
        View window;
        TraceView& view = window.view;
        QImage whole(view.size(), QImage::Format_RGB32);
        view.render(&whole);
        QImage parts = whole;
        parts.fill(Qt::red);
        QPainter painter(&parts);
        for (int x = 0; x < view.width(); x += 13)
            view.render(&painter, { x, 0 }, QRegion(x, 0, 13, view.height()));
        painter.end();
        QCOMPARE(parts, whole);
    }

    void waitingForACoreIsTold()
    {
        auto run = std::make_shared<TracedRun>();
        run->request.settings.threads = 4;
        run->request.cores = 2;
        Cut cut;
        cut.subBatches = 4;
        cut.stepsPerChunk = 16;
        std::vector<TestSpan> spans;
        for (int lane = 0; lane < 4; ++lane)
            for (int half = 0; half < 2; ++half)
                spans.push_back({ 2 * lane + half, lane, 400 * half, 400 * half + 400, 200 });
        run->groups.push_back(testGroup(testShape(ModelKind::Lstm, 8, 16), cut, spans, 4, 4, 2));
        run->durationMs = 0.8;
        View window(run);
        window.drag(window.place(0, 0, 0.1), window.place(0, 0, 0.7));
        QVERIFY(window.view.rangeText().contains(
            "work 50 % · waiting for a core 50 % · cores busy 100 %"));
        moveMouse(&window.view, window.place(0, 0, 0.2));
        QVERIFY(window.view.tipLines()[1].contains("0.200 ms of it waiting for a core"));
        QCOMPARE(window.view.scene().groups[0].group().pathNs, 400'000); // by processor time
    }
};

QTEST_MAIN(TraceViewTest)
#include "tst_trace_view.moc"
