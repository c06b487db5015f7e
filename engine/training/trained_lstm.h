// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/lstm_gradient_layout.h"
#include "engine/execution/packed_backward.h"
#include "engine/execution/packed_weights.h"
#include "engine/training/trained_parameters.h"

namespace timestep {

/// The parameters of an LSTM. The two biases of a layer, which only ever act as their sum, are one.
class TrainedLstm final : public TrainedParameters
{
public:
    TrainedLstm(const LstmWeights<float>& weights, const PlanShape& shape);

    std::unique_ptr<LayersTraining> layersTraining(
        const Plan& plan, const TrainedEnds& ends, int lanes, MemoryAccount& account) override;

    /// The bias of a layer is its inputBias; recurrentBias is zero.
    std::variant<LstmWeights<float>, AttentionWeights<float>> weights() const override;

private:
    void addLayer(int layer);
    void load(const LstmWeights<float>& weights);

    const PlanShape m_shape;
    const LstmGradientLayout m_layers;
    PackedLstm m_forward;
    PackedLstmBackward m_backward;
};

} // namespace timestep
