// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/model_training.h"

#include "engine/execution/product_of_sizes.h"
#include "engine/model/dropout_places.h"
#include "engine/training/bare_training.h"
#include "engine/training/gradient_norm.h"
#include "engine/training/position_tile.h"
#include "engine/training/random_draws.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace timestep {

namespace {

int gradientStrideOf(const PlanShape& shape)
{
    return shape.kind == ModelKind::Lstm ? roundUpToLanes(shape.width) : shape.width;
}

} // namespace

/// Numbers of floats: one place for what is allocated and what is announced.
struct ModelTraining::Sizes
{
    std::size_t hidden, hiddenGradient, inputGradient, tail, ofLane;
    int head;

    explicit Sizes(const PlanShape& s)
        : hidden(product({ s.rows, s.steps, s.width }))
        , hiddenGradient(product({ s.rows, s.steps, gradientStrideOf(s) }))
        , inputGradient(product({ s.rows, s.steps, s.inputWidth }))
        , ofLane(VocabularyLoss::floatsNeeded(s.ends.vocabulary, s.width)
              + PositionTile::floatsNeeded(s.width) + product({ PositionTile::most, s.width }))
    {
        const ParameterLayout layout(s);
        head = layout.ofHead().count();
        tail = static_cast<std::size_t>(layout.size() - layout.positions());
    }
};

/// Scratch of a worker.
struct ModelTraining::Lane
{
    VocabularyLoss loss;
    PositionTile tile;
    AlignedFloats gradient; // (tile, width)
};

std::size_t ModelTraining::bytesNeeded(const Plan& plan, int lanes)
{
    const Sizes s(plan.shape());
    const std::size_t floats = s.hidden + s.hiddenGradient + s.inputGradient + s.tail
        + SubBatchGradients::floatsNeeded(plan, s.head)
        + static_cast<std::size_t>(lanes) * s.ofLane;
    return trainingBytes(plan, lanes) + floats * sizeof(float);
}

ModelTraining::ModelTraining(const Plan& plan, Setup setup, int lanes, MemoryAccount& account)
    : m_shape(plan.shape())
    , m_setup(setup)
    , m_layout(setup.parameters->layout())
    , m_gradientStride(gradientStrideOf(m_shape))
    , m_tokens(product({ m_shape.rows, m_shape.steps }))
    , m_targets(m_tokens.size())
    , m_hidden(Sizes(m_shape).hidden, account)
    , m_hiddenGradient(Sizes(m_shape).hiddenGradient, account)
    , m_inputGradient(Sizes(m_shape).inputGradient, account)
    , m_headGradients(plan, Sizes(m_shape).head, account)
    , m_tailGradients(Sizes(m_shape).tail, account)
    , m_losses(m_tokens.size())
    , m_laneBytes(static_cast<std::size_t>(lanes) * Sizes(m_shape).ofLane * sizeof(float), account)
{
    assert(m_shape.training && m_shape.ends.vocabulary > 0);
    assert(m_shape.dropout == (setup.dropout.share > 0));
    if (m_shape.dropout)
        m_dropout.emplace(setup.dropout.share, setup.firstRow, *setup.kernels);
    m_arrival.resize(static_cast<std::size_t>(m_shape.layers) + 1);
    for (int lane = 0; lane < lanes; ++lane)
        m_lanes.push_back(std::make_unique<Lane>(Lane {
            { *setup.kernels, m_shape.ends.vocabulary, m_shape.width }, PositionTile(m_shape.width),
            AlignedFloats(product({ PositionTile::most, m_shape.width })) }));
    TrainedEnds ends;
    ends.input.width = m_shape.inputWidth;
    ends.input.steps = m_shape.steps;
    ends.input.embedding = setup.parameters->embedding();
    ends.input.tokens = m_tokens;
    ends.input.ownRows = true;
    ends.output = { m_hidden.data(), m_shape.rows };
    ends.outputGradient = m_hiddenGradient.data();
    ends.inputGradient = m_inputGradient.data();
    ends.kernels = setup.kernels;
    ends.dropout = m_dropout ? &*m_dropout : nullptr;
    m_layers = setup.parameters->layersTraining(plan, ends, lanes, account);
    listArrays();
    listBlocks();
}

ModelTraining::~ModelTraining() = default;

