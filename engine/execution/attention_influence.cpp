// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/attention_influence.h"

#include "engine/execution/polled_multiply.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr int tileRows = 64; // as in the forward pass: weights are read once for all of them

std::size_t area(int rows, int columns)
{
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

} // namespace

/// Gradients of some positions, one after the other.
struct AttentionInfluence::Rows
{
    IndexRange positions;
    float* residual; // (positions, D): of a block's output, then of what its attention added to
    float* mixed; // (positions, D): written, of the heads' outputs beside each other
};

/// What one walk works with. N: the positions that a target sees.
struct AttentionInfluence::Scratch
{
    AlignedFloats residual; // (N, D)
    AlignedFloats mixed; // (N, D)
    AlignedFloats queryKeyValue; // (N, 3D)
    AlignedFloats narrow; // (tile, D)
    AlignedFloats wide; // (tile, 4D)
    AlignedFloats mixedBlock; // packed (48, d): gradients of a block's outputs, a query per row
    AlignedFloats mixedTransposed; // packed (d, 48): a query per column
    AlignedFloats scores; // (N, 48): of a block's scores, transposed
    AlignedFloats queryTransposed; // (d, 48)

    Scratch(int positions, int width, int headWidth)
        : residual(area(positions, width))
        , mixed(area(positions, width))
        , queryKeyValue(area(positions, 3 * width))
        , narrow(area(tileRows, width))
        , wide(area(tileRows, 4 * width))
        , mixedBlock(packedSize(QueryBlocks::size, headWidth))
        , mixedTransposed(packedSize(headWidth, QueryBlocks::size))
        , scores(area(positions, QueryBlocks::size))
        , queryTransposed(area(headWidth, QueryBlocks::size))
    {
    }
};

AttentionInfluence::AttentionInfluence(const AttentionWeights<float>& plain,
    const std::vector<PackedAttentionLayerBackward>& packed, const Kernels& kernels,
    KeptAttention kept, int heads)
    : m_plain(plain)
    , m_packed(packed)
    , m_kernels(kernels)
    , m_kept(std::move(kept))
    , m_heads(heads)
    , m_width(static_cast<int>(plain.embedding.cols()))
    , m_headWidth(m_width / heads)
    , m_scale(1.0F / std::sqrt(static_cast<float>(m_headWidth)))
{
}

int AttentionInfluence::targetsAtOnce() const { return 8; } // rows of the last feed-forward

const float* AttentionInfluence::hidden(int position) const
{
    return m_kept.hidden.data() + area(position, m_width);
}

std::size_t AttentionInfluence::hiddenStride() const { return static_cast<std::size_t>(m_width); }

bool AttentionInfluence::walk(
    IndexRange targets, const float* gradients, const Worker& worker, double* norms) const
{
    const int steps = m_kept.blocks.steps;
    Scratch s(m_kept.blocks.causal ? targets.end : steps, m_width, m_headWidth);
    AlignedFloats residual(area(targets.count(), m_width));
    AlignedFloats mixed(area(targets.count(), m_width));
    normalize(m_kept.finalNorm, m_plain.finalNormGain, targets, gradients, residual.data());
    if (!feedForward(m_packed.size() - 1, { targets, residual.data(), mixed.data() }, worker, s))
        return false;
    for (int target = targets.end - 1; target >= targets.begin; --target) {
        const std::size_t row = area(target - targets.begin, m_width);
        if (!walkTarget(target, residual.data() + row, mixed.data() + row, worker, s))
            return false;
        const int seen = m_kept.blocks.causal ? target + 1 : steps;
        for (int position = 0; position < seen; ++position)
            norms[area(target - targets.begin, steps) + position]
                = lengthOf(s.residual.data() + area(position, m_width), m_width);
    }
    return true;
}

