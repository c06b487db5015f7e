// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/traced_run.h"

#include <QString>

#include <optional>
#include <vector>

namespace timestep {

/// One group of lanes: one model's reading of some rows, of the newest run or of one kept.
struct ShownGroup
{
    TracedRunPointer run;
    std::size_t index = 0; // of the run's groups
    bool kept = false; // of an earlier run, to compare with
    QString title; // "LSTM"
    QString caption; // "32 rows in 4 sub-batches on 4 threads …"
    std::vector<QString> names; // of its lanes: "thread 1"
    std::vector<QString> rows; // of its lanes: "rows 0–7"; empty where they had several

    const TracedGroup& group() const { return run->groups[index]; }
    double endMs() const { return static_cast<double>(group().endNs) * 1e-6; }
};

/// A span on screen.
struct ShownSpan
{
    std::size_t group = 0; // of the scene's
    int span = 0; // of its trace
    bool operator==(const ShownSpan&) const = default;
};

/// A moment of a lane.
struct LaneMoment
{
    std::size_t group = 0;
    std::size_t lane = 0;
    double ms = 0;
};

/// Part of a group's time that totals are told of.
struct TraceRange
{
    std::size_t group = 0;
    double beginMs = 0, endMs = 0;
};

/// All that the picture of the traces shows.
struct TraceScene
{
    std::vector<ShownGroup> groups;
    double endMs = 1; // of the axis
    double viewBeginMs = 0, viewEndMs = 1; // what of it is in view
    std::optional<ShownSpan> pinned, walked;
    std::vector<ShownSpan> reading; // where no span is pinned: those that read the pinned token
    std::vector<int> needed, unblocked; // spans of the pinned one's group
    bool showsPath = false; // critical paths
    bool showsArrows = true; // of the pinned span
    std::optional<TraceRange> range;
    std::optional<double> clockMs; // where the clock stands
    QString emptyText; // where there are no groups

    const Span& span(const ShownSpan& shown) const
    {
        return groups[shown.group].group().trace.spans[static_cast<std::size_t>(shown.span)];
    }
};

/// All that row 0 does at a step.
std::vector<ShownSpan> spansOfStep(const std::vector<ShownGroup>& groups, int step);

/// The groups of `newest`, each with that of `kept` below it where there is one.
std::vector<ShownGroup> shownGroups(const TracedRunPointer& newest, const TracedRunPointer& kept);

} // namespace timestep
