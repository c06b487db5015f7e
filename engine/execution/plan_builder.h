// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/plan.h"

#include <initializer_list>
#include <span>
#include <vector>

namespace timestep {

/// Writes a plan operation by operation. Knows nothing of models.
class PlanBuilder
{
public:
    PlanBuilder(const PlanShape& shape, const Cut& cut, std::size_t operations);

    /// Empty ranges among `needs` are left out. At the fine grain each operation is a task of its
    /// own, whatever its `task` says.
    int add(Operation operation, std::span<const OperationRange> needs);
    int add(Operation operation, std::initializer_list<OperationRange> needs)
    {
        return add(operation, std::span(needs.begin(), needs.size()));
    }

    int nextOperation() const { return static_cast<int>(m_plan.m_operations.size()); }
    int taskCount() const { return m_plan.m_taskCount; } // so far
    Plan take();

private:
    Plan m_plan;
};

/// The sum over the sub-batches of the gradients of one layer, whose numbers stand in `parameters`:
/// as many slices as sub-batches, each summed in their order, so that the bits are the same whoever
/// sums which. A slice waits for `gradients`, the last of each sub-batch. `task` is that of the
/// first slice. Nothing to sum: no slice. Returns the task after the last.
int addReduction(PlanBuilder& builder, const PlanShape& shape, int layer, IndexRange parameters,
    std::span<const OperationRange> gradients, int task);

/// What sub-batches leave to be done for all of a language model that is trained.
struct SubBatchesDone
{
    std::vector<OperationRange> losses; // the last of each sub-batch
    std::vector<OperationRange> inputGradients; // all that hand them out
    std::vector<OperationRange> gradients; // of the layers: where nothing is summed, the last of
                                           // each layer; else their reductions
};

/// What follows those: the sum of the head's gradients, the gradients of the embedding, the norm of
/// all, the update; the latter three in `slices`. Each slice is a task of its own, the first is
/// `task`.
void addUpdate(
    PlanBuilder& builder, const PlanShape& shape, SubBatchesDone done, int slices, int task);

/// What is to be changed of one layer, and the last of what makes its gradients.
struct LayerGradients
{
    IndexRange parameters;
    std::vector<OperationRange> gradients;
};

/// The norm of the gradients of all layers and their update, where they are trained alone; each
/// layer in `slices`, a task each, from `task` on. The norm is that of a model: it waits for
/// `inputGradients`, too, which those of an embedding would be made of.
void addLayerUpdates(PlanBuilder& builder, const PlanShape& shape,
    std::span<const LayerGradients> layers, std::span<const OperationRange> inputGradients,
    int slices, int task);

/// Of the predictions of some positions; in training, and of the way back to their hidden states
/// and to the head.
double lossFlops(const PlanShape& shape, int positions);

/// `count` things in `parts` parts (1 … count): as even as it goes, larger ones first.
std::vector<IndexRange> evenParts(int count, int parts);

/// `range` in parts that end at multiples of `size`; the first and the last may have fewer.
std::vector<IndexRange> partsOfSize(IndexRange range, int size);

Plan makeLstmPlan(const PlanShape& shape, const Cut& cut);
Plan makeAttentionPlan(const PlanShape& shape, const Cut& cut);

} // namespace timestep
