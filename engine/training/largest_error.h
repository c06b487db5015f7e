// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/weights.h"

namespace timestep {

/// Of some arrays, each relative to its own largest magnitude.
struct LargestError
{
    double largest = 0;

    template <typename Found, typename Expected>
    void compare(const Found& found, const Expected& expected)
    {
        const double magnitude = expected.cwiseAbs().maxCoeff();
        const double difference = (found.template cast<double>() - expected).cwiseAbs().maxCoeff();
        // A difference that is no number counts, too.
        if (const double error = difference / magnitude; !(error <= largest))
            largest = error;
    }

    void compare(const LstmLayerWeights<float>& found, const LstmLayerWeights<double>& expected)
    {
        compare(found.input, expected.input);
        compare(found.recurrent, expected.recurrent);
        compare(found.inputBias, expected.inputBias);
        compare(found.recurrentBias, expected.recurrentBias);
    }

    void compare(
        const AttentionLayerWeights<float>& found, const AttentionLayerWeights<double>& expected)
    {
        compare(found.queryKeyValue, expected.queryKeyValue);
        compare(found.projection, expected.projection);
        compare(found.projectionBias, expected.projectionBias);
        // Adding to all keys changes no affinity: the gradient of their bias is zero, and what is
        // found there is rounding.
        compare(found.queryKeyValueBias, expected.queryKeyValueBias);
    }

    /// Of a whole block, norms and feed-forward included.
    void compareWhole(
        const AttentionLayerWeights<float>& found, const AttentionLayerWeights<double>& expected)
    {
        compare(found, expected);
        compare(found.attentionNormGain, expected.attentionNormGain);
        compare(found.attentionNormBias, expected.attentionNormBias);
        compare(found.feedForwardNormGain, expected.feedForwardNormGain);
        compare(found.feedForwardNormBias, expected.feedForwardNormBias);
        compare(found.expand, expected.expand);
        compare(found.expandBias, expected.expandBias);
        compare(found.contract, expected.contract);
        compare(found.contractBias, expected.contractBias);
    }
};

} // namespace timestep
