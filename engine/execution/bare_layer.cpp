// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/bare_layer.h"

#include "engine/execution/attention_computation.h"
#include "engine/execution/lstm_computation.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/execution/random_layers.h"
#include "engine/execution/reference_output.h"

#include <cassert>
#include <cmath>
#include <limits>
#include <variant>

namespace timestep {

struct BareLayer::Layers
{
    PlanShape shape;
    const Kernels& kernels;
    RandomLayers weights;
    PackedLstm packedLstm { weights.lstm };
    PackedAttention packedAttention { weights.attention };
    AlignedFloats input; // (B, T, I)
    AlignedFloats output; // (B, T − first step, width)

    Layers(const PlanShape& theShape, const Kernels& theKernels, RandomWeights random)
        : shape(theShape)
        , kernels(theKernels)
        , weights(shape, random)
        , input(product({ shape.rows, shape.steps, shape.inputWidth }))
        , output(product({ shape.rows, shape.newSteps(), shape.width }))
    {
        random.fill({ input.data(), input.count() }, 1);
    }
};

BareLayer::BareLayer(const PlanShape& shape, const Kernels& kernels, std::uint64_t seed)
{
    PlanShape bare = shape;
    bare.bareLayer = true;
    bare.inputWidth = shape.width;
    m_layers = std::make_unique<Layers>(bare, kernels, RandomWeights(seed));
}

BareLayer::~BareLayer() = default;

const PlanShape& BareLayer::shape() const { return m_layers->shape; }

std::int64_t BareLayer::parameters() const { return m_layers->weights.parameters(); }

const float* BareLayer::output() const { return m_layers->output.data(); }

std::size_t BareLayer::bytesNeeded(const Plan& plan, int lanes) const
{
    return m_layers->shape.kind == ModelKind::Lstm ? LstmComputation::bytesNeeded(plan, lanes)
                                                   : AttentionComputation::bytesNeeded(plan, lanes);
}

std::unique_ptr<Computation> BareLayer::prepare(const Plan& plan, int lanes, MemoryAccount& account)
{
    Layers& l = *m_layers;
    SequenceInput input;
    input.width = l.shape.inputWidth;
    input.steps = l.shape.steps;
    input.given = l.input.data();
    const SequenceOutput output { l.output.data(), l.shape.rows };
    if (l.shape.kind == ModelKind::Lstm) {
        LstmComputation::Setup setup;
        setup.weights = &l.packedLstm;
        setup.kernels = &l.kernels;
        setup.input = input;
        setup.output = output;
        return std::make_unique<LstmComputation>(plan, setup, lanes, account);
    }
    AttentionComputation::Setup setup;
    setup.weights = &l.packedAttention;
    setup.kernels = &l.kernels;
    setup.input = input;
    setup.output = output;
    return std::make_unique<AttentionComputation>(plan, setup, lanes, account);
}

double BareLayer::maxError() const
{
    const Layers& l = *m_layers;
    if (l.shape.firstStep > 0 && wholeReferenceIsSlow(l.shape))
        return std::numeric_limits<double>::quiet_NaN();
    const Eigen::Map<const Matrix<float>> input(l.input.data(), l.shape.steps, l.shape.inputWidth);
    const ReferenceOutput expected = l.shape.kind == ModelKind::Lstm
        ? bareReference(l.shape, l.weights.lstm, input.cast<double>())
        : bareReference(l.shape, l.weights.attention, input.cast<double>());
    return relativeError(expected, l.output.data());
}

} // namespace timestep
