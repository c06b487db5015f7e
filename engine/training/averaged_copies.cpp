// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/averaged_copies.h"

#include "engine/error.h"
#include "engine/execution/copies_plan.h"
#include "engine/execution/plan_builder.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

struct AveragedCopies::Copy
{
    IndexRange rows;
    Plan plan;
    std::unique_ptr<TrainedParameters> parameters;
    AdamW optimizer;
    std::unique_ptr<ModelTraining> training;
    std::int64_t counted = 0; // targets of the batch's part
    float share; // of the rows

    Copy(const Model& model, const PlanShape& shape, IndexRange theRows,
        const AdamWSettings& settings)
        : rows(theRows)
        , plan(planOfCopy(shape, rows.count()))
        , parameters(trainedParameters(model, plan.shape()))
        , optimizer(parameters->values().size(), settings)
        , share(static_cast<float>(rows.count()) / static_cast<float>(shape.rows))
    {
    }
};

/// Hands operations to the copy whose rows they are of.
class AveragedCopies::Work final : public Computation
{
public:
    explicit Work(AveragedCopies& owner)
        : m_owner(owner)
    {
        for (const auto& copy : owner.m_copies)
            for (int row = copy->rows.begin; row < copy->rows.end; ++row)
                m_copyOfRow.push_back(copy.get());
    }

    void run(const Operation& operation, const Worker& worker) noexcept override
    {
        if (operation.kind == OperationKind::Averaging) {
            if (m_owner.m_gate.pass() && std::isfinite(m_owner.gradientNorm()))
                m_owner.average(operation.parameters);
            return;
        }
        // All or none: a copy that is ahead of the others would not be theirs.
        if (operation.kind == OperationKind::Update && !std::isfinite(m_owner.gradientNorm()))
            return;
        const Copy& copy = *m_copyOfRow[static_cast<std::size_t>(operation.rows.begin)];
        Operation ofCopy = operation;
        ofCopy.rows
            = { operation.rows.begin - copy.rows.begin, operation.rows.end - copy.rows.begin };
        copy.training->run(ofCopy, worker);
    }

private:
    AveragedCopies& m_owner;
    std::vector<const Copy*> m_copyOfRow; // B
};

AveragedCopies::AveragedCopies(const Model& model, const PlanShape& shape, const Settings& settings,
    const Kernels& kernels, int lanes)
    : m_model(model.shape)
    , m_averageEvery(settings.averageEvery)
    , m_alone(makeCopiesPlan(shape, settings.copies, false))
    , m_averaging(makeCopiesPlan(shape, settings.copies, settings.copies > 1))
{
    for (const IndexRange rows : subBatchRows(shape.rows, settings.copies)) {
        auto copy = std::make_unique<Copy>(model, shape, rows, settings.optimizer);
        ModelTraining::Setup setup;
        setup.parameters = copy->parameters.get();
        setup.optimizer = &copy->optimizer;
        setup.gate = &m_gate;
        setup.kernels = &kernels;
        setup.largestNorm = settings.largestNorm;
        setup.dropout = settings.dropout;
        setup.firstRow = rows.begin;
        copy->training = std::make_unique<ModelTraining>(copy->plan, setup, lanes, m_account);
        m_copies.push_back(std::move(copy));
    }
    m_slices = evenParts(ParameterLayout(shape).size(), static_cast<int>(m_copies.size()));
    m_squares.resize(m_slices.size() * (m_copies.size() + 1));
    m_work = std::make_unique<Work>(*this);
}

AveragedCopies::~AveragedCopies() = default;

Computation& AveragedCopies::computation() { return *m_work; }

const Plan& AveragedCopies::plan() const
{
    return averagesAfter(std::max<std::int64_t>(stepsDone(), 1)) ? m_averaging : m_alone;
}

const Plan& AveragedCopies::begin(const TrainingBatch& batch, double learningRate)
{
    m_gate.reset();
    const auto steps = static_cast<std::ptrdiff_t>(batch.steps);
    for (const auto& copy : m_copies) {
        TrainingBatch part;
        part.rows = copy->rows.count();
        part.steps = batch.steps;
        const std::ptrdiff_t begin = copy->rows.begin * steps;
        const std::ptrdiff_t end = copy->rows.end * steps;
        part.tokens.assign(batch.tokens.begin() + begin, batch.tokens.begin() + end);
        part.targets.assign(batch.targets.begin() + begin, batch.targets.begin() + end);
        part.counted = std::ranges::count_if(
            part.targets, [](TokenId target) { return target != uncounted; });
        copy->counted = part.counted;
        copy->training->begin(part, copy->optimizer.nextStep(learningRate));
    }
    return averagesAfter(stepsDone()) ? m_averaging : m_alone;
}

void AveragedCopies::undo()
{
    for (const auto& copy : m_copies)
        copy->optimizer.undoStep();
}

std::int64_t AveragedCopies::stepsDone() const { return m_copies.front()->optimizer.state().steps; }

double AveragedCopies::loss() const
{
    double sum = 0;
    double counted = 0;
    for (const auto& copy : m_copies) {
        sum += static_cast<double>(copy->counted) * copy->training->loss();
        counted += static_cast<double>(copy->counted);
    }
    return sum / counted;
}

