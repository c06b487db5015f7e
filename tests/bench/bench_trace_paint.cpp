// SPDX-License-Identifier: GPL-3.0-or-later
// Opening and painting traces in the Threads picture, in software raster on 1920 x 1080:
//   QT_QPA_PLATFORM=offscreen bench_trace_paint
// Opening is what the interface's thread does with a run that has come, with its first picture;
// what is worked out before, on the run's thread, is told apart. Paints: median and what 95 % stay
// below, by the wall and by the processor time of the thread.
#include "ui/session/traced_run.h"
#include "ui/views/theme.h"
#include "ui/views/trace_view.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>
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

/// A plan of hidden-split with about so many operations, and spans as two busy cores would make
/// them on as many lanes as slices.
TracedGroup manySpans(int operations, int lanes)
{
    PlanShape shape;
    shape.kind = ModelKind::Lstm;
    shape.width = shape.inputWidth = 16 * lanes;
    shape.steps = operations / lanes;
    shape.rows = 1;
    Cut cut;
    cut.strategy = Strategy::HiddenSplit;
    cut.grain = Grain::Executed;
    cut.slices = lanes;
    cut.stepsPerChunk = 64;
    Plan plan = makePlan(shape, cut);
    std::mt19937 random(1);
    Trace trace;
    for (int lane = 0; lane < lanes; ++lane)
        trace.lanes.push_back({ lane, lane + 1 });
    std::int64_t now = 0;
    std::vector<std::int64_t> free(std::size_t(lanes), 0);
    const auto all = plan.operations();
    for (std::size_t operation = 0; operation < all.size(); operation += std::size_t(lanes)) {
        for (int lane = 0; lane < lanes && operation + std::size_t(lane) < all.size(); ++lane) {
            const std::int64_t begin = now + std::int64_t(random() % 300);
            const std::int64_t length = 2000 + std::int64_t(random() % 3000);
            const std::int64_t cpu = random() % 50 == 0 ? length / 2 : length;
            trace.spans.push_back({ int(operation) + lane, lane, begin, begin + length, cpu });
            free[std::size_t(lane)] = begin + length;
        }
        now = *std::max_element(free.begin(), free.end()) + 200;
    }
    std::stable_sort(trace.spans.begin(), trace.spans.end(),
        [](const Span& a, const Span& b) { return a.beginNs < b.beginNs; });
    return tracedGroup(std::move(plan), std::move(trace), lanes, 2);
}

TracedRunPointer run(int spans, int lanes)
{
    auto traced = std::make_shared<TracedRun>();
    traced->number = 1;
    traced->request.cores = 2;
    traced->request.settings.threads = lanes;
    for (int group = 0; group < 4; ++group) {
        traced->groups.push_back(manySpans(spans / 4, lanes));
        traced->durationMs
            = std::max(traced->durationMs, double(traced->groups.back().endNs) * 1e-6);
    }
    return traced;
}

void paintNow(QWidget& widget)
{
    QEvent paint(QEvent::UpdateRequest);
    QCoreApplication::sendEvent(widget.window(), &paint);
}

void measure(const char* name, TraceView& view, const std::function<void(int)>& change)
{
    constexpr int frames = 200;
    std::vector<double> wall;
    std::vector<double> processor;
    for (int frame = 0; frame < frames; ++frame) {
        QCoreApplication::processEvents();
        QElapsedTimer timer;
        timer.start();
        const double before = processorMilliseconds();
        change(frame);
        paintNow(view);
        processor.push_back(processorMilliseconds() - before);
        wall.push_back(double(timer.nsecsElapsed()) * 1e-6);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(processor.begin(), processor.end());
    const auto share = [](const std::vector<double>& sorted, int percent) {
        return sorted[std::size_t(frames * percent / 100)];
    };
    std::printf("  %-34s wall %6.2f / %6.2f ms   processor %6.2f / %6.2f ms\n", name,
        share(wall, 50), share(wall, 95), share(processor, 50), share(processor, 95));
}

void measureSpans(int spans, int lanes)
{
    QElapsedTimer timer;
    timer.start();
    const TracedRunPointer traced = run(spans, lanes);
    std::size_t count = 0;
    for (const TracedGroup& group : traced->groups)
        count += group.trace.spans.size();
    std::printf("%zu spans in 4 groups of %d lanes, %.0f MB; made and worked out in %.0f ms\n",
        count, lanes, double(traced->bytes()) * 1e-6, double(timer.nsecsElapsed()) * 1e-6);

    TraceView view;
    view.setPalette(Theme::light().palette());
    view.resize(1680, 760);
    view.show();
    QCoreApplication::processEvents();
    timer.start();
    double before = processorMilliseconds();
    view.setGroups(shownGroups(traced, nullptr));
    paintNow(view);
    std::printf("  %-34s wall %6.2f ms            processor %6.2f ms\n", "opening",
        double(timer.nsecsElapsed()) * 1e-6, processorMilliseconds() - before);

    const double all = view.scene().endMs;
    measure("all of it", view, [&](int) { view.update(); });
    view.setShowsPath(true);
    measure("all of it, with critical path", view, [&](int) { view.update(); });
    view.setShowsPath(false);
    measure("zooming in, by the wheel's notch", view, [&](int frame) {
        const double length = all * std::pow(0.94, frame);
        view.zoomTo(0.37 * all, 0.37 * all + length);
    });
    const double page = all / 2000;
    measure("moving over some hundred spans", view,
        [&](int frame) { view.zoomTo(frame * page / 20, frame * page / 20 + page); });
    view.showAll();
    measure("the clock moves", view, [&](int frame) { view.setClock(all * frame / 200); });
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    setvbuf(stdout, nullptr, _IOLBF, 0);
    measureSpans(1'000'000, 2);
    measureSpans(1'000'000, 8);
    measureSpans(10'000, 4);
}
