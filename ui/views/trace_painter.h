// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lane_look.h"
#include "ui/views/thin_columns.h"
#include "ui/views/trace_layout.h"
#include "ui/views/trace_runs.h"

#include <QFont>
#include <QFontMetricsF>
#include <QLineF>
#include <QRectF>

#include <array>
#include <vector>

class QPainter;

namespace timestep {

struct Theme;

/// The states that the legend names, in its order.
inline constexpr std::array legendStates { LaneState::Work, LaneState::WaitingForCore,
    LaneState::WaitingForNeeds, LaneState::Barrier, LaneState::NothingToDo };

/// Paints traces on lanes with lines, rectangles and letters only, as sharp in an SVG as on a
/// screen; knows no widget. What it costs is bounded by the pixels, however many spans there are.
class TracePainter
{
public:
    TracePainter(QPainter& painter, const TraceScene& scene, const TraceLayout& layout,
        const Theme& theme, const QFont& font);

    /// All that touches `area`.
    void paint(const QRectF& area);

private:
    void paintLegend();
    void paintTitle(std::size_t group);
    void paintName(std::size_t group, std::size_t lane);
    void paintLane(std::size_t group, std::size_t lane);
    void paintWork(const TracedGroup& group, const TraceRun& run, const LaneInterval& interval,
        const QRectF& lane);
    void paintWait(const TraceRun& run, const LaneInterval& interval, const QRectF& lane);
    void paintNothing(double left, double right, const QRectF& lane);
    void paintNothingBeside(double left, double right, const QRectF& lane);
    void paintSpanLabel(const TracedGroup& group, int span, const QRectF& place);
    void paintHatches();
    void paintPath(std::size_t group);
    void paintPin();
    void paintArrows(const std::vector<int>& others, bool toPin, const ShownSpan& pin);
    void paintWalked();
    void paintRange();
    void paintClock();
    void paintAxis();
    QRectF spanRect(const ShownSpan& shown) const; // may lie outside of the view
    StateLook look(LaneState state) const { return m_looks[static_cast<std::size_t>(state)]; }

    QPainter& m_painter;
    const TraceScene& m_scene;
    const TraceLayout& m_layout;
    const Theme& m_theme;
    const QFont m_font; // of names and labels
    const QFontMetricsF m_metrics;
    const double m_letterHeight; // of a line that is centred, feet of letters included
    const double m_narrowestLabel;
    QRectF m_area;
    std::array<StateLook, laneStateCount> m_looks; // of the group that is being painted
    ThinColumns m_thin; // of the lane that is being painted
    std::array<std::vector<QLineF>, laneStateCount> m_hatches;
};

/// Where lines of text in a box beside `anchor` are, within `bounds`: below it where there is room.
QRectF tipPlace(
    const QStringList& lines, const QRectF& anchor, const QRectF& bounds, const QFont& font);
void paintTip(QPainter& painter, const QStringList& lines, const QRectF& place, const Theme& theme,
    const QFont& font);

} // namespace timestep
