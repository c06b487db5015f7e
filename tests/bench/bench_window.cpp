// SPDX-License-Identifier: GPL-3.0-or-later
// How soon the window answers:
//   QT_QPA_PLATFORM=offscreen bench_window
// From the start of a process to its first painted window, and from a key press to the paint that
// carries the result of both models' runs. Median and what 95 % stay below.
#include "ui/session/session.h"
#include "ui/views/main_window.h"
#include "ui/views/text_field.h"
#include "ui/views/workspace.h"
#include "ui/views/workspaces.h"

#include <QApplication>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QProcess>
#include <QTest>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <vector>

using namespace timestep;

namespace {

/// Calls back at the first paint inside a widget.
class FirstPaint : public QObject
{
public:
    FirstPaint(QWidget& widget, std::function<void()> painted)
        : m_widget(widget)
        , m_painted(std::move(painted))
    {
        qApp->installEventFilter(this);
    }

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        auto* painted = event->type() == QEvent::Paint ? qobject_cast<QWidget*>(watched) : nullptr;
        if (painted != nullptr && m_painted
            && (painted == &m_widget || m_widget.isAncestorOf(painted)))
            // Once all of it is painted and handed to the screen.
            QTimer::singleShot(0, this, std::exchange(m_painted, nullptr));
        return false;
    }

private:
    QWidget& m_widget;
    std::function<void()> m_painted;
};

void report(const char* name, std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    std::printf("%-52s median %6.1f ms  95 %% below %6.1f ms\n", name, times[times.size() / 2],
        times[times.size() * 95 / 100]);
}

/// Opens the window as the program does, and says so on standard output when it is painted.
int showOnce()
{
    Session session;
    session.setText("The first state has the power and the other has the money.");
    MainWindow window(session);
    addWorkspaces(window, session);
    window.resize(1600, 1000);
    window.showWorkspace(1);
    const FirstPaint paint(window, [] { qApp->quit(); });
    window.show();
    session.openModels({});
    return QApplication::exec();
}

void measureStart()
{
    std::vector<double> times;
    for (int repeat = 0; repeat < 15; ++repeat) {
        QElapsedTimer clock;
        clock.start();
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), { QStringLiteral("--show-once") });
        process.waitForFinished();
        times.push_back(double(clock.nsecsElapsed()) * 1e-6);
    }
    report("start to first painted window, and end", times);
}

void measureKeys(const char* name)
{
    constexpr int workspace = 2; // it shows the run itself
    Session session;
    QString text;
    for (int token = 0; token < 62; ++token)
        text += QStringLiteral(" the");
    session.setText(text.toStdString());
    MainWindow window(session);
    addWorkspaces(window, session);
    window.resize(1920, 1080);
    window.show();
    session.openModels({});
    window.showWorkspace(workspace);
    QTest::qWait(500);
    auto* field = window.findChild<TextField*>();
    field->setFocus();
    QTest::keyClick(field, Qt::Key_End, Qt::ControlModifier);
    std::vector<double> times;
    for (int key = 0; key < 60; ++key) {
        const bool adds = key % 2 == 0;
        QElapsedTimer clock;
        bool painted = false;
        std::unique_ptr<FirstPaint> paint;
        const auto ran = QObject::connect(&session, &Session::runChanged, [&] {
            paint = std::make_unique<FirstPaint>(*window.workspace(workspace), [&] {
                times.push_back(double(clock.nsecsElapsed()) * 1e-6);
                painted = true;
            });
        });
        clock.start();
        if (adds)
            QTest::keyClicks(field, QStringLiteral(","));
        else
            QTest::keyClick(field, Qt::Key_Backspace);
        QTRY_VERIFY_WITH_TIMEOUT(painted, 2000);
        QObject::disconnect(ran);
        QTest::qWait(30);
    }
    report(name, times);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    if (QCoreApplication::arguments().contains(QStringLiteral("--show-once")))
        return showOnce();
    measureStart();
    measureKeys("key to paint, 64 tokens, Attention");
}
