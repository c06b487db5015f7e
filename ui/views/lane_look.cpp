// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lane_look.h"

#include "ui/views/theme.h"

#include <QCoreApplication>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

struct Look
{
    Q_DECLARE_TR_FUNCTIONS(LaneLook)
};

constexpr double diagonalDistance = 7; // pixels along a side
constexpr double straightDistance = 4;

} // namespace

StateLook stateLook(LaneState state, ModelKind kind, const Theme& theme)
{
    const Theme::ModelColors& colors = kind == ModelKind::Lstm ? theme.lstm : theme.attention;
    switch (state) {
    case LaneState::Work:
        return { colors.running, colors.running, colors.runningText, Hatch::None };
    case LaneState::WaitingForCore:
        return { theme.window, theme.bracket, theme.text, Hatch::Diagonal };
    case LaneState::WaitingForNeeds:
        return { theme.field, theme.secondaryText, theme.text, Hatch::Horizontal };
    case LaneState::Barrier:
        return { theme.window, colors.text, theme.text, Hatch::Vertical };
    case LaneState::NothingToDo:
        break;
    }
    return { theme.window, theme.window, theme.secondaryText, Hatch::None };
}

QString stateName(LaneState state)
{
    switch (state) {
    case LaneState::Work:
        return Look::tr("work");
    case LaneState::WaitingForCore:
        return Look::tr("waiting for a core");
    case LaneState::WaitingForNeeds:
        return Look::tr("waiting for what it needs");
    case LaneState::Barrier:
        return Look::tr("barrier");
    case LaneState::NothingToDo:
        break;
    }
    return Look::tr("nothing to do");
}

void addHatch(Hatch hatch, const QRectF& area, std::vector<QLineF>& lines)
{
    switch (hatch) {
    case Hatch::None:
        return;
    case Hatch::Vertical:
        for (double x = std::ceil(area.left() / straightDistance) * straightDistance + 0.5;
             x < area.right(); x += straightDistance)
            lines.emplace_back(x, area.top(), x, area.bottom());
        return;
    case Hatch::Horizontal:
        for (double y = area.top() + straightDistance / 2; y < area.bottom(); y += straightDistance)
            lines.emplace_back(area.left(), y, area.right(), y);
        return;
    case Hatch::Diagonal:
        // x + y is the same along a line.
        for (double sum
             = std::ceil((area.left() + area.top()) / diagonalDistance) * diagonalDistance;
             sum < area.right() + area.bottom(); sum += diagonalDistance) {
            const double left = std::max(area.left(), sum - area.bottom());
            const double right = std::min(area.right(), sum - area.top());
            if (left < right)
                lines.emplace_back(left, sum - left, right, sum - right);
        }
        return;
    }
}

} // namespace timestep
