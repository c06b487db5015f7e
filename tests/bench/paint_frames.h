// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QMouseEvent>
#include <QWheelEvent>
#include <QWidget>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>
#include <thread>
#include <utility>
#include <vector>

namespace timestep {

/// Of this thread: what a frame costs, however busy the machine is with other things.
inline double processorMilliseconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

/// Times frames of a picture, a frame being one wheel step or move of the mouse with the repaint it
/// asks for, and how long after them the exact picture is there.
class Frames
{
public:
    /// `canvas`: who takes the mouse. `complete`: nothing coarser is on screen.
    Frames(QWidget& canvas, std::function<bool()> complete)
        : m_canvas(canvas)
        , m_complete(std::move(complete))
    {
    }

    void wheel(QPoint position, int steps)
    {
        time([&] {
            QWheelEvent event(position, m_canvas.mapToGlobal(QPointF(position)), QPoint(),
                QPoint(0, steps * QWheelEvent::DefaultDeltasPerStep), Qt::NoButton, Qt::NoModifier,
                Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(&m_canvas, &event);
        });
    }

    void drag(QPoint from, QPoint way, int frames)
    {
        send(QEvent::MouseButtonPress, from, Qt::LeftButton);
        for (int frame = 1; frame <= frames; ++frame)
            time([&] { send(QEvent::MouseMove, from + way * frame / frames, Qt::NoButton); });
        send(QEvent::MouseButtonRelease, from + way, Qt::LeftButton);
    }

    void hover(QPoint from, QPoint way, int frames)
    {
        for (int frame = 0; frame <= frames; ++frame)
            time([&] { send(QEvent::MouseMove, from + way * frame / frames, Qt::NoButton); });
    }

    /// Until nothing coarser is on screen.
    void settle()
    {
        QElapsedTimer timer;
        timer.start();
        while (!m_complete())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents, 1);
        m_settled.push_back(double(timer.nsecsElapsed()) * 1e-6);
    }

    void print(const char* name)
    {
        for (std::vector<double>* times : { &m_wall, &m_processor, &m_settled })
            std::sort(times->begin(), times->end());
        const auto share = [](const std::vector<double>& sorted, std::size_t percent) {
            return sorted[sorted.size() * percent / 100];
        };
        std::printf("  %-30s wall %6.2f / %6.2f ms   processor %6.2f / %6.2f ms   exact after "
                    "%6.1f, at most %6.1f ms\n",
            name, share(m_wall, 50), share(m_wall, 95), share(m_processor, 50),
            share(m_processor, 95), share(m_settled, 50), m_settled.back());
        m_wall.clear();
        m_processor.clear();
        m_settled.clear();
    }

private:
    void send(QEvent::Type type, QPoint position, Qt::MouseButton button)
    {
        QMouseEvent event(type, position, m_canvas.mapToGlobal(position), button,
            type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(&m_canvas, &event);
    }

    void time(const std::function<void()>& act)
    {
        QElapsedTimer timer;
        timer.start();
        const double busyBefore = processorMilliseconds();
        act();
        QCoreApplication::processEvents(); // the repaint, and what has become known meanwhile
        m_processor.push_back(processorMilliseconds() - busyBefore);
        m_wall.push_back(double(timer.nsecsElapsed()) * 1e-6);
        std::this_thread::sleep_for(std::chrono::milliseconds(8)); // the next frame is not yet due
    }

    QWidget& m_canvas;
    const std::function<bool()> m_complete;
    std::vector<double> m_wall, m_processor, m_settled;
};

} // namespace timestep
