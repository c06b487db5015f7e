// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/trace_scene.h"

#include <QString>
#include <QStringList>

namespace timestep {

QString modelTitle(ModelKind kind); // "LSTM"
QString threadName(std::size_t lane); // "thread 1"
/// "rows 0–7", where all that the lane did was for them and others had other rows; else empty.
QString laneRows(const TracedGroup& group, const LaneTimeline& lane);
/// How it was cut and run, how long it took and how busy the cores were.
QString groupCaption(const TracedRun& run, const TracedGroup& group, bool kept);
QString pathText(const TracedGroup& group); // "critical path 3.10 ms of 5.10 ms"
/// One line for a list of runs: number, settings, times.
QString runLine(const TracedRun& run);

/// What a span was, for where there is much room, and for where there is less: the first that fits
/// is shown. Some are of two lines, the shortest has two or three letters where there are layers.
QStringList spanLabels(const TracedGroup& group, int span);
/// "recurrent half, layer 1, steps 0–15, rows 0–7".
QString operationText(const TracedGroup& group, int span);

/// "2.6 ms: work 50 % · waiting for a core 50 % · cores busy 100 %"; states that did not occur are
/// left out.
QString totalsText(const LaneTotals& totals, int cores);

/// Lines for a moment of a lane, where a pixel is so wide: a span with its times and what it
/// needed, a wait, or how many spans are too small to be drawn each.
QStringList momentLines(const ShownGroup& shown, const LaneMoment& moment, double msPerPixel);
/// The same of one span.
QStringList spanLines(const ShownGroup& shown, int span);

/// All of the picture, for whoever does not see it.
QString pictureDescription(const TraceScene& scene);

QString traceMs(double ms); // "2.64 ms"
QString tickText(double ms, int decimals); // of the axis
int traceDecimals(double ms); // of times up to `ms`

} // namespace timestep
