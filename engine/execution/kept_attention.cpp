// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/kept_attention.h"

#include "engine/execution/polled_multiply.h"
#include "engine/kernels/lane_sum.h"
#include "engine/model/sinusoid_positions.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace timestep {

namespace {

void add(const AlignedFloats& summand, AlignedFloats& sum)
{
    for (std::size_t i = 0; i < sum.count(); ++i)
        sum.data()[i] += summand.data()[i];
}

/// The forward pass of one text; x is the residual stream.
class Forward
{
public:
    Forward(const PackedModel& model, std::span<const TokenId> tokens, bool causal,
        const Worker& worker)
        : m_plain(std::get<AttentionWeights<float>>(model.model()->weights))
        , m_packed(std::get<PackedAttention>(model.weights()))
        , m_kernels(model.kernels())
        , m_worker(worker)
        , m_epsilon(static_cast<float>(model.model()->shape.layerNormEpsilon))
        , m_heads(model.model()->shape.heads)
        , m_width(model.model()->shape.width)
        , m_headWidth(m_width / m_heads)
        , m_steps(static_cast<int>(tokens.size()))
        , m_x(size(m_width))
        , m_narrow(size(m_width))
        , m_mixed(size(m_width))
        , m_wide(size(4 * m_width))
        , m_scores(static_cast<std::size_t>(QueryBlocks::size) * roundUpToLanes(m_steps))
    {
        m_kept.blocks = { m_steps, { causal, model.model()->shape.attentionWindow } };
        m_kept.keysStride = roundUpToLanes(m_steps) | laneCount;
        embed(tokens);
    }

    std::optional<KeptAttention> run()
    {
        for (std::size_t l = 0; l < m_packed.layers.size(); ++l) {
            KeptAttentionLayer& kept = m_kept.layers.emplace_back();
            if (!attention((*m_packed.plain)[l], m_packed.layers[l], kept)
                || !feedForward((*m_packed.plain)[l], m_packed.layers[l], kept))
                return std::nullopt;
        }
        m_kept.hidden = AlignedFloats(size(m_width));
        m_kept.finalNorm
            = normalize(m_plain.finalNormGain, m_plain.finalNormBias, m_kept.hidden.data());
        return std::move(m_kept);
    }

private:
    std::size_t size(int width) const
    {
        return static_cast<std::size_t>(m_steps) * static_cast<std::size_t>(width);
    }

    void embed(std::span<const TokenId> tokens)
    {
        const Matrix<float> sinusoids = m_plain.positions.size() == 0
            ? sinusoidPositions<float>(m_steps, m_width)
            : Matrix<float>();
        const Matrix<float>& positions
            = m_plain.positions.size() == 0 ? sinusoids : m_plain.positions;
        for (int t = 0; t < m_steps; ++t)
            for (int i = 0; i < m_width; ++i)
                m_x.data()[t * m_width + i]
                    = m_plain.embedding(tokens[static_cast<std::size_t>(t)], i) + positions(t, i);
    }

    KeptNorm normalize(const RowVector<float>& gain, const RowVector<float>& bias, float* y)
    {
        KeptNorm kept { AlignedFloats(size(m_width)),
            std::vector<float>(static_cast<std::size_t>(m_steps)) };
        for (std::size_t t = 0; t < kept.inverseDeviation.size(); ++t) {
            const std::size_t row = t * static_cast<std::size_t>(m_width);
            m_kernels.layerNorm({ .x = m_x.data() + row,
                .gain = gain.data(),
                .bias = bias.data(),
                .y = y + row,
                .count = m_width,
                .epsilon = m_epsilon,
                .normalized = kept.normalized.data() + row,
                .inverseDeviation = &kept.inverseDeviation[t] });
        }
        return kept;
    }

    bool multiply(const AlignedFloats& a, const PackedMatrix& b, const RowVector<float>& bias,
        AlignedFloats& c)
    {
        Product p;
        p.a = a.data();
        p.aStride = static_cast<std::size_t>(b.depth());
        p.b = b.view();
        p.columns = b.columns();
        p.rows = m_steps;
        p.start = bias.data();
        p.c = c.data();
        p.cStride = static_cast<std::size_t>(b.columns());
        return multiplyPolled(m_kernels, p, m_worker);
    }

    bool attention(const AttentionLayerWeights<float>& plain, const PackedAttentionLayer& packed,
        KeptAttentionLayer& kept)
    {
        kept.attentionNorm
            = normalize(plain.attentionNormGain, plain.attentionNormBias, m_narrow.data());
        kept.queryKeyValue = AlignedFloats(size(3 * m_width));
        if (!multiply(m_narrow, packed.queryKeyValue, plain.queryKeyValueBias, kept.queryKeyValue))
            return false;
        keepKeys(kept);
        for (int head = 0; head < m_heads; ++head)
            if (!attend(head, kept))
                return false;
        if (!multiply(m_mixed, packed.projection, plain.projectionBias, m_narrow))
            return false;
        add(m_narrow, m_x);
        return true;
    }

    void keepKeys(KeptAttentionLayer& kept)
    {
        kept.keysTransposed = AlignedFloats(
            static_cast<std::size_t>(m_width) * static_cast<std::size_t>(m_kept.keysStride));
        const auto stride = static_cast<std::size_t>(m_kept.keysStride);
        for (int t = 0; t < m_steps; ++t)
            for (int i = 0; i < m_width; ++i)
                kept.keysTransposed.data()[i * stride + t] = part(kept, t, 1)[i];
    }

    /// Query (0), key (1) or value (2) of a position: (D).
    const float* part(const KeptAttentionLayer& kept, int position, int which) const
    {
        return kept.queryKeyValue.data()
            + (static_cast<std::size_t>(position) * 3 + which) * m_width;
    }

