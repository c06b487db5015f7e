// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_changes.h"

#include <algorithm>
#include <vector>

namespace timestep {

namespace {

constexpr int mostChangedCells = 150; // beyond it one repaint of everything is cheaper

bool changes(const StepsModel& model, int strip, int step, double from, double to)
{
    const auto tiers = model.grid.tiers(strip, step);
    return std::any_of(tiers.begin(), tiers.end(), [&](const StepsTier& tier) {
        for (int part = 0; part < tier.parts; ++part) {
            const int operation = tier.operation(step, part);
            if (operation >= 0 && model.times.changes(operation, from, to))
                return true;
        }
        return false;
    });
}

/// Those that show, and the pinned one at the edge.
std::vector<int> shownColumns(const StepsScene& scene)
{
    const auto [first, last] = scene.layout.visibleColumns(scene.view);
    std::vector<int> columns;
    for (int column = first; column <= last; ++column)
        columns.push_back(column);
    const int pinned = scene.view.pinnedColumn;
    if (pinned >= 0 && (pinned < first || pinned > last))
        columns.push_back(pinned);
    return columns;
}

} // namespace

std::optional<QRegion> changedCells(const StepsScene& scene, double from, double to)
{
    if (!scene.picture)
        return QRegion();
    const StepsLayout& layout = scene.layout;
    if (layout.stepsPerCell() > 1)
        return std::nullopt;
    const std::vector<int> columns = shownColumns(scene);
    QRegion changed;
    int count = 0;
    for (int model = 0; model < 2; ++model) {
        const int layers = scene.model(model).grid.layers();
        const int firstStrip = layout.firstShown(model, scene.view) * layers;
        for (int strip = firstStrip; strip < firstStrip + layout.shown(model) * layers; ++strip) {
            for (const int column : columns) {
                if (!changes(scene.model(model), strip, layout.firstStep(column), from, to))
                    continue;
                if (++count > mostChangedCells)
                    return std::nullopt;
                // With the arrows on both sides.
                changed += layout.cellRect(model, strip, column, scene.view)
                               .adjusted(-layout.columnGap(), 0, layout.columnGap(), 0);
            }
        }
    }
    return changed;
}

} // namespace timestep
