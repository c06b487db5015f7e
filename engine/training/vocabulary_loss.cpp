// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/vocabulary_loss.h"

#include "engine/execution/polled_multiply.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/model/cross_entropy.h"
#include "engine/training/weight_gradients.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace timestep {

namespace {

constexpr int tilePositions = 64;

} // namespace

struct VocabularyLoss::Tile
{
    int count; // positions
    const float* hidden;
    std::size_t hiddenStride;
    float* gradient; // of the hidden states
    std::size_t gradientStride;
};

PackedHead::PackedHead(const Matrix<float>& head, const RowVector<float>& plainBias)
    : vocabulary(static_cast<int>(head.rows()))
    , width(static_cast<int>(head.cols()))
    , predicting(width, vocabulary,
          [&](int k, int token) { return std::numbers::log2e_v<float> * head(token, k); })
    , backward(vocabulary, width, [&](int token, int column) { return head(token, column); })
    , bias(static_cast<std::size_t>(vocabulary))
{
    for (Eigen::Index token = 0; token < plainBias.size(); ++token)
        bias.data()[token] = std::numbers::log2e_v<float> * plainBias(token);
}

VocabularyLoss::VocabularyLoss(const Kernels& kernels, int vocabulary, int width)
    : m_kernels(kernels)
    , m_vocabulary(vocabulary)
    , m_width(width)
    , m_stride(roundUpToLanes(vocabulary))
    , m_logits(product({ tilePositions, m_stride }))
    , m_packedHidden(packedSize(tilePositions, width))
{
}

std::size_t VocabularyLoss::floatsNeeded(int vocabulary, int width)
{
    return product({ tilePositions, roundUpToLanes(vocabulary) })
        + packedSize(tilePositions, width);
}

std::optional<double> VocabularyLoss::run(const PackedHead& head, const float* hidden,
    std::size_t hiddenStride, std::span<const TokenId> targets, float scale, float* hiddenGradient,
    std::size_t gradientStride, const HeadGradients& gradients, const Worker& worker) noexcept
{
    assert(head.vocabulary == m_vocabulary && head.width == m_width);
    double sum = 0;
    for (std::size_t first = 0; first < targets.size(); first += tilePositions) {
        const auto ofTile
            = targets.subspan(first, std::min<std::size_t>(tilePositions, targets.size() - first));
        const Tile tile { static_cast<int>(ofTile.size()), hidden + first * hiddenStride,
            hiddenStride, hiddenGradient + first * gradientStride, gradientStride };
        if (std::ranges::all_of(ofTile, [](TokenId target) { return target == uncounted; })) {
            for (int i = 0; i < tile.count; ++i)
                std::fill_n(tile.gradient + i * gradientStride, m_width, 0.0F);
            continue;
        }
        if (!predict({ &head.predicting, head.bias.data() }, tile.hidden, hiddenStride, tile.count,
                worker))
            return std::nullopt;
        sum += compare(ofTile, scale);
        if (!handBack(head, tile, gradients, worker))
            return std::nullopt;
    }
    return sum;
}

bool VocabularyLoss::judge(JudgedHead head, const float* hidden, std::size_t hiddenStride,
    std::span<const TokenId> targets, std::span<Judgement> judgements,
    const Worker& worker) noexcept
{
    assert(head.weights->columns() == m_vocabulary && judgements.size() == targets.size());
    for (std::size_t first = 0; first < targets.size(); first += tilePositions) {
        const std::size_t count = std::min<std::size_t>(tilePositions, targets.size() - first);
        if (!predict(
                head, hidden + first * hiddenStride, hiddenStride, static_cast<int>(count), worker))
            return false;
        for (std::size_t i = 0; i < count; ++i) {
            if (worker.stop.stop_requested())
                return false;
            float* row = m_logits.data() + i * static_cast<std::size_t>(m_stride);
            const TokenId target = targets[first + i];
            const TokenId best
                = static_cast<TokenId>(std::max_element(row, row + m_vocabulary) - row);
            for (int token = 0; token < m_vocabulary; ++token)
                row[token] *= std::numbers::log2e_v<float>;
            double sum = 0;
            const double loss = exponentiate(row, target, sum);
            judgements[first + i] = { loss, best == target && !std::isnan(loss) };
        }
    }
    return true;
}

bool VocabularyLoss::predict(JudgedHead head, const float* hidden, std::size_t hiddenStride,
    int count, const Worker& worker) noexcept
{
    Product p;
    p.a = hidden;
    p.aStride = hiddenStride;
    p.b = head.weights->view();
    p.columns = m_vocabulary;
    p.rows = count;
    p.start = head.bias;
    p.c = m_logits.data();
    p.cStride = static_cast<std::size_t>(m_stride);
    return multiplyPolled(m_kernels, p, worker);
}

/// Logits (V) to base 2 become the softmax's numerators, `sum` its denominator. Returns −log p of
/// the target.
double VocabularyLoss::exponentiate(float* logits, TokenId target, double& sum) noexcept
{
    const float largest = *std::max_element(logits, logits + m_vocabulary);
    const double ofTarget = static_cast<double>(logits[target]) - largest;
    m_kernels.powersOfTwo(logits, logits, static_cast<std::size_t>(m_vocabulary), largest);
    sum = 0;
    for (int token = 0; token < m_vocabulary; ++token)
        sum += logits[token];
    return std::numbers::ln2 * (std::log2(sum) - ofTarget);
}

/// Logits become gradients, scale · (p − one at the target); nothing where the target is not
/// counted. Returns the sum of the losses.
double VocabularyLoss::compare(std::span<const TokenId> targets, float scale) noexcept
{
    double losses = 0;
    for (std::size_t i = 0; i < targets.size(); ++i) {
        float* row = m_logits.data() + i * m_stride;
        if (targets[i] == uncounted) {
            std::fill_n(row, m_vocabulary, 0.0F);
            continue;
        }
        double sum = 0;
        losses += exponentiate(row, targets[i], sum);
        const float share = scale / static_cast<float>(sum);
        for (int token = 0; token < m_vocabulary; ++token)
            row[token] *= share;
        row[targets[i]] -= scale;
    }
    return losses;
}

bool VocabularyLoss::handBack(const PackedHead& head, const Tile& tile,
    const HeadGradients& gradients, const Worker& worker) noexcept
{
    Product hidden;
    hidden.a = m_logits.data();
    hidden.aStride = static_cast<std::size_t>(m_stride);
    hidden.b = head.backward.view();
    hidden.columns = m_width;
    hidden.rows = tile.count;
    hidden.c = tile.gradient;
    hidden.cStride = tile.gradientStride;
    if (!multiplyPolled(m_kernels, hidden, worker))
        return false;

    if (gradients.bias != nullptr)
        for (int i = 0; i < tile.count; ++i)
            for (int token = 0; token < m_vocabulary; ++token)
                gradients.bias[token] += m_logits.data()[product({ i, m_stride }) + token];
    WeightGradient weights; // the head is kept the other way round: gradientᵀ · hidden
    weights.input = m_logits.data();
    weights.inputStride = m_stride;
    weights.inputs = m_vocabulary;
    weights.outputGradient
        = packRows(tile.hidden, tile.hiddenStride, tile.count, m_width, m_packedHidden.data());
    weights.outputs = m_width;
    weights.gradient = gradients.head;
    weights.gradientStride = static_cast<std::size_t>(m_width);
    return addWeightGradient(m_kernels, weights, worker);
}

} // namespace timestep