    bool attend(int head, KeptAttentionLayer& kept)
    {
        const int column = head * m_headWidth;
        const PackedMatrix keys(m_headWidth, m_steps,
            [&](int k, int position) { return part(kept, position, 1)[column + k]; });
        const PackedMatrix values(m_steps, m_headWidth,
            [&](int position, int k) { return part(kept, position, 2)[column + k]; });
        for (int block = 0; block < m_kept.blocks.count(); ++block) {
            const int first = m_kept.blocks.first(block);
            const int queries = m_kept.blocks.queries(block);
            kept.queries.emplace_back(QueryBlocks::size, m_headWidth, [&](int query, int k) {
                return query < queries ? part(kept, first + query, 0)[column + k] : 0.0F;
            });
            if (!attendBlock(block, column, keys, values, kept))
                return false;
        }
        return true;
    }

    bool attendBlock(int block, int column, const PackedMatrix& keysOfHead,
        const PackedMatrix& values, KeptAttentionLayer& kept)
    {
        const int first = m_kept.blocks.first(block);
        const int keys = m_kept.blocks.keys(block);
        const int padded = roundUpToLanes(keys);
        Product score;
        score.a = part(kept, first, 0) + column;
        score.aStride = static_cast<std::size_t>(3) * m_width;
        score.b = keysOfHead.view();
        score.columns = keys;
        score.rows = m_kept.blocks.queries(block);
        score.c = m_scores.data();
        score.cStride = static_cast<std::size_t>(padded);
        if (!multiplyPolled(m_kernels, score, m_worker))
            return false;
        for (int query = 0; query < score.rows; ++query)
            soften(m_scores.data() + static_cast<std::size_t>(query) * padded,
                m_kept.blocks.mask.keysSeenBy(first + query, m_steps), padded);
        keepAffinity(block, padded, kept);

        Product mix;
        mix.a = m_scores.data();
        mix.aStride = static_cast<std::size_t>(padded);
        mix.b = values.view();
        mix.b.depth = keys;
        mix.columns = m_headWidth;
        mix.rows = score.rows;
        mix.c = m_mixed.data() + static_cast<std::size_t>(first) * m_width + column;
        mix.cStride = static_cast<std::size_t>(m_width);
        return multiplyPolled(m_kernels, mix, m_worker);
    }

    /// softmax(scores ÷ √d) over the keys that a row sees, zeros before and after them.
    void soften(float* scores, IndexRange seen, int padded)
    {
        const float scale
            = std::numbers::log2e_v<float> / std::sqrt(static_cast<float>(m_headWidth));
        std::fill_n(scores, seen.begin, -std::numeric_limits<float>::infinity());
        for (int key = seen.begin; key < seen.end; ++key)
            scores[key] *= scale;
        float largest = -std::numeric_limits<float>::infinity();
        float laneSums[laneCount] = {};
        float nothing[laneCount] = {};
        m_kernels.softmaxTile({ .scores = scores,
            .rows = 1,
            .keys = padded,
            .visible = seen.end,
            .largest = &largest,
            .laneSums = laneSums,
            .mixed = nothing,
            .mixedStride = laneCount });
        const float inverse = 1.0F / foldLanes(laneSums);
        for (int key = seen.begin; key < seen.end; ++key)
            scores[key] *= inverse;
    }

    void keepAffinity(int block, int padded, KeptAttentionLayer& kept)
    {
        const int keys = m_kept.blocks.keys(block);
        const auto columns = static_cast<std::size_t>(m_kept.blocks.columns(block));
        AlignedFloats affinity(static_cast<std::size_t>(keys) * columns);
        for (int query = 0; query < m_kept.blocks.queries(block); ++query)
            for (int key = 0; key < keys; ++key)
                affinity.data()[key * columns + query]
                    = m_scores.data()[static_cast<std::size_t>(query) * padded + key];
        kept.affinity.push_back(std::move(affinity));
    }

    bool feedForward(const AttentionLayerWeights<float>& plain, const PackedAttentionLayer& packed,
        KeptAttentionLayer& kept)
    {
        kept.feedForwardNorm
            = normalize(plain.feedForwardNormGain, plain.feedForwardNormBias, m_narrow.data());
        if (!multiply(m_narrow, packed.expand, plain.expandBias, m_wide))
            return false;
        kept.geluDerivative = AlignedFloats(m_wide.count());
        m_kernels.geluDerivative(m_wide.data(), kept.geluDerivative.data(), m_wide.count());
        m_kernels.gelu(m_wide.data(), m_wide.data(), m_wide.count());
        if (!multiply(m_wide, packed.contract, plain.contractBias, m_narrow))
            return false;
        add(m_narrow, m_x);
        return true;
    }

    const AttentionWeights<float>& m_plain;
    const PackedAttention& m_packed;
    const Kernels& m_kernels;
    const Worker& m_worker;
    const float m_epsilon;
    const int m_heads; // A
    const int m_width; // D
    const int m_headWidth; // d
    const int m_steps; // T
    AlignedFloats m_x; // (T, D)
    AlignedFloats m_narrow; // (T, D)
    AlignedFloats m_mixed; // (T, D)
    AlignedFloats m_wide; // (T, 4D)
    AlignedFloats m_scores; // (48, T rounded up to 16)
    KeptAttention m_kept;
};

} // namespace

std::optional<KeptAttention> keepAttention(
    const PackedModel& model, std::span<const TokenId> tokens, bool causal, const Worker& worker)
{
    return Forward(model, tokens, causal, worker).run();
}

} // namespace timestep
