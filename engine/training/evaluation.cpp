// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/evaluation.h"

#include "engine/error.h"
#include "engine/execution/counted_floats.h"
#include "engine/execution/executor.h"
#include "engine/execution/product_of_sizes.h"
#include "engine/execution/strategy_choice.h"
#include "engine/execution/text_layers.h"
#include "engine/training/position_tile.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>
#include <string>
#include <utility>

namespace timestep {

namespace {

Plan planFor(const Model& model, int rows, int steps, int threads)
{
    if (model.shape.context > 0 && steps > model.shape.context)
        throw Error("model \"" + model.name + "\" reads up to "
            + std::to_string(model.shape.context) + " tokens and cannot be judged on texts of "
            + std::to_string(steps) + "; use shorter ones");
    PlanShape shape = planShapeOf(model.shape, steps, rows, true);
    shape.ends.vocabulary = model.shape.vocabulary;
    return makePlan(shape, executedCut(shape, Strategy::SubBatch, threads, threads));
}

std::size_t hiddenFloats(const PlanShape& shape)
{
    return product({ shape.rows, shape.steps, shape.width });
}

/// Of scratch, of tokens, targets and judgements.
std::size_t ownBytes(const PlanShape& s, int lanes)
{
    const std::size_t ofLane = VocabularyLoss::floatsNeeded(s.ends.vocabulary, s.width)
        + PositionTile::floatsNeeded(s.width);
    return static_cast<std::size_t>(lanes) * ofLane * sizeof(float)
        + product({ s.rows, s.steps }) * (2 * sizeof(TokenId) + sizeof(Judgement));
}

double ofNone(double value, std::int64_t targets)
{
    return targets > 0 ? value : std::numeric_limits<double>::quiet_NaN();
}

} // namespace

void Score::add(const Judgement& judgement)
{
    ++targets;
    right += judgement.right ? 1 : 0;
    loss += judgement.loss;
}

void Score::add(const Score& score)
{
    targets += score.targets;
    right += score.right;
    loss += score.loss;
}

double Score::meanLoss() const { return ofNone(loss / static_cast<double>(targets), targets); }

double Score::shareRight() const
{
    return ofNone(static_cast<double>(right) / static_cast<double>(targets), targets);
}

/// The layers forward, then the loss of what counts.
class Evaluator::Judging final : public Computation
{
public:
    Judging(const PackedModel& model, const Plan& plan, int lanes)
        : m_shape(plan.shape())
        , m_head { &model.head(), model.headBias() }
        , m_targets(product({ m_shape.rows, m_shape.steps }))
        , m_judgements(m_targets.size())
        , m_hidden(hiddenFloats(m_shape), m_account)
        , m_ownBytes(ownBytes(m_shape, lanes), m_account)
    {
        for (int lane = 0; lane < lanes; ++lane)
            m_lanes.push_back(std::make_unique<Lane>(
                Lane { { model.kernels(), m_shape.ends.vocabulary, m_shape.width },
                    PositionTile(m_shape.width) }));
        TextLayers::Text text;
        text.tokens.resize(m_targets.size());
        text.ownRows = true;
        text.lastHidden = m_hidden.data();
        m_layers = std::make_unique<TextLayers>(model, std::move(text), plan, lanes, m_account);
    }

    static std::size_t bytesNeeded(const PackedModel& model, const Plan& plan, int lanes)
    {
        return TextLayers::bytesNeeded(model, plan, lanes)
            + hiddenFloats(plan.shape()) * sizeof(float) + ownBytes(plan.shape(), lanes);
    }

    std::size_t bytes() const { return m_account.bytes(); }

    void begin(const TrainingBatch& batch)
    {
        assert(batch.rows == m_shape.rows && batch.steps == m_shape.steps);
        m_layers->read(batch.tokens);
        std::copy(batch.targets.begin(), batch.targets.end(), m_targets.begin());
    }

    void run(const Operation& operation, const Worker& worker) noexcept override
    {
        if (operation.kind == OperationKind::Loss)
            judge(operation, worker);
        else
            m_layers->run(operation, worker);
    }

    std::vector<Judgement> counted() const
    {
        std::vector<Judgement> judgements;
        for (std::size_t place = 0; place < m_targets.size(); ++place)
            if (m_targets[place] != uncounted)
                judgements.push_back(m_judgements[place]);
        return judgements;
    }

private:
    /// Scratch of a worker.
    struct Lane
    {
        VocabularyLoss loss;
        PositionTile tile;
    };

    void judge(const Operation& operation, const Worker& worker) noexcept
    {
        Lane& lane = *m_lanes[static_cast<std::size_t>(worker.lane)];
        std::array<Judgement, PositionTile::most> judgements;
        lane.tile.begin(operation, m_shape.steps, PositionTile::Which::Counted);
        while (lane.tile.next(m_hidden.data(), m_targets)) {
            const std::span<const std::size_t> places = lane.tile.places();
            if (!lane.loss.judge(m_head, lane.tile.hidden(),
                    static_cast<std::size_t>(m_shape.width), lane.tile.targets(),
                    std::span(judgements).first(places.size()), worker))
                return;
            for (std::size_t i = 0; i < places.size(); ++i)
                m_judgements[places[i]] = judgements[i];
        }
    }

    const PlanShape m_shape;
    const JudgedHead m_head;
    std::vector<TokenId> m_targets; // (B, T)
    std::vector<Judgement> m_judgements; // (B, T), where a target counts
    MemoryAccount m_account;
    CountedFloats m_hidden; // (B, T, width): last hidden states
    CountedBytes m_ownBytes;
    std::vector<std::unique_ptr<Lane>> m_lanes;
    std::unique_ptr<TextLayers> m_layers;
};

struct Evaluator::Parts
{
    Plan plan;
    Executor executor;
    Judging judging;

    Parts(const PackedModel& model, Plan made, int threads)
        : plan(std::move(made))
        , executor(threads)
        , judging(model, plan, threads)
    {
    }
};

Evaluator::Evaluator(const PackedModel& model, int rows, int steps, int threads)
    : m_parts(
        std::make_unique<Parts>(model, planFor(*model.model(), rows, steps, threads), threads))
{
}

Evaluator::~Evaluator() = default;

std::size_t Evaluator::bytesNeeded(const PackedModel& model, int rows, int steps, int threads)
{
    return Judging::bytesNeeded(model, planFor(*model.model(), rows, steps, threads), threads);
}

std::size_t Evaluator::bytes() const { return m_parts->judging.bytes(); }

int Evaluator::rows() const { return m_parts->plan.shape().rows; }

int Evaluator::steps() const { return m_parts->plan.shape().steps; }

std::optional<std::vector<Judgement>> Evaluator::run(
    const TrainingBatch& batch, std::stop_token stop)
{
    m_parts->judging.begin(batch);
    if (m_parts->executor.run(m_parts->plan, m_parts->judging, std::move(stop))
        == Outcome::Cancelled)
        return std::nullopt;
    return m_parts->judging.counted();
}

} // namespace timestep
