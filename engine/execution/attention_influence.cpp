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

/// The last block's attention for one target, a head per column.
struct AttentionInfluence::OneQuery
{
    int positions; // N, those that the target sees
    int columns; // A rounded up to 16
    AlignedFloats affinity; // (N, columns)
    AlignedFloats scores; // (N, columns): their gradients

    OneQuery(int seen, int heads)
        : positions(seen)
        , columns(roundUpToLanes(heads))
        , affinity(area(positions, columns))
        , scores(area(positions, columns))
    {
    }
};

/// One head and some queries of a block's attention.
struct AttentionInfluence::Block
{
    const KeptAttentionLayer& kept;
    const float* affinity; // (keys, queries), transposed
    std::size_t affinityStride;
    PackedView queriesPacked; // (48, d)
    int firstColumn; // of the head, in D
    int firstQuery;
    int queries;
    int columns; // queries rounded up to 16
    int keys;
    bool writesKeys; // or adds to what other queries have handed to keys and values
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
    Scratch s(m_kept.blocks.mask.causal ? targets.end : steps, m_width, m_headWidth);
    AlignedFloats residual(area(targets.count(), m_width));
    AlignedFloats mixed(area(targets.count(), m_width));
    normalize(m_kept.finalNorm, m_plain.finalNormGain, targets, gradients, residual.data());
    if (!feedForward(m_packed.size() - 1, { targets, residual.data(), mixed.data() }, worker, s))
        return false;
    for (int target = targets.end - 1; target >= targets.begin; --target) {
        const std::size_t row = area(target - targets.begin, m_width);
        if (!walkTarget(target, residual.data() + row, mixed.data() + row, worker, s))
            return false;
        const int seen = m_kept.blocks.mask.causal ? target + 1 : steps;
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
    const int positions = m_kept.blocks.mask.causal ? target + 1 : m_kept.blocks.steps;
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
    const int positions = m_kept.blocks.mask.causal ? target + 1 : m_kept.blocks.steps;
    OneQuery query(positions, m_heads);
    AlignedFloats projected(area(2 * m_heads + 1, m_width));
    if (!scoreOnce(target, mixed, worker, query)
        || !projectOnce(target, mixed, query, worker, projected.data()))
        return false;
    const PackedMatrix vectors(2 * m_heads + 1, m_width,
        [&](int k, int column) { return projected.data()[area(k, m_width) + column]; });

    AlignedFloats factors(area(tileRows, vectors.depth()));
    for (int first = 0; first < positions; first += tileRows) {
        const int count = std::min(tileRows, positions - first);
        for (int row = 0; row < count; ++row) {
            float* of = factors.data() + area(row, vectors.depth());
            std::copy_n(query.affinity.data() + area(first + row, query.columns), m_heads, of);
            std::copy_n(
                query.scores.data() + area(first + row, query.columns), m_heads, of + m_heads);
            of[2 * m_heads] = first + row == target ? 1.0F : 0.0F;
        }
        if (!multiply(factors.data(), vectors, count, worker, s.narrow.data()))
            return false;
        normalize(m_kept.layers.back().attentionNorm, m_plain.layers.back().attentionNormGain,
            { first, first + count }, s.narrow.data(), s.residual.data() + area(first, m_width));
    }
    return true;
}

/// Affinities of the only query and the gradients of its scores.
bool AttentionInfluence::scoreOnce(
    int target, const float* mixed, const Worker& worker, OneQuery& query) const
{
    const KeptAttentionLayer& kept = m_kept.layers.back();
    const int block = target / QueryBlocks::size;
    const int blockColumns = m_kept.blocks.columns(block);
    for (int head = 0; head < m_heads; ++head) {
        const float* of = kept.affinity[area(head, m_kept.blocks.count()) + block].data()
            + (target - m_kept.blocks.first(block));
        for (int key = 0; key < query.positions; ++key)
            query.affinity.data()[area(key, query.columns) + head] = of[area(key, blockColumns)];
    }
    const PackedMatrix mixedOfHeads(m_width, m_heads,
        [&](int i, int head) { return i / m_headWidth == head ? mixed[i] : 0.0F; });
    Product p; // of the affinities: V · mixed, head by head
    p.a = kept.queryKeyValue.data() + 2 * m_width;
    p.aStride = area(3, m_width);
    p.b = mixedOfHeads.view();
    p.columns = query.columns;
    p.rows = query.positions;
    p.c = query.scores.data();
    p.cStride = static_cast<std::size_t>(query.columns);
    if (!multiplyPolled(m_kernels, p, worker))
        return false;
    m_kernels.softmaxBackward({ .affinity = query.affinity.data(),
        .affinityStride = p.cStride,
        .gradient = query.scores.data(),
        .gradientStride = p.cStride,
        .keys = query.positions,
        .columns = query.columns,
        .scale = m_scale });
    return true;
}

/// (2A + 1, D): the vectors that positions share, taken back through the projections. 0 … A − 1 go
/// with affinities, by way of the values; A … 2A − 1 with scores, by way of the keys; the last is
/// the target's own, by way of its query.
bool AttentionInfluence::projectOnce(int target, const float* mixed, const OneQuery& query,
    const Worker& worker, float* projected) const
{
    const float* all = m_kept.layers.back().queryKeyValue.data();
    const int wide = 3 * m_width;
    AlignedFloats vectors(area(2 * m_heads + 1, wide));
    float* queryGradient = vectors.data() + area(2 * m_heads, wide);
    for (int head = 0; head < m_heads; ++head) {
        const int ofHead = head * m_headWidth;
        std::copy_n(
            mixed + ofHead, m_headWidth, vectors.data() + area(head, wide) + 2 * m_width + ofHead);
        std::copy_n(all + area(target, wide) + ofHead, m_headWidth,
            vectors.data() + area(m_heads + head, wide) + m_width + ofHead);
        for (int key = 0; key < query.positions; ++key) {
            const float score = query.scores.data()[area(key, query.columns) + head];
            const float* keyOfHead = all + area(key, wide) + m_width + ofHead;
            for (int i = 0; i < m_headWidth; ++i)
                queryGradient[ofHead + i] += score * keyOfHead[i];
        }
    }
    return multiply(
        vectors.data(), m_packed.back().queryKeyValue, 2 * m_heads + 1, worker, projected);
}

/// Back through a block's attention, where all positions are queries: s.mixed is added to
/// s.residual, by way of the projections and the norm.
bool AttentionInfluence::attend(
    std::size_t layer, int positions, const Worker& worker, Scratch& s) const
{
    const QueryBlocks blocks { positions, m_kept.blocks.mask };
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
    for (int number = blocks.count() - 1; number >= 0; --number) {
        const std::size_t place = area(head, m_kept.blocks.count()) + number;
        const Block block { .kept = m_kept.layers[layer],
            .affinity = m_kept.layers[layer].affinity[place].data(),
            .affinityStride = static_cast<std::size_t>(m_kept.blocks.columns(number)),
            .queriesPacked = m_kept.layers[layer].queries[place].view(),
            .firstColumn = head * m_headWidth,
            .firstQuery = blocks.first(number),
            .queries = blocks.queries(number),
            .columns = blocks.columns(number),
            .keys = blocks.keys(number),
            .writesKeys = number == blocks.count() - 1 };
        packMixed(block, s);
        if (!scoreBlock(block, worker, s) || !handToKeysAndValues(block, worker, s)
            || !handToQueries(block, worker, s))
            return false;
    }
    return true;
}

/// The gradients of a block's outputs, both ways round.
void AttentionInfluence::packMixed(const Block& block, Scratch& s) const
{
    const auto columns = static_cast<std::size_t>(block.columns);
    std::fill_n(s.mixedTransposed.data(), area(m_headWidth, block.columns), 0.0F);
    const float* mixed = s.mixed.data() + area(block.firstQuery, m_width) + block.firstColumn;
    for (int query = 0; query < block.queries; ++query, mixed += m_width) {
        for (int i = 0; i < m_headWidth; ++i)
            s.mixedTransposed.data()[i * columns + query] = mixed[i];
        packRow(mixed, m_headWidth, QueryBlocks::size, Panels::ofWeights(m_headWidth), query,
            s.mixedBlock.data());
    }
}

/// Gradients of the block's scores.
bool AttentionInfluence::scoreBlock(const Block& block, const Worker& worker, Scratch& s) const
{
    Product p; // of the affinities: V · mixedᵀ
    p.a = block.kept.queryKeyValue.data() + 2 * m_width + block.firstColumn;
    p.aStride = area(3, m_width);
    p.b = packedView(s.mixedTransposed.data(), m_headWidth, block.columns);
    p.columns = block.columns;
    p.rows = block.keys;
    p.c = s.scores.data();
    p.cStride = static_cast<std::size_t>(block.columns);
    if (!multiplyPolled(m_kernels, p, worker))
        return false;
    m_kernels.softmaxBackward({ .affinity = block.affinity,
        .affinityStride = block.affinityStride,
        .gradient = s.scores.data(),
        .gradientStride = p.cStride,
        .keys = block.keys,
        .columns = block.columns,
        .scale = m_scale });
    return true;
}

bool AttentionInfluence::handToKeysAndValues(
    const Block& block, const Worker& worker, Scratch& s) const
{
    const std::size_t stride = area(3, m_width);
    Product value; // affinityᵀ · mixed
    value.a = block.affinity;
    value.aStride = block.affinityStride;
    value.b = packedView(s.mixedBlock.data(), QueryBlocks::size, m_headWidth);
    value.b.depth = block.queries;
    value.columns = m_headWidth;
    value.rows = block.keys;
    value.c = s.queryKeyValue.data() + 2 * m_width + block.firstColumn;
    value.cStride = stride;
    value.start = block.writesKeys ? nullptr : value.c;
    value.startStride = stride;

    Product key = value; // scoresᵀ · Q
    key.a = s.scores.data();
    key.aStride = static_cast<std::size_t>(block.columns);
    key.b = block.queriesPacked;
    key.b.depth = block.queries;
    key.c = s.queryKeyValue.data() + m_width + block.firstColumn;
    key.start = block.writesKeys ? nullptr : key.c;
    return multiplyPolled(m_kernels, value, worker) && multiplyPolled(m_kernels, key, worker);
}

bool AttentionInfluence::handToQueries(const Block& block, const Worker& worker, Scratch& s) const
{
    Product p; // (scores · K)ᵀ
    p.a = block.kept.keysTransposed.data() + area(block.firstColumn, m_kept.keysStride);
    p.aStride = static_cast<std::size_t>(m_kept.keysStride);
    p.b = packedView(s.scores.data(), block.keys, block.columns);
    p.columns = block.columns;
    p.rows = m_headWidth;
    p.c = s.queryTransposed.data();
    p.cStride = static_cast<std::size_t>(block.columns);
    if (!multiplyPolled(m_kernels, p, worker))
        return false;
    for (int query = 0; query < block.queries; ++query) {
        float* gradient = s.queryKeyValue.data() + area(block.firstQuery + query, 3 * m_width)
            + block.firstColumn;
        for (int i = 0; i < m_headWidth; ++i)
            gradient[i] = s.queryTransposed.data()[area(i, block.columns) + query];
    }
    return true;
}

bool AttentionInfluence::multiply(
    const float* a, const PackedMatrix& b, int rows, const Worker& worker, float* c) const
{
    return multiplyRowsPolled(m_kernels, a, b, rows, c, worker);
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
