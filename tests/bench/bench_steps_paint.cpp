// SPDX-License-Identifier: GPL-3.0-or-later
// Frame times of the Steps picture, in software raster on 1920 x 1080:
//   QT_QPA_PLATFORM=offscreen bench_steps_paint
// Median and what 95 % of the frames stay below. A frame is a step of the clock and the repaint it
// asks for; "whole" repaints everything, as while the view scrolls.
#include "tests/ui/steps_pairs.h"
#include "ui/views/steps_canvas.h"
#include "ui/views/theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QEvent>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <vector>

using namespace timestep;
using namespace timestep::test;

namespace {

/// Of this thread: what a frame costs, however busy the machine is with other things.
double processorMilliseconds()
{
    timespec now {};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return double(now.tv_sec) * 1e3 + double(now.tv_nsec) * 1e-6;
}

class PaintCounter : public QObject
{
public:
    bool eventFilter(QObject* watched, QEvent* event) override
    {
        count += event->type() == QEvent::Paint ? 1 : 0;
        return QObject::eventFilter(watched, event);
    }
    int count = 0;
};

struct Case
{
    const char* name;
    int steps;
    int subBatches;
    int workers;
    bool wholeText;
    bool wholeFrame;
};

void measure(const Case& measured)
{
    constexpr int frames = 300;
    PlanRequest request = stepsRequest(measured.steps);
    request.subBatches = measured.subBatches;
    request.workers = measured.workers;

    StepsCanvas canvas;
    canvas.setPalette(Theme::light().palette());
    canvas.resize(1680, 760);
    canvas.show();
    const auto picture = stepsPicture(request);
    canvas.setTokenLabels(stepsLabels(measured.steps));
    canvas.setPicture(picture);
    canvas.setPinnedStep(measured.steps - 1);
    canvas.setWholeText(measured.wholeText);
    canvas.setPlaying(true);
    QCoreApplication::processEvents();

    const double duration = picture->pair->duration();
    PaintCounter paints;
    canvas.viewport()->installEventFilter(&paints);
    std::vector<double> wall;
    std::vector<double> processor;
    for (int frame = 0; frame < frames; ++frame) {
        QCoreApplication::processEvents();
        QElapsedTimer timer;
        timer.start();
        const double busyBefore = processorMilliseconds();
        canvas.setTime(duration * (frame + 1) / frames);
        if (measured.wholeFrame)
            canvas.viewport()->update();
        QEvent paintNow(QEvent::UpdateRequest);
        QCoreApplication::sendEvent(canvas.window(), &paintNow);
        processor.push_back(processorMilliseconds() - busyBefore);
        wall.push_back(double(timer.nsecsElapsed()) * 1e-6);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(processor.begin(), processor.end());
    const auto share = [](const std::vector<double>& sorted, int percent) {
        return sorted[std::size_t(frames * percent / 100)];
    };
    std::printf("%-42s wall %6.2f / %6.2f ms   processor %6.2f / %6.2f ms   %d paints\n",
        measured.name, share(wall, 50), share(wall, 95), share(processor, 50), share(processor, 95),
        paints.count);
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const Case cases[] = {
        { "16 tokens, 4 sub-batches", 16, 4, 4, false, false },
        { "16 tokens, 4 sub-batches, whole frames", 16, 4, 4, false, true },
        { "128 tokens, 32 sub-batches", 128, 32, 64, false, false },
        { "128 tokens, 32 sub-batches, whole text", 128, 32, 64, true, true },
        { "128 tokens, 32 sub-batches, 512 workers", 128, 32, 512, true, true },
        { "1,000 tokens, 4 sub-batches", 1000, 4, 16, false, false },
        { "1,000 tokens, 32 sub-batches, whole text", 1000, 32, 512, true, true },
    };
    for (const Case& measured : cases)
        measure(measured);
}