void ModelTraining::listArrays()
{
    const std::span<float> values = m_setup.parameters->values();
    for (const TrainedTensor& tensor : m_setup.parameters->tensors()) {
        const auto size = static_cast<std::size_t>(tensor.size());
        m_arrays.push_back({ values.subspan(static_cast<std::size_t>(tensor.begin), size),
            { gradientAt(tensor.begin), size }, tensor.decays });
    }
}

/// No block reaches over the end of an array of gradients.
void ModelTraining::listBlocks()
{
    constexpr int most = static_cast<int>(gradientNormBlock);
    for (const IndexRange part : { IndexRange { 0, m_layout.layers() }, m_layout.ofHead(),
             IndexRange { m_layout.positions(), m_layout.size() } })
        for (int begin = part.begin; begin < part.end; begin += most)
            m_blocks.push_back({ begin, std::min(begin + most, part.end) });
    m_squares.resize(m_blocks.size());
}

void ModelTraining::begin(const TrainingBatch& batch, const AdamWStep& step)
{
    assert(batch.rows == m_shape.rows && batch.steps == m_shape.steps && batch.counted > 0);
    std::copy(batch.tokens.begin(), batch.tokens.end(), m_tokens.begin());
    std::copy(batch.targets.begin(), batch.targets.end(), m_targets.begin());
    m_lossScale = 1.0F / static_cast<float>(batch.counted);
    m_step = step;
    if (m_dropout)
        m_dropout->begin(RandomDraws(
            m_setup.dropout.seed, DrawPurpose::Dropout, static_cast<std::uint64_t>(step.number))
                             .bits());
}

void ModelTraining::run(const Operation& operation, const Worker& worker) noexcept
{
    switch (operation.kind) {
    case OperationKind::Loss:
        addLoss(operation, worker);
        break;
    case OperationKind::EmbeddingGradients:
        addInputGradients(operation.parameters);
        break;
    case OperationKind::GradientNorm:
        sumSquares(operation.parameters);
        break;
    case OperationKind::Update:
        if (m_setup.optimizer != nullptr && (m_setup.gate == nullptr || m_setup.gate->pass()))
            update(operation.parameters);
        break;
    case OperationKind::Reduction:
        reduce(operation);
        break;
    default:
        m_layers->run(operation, worker);
    }
    if (m_setup.sumsInOrderOfArrival)
        noteArrival(operation);
}

/// The last that came from a sub-batch counts.
void ModelTraining::noteArrival(const Operation& operation) noexcept
{
    if (operation.kind != OperationKind::WeightGradients && operation.kind != OperationKind::Loss)
        return;
    const std::lock_guard lock(m_arrivalMutex);
    std::vector<int>& order = m_arrival[static_cast<std::size_t>(operation.layer)];
    const int subBatch = m_headGradients.subBatchOf(operation.rows.begin);
    std::erase(order, subBatch);
    order.push_back(subBatch);
}

void ModelTraining::reduce(const Operation& operation) noexcept
{
    const std::vector<int>& order = m_arrival[static_cast<std::size_t>(operation.layer)];
    const IndexRange parameters = operation.parameters;
    if (operation.layer < m_shape.layers)
        m_layers->subBatchGradients().reduce(parameters, order);
    else
        m_headGradients.reduce(
            { parameters.begin - m_layout.headBias(), parameters.end - m_layout.headBias() },
            order);
}

bool ModelTraining::addLoss(const Operation& operation, const Worker& worker) noexcept
{
    Lane& lane = *m_lanes[static_cast<std::size_t>(worker.lane)];
    const HeadGradients head = headGradients(operation);
    const auto width = static_cast<std::size_t>(m_shape.width);
    const auto stride = static_cast<std::size_t>(m_gradientStride);
    double sum = 0;
    lane.tile.begin(operation, m_shape.steps, PositionTile::Which::All);
    while (lane.tile.next(m_hidden.data(), m_targets)) {
        float* hidden = lane.tile.hidden();
        for (const std::size_t place : lane.tile.places()) {
            dropLastHidden(place, hidden);
            hidden += width;
        }
        const std::optional<double> ofTile
            = lane.loss.run(m_setup.parameters->head(), lane.tile.hidden(), width,
                lane.tile.targets(), m_lossScale, lane.gradient.data(), width, head, worker);
        if (!ofTile)
            return false;
        sum += *ofTile;
        const float* gradient = lane.gradient.data();
        for (const std::size_t place : lane.tile.places()) {
            float* to = m_hiddenGradient.data() + place * stride;
            std::copy_n(gradient, width, to);
            dropLastHidden(place, to);
            gradient += width;
        }
    }
    m_losses[product({ operation.rows.begin, m_shape.steps })
        + static_cast<std::size_t>(operation.steps.begin)]
        = sum;
    return true;
}

