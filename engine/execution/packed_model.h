// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/packed_weights.h"
#include "engine/kernels/kernels.h"
#include "engine/model/model.h"

#include <variant>

namespace timestep {

/// Weights packed for the kernels once, shared by all runs of a model. Immutable.
class PackedModel
{
public:
    PackedModel(ModelPointer model, const Kernels& kernels);

    const ModelPointer& model() const { return m_model; }
    const Kernels& kernels() const { return m_kernels; }
    const std::variant<PackedLstm, PackedAttention>& weights() const { return m_weights; }
    const PackedMatrix& head() const { return m_head; } // (H or D, V)
    const float* headBias() const; // (V), or null

private:
    ModelPointer m_model;
    const Kernels& m_kernels;
    std::variant<PackedLstm, PackedAttention> m_weights;
    PackedMatrix m_head;
};

} // namespace timestep
