// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <span>
#include <vector>

namespace timestep {

/// The operations of one kind in a strip: (steps, parts) indices into the plan, −1 where there is
/// none.
struct StepsTier
{
    OperationKind kind = OperationKind::InputHalf;
    int firstStep = 0;
    int parts = 1; // slices of the hidden units, heads, or slices of the parameters, side by side
    std::vector<int> operations; // (steps, parts)

    int operation(int step, int part) const
    {
        return operations[std::size_t((step - firstStep) * parts + part)];
    }
};

/// One row of cells: the steps of one layer of one sub-batch. Its tiers lie one above the other,
/// in the order in which they are worked at. After the steps of a training plan come cells of one
/// tier each for what follows them: its share of the sum over the sub-batches and of the update.
struct StepsStrip
{
    int layer = 0;
    IndexRange rows;
    std::vector<StepsTier> tiers;
    std::vector<StepsTier> tails; // as the grid's tails(), each of one step

    /// Of the kind; null: none.
    const StepsTier* tier(OperationKind kind) const;
    /// The tier whose end ends the way forward through a cell.
    const StepsTier& forwardEnd() const;
};

/// What follows the steps in these plans, in order: sum over the sub-batches, norm, update.
std::vector<OperationKind> stepsTails(std::span<const Plan* const> plans);

/// Whether an operation goes back from the outputs to the inputs.
bool goesBack(OperationKind kind);

/// Where an operation is drawn.
struct StepsPlace
{
    int strip = -1;
    int step = -1; // beyond T: T + the place among the grid's tails()
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
    StepsGrid(const Plan& plan, std::vector<OperationKind> tails);

    int steps() const { return m_steps; } // T
    /// What follows the steps, a column each.
    const std::vector<OperationKind>& tails() const { return m_tails; }
    int stepsAndTails() const { return m_steps + int(m_tails.size()); }
    bool isTail(int step) const { return step >= m_steps; }
    int layers() const { return m_layers; } // strips of one sub-batch
    int subBatches() const { return m_layers > 0 ? int(m_strips.size()) / m_layers : 0; }
    std::span<const StepsStrip> strips() const { return m_strips; }
    /// Of a cell, from the top.
    std::span<const StepsTier> tiers(int strip, int step) const;
    const StepsPlace& place(int operation) const { return m_places[std::size_t(operation)]; }

    /// The operation there; −1: none, or no such place.
    int operation(const StepsPlace& place) const;

private:
    void placeSteps(std::span<const Operation> operations);
    void placeTails(std::span<const Operation> operations);

    std::vector<StepsStrip> m_strips;
    std::vector<OperationKind> m_tails;
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
