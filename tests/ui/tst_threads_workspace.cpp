// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/session.h"
#include "ui/views/main_window.h"
#include "ui/views/theme.h"
#include "ui/views/threads_workspace.h"
#include "ui/views/trace_statement.h"
#include "ui/views/trace_view.h"
#include "ui/views/transport_bar.h"
#include "ui/views/workspaces.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace timestep;

namespace {

constexpr int patience = 60000; // ms

/// The whole window, with the threads in front.
class Window
{
public:
    explicit Window(const std::string& text = "Ann has the red key")
        : window(session)
    {
        addWorkspaces(window, session);
        session.openModels({ "untrained" });
        change([](Settings& settings) {
            settings.rows = 8;
            settings.subBatches = 2;
            settings.threads = 2;
        });
        session.setText(text);
        window.resize(1600, 1000);
        window.show();
        if (!QTest::qWaitForWindowExposed(&window)
            || !QTest::qWaitFor([&] { return session.run() && !session.busy(); }, patience))
            qFatal("no window with models");
        workspace = static_cast<ThreadsWorkspace*>(window.workspace(4));
        window.setFocus();
        QTest::keyClick(&window, Qt::Key_4);
    }

    void change(const std::function<void(Settings&)>& change)
    {
        Settings settings = session.settings();
        change(settings);
        session.setSettings(settings);
    }
    bool done() const
    {
        return QTest::qWaitFor(
            [&] { return workspace->job().state() == TraceJob::State::Done; }, patience);
    }
    TraceView& view() const { return workspace->view(); }
    const TraceScene& scene() const { return view().scene(); }
    QPushButton* again() const { return workspace->findChild<QPushButton*>("traceAgain"); }
    QComboBox* compared() const { return workspace->findChild<QComboBox*>("traceCompared"); }
    QString sentence() const { return window.findChild<QLabel*>("sentence")->text(); }

    Session session;
    MainWindow window;
    ThreadsWorkspace* workspace = nullptr;
};

} // namespace

class ThreadsWorkspaceTest : public QObject
{
    Q_OBJECT
private slots:
    void bothModelsAreWatchedOnceItIsShown()
    {
        Window window;
        QVERIFY(window.done());
        QCOMPARE(window.window.currentWorkspace(), 4);
        const TracedRunPointer run = window.workspace->job().newest();
        QCOMPARE(run->groups.size(), std::size_t(4));
        for (std::size_t i = 0; i < 4; ++i) {
            const TracedGroup& group = run->groups[i];
            QCOMPARE(group.rows, i < 2 ? 8 : 1);
            QVERIFY(group.kind == (i % 2 == 0 ? ModelKind::Lstm : ModelKind::Attention));
            QCOMPARE(group.trace.spans.size(), group.plan.operations().size());
            QCOMPARE(group.lanes.size(), std::size_t(2));
        }
        QCOMPARE(window.scene().groups.size(), std::size_t(4));
        // Of what other programs disturbed, nothing is claimed.
        const bool oneDisturbed = run->groups[2].disturbed() || run->groups[3].disturbed();
        QCOMPARE(window.sentence().contains("with nothing to do"), !oneDisturbed);
        QCOMPARE(window.sentence().contains("on a quiet machine"), run->disturbed());
        QCOMPARE(window.workspace->clock()->duration(), run->durationMs);
    }

    void rangesTellWhatTheSpansSumUpTo()
    {
        Window window;
        QVERIFY(window.done());
        TraceView& view = window.view();
        const QRectF lanes = view.layoutNow().lanes(2);
        const TracedGroup& group = window.scene().groups[2].group();
        const double end = double(group.endNs) * 1e-6;
        view.zoomTo(0, end);
        const QPoint from(int(lanes.left() + 0.25 * lanes.width()), int(lanes.center().y()));
        const QPoint to(int(lanes.left() + 0.75 * lanes.width()), from.y());
        QTest::mousePress(&view, Qt::LeftButton, {}, from);
        QMouseEvent moved(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, Qt::LeftButton,
            Qt::NoModifier);
        QApplication::sendEvent(&view, &moved);
        QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
        const TraceRange range = *window.scene().range;
        double work = 0;
        for (const Span& span : group.trace.spans) {
            const double part = std::min(range.endMs * 1e6, double(span.endNs))
                - std::max(range.beginMs * 1e6, double(span.beginNs));
            const double wall = double(span.endNs - span.beginNs);
            work += part > 0 ? part * double(span.cpuNs) / wall : 0;
        }
        const double length = (range.endMs - range.beginMs) * 1e6;
        const QString told = view.rangeText();
        const double percent
            = told.section("work ", 1).section(" %", 0, 0).toDouble(); // of both lanes
        QVERIFY2(qAbs(percent - 100 * work / (2 * length)) <= 0.51, qPrintable(told));
    }

