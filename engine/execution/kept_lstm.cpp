// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/kept_lstm.h"

#include "engine/execution/polled_multiply.h"

#include <algorithm>

namespace timestep {

namespace {

/// (T, E): the embeddings that are read.
AlignedFloats embedded(const Matrix<float>& embedding, std::span<const TokenId> tokens)
{
    const auto width = static_cast<std::size_t>(embedding.cols());
    AlignedFloats input(tokens.size() * width);
    for (std::size_t t = 0; t < tokens.size(); ++t)
        std::copy_n(embedding.row(tokens[t]).data(), width, input.data() + t * width);
    return input;
}

/// The input half of all steps at once: it waits for nothing.
bool readInput(const Kernels& kernels, const PackedLstmLayer& weights, const AlignedFloats& input,
    int steps, AlignedFloats& gates, const Worker& worker)
{
    Product p;
    p.a = input.data();
    p.aStride = input.count() / static_cast<std::size_t>(steps);
    p.b = weights.input.view();
    p.columns = weights.input.columns();
    p.rows = steps;
    p.start = weights.bias.data();
    p.c = gates.data();
    p.cStride = static_cast<std::size_t>(p.columns);
    return multiplyPolled(kernels, p, worker);
}

/// The chain. `hidden` (T, units) is written.
bool walkForward(const Kernels& kernels, const PackedLstmLayer& weights, int steps, int units,
    KeptLstm::Layer& kept, AlignedFloats& hidden, const Worker& worker)
{
    const auto stride = static_cast<std::size_t>(units);
    for (int t = 0; t < steps; ++t) {
        float* gates = kept.gates.data() + t * 4 * stride;
        float* cell = kept.cell.data() + t * stride;
        if (t > 0) {
            Product p;
            p.a = hidden.data() + (t - 1) * stride;
            p.aStride = stride;
            p.b = weights.recurrent.view();
            p.columns = weights.recurrent.columns();
            p.rows = 1;
            p.start = gates;
            p.c = gates;
            p.cStride = 4 * stride;
            if (!multiplyPolled(kernels, p, worker))
                return false;
            std::copy_n(cell - stride, stride, cell);
        }
        kernels.lstmStep({ .gates = gates,
            .gatesStride = 4 * stride,
            .cell = cell,
            .cellStride = stride,
            .hidden = hidden.data() + t * stride,
            .hiddenStride = stride,
            .rows = 1,
            .units = units,
            .keepGates = true });
    }
    return true;
}

} // namespace

std::optional<KeptLstm> keepLstm(
    const PackedModel& model, std::span<const TokenId> tokens, const Worker& worker)
{
    const auto& plain = std::get<LstmWeights<float>>(model.model()->weights);
    const auto& packed = std::get<PackedLstm>(model.weights());
    KeptLstm kept;
    kept.steps = static_cast<int>(tokens.size());
    kept.units = roundUpToLanes(packed.width);
    const std::size_t size = tokens.size() * static_cast<std::size_t>(kept.units);
    kept.hidden = embedded(plain.embedding, tokens);
    for (const PackedLstmLayer& layer : packed.layers) {
        KeptLstm::Layer& keptLayer
            = kept.layers.emplace_back(AlignedFloats(4 * size), AlignedFloats(size));
        AlignedFloats hidden(size);
        if (!readInput(model.kernels(), layer, kept.hidden, kept.steps, keptLayer.gates, worker)
            || !walkForward(
                model.kernels(), layer, kept.steps, kept.units, keptLayer, hidden, worker))
            return std::nullopt;
        kept.hidden = std::move(hidden);
    }
    return kept;
}

} // namespace timestep
