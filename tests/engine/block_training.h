// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/aligned_floats.h"
#include "engine/model/reference_attention_gradients.h"
#include "engine/model/tensor_names.h"
#include "engine/training/attention_training.h"

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace timestep {

/// GPT-2 with random weights, trained on random tokens and a random gradient of its last hidden
/// states.
class BlockTraining
{
public:
    enum class Input
    {
        Text, // row r reads the tokens from r on
        Given // numbers, other ones in each row
    };

    BlockTraining(const PlanShape& planShape, const Kernels& kernels, Input input)
        : shape(planShape)
        , m_kernels(kernels)
        , m_input(input)
        , m_weights(randomWeights())
        , m_packed(m_weights.layers)
        , m_backward(packBackward(m_weights.layers))
        , m_output(positions() * shape.width)
        , m_outputGradient(m_output.count())
        , m_inputGradient(m_output.count())
    {
        for (int t = 0; t < shape.steps; ++t)
            m_tokens.push_back(static_cast<TokenId>(t * 7 % m_weights.embedding.rows()));
        for (std::size_t i = 0; i < m_outputGradient.count(); ++i)
            m_outputGradient.data()[i] = uniform();
    }

    std::unique_ptr<AttentionTraining> prepare(const Plan& plan, int lanes, MemoryAccount& account)
    {
        AttentionTraining::Setup setup;
        setup.forward.weights = &m_packed;
        setup.forward.kernels = &m_kernels;
        setup.forward.input = { .width = shape.width,
            .steps = shape.steps,
            .given = m_input == Input::Given ? m_weights.embedding.data() : nullptr,
            .embedding = m_weights.embedding.data(),
            .tokens = m_tokens };
        setup.forward.positions = &m_weights.positions;
        setup.forward.finalNormGain = &m_weights.finalNormGain;
        setup.forward.finalNormBias = &m_weights.finalNormBias;
        setup.forward.output = { m_output.data(), shape.rows };
        setup.backward = &m_backward;
        setup.outputGradient = m_outputGradient.data();
        setup.inputGradient = m_inputGradient.data();
        return std::make_unique<AttentionTraining>(plan, setup, lanes, account);
    }

    /// What is wrong after a run: each tensor that is off by more than `bound` times its largest
    /// magnitude, by name; empty where nothing is.
    std::string wrongTensors(const float* gradients, double bound) const
    {
        const AttentionWeights<double> weights = m_weights.cast<double>();
        AttentionWeights<double> expected = zeroGradients(weights);
        Matrix<double> hidden(positions(), shape.width);
        Matrix<double> input(positions(), shape.width);
        for (int row = 0; row < shape.rows; ++row) {
            const auto kept = attentionForward(weights, modelShape(), tokensOf(row), shape.causal);
            const auto ofRow
                = [&](auto&& all) { return all.middleRows(row * shape.steps, shape.steps); };
            ofRow(hidden) = kept.finalNorm.output;
            ofRow(input) = addBlocksGradients<double>(
                weights, kept, ofRow(matrixOf(m_outputGradient)).template cast<double>(), expected);
        }
        AttentionWeights<float> found;
        found.layers = attentionGradients(shape, gradients);
        const FinalNormGradients finalNorm = finalNormGradients(shape, gradients);
        found.finalNormGain = finalNorm.gain;
        found.finalNormBias = finalNorm.bias;
        found.embedding = Matrix<float>::Zero(m_weights.embedding.rows(), shape.width);
        found.positions = Matrix<float>::Zero(shape.steps, shape.width); // not its concern

        std::string wrong = difference("hidden states", matrixOf(m_output), hidden, bound)
            + difference("input", matrixOf(m_inputGradient), input, bound);
        std::vector<Matrix<double>> foundTensors;
        visitAttentionTensors(
            found, modelShape(), false, [&](const std::string&, const auto& tensor, auto...) {
                foundTensors.emplace_back(tensor.template cast<double>());
            });
        std::size_t place = 0;
        visitAttentionTensors(expected, modelShape(), false,
            [&](const std::string& name, const auto& tensor, auto...) {
                wrong += difference(name, foundTensors[place++], tensor, bound);
            });
        return wrong;
    }

    const float* inputGradient() const { return m_inputGradient.data(); }
    std::size_t positions() const
    {
        return static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.steps);
    }

    const PlanShape shape;

private:
    template <typename Found, typename Expected>
    static std::string difference(
        const std::string& name, const Found& found, const Expected& expected, double bound)
    {
        const double largest = expected.cwiseAbs().maxCoeff();
        const double error = (found.template cast<double>() - expected).cwiseAbs().maxCoeff();
        return error <= bound * largest ? std::string()
                                        : name + ": " + std::to_string(1e6 * error / largest)
                + "e-6 of its largest, " + std::to_string(largest) + "\n";
    }

    Eigen::Map<const Matrix<float>> matrixOf(const AlignedFloats& values) const
    {
        return { values.data(), static_cast<Eigen::Index>(positions()), shape.width };
    }

    ModelShape modelShape() const
    {
        ModelShape model;
        model.kind = ModelKind::Attention;
        model.layers = shape.layers;
        model.width = shape.width;
        model.embedding = shape.width;
        model.heads = shape.heads;
        model.context = shape.steps;
        model.attentionWindow = shape.attentionWindow;
        model.vocabulary = static_cast<int>(positions());
        return model;
    }

    std::vector<TokenId> tokensOf(int row) const
    {
        std::vector<TokenId> tokens;
        for (int t = 0; t < shape.steps; ++t)
            tokens.push_back(m_input == Input::Given
                    ? static_cast<TokenId>(row * shape.steps + t)
                    : m_tokens[static_cast<std::size_t>((row + t) % shape.steps)]);
        return tokens;
    }

    float uniform() { return std::uniform_real_distribution<float>(-1, 1)(m_generator); }

    /// Gains around 1; matrices so that what they put out is no larger than what they read.
    AttentionWeights<float> randomWeights()
    {
        AttentionWeights<float> weights;
        visitAttentionTensors(weights, modelShape(), false,
            [&](const std::string& name, auto& tensor, auto... sizes) {
                tensor.resize(sizes...);
                const bool isGain = name.find("ln_") != name.npos && name.ends_with(".weight");
                const bool isMatrix = name.starts_with("h.") && tensor.rows() > 1;
                const float scale = isGain ? 0.5F
                    : isMatrix             ? 1 / std::sqrt(static_cast<float>(tensor.rows()))
                                           : 1.0F;
                for (Eigen::Index i = 0; i < tensor.size(); ++i)
                    tensor.data()[i] = (isGain ? 1.0F : 0.0F) + scale * uniform();
            });
        return weights;
    }

    const Kernels& m_kernels;
    const Input m_input;
    std::mt19937 m_generator { 11 };
    AttentionWeights<float> m_weights;
    PackedAttention m_packed;
    std::vector<PackedAttentionLayerBackward> m_backward;
    std::vector<TokenId> m_tokens; // (T)
    AlignedFloats m_output; // (B, T, D)
    AlignedFloats m_outputGradient; // (B, T, D)
    AlignedFloats m_inputGradient; // (B, T, D)
};

} // namespace timestep
