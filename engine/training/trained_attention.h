// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/attention_gradient_layout.h"
#include "engine/execution/packed_backward.h"
#include "engine/execution/packed_weights.h"
#include "engine/training/trained_parameters.h"

#include <vector>

namespace timestep {

/// The parameters of GPT-2's blocks and of what is around them.
class TrainedAttention final : public TrainedParameters
{
public:
    TrainedAttention(
        const AttentionWeights<float>& weights, const ModelShape& model, const PlanShape& shape);

    std::unique_ptr<LayersTraining> layersTraining(
        const Plan& plan, const TrainedEnds& ends, int lanes, MemoryAccount& account) override;

    std::variant<LstmWeights<float>, AttentionWeights<float>> weights() const override;

private:
    void addLayer(int layer);
    void addVector(int begin, RowVector<float>& plain);
    void addMatrix(int begin, PackedMatrix& forward, PackedMatrix& backward);
    void load(const AttentionWeights<float>& weights);

    const PlanShape m_shape;
    const AttentionGradientLayout m_layers;
    const float m_epsilon;
    std::vector<AttentionLayerWeights<float>> m_plain; // norms and biases
    PackedAttention m_forward;
    std::vector<PackedAttentionLayerBackward> m_backward;
    Matrix<float> m_positions; // (rows of the table or T, D)
    RowVector<float> m_finalNormGain, m_finalNormBias; // (D)
};

} // namespace timestep