/// Of an LSTM, between its last layer and the head: `numbers` (H) of a place in (B, T), hidden
/// states or what the head hands back to them.
void ModelTraining::dropLastHidden(std::size_t place, float* numbers) const noexcept
{
    if (!m_dropout || m_shape.kind != ModelKind::Lstm)
        return;
    const auto row = static_cast<int>(place / static_cast<std::size_t>(m_shape.steps));
    const auto step = static_cast<int>(place % static_cast<std::size_t>(m_shape.steps));
    m_dropout->apply(
        dropoutOfHead(m_shape.layers), row, step, { 0, m_shape.width }, numbers, numbers);
}

/// Those of the operation's sub-batch, zero where it is the first to add to them.
HeadGradients ModelTraining::headGradients(const Operation& operation) noexcept
{
    float* gradients = m_headGradients.ofRow(operation.rows.begin);
    if (operation.steps.begin == 0 && m_headGradients.isFirstRow(operation.rows.begin))
        std::fill_n(gradients, m_layout.ofHead().count(), 0.0F);
    const int bias = m_layout.head() - m_layout.headBias();
    return { gradients + bias, bias > 0 ? gradients : nullptr };
}

void ModelTraining::addInputGradients(IndexRange parameters) noexcept
{
    float* head = m_headGradients.ofRow(0) + (m_layout.head() - m_layout.headBias());
    float* untied
        = m_tailGradients.data() + product({ m_shape.ends.positions, m_shape.inputWidth });
    timestep::addInputGradients(m_shape, m_layout,
        { m_tokens, m_inputGradient.data(), m_tailGradients.data(),
            m_shape.ends.tied ? head : untied },
        parameters);
}

const float* ModelTraining::gradientAt(int parameter) const noexcept
{
    if (parameter < m_layout.headBias())
        return m_layers->gradients() + parameter;
    if (parameter < m_layout.positions())
        return m_headGradients.sum() + (parameter - m_layout.headBias());
    return m_tailGradients.data() + (parameter - m_layout.positions());
}

/// Of the blocks that begin among `parameters`.
void ModelTraining::sumSquares(IndexRange parameters) noexcept
{
    for (std::size_t i = 0; i < m_blocks.size(); ++i)
        if (parameters.contains(m_blocks[i].begin))
            timestep::sumSquares(
                { gradientAt(m_blocks[i].begin), static_cast<std::size_t>(m_blocks[i].count()) }, 0,
                1, { &m_squares[i], 1 });
}

/// The rows that begin among `parameters`.
void ModelTraining::update(IndexRange parameters) noexcept
{
    const double norm = gradientNorm();
    const std::optional<double> factor = m_setup.largestNorm > 0
        ? clippingFactor(norm, m_setup.largestNorm)
        : std::isfinite(norm) ? std::optional<double>(1)
                              : std::nullopt;
    if (!factor)
        return;
    AdamWStep step = m_step;
    step.gradientFactor = static_cast<float>(*factor);
    for (const TrainedTensor& tensor : m_setup.parameters->tensors()) {
        const IndexRange rows = tensor.rowsBegunIn(parameters);
        const auto first = static_cast<std::size_t>(tensor.begin);
        if (rows.count() > 0)
            m_setup.optimizer->update(m_arrays, first + product({ rows.begin, tensor.columns }),
                first + product({ rows.end, tensor.columns }), step);
    }
    m_setup.parameters->pack(parameters);
}

double ModelTraining::loss() const
{
    double sum = 0;
    for (const double ofOperation : m_losses)
        sum += ofOperation;
    return sum * static_cast<double>(m_lossScale);
}

double ModelTraining::gradientNorm() const { return timestep::gradientNorm(m_squares); }

std::vector<float> ModelTraining::gradients() const
{
    std::vector<float> all;
    for (const ParameterArray& array : m_arrays)
        all.insert(all.end(), array.gradients.begin(), array.gradients.end());
    return all;
}

} // namespace timestep