std::vector<double> AveragedCopies::copyLosses() const
{
    std::vector<double> losses;
    for (const auto& copy : m_copies)
        losses.push_back(copy->training->loss());
    return losses;
}

double AveragedCopies::gradientNorm() const
{
    double longest = 0;
    for (const auto& copy : m_copies) {
        const double norm = copy->training->gradientNorm();
        if (!(norm <= longest)) // one that is no number stays
            longest = norm;
    }
    return longest;
}

/// The rows that begin among `parameters`.
void AveragedCopies::average(IndexRange parameters) noexcept
{
    const std::size_t copies = m_copies.size();
    const auto slice
        = static_cast<std::size_t>(std::ranges::find(m_slices, parameters) - m_slices.begin());
    const std::span squares = std::span(m_squares).subspan(slice * (copies + 1), copies + 1);
    std::ranges::fill(squares, 0.0);
    for (const TrainedTensor& tensor : m_copies.front()->parameters->tensors()) {
        const IndexRange rows = tensor.rowsBegunIn(parameters);
        averageNumbers({ tensor.begin + rows.begin * tensor.columns,
                           tensor.begin + rows.end * tensor.columns },
            squares);
    }
    for (const auto& copy : m_copies)
        copy->parameters->pack(parameters);
}

/// One chain over the copies in their order: the same bits whoever averages which.
void AveragedCopies::averageNumbers(IndexRange numbers, std::span<double> squares) noexcept
{
    for (int i = numbers.begin; i < numbers.end; ++i) {
        const auto place = static_cast<std::size_t>(i);
        float mean = 0;
        for (const auto& copy : m_copies)
            mean += copy->share * copy->parameters->values()[place];
        squares[0] += static_cast<double>(mean) * mean;
        for (std::size_t c = 0; c < m_copies.size(); ++c) {
            float& value = m_copies[c]->parameters->values()[place];
            const double apart = static_cast<double>(value) - mean;
            squares[c + 1] += apart * apart;
            value = mean;
        }
    }
}

std::optional<double> AveragedCopies::copiesApart() const
{
    if (m_copies.size() == 1 || stepsDone() == 0 || !averagesAfter(stepsDone()))
        return std::nullopt;
    const std::size_t copies = m_copies.size();
    std::vector<double> sums(copies + 1);
    for (std::size_t i = 0; i < m_squares.size(); ++i)
        sums[i % (copies + 1)] += m_squares[i];
    const double farthest = *std::max_element(sums.begin() + 1, sums.end());
    return sums[0] > 0 ? std::sqrt(farthest / sums[0]) : 0;
}

std::variant<LstmWeights<float>, AttentionWeights<float>> AveragedCopies::weights() const
{
    const Copy& first = *m_copies.front();
    if (averagesAfter(stepsDone()))
        return first.parameters->weights();
    Model model;
    model.shape = m_model;
    model.weights = first.parameters->weights();
    const auto mean = trainedParameters(model, first.plan.shape());
    for (std::size_t i = 0; i < mean->values().size(); ++i) {
        float sum = 0;
        for (const auto& copy : m_copies)
            sum += copy->share * copy->parameters->values()[i];
        mean->values()[i] = sum;
    }
    return mean->weights();
}

TrainerState AveragedCopies::state() const
{
    TrainerState all;
    for (const auto& copy : m_copies) {
        const std::span<float> values = copy->parameters->values();
        all.parameters.insert(all.parameters.end(), values.begin(), values.end());
        const AdamWState& optimizer = copy->optimizer.state();
        AdamWState& kept = all.optimizer;
        kept.firstMoments.insert(
            kept.firstMoments.end(), optimizer.firstMoments.begin(), optimizer.firstMoments.end());
        kept.secondMoments.insert(kept.secondMoments.end(), optimizer.secondMoments.begin(),
            optimizer.secondMoments.end());
        kept.steps = optimizer.steps;
    }
    return all;
}

void AveragedCopies::restore(TrainerState state)
{
    const std::size_t each = m_copies.front()->parameters->values().size();
    for (const std::size_t found : { state.parameters.size(), state.optimizer.firstMoments.size(),
             state.optimizer.secondMoments.size() })
        if (found != each * m_copies.size())
            throw Error("the checkpoint has " + std::to_string(found) + " numbers where "
                + std::to_string(m_copies.size()) + " copies of " + std::to_string(each)
                + " parameters have " + std::to_string(each * m_copies.size())
                + "; resume with the model and the sub-batches that it was kept with");
    for (std::size_t c = 0; c < m_copies.size(); ++c) {
        const auto part
            = [&](const std::vector<float>& all) { return std::span(all).subspan(c * each, each); };
        const auto first = part(state.optimizer.firstMoments);
        const auto second = part(state.optimizer.secondMoments);
        m_copies[c]->optimizer.restore({ { first.begin(), first.end() },
            { second.begin(), second.end() }, state.optimizer.steps });
        std::ranges::copy(part(state.parameters), m_copies[c]->parameters->values().begin());
        m_copies[c]->parameters->packAll();
    }
}

} // namespace timestep
