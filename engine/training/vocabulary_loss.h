// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/executor.h"
#include "engine/kernels/kernels.h"
#include "engine/model/matrix.h"
#include "engine/text/token.h"

#include <optional>
#include <span>

namespace timestep {

/// The vocabulary head of a language model, packed for predictions and for the way back. Made anew
/// when the weights have changed.
struct PackedHead
{
    /// `head` (V, D); `bias` (V), or empty.
    PackedHead(const Matrix<float>& head, const RowVector<float>& bias);

    int vocabulary; // V
    int width; // D
    PackedMatrix predicting; // (D, V), times log₂ e: logits to base 2
    PackedMatrix backward; // (V, D)
    AlignedFloats bias; // (V), times log₂ e
};

/// What a model made of a target.
struct Judgement
{
    double loss = 0; // −log p(target) in nats; NaN where a logit is no number
    bool right = false; // no other token is likelier; of equally likely ones the lowest id counts
    bool operator==(const Judgement&) const = default;
};

/// A vocabulary head that is only read.
struct JudgedHead
{
    const PackedMatrix* weights = nullptr; // (D, V)
    const float* bias = nullptr; // (V), or null
};

/// Where gradients of the head are added.
struct HeadGradients
{
    float* head = nullptr; // (V, D)
    float* bias = nullptr; // (V), or null
};

/// Cross-entropy of the predictions of some positions and its way back, a tile of positions at a
/// time, so that no more than a tile of logits exists at once. Scratch of one worker.
class VocabularyLoss
{
public:
    VocabularyLoss(const Kernels& kernels, int vocabulary, int width);

    static std::size_t floatsNeeded(int vocabulary, int width);

    /// `hidden` (n, D) are last hidden states, `targets` (n) what follows them, none `uncounted`:
    /// judges each, to the same bits whatever stands beside it. False when stopped.
    bool judge(JudgedHead head, const float* hidden, std::size_t hiddenStride,
        std::span<const TokenId> targets, std::span<Judgement> judgements,
        const Worker& worker) noexcept;

    /// `hidden` (n, D) are last hidden states, `targets` (n) what follows them, `uncounted` where
    /// the loss leaves one out. Returns Σ −log p(target) in nats, not scaled; NaN where a logit is
    /// no number. Of `scale` times that sum, `hiddenGradient` (n, D) is written and the gradients
    /// of the head are added, position after position: the same bits however the positions are cut.
    /// Empty when stopped.
    std::optional<double> run(const PackedHead& head, const float* hidden, std::size_t hiddenStride,
        std::span<const TokenId> targets, float scale, float* hiddenGradient,
        std::size_t gradientStride, const HeadGradients& gradients, const Worker& worker) noexcept;

private:
    struct Tile;
    bool predict(JudgedHead head, const float* hidden, std::size_t hiddenStride, int count,
        const Worker& worker) noexcept;
    double exponentiate(float* logits, TokenId target, double& sum) noexcept;
    double compare(std::span<const TokenId> targets, float scale) noexcept;
    bool handBack(const PackedHead& head, const Tile& tile, const HeadGradients& gradients,
        const Worker& worker) noexcept;

    const Kernels& m_kernels;
    const int m_vocabulary;
    const int m_width;
    const int m_stride; // V rounded up to 16
    AlignedFloats m_logits; // (tile, stride); then their gradients
    AlignedFloats m_packedHidden; // (tile, D) packed
};

} // namespace timestep