/// From a block's output to its heads' outputs.
bool AttentionInfluence::feedForward(
    std::size_t layer, const Rows& rows, const Worker& worker, Scratch& s) const
{
    const AttentionLayerWeights<float>& plain = m_plain.layers[layer];
    const PackedAttentionLayerBackward& packed = m_packed[layer];
    const KeptAttentionLayer& kept = m_kept.layers[layer];
    for (int done = 0; done < rows.positions.count(); done += tileRows) {
        const int count = std::min(tileRows, rows.positions.count() - done);
        const int first = rows.positions.begin + done;
        float* residual = rows.residual + area(done, m_width);
        if (!multiply(residual, packed.contract, count, worker, s.wide.data()))
            return false;
        m_kernels.multiplyElements(kept.geluDerivative.data() + area(first, 4 * m_width),
            s.wide.data(), area(count, 4 * m_width));
        if (!multiply(s.wide.data(), packed.expand, count, worker, s.narrow.data()))
            return false;
        normalize(kept.feedForwardNorm, plain.feedForwardNormGain, { first, first + count },
            s.narrow.data(), residual);
        if (!multiply(residual, packed.projection, count, worker, rows.mixed + area(done, m_width)))
            return false;
    }
    return true;
}

/// From the input of the last block's attention, `residual` and `mixed` (D) of the target alone, to
/// the embeddings: s.residual.
bool AttentionInfluence::walkTarget(
    int target, const float* residual, const float* mixed, const Worker& worker, Scratch& s) const
{
    const int positions = m_kept.blocks.causal ? target + 1 : m_kept.blocks.steps;
    std::fill_n(s.residual.data(), area(positions, m_width), 0.0F);
    std::copy_n(residual, m_width, s.residual.data() + area(target, m_width));
    if (!attendOnce(target, mixed, worker, s))
        return false;
    for (std::size_t layer = m_packed.size() - 1; layer-- > 0;) {
        const Rows rows { { 0, positions }, s.residual.data(), s.mixed.data() };
        if (!feedForward(layer, rows, worker, s) || !attend(layer, positions, worker, s))
            return false;
    }
    return true;
}

/// Back through the last block's attention, where the target is the only query. What a position
/// hands to its key and value is then a number times a vector that is the same for all positions
/// (affinity times the head's gradient, score times the query), and the way back through the
/// projections is taken by those few vectors rather than by every position.
bool AttentionInfluence::attendOnce(
    int target, const float* mixed, const Worker& worker, Scratch& s) const
{
    const KeptAttentionLayer& kept = m_kept.layers.back();
    const int positions = m_kept.blocks.causal ? target + 1 : m_kept.blocks.steps;
    const int columns = roundUpToLanes(m_heads);
    const int block = target / QueryBlocks::size;

    // A column per head: affinities, and their gradients value · mixed.
    AlignedFloats affinity(area(positions, columns));
    for (int head = 0; head < m_heads; ++head) {
        const float* of = kept.affinity[area(head, m_kept.blocks.count()) + block].data()
            + (target - m_kept.blocks.first(block));
        for (int key = 0; key < positions; ++key)
            affinity.data()[area(key, columns) + head]
                = of[area(key, m_kept.blocks.columns(block))];
    }
    const PackedMatrix mixedOfHeads(m_width, m_heads,
        [&](int i, int head) { return i / m_headWidth == head ? mixed[i] : 0.0F; });
    AlignedFloats scores(area(positions, columns));
    Product p;
    p.a = kept.queryKeyValue.data() + 2 * m_width;
    p.aStride = static_cast<std::size_t>(3) * m_width;
    p.b = mixedOfHeads.view();
    p.columns = columns;
    p.rows = positions;
    p.c = scores.data();
    p.cStride = static_cast<std::size_t>(columns);
    if (!multiplyPolled(m_kernels, p, worker))
        return false;
    m_kernels.softmaxBackward({ .affinity = affinity.data(),
        .affinityStride = p.cStride,
        .gradient = scores.data(),
        .gradientStride = p.cStride,
        .keys = positions,
        .columns = columns,
        .scale = m_scale });

    // Rows 0 … A − 1 serve the values, A … 2A − 1 the keys, 2A is the gradient of the query.
    const int vectors = 2 * m_heads + 1;
    AlignedFloats few(area(vectors, 3 * m_width));
    const float* query = kept.queryKeyValue.data() + area(target, 3 * m_width);
    for (int i = 0; i < m_width; ++i) {
        const int head = i / m_headWidth;
        few.data()[area(head, 3 * m_width) + 2 * m_width + i] = mixed[i];
        few.data()[area(m_heads + head, 3 * m_width) + m_width + i] = query[i];
    }
    float* queryGradient = few.data() + area(2 * m_heads, 3 * m_width);
    for (int key = 0; key < positions; ++key)
        for (int i = 0; i < m_width; ++i)
            queryGradient[i] += scores.data()[area(key, columns) + i / m_headWidth]
                * kept.queryKeyValue.data()[area(key, 3 * m_width) + m_width + i];
    AlignedFloats projected(area(vectors, m_width));
    if (!multiply(few.data(), m_packed.back().queryKeyValue, vectors, worker, projected.data()))
        return false;
    const PackedMatrix directions(vectors, m_width,
        [&](int k, int column) { return projected.data()[area(k, m_width) + column]; });

    for (int first = 0; first < positions; first += tileRows) {
        const int count = std::min(tileRows, positions - first);
        AlignedFloats factors(area(count, vectors));
        for (int row = 0; row < count; ++row) {
            float* of = factors.data() + area(row, vectors);
            std::copy_n(affinity.data() + area(first + row, columns), m_heads, of);
            std::copy_n(scores.data() + area(first + row, columns), m_heads, of + m_heads);
            of[2 * m_heads] = first + row == target ? 1.0F : 0.0F;
        }
        if (!multiply(factors.data(), directions, count, worker, s.narrow.data()))
            return false;
        normalize(kept.attentionNorm, m_plain.layers.back().attentionNormGain,
            { first, first + count }, s.narrow.data(), s.residual.data() + area(first, m_width));
    }
    return true;
}

