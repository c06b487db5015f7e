// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/parameter_layout.h"

#include "engine/execution/attention_gradient_layout.h"
#include "engine/execution/lstm_gradient_layout.h"

namespace timestep {

ParameterLayout::ParameterLayout(const PlanShape& shape)
    : m_layers(shape.kind == ModelKind::Lstm ? LstmGradientLayout(shape).size()
                                             : AttentionGradientLayout(shape).size())
    , m_headBias(shape.kind == ModelKind::Lstm ? shape.ends.vocabulary : 0)
    , m_vocabulary(shape.ends.vocabulary)
    , m_positions(shape.ends.positions)
    , m_width(shape.width)
    , m_inputWidth(shape.inputWidth)
    , m_tied(shape.ends.tied)
{
}

} // namespace timestep
