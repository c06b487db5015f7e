// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model.h"

#include "engine/error.h"

namespace timestep {

namespace {

std::int64_t countOf(const LstmWeights<float>& weights)
{
    std::int64_t count = weights.embedding.size() + weights.head.size() + weights.headBias.size();
    for (const LstmLayerWeights<float>& layer : weights.layers) {
        count += layer.input.size() + layer.recurrent.size() + layer.inputBias.size()
            + layer.recurrentBias.size();
    }
    return count;
}

std::int64_t countOf(const AttentionWeights<float>& weights)
{
    std::int64_t count = weights.embedding.size() + weights.positions.size()
        + weights.finalNormGain.size() + weights.finalNormBias.size() + weights.head.size();
    for (const AttentionLayerWeights<float>& layer : weights.layers) {
        count += layer.attentionNormGain.size() + layer.attentionNormBias.size()
            + layer.queryKeyValue.size() + layer.queryKeyValueBias.size() + layer.projection.size()
            + layer.projectionBias.size() + layer.feedForwardNormGain.size()
            + layer.feedForwardNormBias.size() + layer.expand.size() + layer.expandBias.size()
            + layer.contract.size() + layer.contractBias.size();
    }
    return count;
}

} // namespace

std::int64_t Model::parameters() const
{
    return std::visit([](const auto& w) { return countOf(w); }, weights);
}

bool Model::untrained() const { return origin.starts_with("untrained, seed "); }

bool Model::bundled() const { return origin == bundledOrigin; }

void refuseUnknownToken(const Model& model, TokenId token)
{
    if (token < 0 || token >= model.shape.vocabulary)
        throw Error("model \"" + model.name + "\" has no token " + std::to_string(token)
            + ": its vocabulary has tokens 0 to " + std::to_string(model.shape.vocabulary - 1)
            + "; choose one of these");
}

} // namespace timestep
