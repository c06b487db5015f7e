// SPDX-License-Identifier: GPL-3.0-or-later
// Frame times of the affinity heatmap of a real run, in software raster on 1920 x 1080:
//   QT_QPA_PLATFORM=offscreen bench_affinity_paint
// Median and what 95 % of the frames stay below while the view zooms and pans, a frame being one
// wheel step or move of the mouse with the repaint it asks for; then how long after the last of
// them the exact image is there, how long the statistics of a head take, and the most memory so
// far.
#include "engine/execution/run.h"
#include "engine/model/untrained_model.h"
#include "ui/views/affinity_plot.h"
#include "ui/views/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>
#include <QMouseEvent>
#include <QWheelEvent>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <sys/resource.h>
#include <thread>
#include <vector>

using namespace timestep;

namespace {

/// Of this thread: what a frame costs, however busy the machine is with other things.
double processorMilliseconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

/// The words of a small vocabulary in no order, so that every token occurs often.
std::shared_ptr<const Run> runOf(int tokens)
{
    const auto vocabulary = Vocabulary::bundled();
    const ModelPair models = untrainedPair(vocabulary, 1);
    auto run = std::make_shared<Run>();
    std::uint32_t random = 1;
    for (int token = 0; token < tokens; ++token) {
        random = random * 1664525U + 1013904223U;
        const TokenId id = static_cast<TokenId>(random >> 16U) % vocabulary->size();
        const std::string bytes(vocabulary->bytes(id));
        run->tokens.push_back({ id, run->text.size(), run->text.size() + bytes.size() });
        run->text += bytes;
    }
    run->window = { 0, tokens };
    Executor executor(static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
    RunSettings settings;
    settings.record = true;
    settings.strategy = Strategy::Auto;
    const PackedModel packed(models.attention, defaultKernels());
    run->attention
        = std::make_shared<const ModelRun>(*runModel(packed, run->tokens, settings, executor, {}));
    return run;
}

class Frames
{
public:
    explicit Frames(AffinityPlot& plot)
        : m_plot(plot)
        , m_canvas(plot.findChild<QWidget*>())
    {
    }

    void wheel(QPoint position, int steps)
    {
        time([&] {
            QWheelEvent event(position, m_plot.mapToGlobal(QPointF(position)), QPoint(),
                QPoint(0, steps * QWheelEvent::DefaultDeltasPerStep), Qt::NoButton, Qt::NoModifier,
                Qt::NoScrollPhase, false);
            QCoreApplication::sendEvent(m_canvas, &event);
        });
    }

    void drag(QPoint from, QPoint way, int frames)
    {
        send(QEvent::MouseButtonPress, from, Qt::LeftButton);
        for (int frame = 1; frame <= frames; ++frame)
            time([&] { send(QEvent::MouseMove, from + way * frame / frames, Qt::NoButton); });
        send(QEvent::MouseButtonRelease, from + way, Qt::LeftButton);
    }

    /// Until nothing coarser is on screen.
    void settle()
    {
        QElapsedTimer timer;
        timer.start();
        while (!m_plot.complete())
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
        QMouseEvent event(type, position, m_plot.mapToGlobal(position), button,
            type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::LeftButton, Qt::NoModifier);
        QCoreApplication::sendEvent(m_canvas, &event);
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

    AffinityPlot& m_plot;
    QWidget* m_canvas;
    std::vector<double> m_wall, m_processor, m_settled;
};

void measure(int tokens)
{
    const auto run = runOf(tokens);
    QElapsedTimer timer;
    timer.start();
    const Affinities& affinities = *run->attention->recording.affinities;
    const auto statistics = affinityStatistics(affinities, {});
    rusage usage {};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%d tokens: statistics of a head %.1f ms; most memory so far %.0f MiB\n", tokens,
        double(timer.nsecsElapsed()) * 1e-6, double(usage.ru_maxrss) / 1024);

    AffinityPlot plot;
    plot.setPalette(Theme::light().palette());
    plot.resize(1480, 900);
    plot.show();
    plot.setPicture(AffinityPicture::of(run, {}, AffinityShading::Head, statistics));
    plot.setPinnedRow(tokens - 1);
    QCoreApplication::processEvents();
    Frames frames(plot);
    const QPoint middle = plot.geometryOfParts().cells.center();
    for (int time = 0; time < 10; ++time) {
        for (int step = 0; step < 20; ++step)
            frames.wheel(middle - QPoint(30, 20) * (time % 3), 1);
        for (int step = 0; step < 20; ++step)
            frames.wheel(middle + QPoint(25, 35), -1);
        frames.settle();
    }
    frames.print("zooming in and out");
    for (const int steps : { 1, 4, 8, 14 }) {
        frames.wheel(middle, steps);
        for (int time = 0; time < 4; ++time) {
            frames.drag(middle, { 160, 120 }, 25);
            frames.drag(middle, { -150, -90 }, 25);
            frames.settle();
        }
        char name[64];
        std::snprintf(name, sizeof name, "panning, %.0f tokens in view", plot.viewport().extent());
        frames.print(name);
        plot.showAll();
        frames.settle();
    }
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    for (const int tokens : { 1024, 4096, 16'384 })
        measure(tokens);
}
