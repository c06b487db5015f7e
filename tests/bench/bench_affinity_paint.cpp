// SPDX-License-Identifier: GPL-3.0-or-later
// Frame times of the affinity heatmap of a real run, in software raster on 1920 x 1080:
//   QT_QPA_PLATFORM=offscreen bench_affinity_paint
// Median and what 95 % of the frames stay below while the view zooms and pans; then how long after
// the last of them the exact image is there, how long the statistics of a head take, and the most
// memory so far.
#include "tests/bench/paint_frames.h"
#include "tests/bench/random_token_run.h"
#include "ui/views/affinity_plot.h"
#include "ui/views/theme.h"

#include <QApplication>
#include <QElapsedTimer>

#include <cstdio>
#include <sys/resource.h>
#include <vector>

using namespace timestep;

namespace {

void measure(int tokens)
{
    const auto run = runOfRandomTokens(ModelKind::Attention, tokens);
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
    Frames frames(*plot.findChild<QWidget*>(), [&plot] { return plot.complete(); });
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
