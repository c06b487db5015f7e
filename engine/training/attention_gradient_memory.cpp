// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/attention_gradient_memory.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/kernels/packed_matrix.h"

#include <algorithm>

namespace timestep {

/// Numbers of floats: one place for what is allocated and what is announced.
struct AttentionGradientMemory::Sizes
{
    std::size_t output, queryKeyValue, ofBlock, expanded, rows, packed;

    explicit Sizes(const PlanShape& s)
    {
        const std::size_t stream = product({ s.rows, s.steps, s.width });
        // The caller has the gradients of a bare layer's last output and of the input.
        const int outputs = s.bareLayer ? s.layers - 1 : s.layers;
        output = product({ std::clamp(outputs, 0, 2) }) * stream;
        queryKeyValue = 3 * stream;
        ofBlock = s.bareLayer ? 0 : stream;
        expanded = 4 * ofBlock;
        rows = product({ s.steps, (s.bareLayer ? 1 : 4) * roundUpToLanes(s.width) });
        packed = packedSize(s.steps, (s.bareLayer ? 3 : 4) * s.width);
    }
    std::size_t ofLane() const { return rows + packed; }
};

std::size_t AttentionGradientMemory::floatsNeeded(const PlanShape& shape, int lanes)
{
    const Sizes s(shape);
    return s.output + s.queryKeyValue + 3 * s.ofBlock + s.expanded
        + static_cast<std::size_t>(lanes) * s.ofLane();
}

AttentionGradientMemory::AttentionGradientMemory(
    const PlanShape& shape, int lanes, MemoryAccount& account)
    : m_shape(shape)
    , m_output(Sizes(shape).output, account)
    , m_queryKeyValue(Sizes(shape).queryKeyValue, account)
    , m_attended(Sizes(shape).ofBlock, account)
    , m_attentionNorm(Sizes(shape).ofBlock, account)
    , m_feedForwardNorm(Sizes(shape).ofBlock, account)
    , m_expanded(Sizes(shape).expanded, account)
    , m_scratch(static_cast<std::size_t>(lanes) * Sizes(shape).ofLane(), account)
{
}

float* AttentionGradientMemory::ofRow(CountedFloats& all, int row, int widths)
{
    return all.data() + product({ row, m_shape.steps, widths, m_shape.width });
}

float* AttentionGradientMemory::output(int layer, int row)
{
    // At most two at a time: where there is one only, it is that of layer 0.
    return ofRow(m_output, row, 1)
        + product({ layer % 2, m_shape.rows, m_shape.steps, m_shape.width });
}

float* AttentionGradientMemory::queryKeyValue(int row) { return ofRow(m_queryKeyValue, row, 3); }

float* AttentionGradientMemory::attended(int row) { return ofRow(m_attended, row, 1); }

float* AttentionGradientMemory::attentionNorm(int row) { return ofRow(m_attentionNorm, row, 1); }

float* AttentionGradientMemory::feedForwardNorm(int row)
{
    return ofRow(m_feedForwardNorm, row, 1);
}

float* AttentionGradientMemory::expanded(int row) { return ofRow(m_expanded, row, 4); }

float* AttentionGradientMemory::rows(int lane)
{
    return m_scratch.data() + static_cast<std::size_t>(lane) * Sizes(m_shape).ofLane();
}

float* AttentionGradientMemory::packed(int lane) { return rows(lane) + Sizes(m_shape).rows; }

} // namespace timestep
