// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/copies_plan.h"

#include "engine/execution/parameter_layout.h"
#include "engine/execution/plan_builder.h"
#include "engine/execution/strategy_choice.h"

#include <cassert>

namespace timestep {

namespace {

class CopiesPlanBuilder
{
public:
    CopiesPlanBuilder(const PlanShape& shape, const Cut& cut)
        : m_shape(shape)
        , m_rows(subBatchRows(shape.rows, cut.subBatches))
        , m_builder(shape, cut, 0)
    {
        for (const IndexRange rows : m_rows)
            m_plans.push_back(planOfCopy(shape, rows.count()));
    }

    Plan build(bool averages)
    {
        for (std::size_t copy = 0; copy < m_plans.size(); ++copy)
            addGradients(static_cast<int>(copy));
        for (std::size_t copy = 0; copy < m_plans.size(); ++copy)
            addUpdates(static_cast<int>(copy));
        if (averages)
            addAveraging();
        return m_builder.take();
    }

private:
    static bool isUpdate(const Operation& operation)
    {
        return operation.kind == OperationKind::Update;
    }

    /// Everything of a copy's step but its updates, which come last.
    void addGradients(int copy)
    {
        const Plan& plan = m_plans[static_cast<std::size_t>(copy)];
        const int first = m_builder.nextOperation();
        for (std::size_t i = 0; i < plan.operations().size(); ++i) {
            if (isUpdate(plan.operations()[i]))
                break;
            std::vector<OperationRange> needs;
            for (const OperationRange need : plan.needs(static_cast<int>(i)))
                needs.push_back({ first + need.begin, first + need.end });
            add(plan.operations()[i], copy, copy, needs);
        }
        m_norms.push_back({ m_builder.nextOperation() - 1, m_builder.nextOperation() });
    }

    void addUpdates(int copy)
    {
        const int first = m_builder.nextOperation();
        for (const Operation& operation : m_plans[static_cast<std::size_t>(copy)].operations())
            if (isUpdate(operation))
                add(operation, copy, static_cast<int>(m_plans.size()) + copy, m_norms);
        m_updates.push_back({ first, m_builder.nextOperation() });
    }

    void add(Operation operation, int copy, int task, const std::vector<OperationRange>& needs)
    {
        const int firstRow = m_rows[static_cast<std::size_t>(copy)].begin;
        operation.rows = { operation.rows.begin + firstRow, operation.rows.end + firstRow };
        operation.task = task;
        m_builder.add(operation, needs);
    }

    void addAveraging()
    {
        const int copies = static_cast<int>(m_plans.size());
        int task = 2 * copies;
        for (const IndexRange slice : evenParts(ParameterLayout(m_shape).size(), copies)) {
            Operation operation;
            operation.kind = OperationKind::Averaging;
            operation.layer = m_shape.layers;
            operation.rows = { 0, m_shape.rows };
            operation.parameters = slice;
            operation.flops = 2.0 * copies * slice.count();
            operation.task = task++;
            m_builder.add(operation, m_updates);
        }
    }

    const PlanShape& m_shape;
    const std::vector<IndexRange> m_rows; // of each copy
    std::vector<Plan> m_plans; // of each copy
    std::vector<OperationRange> m_norms;
    std::vector<OperationRange> m_updates;
    PlanBuilder m_builder;
};

} // namespace

Plan planOfCopy(const PlanShape& shape, int rows)
{
    PlanShape ofCopy = shape;
    ofCopy.rows = rows;
    return makePlan(ofCopy, executedCut(ofCopy, Strategy::Sequential, 1, 1));
}

Plan makeCopiesPlan(const PlanShape& shape, int copies, bool averages)
{
    assert(shape.training && shape.ends.vocabulary > 0 && copies >= 1 && copies <= shape.rows);
    Cut cut = executedCut(shape, Strategy::SubBatch, copies, 1);
    cut.subBatches = copies;
    return CopiesPlanBuilder(shape, cut).build(averages);
}

} // namespace timestep
