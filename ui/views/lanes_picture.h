// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"

#include <QColor>
#include <QString>

#include <functional>
#include <vector>

namespace timestep {

struct Theme;

/// Work of one kind that a worker did without a break.
struct LaneSpan
{
    double begin = 0, end = 0; // ms
    int style = 0; // what kind of work: LaneLooks says how it looks
    QString label; // in it, where there is room: "forward, rows 0–7"
    QString shortLabel; // where there is less: "0–7"
    QString detail; // what hovering tells
};

/// What one worker did.
struct LaneRow
{
    QString name; // "worker 1"
    QString detail; // beside it, where there is room: "busy 93 %"
    std::vector<LaneSpan> spans; // by begin; they do not overlap
};

/// One run.
struct LaneGroup
{
    ModelKind kind = ModelKind::Lstm;
    QString title;
    QString caption;
    double duration = 0; // ms
    std::vector<LaneRow> rows;
};

struct LaneLegendEntry
{
    int style = 0;
    QString name;
};

/// Runs on lanes, one below the other on one axis of time.
struct LanesPicture
{
    std::vector<LaneGroup> groups;
    std::vector<LaneLegendEntry> legend;
    QString emptyText; // where there are no groups
};

/// A style in one theme: told apart by hatches as well as by colours.
struct LaneLook
{
    QColor fill;
    QColor ink; // of the hatch
    QColor text; // legible on fill
    Qt::BrushStyle hatch = Qt::NoBrush;
};

using LaneLooks = std::function<LaneLook(int style, ModelKind kind, const Theme& theme)>;

} // namespace timestep