/// Back through a block's attention, where all positions are queries: s.mixed is added to
/// s.residual, by way of the projections and the norm.
bool AttentionInfluence::attend(
    std::size_t layer, int positions, const Worker& worker, Scratch& s) const
{
    const QueryBlocks blocks { positions, m_kept.blocks.causal };
    for (int head = 0; head < m_heads; ++head)
        if (!attendHead(layer, head, blocks, worker, s))
            return false;
    for (int first = 0; first < positions; first += tileRows) {
        const int count = std::min(tileRows, positions - first);
        if (!multiply(s.queryKeyValue.data() + area(first, 3 * m_width),
                m_packed[layer].queryKeyValue, count, worker, s.narrow.data()))
            return false;
        normalize(m_kept.layers[layer].attentionNorm, m_plain.layers[layer].attentionNormGain,
            { first, first + count }, s.narrow.data(), s.residual.data() + area(first, m_width));
    }
    return true;
}

bool AttentionInfluence::attendHead(
    std::size_t layer, int head, const QueryBlocks& blocks, const Worker& worker, Scratch& s) const
{
    // The last block sees all keys: it writes their gradients, the others add to them.
    for (int block = blocks.count() - 1; block >= 0; --block) {
        const int queries = blocks.queries(block);
        const float* mixed
            = s.mixed.data() + area(blocks.first(block), m_width) + head * m_headWidth;
        const auto columns = static_cast<std::size_t>(blocks.columns(block));
        std::fill_n(
            s.mixedTransposed.data(), static_cast<std::size_t>(m_headWidth) * columns, 0.0F);
        for (int query = 0; query < queries; ++query, mixed += m_width) {
            for (int i = 0; i < m_headWidth; ++i)
                s.mixedTransposed.data()[i * columns + query] = mixed[i];
            for (int i = 0; i < m_headWidth; i += panelColumns)
                std::copy_n(mixed + i, std::min(panelColumns, m_headWidth - i),
                    s.mixedBlock.data() + packedIndex(QueryBlocks::size, m_headWidth, query, i));
        }
        if (!attendBlock(layer, head, blocks, block, worker, s))
            return false;
    }
    return true;
}