    void aPinnedSpanIsPinnedEverywhere()
    {
        Window window;
        QVERIFY(window.done());
        TraceView& view = window.view();
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Right);
        QTest::keyClick(&view, Qt::Key_Down); // the second sub-batch, if the second thread had it
        const ShownSpan walked = *window.scene().walked;
        const Operation& operation = window.scene().groups[0].group().operationOf(walked.span);
        QVERIFY(window.session.selection().hoveredToken());
        QTest::keyClick(&view, Qt::Key_L);
        QCOMPARE(window.scene().pinned, walked);
        const auto& work = window.session.selection().pinnedWork();
        QVERIFY(work);
        QCOMPARE(work->steps, operation.steps);
        QCOMPARE(work->rows, operation.rows);
        QCOMPARE(work->window, window.session.tokenized()->window);
        // Another pin takes its place, and Esc clears all.
        window.session.selection().pinToken(0);
        QVERIFY(!window.scene().pinned);
        QTest::keyClick(&view, Qt::Key_Return);
        QVERIFY(window.scene().pinned);
        QTest::keyClick(&view, Qt::Key_Escape);
        QVERIFY(!window.scene().pinned);
        QVERIFY(!window.scene().walked);
        QVERIFY(!window.session.selection().pinnedToken());
    }

    void aTokenPinnedElsewhereIsSeen()
    {
        Window window;
        QVERIFY(window.done());
        QVERIFY(window.scene().reading.empty());
        window.session.selection().pinToken(1);
        QVERIFY(!window.scene().reading.empty());
        for (const ShownSpan& shown : window.scene().reading) {
            const Operation& operation
                = window.scene().groups[shown.group].group().operationOf(shown.span);
            QVERIFY(operation.steps.contains(1) && operation.rows.contains(0));
        }
        QTest::keyClick(&window.view(), Qt::Key_Escape);
        QVERIFY(window.scene().reading.empty());
    }

    void runningAgainKeepsTheEarlierRun()
    {
        Window window;
        QVERIFY(window.done());
        const TracedRunPointer first = window.workspace->job().newest();
        QVERIFY(!window.compared()->isVisible());
        QTest::mouseClick(window.again(), Qt::LeftButton);
        QVERIFY(
            QTest::qWaitFor([&] { return window.workspace->job().runs().size() == 2; }, patience));
        QCOMPARE(window.workspace->job().runs()[0], first);
        QVERIFY(window.compared()->isVisible());
        QCOMPARE(window.scene().groups.size(), std::size_t(4));
        QVERIFY(window.scene().groups[0].run != first);
        window.compared()->setFocus();
        QTest::keyClick(window.compared(), Qt::Key_Down);
        QCOMPARE(window.scene().groups.size(), std::size_t(8));
        QCOMPARE(window.scene().groups[1].run, first);
        QVERIFY(window.scene().endMs >= first->durationMs); // on one axis
    }

    void settingsAndTextsAreWatchedAnew()
    {
        Window window;
        QVERIFY(window.done());
        window.change([](Settings& settings) {
            settings.rows = 1;
            settings.lstmStrategy = Strategy::HiddenSplit;
        });
        QVERIFY(window.workspace->job().state() == TraceJob::State::Running);
        QVERIFY(window.done());
        QCOMPARE(window.scene().groups.size(), std::size_t(2));
        QVERIFY(window.scene().groups[0].group().plan.cut().strategy == Strategy::HiddenSplit);
        window.session.editText("Bob");
        QVERIFY(QTest::qWaitFor(
            [&] {
                return window.workspace->job().state() == TraceJob::State::Done
                    && window.scene().groups[0].run->request.tokens.size()
                    == std::size_t(window.session.tokenized()->window.count())
                    && window.session.text() == "Bob";
            },
            patience));
        window.session.setText("");
        QVERIFY(QTest::qWaitFor([&] { return window.scene().groups.empty(); }, patience));
        QVERIFY(!window.again()->isEnabled());
        QVERIFY(window.scene().emptyText.startsWith("Type a text"));
    }

    void whatIsNotShownDoesNotRun()
    {
        Window window;
        QVERIFY(window.done());
        QTest::keyClick(&window.window, Qt::Key_1);
        window.change([](Settings& settings) { settings.rows = 4; });
        QTest::qWait(600); // longer than the pause
        QCOMPARE(window.workspace->job().runs().size(), std::size_t(1));
        QTest::keyClick(&window.window, Qt::Key_4);
        QVERIFY(window.done());
        QCOMPARE(window.workspace->job().newest()->groups[0].rows, 4);
    }

    void aRefusedRunSaysWhy()
    {
        Window window;
        QVERIFY(window.done());
        window.change([](Settings& settings) { settings.memoryBudget = 1000; });
        QVERIFY(QTest::qWaitFor(
            [&] { return window.workspace->job().state() == TraceJob::State::Refused; }, patience));
        QVERIFY(window.workspace->job().refusal().contains("traced run"));
        window.change([](Settings& settings) { settings.memoryBudget = 0; });
        QVERIFY(window.done());
    }

    void theTransportMovesALine()
    {
        Window window;
        QVERIFY(window.done());
        PlaybackClock& clock = *window.workspace->clock();
        QVERIFY(!window.scene().clockMs);
        QTest::keyClick(&window.view(), Qt::Key_End);
        QCOMPARE(clock.time(), clock.duration());
        QCOMPARE(window.scene().clockMs, std::optional(clock.duration()));
        QTest::keyClick(&window.view(), Qt::Key_Comma);
        QVERIFY(clock.time() < clock.duration());
        QTest::keyClick(&window.view(), Qt::Key_Space);
        QVERIFY(clock.playing());
        QVERIFY(!window.session.clock().playing()); // Steps has its own
        QCOMPARE(clock.unitsPerSecond(), clock.duration() / 8);
        QTest::keyClick(&window.window, Qt::Key_1);
        QVERIFY(!clock.playing());
    }

    void lettersToggleWhatIsDrawn()
    {
        Window window;
        QVERIFY(window.done());
        QVERIFY(!window.scene().showsPath);
        QTest::keyClick(&window.view(), Qt::Key_P);
        QVERIFY(window.scene().showsPath);
        QVERIFY(window.scene().showsArrows);
        QTest::keyClick(&window.view(), Qt::Key_D);
        QVERIFY(!window.scene().showsArrows);
    }

    void singleStepsAreSmallerOperationsOfTheSame()
    {
        Window window;
        QVERIFY(window.done());
        const std::size_t before = window.scene().groups[0].group().trace.spans.size();
        const auto boxes = window.workspace->findChildren<QCheckBox*>();
        const auto box = std::find_if(boxes.begin(), boxes.end(),
            [](const QCheckBox* check) { return check->text() == "single steps"; });
        QTest::mouseClick(*box, Qt::LeftButton, {}, QPoint(8, (*box)->height() / 2));
        QVERIFY(window.workspace->job().state() == TraceJob::State::Running);
        QVERIFY(window.done());
        const TracedGroup& group = window.scene().groups[0].group();
        QVERIFY(group.trace.spans.size() > before);
        for (const Operation& operation : group.plan.operations())
            QCOMPARE(operation.steps.count(), 1);
    }

    void whatIsShownIsWrittenAsNumbers()
    {
        Window window;
        QVERIFY(window.done());
        const std::vector<DataFormat> formats = window.workspace->dataFormats();
        QCOMPARE(formats.size(), std::size_t(4));
        std::size_t spans = 0;
        for (const ShownGroup& shown : window.scene().groups)
            spans += shown.group().trace.spans.size();
        const std::string csv = formats[0].write();
        QCOMPARE(std::count(csv.begin(), csv.end(), '\n'), std::ptrdiff_t(spans + 1));
        QVERIFY(csv.find("\"run 1: Attention, 8 rows\",attention,8,block,0,") != std::string::npos);
        const auto json = nlohmann::json::parse(formats[2].write());
        QCOMPARE(json["runs"].size(), std::size_t(4));
        QCOMPARE(json["runs"][2]["rows"].get<int>(), 1);
        QCOMPARE(
            json["runs"][0]["spans"].size(), window.scene().groups[0].group().trace.spans.size());
        const auto chrome = nlohmann::json::parse(formats[3].write());
        int processes = 0;
        for (const auto& event : chrome["traceEvents"])
            processes += event["name"] == "process_name" ? 1 : 0;
        QCOMPARE(processes, 4);
    }

    void sharesCanBeSummedFromTheFile()
    {
        Window window;
        QVERIFY(window.done());
        const TracedGroup& group = window.scene().groups[2].group();
        const QStringList lines
            = QString::fromStdString(window.workspace->dataFormats()[1].write()).split('\n');
        QCOMPARE(lines.first(), QString("run,model,batch,lane,state,begin_ns,end_ns,cpu_ns"));
        double all = 0;
        double nothing = 0;
        double processor = 0;
        for (const QString& line : lines) {
            if (!line.startsWith("\"run 1: LSTM, 1 row\",lstm,1,"))
                continue;
            const QStringList fields = line.section(',', -4).split(',');
            const double length = fields[2].toDouble() - fields[1].toDouble();
            all += length;
            nothing += fields[0] == "nothing_to_do" ? length : 0;
            processor += fields[3].toDouble();
        }
        const LaneTotals totals = group.totals();
        QCOMPARE(all, double(group.lanes.size()) * double(group.endNs));
        QVERIFY(nothing > 0); // the second thread's
        QVERIFY(qAbs(nothing - totals.of(LaneState::NothingToDo)) < 1e-6 * all);
        QVERIFY(qAbs(processor - totals.of(LaneState::Work)) < 1e-6 * all);
    }

    void smallWindowsShowAllOfIt_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("1280x720") << QSize(1280, 720);
        QTest::newRow("1600x900") << QSize(1600, 900);
    }
    void smallWindowsShowAllOfIt()
    {
        QFETCH(QSize, size);
        Window window;
        QVERIFY(window.done());
        window.window.resize(size);
        QTest::qWait(50);
        const TraceLayout& layout = window.view().layoutNow();
        QVERIFY(layout.namesFit());
        QVERIFY(window.view().visibleRegion().contains(
            layout.lanes(3).adjusted(0, 0, -1, -1).toAlignedRect().bottomLeft()));
        QVERIFY(layout.lanes(3).bottom() < window.view().height());
    }
};

QTEST_MAIN(ThreadsWorkspaceTest)
#include "tst_threads_workspace.moc"
