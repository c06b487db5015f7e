// SPDX-License-Identifier: GPL-3.0-or-later
// From the press of a key to the finished, drawn influence of both models in the window, and to the
// run that the key asks for, while a sweep runs and while none does:
//   QT_QPA_PLATFORM=offscreen bench_influence_window
// Median and largest of the repeats; the pause after the key is part of it.
#include "ui/session/influence_job.h"
#include "ui/session/session.h"
#include "ui/views/main_window.h"
#include "ui/views/text_field.h"
#include "ui/views/workspace.h"
#include "ui/views/workspaces.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

using namespace timestep;

namespace {

constexpr int repeats = 15;
constexpr int attentionNumber = 2;
constexpr int stepsNumber = 1;

double milliseconds(const QElapsedTimer& timer) { return double(timer.nsecsElapsed()) * 1e-6; }

void waitFor(const std::function<bool()>& done)
{
    while (!done())
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
}

void print(const char* what, int tokens, std::vector<double> times)
{
    std::sort(times.begin(), times.end());
    std::printf("%4d tokens  %-52s %8.1f ms   largest %8.1f ms\n", tokens, what,
        times[times.size() / 2], times.back());
    std::fflush(stdout);
}

class Bench
{
public:
    explicit Bench(int tokens)
        : m_tokens(tokens)
        , m_window(m_session)
    {
        addWorkspaces(m_window, m_session);
        m_window.resize(1600, 900);
        m_window.showWorkspace(attentionNumber);
        m_window.show();
        m_job = m_window.findChild<InfluenceJob*>();
        m_field = m_window.findChild<TextField*>();
        m_poll.start(1);
        m_session.openModels({ "untrained" });
        waitFor([this] { return m_session.models().lstm != nullptr; });
        std::string text = "Ann";
        do {
            text += m_session.tokenized() && m_session.tokenized()->count() % 2 ? " has" : " the";
            m_session.setText(text);
            waitForRun();
        } while (m_session.tokenized()->count() < tokens);
        waitForInfluence();
    }

    /// `at`: the key that brings the cursor there first.
    void measureInfluence(const char* what, Qt::Key at)
    {
        std::vector<double> first, all;
        for (int repeat = 0; repeat < repeats; ++repeat) {
            press(at);
            QElapsedTimer timer;
            timer.start();
            double firstRows = 0;
            pressLetter(at, repeat);
            const auto watching = QObject::connect(m_job, &InfluenceJob::advanced, m_job, [&] {
                if (firstRows == 0)
                    firstRows = milliseconds(timer);
            });
            waitForRun();
            waitForInfluence();
            all.push_back(milliseconds(timer));
            QObject::disconnect(watching);
            first.push_back(firstRows);
        }
        print((std::string(what) + ": first rows").c_str(), m_tokens, first);
        print((std::string(what) + ": all rows, drawn").c_str(), m_tokens, all);
    }

    /// Keys come while the sweep of the key before runs, or there is none, turn about.
    void measureRun()
    {
        std::vector<double> alone, during;
        for (int repeat = 0; repeat < 2 * repeats; ++repeat) {
            const bool sweeps = repeat / 2 % 2 == 0; // each with both keys
            m_window.showWorkspace(sweeps ? attentionNumber : stepsNumber);
            press(Qt::Key_Home);
            pressLetter(Qt::Key_Home, 0);
            waitForRun();
            const auto rows = [this] { return m_job->lstm().known() + m_job->attention().known(); };
            if (sweeps)
                waitFor([&] { return rows() > 0; });
            press(Qt::Key_Home);
            pressLetter(Qt::Key_Home, 1);
            QElapsedTimer timer;
            timer.start();
            waitForRun();
            (sweeps ? during : alone).push_back(milliseconds(timer));
        }
        print("key to run, no sweep", m_tokens, alone);
        print("key to run, during a sweep", m_tokens, during);
        m_window.showWorkspace(attentionNumber);
        waitForInfluence();
    }

private:
    void press(Qt::Key key, const QString& text = {})
    {
        QKeyEvent down(QEvent::KeyPress, key, {}, text);
        QCoreApplication::sendEvent(m_field, &down);
        QKeyEvent up(QEvent::KeyRelease, key, {}, text);
        QCoreApplication::sendEvent(m_field, &up);
    }
    /// A letter, and the next time it goes again.
    void pressLetter(Qt::Key at, int repeat)
    {
        if (repeat % 2 == 0)
            press(Qt::Key_X, QStringLiteral("x"));
        else
            press(at == Qt::Key_Home ? Qt::Key_Delete : Qt::Key_Backspace);
    }
    void waitForRun()
    {
        waitFor([this] {
            return m_session.run() && m_session.run()->text == m_session.text()
                && !m_session.reading();
        });
    }
    void waitForInfluence()
    {
        waitFor([this] {
            return m_job->state() == InfluenceJob::State::Done
                && m_window.workspace(attentionNumber)->complete();
        });
    }

    const int m_tokens;
    Session m_session;
    MainWindow m_window;
    InfluenceJob* m_job = nullptr;
    TextField* m_field = nullptr;
    QTimer m_poll; // waiting ends within a millisecond
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    for (const int tokens : { 64, 256 }) {
        Bench bench(tokens);
        bench.measureInfluence("key at the beginning (all rows new)", Qt::Key_Home);
        bench.measureInfluence("key at the end (rows kept)", Qt::Key_End);
        bench.measureRun();
    }
}
