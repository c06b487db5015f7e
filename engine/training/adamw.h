// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace timestep {

struct AdamWSettings
{
    double firstDecay = 0.9; // β1, in [0, 1)
    double secondDecay = 0.999; // β2, in [0, 1)
    double epsilon = 1e-8; // added to the root of the second moment, > 0
    double weightDecay = 0.01; // λ, ≥ 0
};

/// Parameters that stand behind each other in memory, and the gradient of each.
struct ParameterArray
{
    std::span<float> values;
    std::span<const float> gradients; // as many
    bool decays = false; // as a rule matrices do, biases and gains do not
};

/// What a resumed training needs to go on with the same bits. Parameter k of an array is number
/// (sizes of the arrays before it) + k in both moments.
struct AdamWState
{
    std::vector<float> firstMoments; // m
    std::vector<float> secondMoments; // v
    std::int64_t steps = 0; // taken so far
    bool operator==(const AdamWState&) const = default;
};

/// What all parameters share in one step.
struct AdamWStep
{
    std::int64_t number = 0; // t, counted from 1
    float gradientFactor = 1; // what a gradient is multiplied by before anything else
    float stepSize = 0; // η ÷ (1 − β1ᵗ)
    float rootFactor = 1; // 1 ÷ √(1 − β2ᵗ)
    float decaySize = 0; // η λ
};

/// AdamW with bias correction (Loshchilov and Hutter, "Decoupled weight decay regularization",
/// arXiv:1711.05101), in PyTorch's form, where the learning rate η multiplies the decay, too:
///
///     m ← β1 m + (1 − β1) g      v ← β2 v + (1 − β2) g²
///     θ ← θ − η m / (1 − β1ᵗ) / (√(v / (1 − β2ᵗ)) + ε) − η λ θ
class AdamW
{
public:
    /// Throws Error that names the setting that is out of range.
    explicit AdamW(std::size_t parameters, const AdamWSettings& settings = {});

    /// Counts the next step t. `gradientFactor` is that of clipping, so that the gradient need not
    /// be written once more. After it every parameter must be updated once.
    AdamWStep nextStep(double learningRate, double gradientFactor = 1);

    /// The step that was counted last was given up before any parameter was updated.
    void undoStep() { --m_state.steps; }

    /// Updates the parameters numbered [begin, end) over all `arrays`, which are the same ones in
    /// every step. Slices that do not overlap may be updated by several threads at once: no
    /// parameter's update reads another's, so the result is the same bits however they are cut.
    void update(std::span<const ParameterArray> arrays, std::size_t begin, std::size_t end,
        const AdamWStep& step) noexcept;

    const AdamWState& state() const { return m_state; }

    /// Goes on from a state that was kept. Throws Error where it is that of another model.
    void restore(AdamWState state);

private:
    AdamWSettings m_settings;
    AdamWState m_state;
};

} // namespace timestep