bool AttentionInfluence::attendBlock(std::size_t layer, int head, const QueryBlocks& blocks,
    int block, const Worker& worker, Scratch& s) const
{
    const KeptAttentionLayer& kept = m_kept.layers[layer];
    const int keys = blocks.keys(block);
    const int queries = blocks.queries(block);
    const int columns = blocks.columns(block);
    const std::size_t stride = area(3, m_width);
    const std::size_t place = area(head, m_kept.blocks.count()) + block; // among the kept blocks
    const float* affinity = kept.affinity[place].data();
    const auto affinityStride = static_cast<std::size_t>(m_kept.blocks.columns(block));
    const int ofHead = head * m_headWidth;
    const bool first = block == blocks.count() - 1;

    Product p; // of the affinities: V · mixedᵀ
    p.a = kept.queryKeyValue.data() + 2 * m_width + ofHead;
    p.aStride = stride;
    p.b = { s.mixedTransposed.data(), m_headWidth, columns, area(m_headWidth, panelColumns) };
    p.columns = columns;
    p.rows = keys;
    p.c = s.scores.data();
    p.cStride = static_cast<std::size_t>(columns);
    if (!multiplyPolled(m_kernels, p, worker))
        return false;
    m_kernels.softmaxBackward({ .affinity = affinity,
        .affinityStride = affinityStride,
        .gradient = s.scores.data(),
        .gradientStride = p.cStride,
        .keys = keys,
        .columns = columns,
        .scale = m_scale });

    Product value; // affinityᵀ · mixed
    value.a = affinity;
    value.aStride = affinityStride;
    value.b = { s.mixedBlock.data(), queries, m_headWidth, area(QueryBlocks::size, panelColumns) };
    value.columns = m_headWidth;
    value.rows = keys;
    value.c = s.queryKeyValue.data() + 2 * m_width + ofHead;
    value.cStride = stride;
    value.start = first ? nullptr : value.c;
    value.startStride = stride;

    Product key = value; // scoresᵀ · Q
    key.a = s.scores.data();
    key.aStride = p.cStride;
    key.b = kept.queries[place].view();
    key.b.depth = queries;
    key.c = s.queryKeyValue.data() + m_width + ofHead;
    key.start = first ? nullptr : key.c;

    Product query; // (scores · K)ᵀ
    query.a = kept.keysTransposed.data() + area(ofHead, m_kept.keysStride);
    query.aStride = static_cast<std::size_t>(m_kept.keysStride);
    query.b = { s.scores.data(), keys, columns, area(keys, panelColumns) };
    query.columns = columns;
    query.rows = m_headWidth;
    query.c = s.queryTransposed.data();
    query.cStride = static_cast<std::size_t>(columns);
    if (!multiplyPolled(m_kernels, value, worker) || !multiplyPolled(m_kernels, key, worker)
        || !multiplyPolled(m_kernels, query, worker))
        return false;
    for (int row = 0; row < queries; ++row) {
        float* gradient = s.queryKeyValue.data() + (blocks.first(block) + row) * stride + ofHead;
        for (int i = 0; i < m_headWidth; ++i)
            gradient[i] = s.queryTransposed.data()[area(i, columns) + row];
    }
    return true;
}

bool AttentionInfluence::multiply(
    const float* a, const PackedMatrix& b, int rows, const Worker& worker, float* c) const
{
    Product p;
    p.a = a;
    p.aStride = static_cast<std::size_t>(b.depth());
    p.b = b.view();
    p.columns = b.columns();
    p.rows = rows;
    p.c = c;
    p.cStride = static_cast<std::size_t>(b.columns());
    return multiplyPolled(m_kernels, p, worker);
}

void AttentionInfluence::normalize(const KeptNorm& norm, const RowVector<float>& gain,
    IndexRange positions, const float* gradient, float* inputGradient) const
{
    for (int position = positions.begin; position < positions.end; ++position) {
        const std::size_t row = area(position - positions.begin, m_width);
        m_kernels.layerNormBackward(
            { .normalized = norm.normalized.data() + area(position, m_width),
                .inverseDeviation = norm.inverseDeviation[static_cast<std::size_t>(position)],
                .gain = gain.data(),
                .gradient = gradient + row,
                .inputGradient = inputGradient + row,
                .count = m_width });
    }
}

} // namespace timestep
