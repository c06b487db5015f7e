// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <span>
#include <vector>

namespace timestep {

/// The operations of one kind in a strip: (T, parts) indices into the plan, −1 where there is none.
struct StepsTier
{
    OperationKind kind = OperationKind::InputHalf;
    int parts = 1; // slices of the hidden units, or heads, side by side
    std::vector<int> operations; // (T, parts)

    int operation(int step, int part) const { return operations[std::size_t(step * parts + part)]; }
};

/// One row of cells: the steps of one layer of one sub-batch. Its tiers lie one above the other,
/// the last one is the one whose end ends the cell.
struct StepsStrip
{
    int layer = 0;
    IndexRange rows;
    std::vector<StepsTier> tiers;
};

/// Where an operation is drawn.
struct StepsPlace
{
    int strip = -1;
    int step = -1;
    int tier = -1;
    int part = -1;
    bool operator==(const StepsPlace&) const = default;
};

/// The cells of one fine plan: which operation is drawn where. Strips come sub-batch by sub-batch,
/// in each the layers in order.
class StepsGrid
{
public:
    StepsGrid() = default;
    explicit StepsGrid(const Plan& plan);

    int steps() const { return m_steps; }
    int layers() const { return m_layers; } // strips of one sub-batch
    int subBatches() const { return m_layers > 0 ? int(m_strips.size()) / m_layers : 0; }
    std::span<const StepsStrip> strips() const { return m_strips; }
    const StepsPlace& place(int operation) const { return m_places[std::size_t(operation)]; }

    /// The operation there; −1: none, or no such place.
    int operation(const StepsPlace& place) const;

private:
    std::vector<StepsStrip> m_strips;
    std::vector<StepsPlace> m_places; // by operation
    int m_steps = 0;
    int m_layers = 0;
};

/// What one operation waits for, and what waits for it: indices into the plan, ascending.
struct StepsRelations
{
    std::vector<int> needs;
    std::vector<int> unblocks;
};

StepsRelations relationsOf(const Plan& plan, int operation);

} // namespace timestep
