// SPDX-License-Identifier: GPL-3.0-or-later
// Frame times of the gates and states of a layer of a real run, in software raster on 1920 x 1080:
//   QT_QPA_PLATFORM=offscreen bench_lstm_paint
// How long the picture of a layer takes beside the interface, in each order of its units; then
// median and what 95 % of the frames stay below while the view zooms, pans and the pointer hovers,
// and how long after the last of them the exact images are there.
#include "tests/bench/paint_frames.h"
#include "tests/bench/random_token_run.h"
#include "ui/views/lstm_plot.h"
#include "ui/views/theme.h"

#include <QApplication>
#include <QElapsedTimer>

#include <cstdio>

using namespace timestep;

namespace {

void measure(int tokens)
{
    const auto run = runOfRandomTokens(ModelKind::Lstm, tokens);
    LstmPicturePointer picture;
    std::printf("%d tokens: picture of a layer", tokens);
    for (const UnitOrder order :
        { UnitOrder::Number, UnitOrder::Activity, UnitOrder::ForgetGate, UnitOrder::Similarity }) {
        QElapsedTimer timer;
        timer.start();
        picture = LstmPicture::of(run, 0, order);
        std::printf(" %.1f", double(timer.nsecsElapsed()) * 1e-6);
    }
    std::printf(" ms, by number, activity, memory, likeness of %d units\n", picture->units());

    TokenView view;
    LstmPlot plot(view);
    plot.setPalette(Theme::light().palette());
    plot.resize(1180, 620);
    plot.show();
    plot.setPicture(picture);
    view.setTokens(tokens);
    plot.setPinned(tokens - 1, 3);
    QCoreApplication::processEvents();
    Frames frames(plot, [&plot] { return plot.complete(); });
    const QPoint middle = plot.geometryOfParts().allMaps().center();
    for (int time = 0; time < 10; ++time) {
        for (int step = 0; step < 20; ++step)
            frames.wheel(middle - QPoint(30, 20) * (time % 3), 1);
        for (int step = 0; step < 20; ++step)
            frames.wheel(middle + QPoint(25, 35), -1);
        frames.settle();
    }
    frames.print("zooming in and out");
    const QPoint labels = plot.geometryOfParts().labels.center();
    frames.wheel(middle, 4);
    for (int time = 0; time < 4; ++time) {
        frames.drag(labels, { 160, 0 }, 25);
        frames.drag(labels, { -150, 0 }, 25);
        frames.settle();
    }
    frames.print("panning");
    for (int time = 0; time < 4; ++time) {
        frames.hover(middle, { 150, 90 }, 25);
        frames.settle();
    }
    frames.print("hovering");
}

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    for (const int tokens : { 24, 1024, 16'384 })
        measure(tokens);
}
