// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/parameter_layout.h"
#include "engine/execution/plan_builder.h"

#include <array>

namespace timestep {

namespace {

/// Slices of one kind of operation, each a task of its own.
class SliceBuilder
{
public:
    SliceBuilder(PlanBuilder& builder, const PlanShape& shape, int slices, int task)
        : m_builder(builder)
        , m_shape(shape)
        , m_slices(slices)
        , m_task(task)
    {
    }

    OperationRange add(OperationKind kind, int layer, IndexRange parameters, double flops,
        std::span<const OperationRange> needs)
    {
        const int first = m_builder.nextOperation();
        for (const IndexRange slice : evenParts(parameters.count(), m_slices)) {
            Operation operation;
            operation.kind = kind;
            operation.layer = layer;
            operation.rows = { 0, m_shape.rows };
            operation.parameters = { parameters.begin + slice.begin, parameters.begin + slice.end };
            operation.flops = flops * slice.count() / parameters.count();
            operation.task = m_task++;
            m_builder.add(operation, needs);
        }
        return { first, m_builder.nextOperation() };
    }

private:
    PlanBuilder& m_builder;
    const PlanShape& m_shape;
    int m_slices;
    int m_task;
};

// Arithmetic of AdamW for one parameter: clipping 1, moments 3 and 4, the step 5, the decay 2.
constexpr double updateFlops = 15;
constexpr double normFlops = 2; // squared and added

} // namespace

double lossFlops(const PlanShape& shape, int positions)
{
    const double products = shape.training ? 3 : 1;
    return 2 * products * shape.ends.vocabulary * shape.width * positions;
}

void addUpdate(
    PlanBuilder& builder, const PlanShape& shape, SubBatchesDone done, int slices, int task)
{
    const ParameterLayout layout(shape);
    OperationRange head = done.losses.front();
    if (done.losses.size() > 1) {
        head.begin = builder.nextOperation();
        task = addReduction(builder, shape, shape.layers, layout.ofHead(), done.losses, task);
        head.end = builder.nextOperation();
    }
    done.gradients.push_back(head);
    if (shape.ends.tied) // what is read is added to what predicts
        done.inputGradients.push_back(head);

    SliceBuilder slice(builder, shape, slices, task);
    const double inputs = static_cast<double>(shape.rows) * shape.steps * shape.inputWidth;
    const double tables = shape.ends.positions > 0 ? 2 : 1;
    done.gradients.push_back(slice.add(OperationKind::EmbeddingGradients, shape.layers,
        layout.ofInputs(), tables * inputs, done.inputGradients));
    const IndexRange all { 0, layout.size() };
    const OperationRange norm = slice.add(
        OperationKind::GradientNorm, shape.layers, all, normFlops * all.count(), done.gradients);
    slice.add(
        OperationKind::Update, shape.layers, all, updateFlops * all.count(), std::array { norm });
}

void addLayerUpdates(PlanBuilder& builder, const PlanShape& shape,
    std::span<const LayerGradients> layers, std::span<const OperationRange> inputGradients,
    int slices, int task)
{
    SliceBuilder slice(builder, shape, slices, task);
    OperationRange norm { builder.nextOperation(), 0 };
    int layer = 0;
    for (const LayerGradients& one : layers) {
        std::vector<OperationRange> needs = one.gradients;
        needs.insert(needs.end(), inputGradients.begin(), inputGradients.end());
        slice.add(OperationKind::GradientNorm, layer++, one.parameters,
            normFlops * one.parameters.count(), needs);
    }
    norm.end = builder.nextOperation();
    layer = 0;
    for (const LayerGradients& one : layers)
        slice.add(OperationKind::Update, layer++, one.parameters,
            updateFlops * one.parameters.count(), std::array { norm });
}

} // namespace timestep
