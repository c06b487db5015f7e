// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/training_pair.h"

#include "engine/execution/memory_budget.h"
#include "engine/measurement/statistics.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace timestep {

namespace {

using Clock = std::chrono::steady_clock;

constexpr ModelKind kinds[] = { ModelKind::Lstm, ModelKind::Attention };

// Timing the ways: as many repeats as a good median takes, but no longer than somebody likes to
// wait for the curves to go on.
constexpr int mostRepeats = 11;
constexpr int fewestRepeats = 5;
constexpr double patience = 1.5; // s

// Sub-batches that come in their own order show nothing of what another one would do.
constexpr int mostChecks = 4;

struct Contender
{
    TimedWay timed;
    std::unique_ptr<Trainer> trainer;
    std::vector<double> milliseconds;
};

/// The ways there are of a model, each with its settings.
std::vector<std::pair<ComparedWay, TrainerSettings>> waysOf(
    const TrainingRequest& request, ModelKind kind)
{
    const auto settingsOf = [&](TrainingWay way) {
        TrainingRequest other = request;
        other.course.way = way;
        return trainerSettings(other, kind);
    };
    const TrainerSettings subBatches = settingsOf(TrainingWay::DataParallel);
    TrainerSettings one = subBatches;
    one.subBatches = 1;
    one.threads = 1;
    std::vector<std::pair<ComparedWay, TrainerSettings>> ways { { ComparedWay::OneThread, one } };
    if (subBatches.subBatches > 1)
        ways.emplace_back(ComparedWay::SubBatches, subBatches);
    if (kind == ModelKind::Lstm && request.course.threads > 1) {
        ways.emplace_back(ComparedWay::HiddenUnits, settingsOf(TrainingWay::HiddenUnits));
        ways.emplace_back(ComparedWay::Layers, settingsOf(TrainingWay::Layers));
    }
    return ways;
}

int copiesOf(const TrainingRequest& request)
{
    const TrainerSettings settings = trainerSettings(request, ModelKind::Attention);
    return settings.averageEvery > 0 ? settings.subBatches : 1;
}

std::vector<float> carriedOver(const std::vector<float>& numbers, int from, int to)
{
    const std::size_t size = numbers.size() / static_cast<std::size_t>(from);
    std::vector<float> one(size);
    for (std::size_t i = 0; i < size; ++i) {
        double sum = 0;
        for (std::size_t k = i; k < numbers.size(); k += size)
            sum += numbers[k];
        one[i] = static_cast<float>(sum / from);
    }
    std::vector<float> all;
    all.reserve(size * static_cast<std::size_t>(to));
    for (int copy = 0; copy < to; ++copy)
        all.insert(all.end(), one.begin(), one.end());
    return all;
}

TimedWay timedWay(const Contender& contender)
{
    TimedWay timed = contender.timed;
    const Interval interval = medianInterval(contender.milliseconds, 1);
    timed.repeats = static_cast<int>(contender.milliseconds.size());
    timed.medianMs = quantile(contender.milliseconds, 0.5);
    timed.lowerMs = interval.lower;
    timed.upperMs = interval.upper;
    return timed;
}

} // namespace

void TrainingPair::prepare(const TrainingRequest& request, int course, bool anew)
{
    const bool same = m_lstm.trainer && !anew && m_request.subject == request.subject;
    m_course = course;
    if (same && m_request.course == request.course)
        return;
    const std::string& kernel = request.subject.kernel;
    m_kernels = kernel.empty() ? &defaultKernels() : &kernelsNamed(kernel);
    const ModelPair models = same ? ModelPair { m_lstm.initial, m_attention.initial }
                                  : untrainedSmallPair(request.subject);
    refuseBeyondBudget("training both models",
        Trainer::bytesNeeded(*models.lstm, trainerSettings(request, ModelKind::Lstm))
            + Trainer::bytesNeeded(
                *models.attention, trainerSettings(request, ModelKind::Attention)),
        request.memoryBudget);
    const auto trainerOf = [&](const ModelPointer& model) {
        return trainer(model, trainerSettings(request, model->shape.kind), request.subject);
    };
    auto lstm = trainerOf(models.lstm);
    auto attention = trainerOf(models.attention);
    if (same) {
        const int before = copiesOf(m_request);
        const int now = copiesOf(request);
        lstm->restore(carriedOver(m_lstm.trainer->state(), before, now));
        attention->restore(carriedOver(m_attention.trainer->state(), before, now));
    } else {
        m_lstm = Side(models.lstm);
        m_attention = Side(models.attention);
    }
    m_lstm.trainer = std::move(lstm);
    m_attention.trainer = std::move(attention);
    m_request = request;
}

std::unique_ptr<Trainer> TrainingPair::trainer(const ModelPointer& initial,
    const TrainerSettings& settings, const TrainingSubject& subject) const
{
    return std::make_unique<Trainer>(
        initial, trainingBatches(subject, settings.rows), settings, *m_kernels);
}

bool TrainingPair::nextShowsAll(ModelKind kind) const
{
    const int every = trainerSettings(m_request, kind).averageEvery;
    return every == 0 || (side(kind).trainer->stepsDone() + 1) % every == 0;
}

bool TrainingPair::step(ModelKind kind, bool traced, const std::stop_token& stop)
{
    Side& trained = side(kind);
    auto trace = traced ? std::make_shared<TracedTrainingStep>() : nullptr;
    const std::optional<TrainingStep> step
        = trained.trainer->step(stop, trace ? &trace->trace : nullptr);
    if (!step)
        return false;
    const double before = trained.points.empty() ? 0 : trained.points.back().secondsSoFar;
    trained.points.push_back({ *step, before + step->seconds, m_course, traced });
    if (trace) {
        trace->number = step->number;
        trace->plan = std::make_shared<const Plan>(trained.trainer->plan());
        trained.traced = std::move(trace);
    }
    return true;
}

std::optional<TrainingTrial> TrainingPair::tryOut(ModelKind kind, const std::stop_token& stop) const
{
    const Side& trained = side(kind);
    const auto model = std::make_shared<const Model>(trained.trainer->model());
    const TrainerSettings settings = trainerSettings(m_request, kind);
    TrainingTrial trial;
    trial.afterSteps = trained.trainer->stepsDone();
    trial.course = m_request.course;
    trial.cut = trainingPlan(*model, settings).cut();
    const TrainingBatch batch = trainingBatches(m_request.subject, settings.rows)(
        static_cast<std::uint64_t>(trial.afterSteps));
    for (int attempt = 0; attempt < mostChecks; ++attempt) {
        const auto check = checkGradients(*model, batch, settings, *m_kernels, stop);
        if (!check)
            return std::nullopt;
        trial.check = *check;
        if (check->inOrderOfArrival.differing == 0 && check->arrival.size() > 2)
            continue; // in their order, or but for the first two, which is the same sum
        break;
    }
    trial.ways = timeWays(model, stop);
    if (trial.ways.empty())
        return std::nullopt;
    return trial;
}

/// Step by step in turns, so that whatever else the machine does falls on all ways alike.
std::vector<TimedWay> TrainingPair::timeWays(
    const ModelPointer& model, const std::stop_token& stop) const
{
    std::vector<Contender> contenders;
    for (const auto& [way, settings] : waysOf(m_request, model->shape.kind)) {
        Contender contender;
        contender.trainer = trainer(model, settings, m_request.subject);
        contender.timed.way = way;
        contender.timed.cut = contender.trainer->plan().cut();
        contender.timed.threads = settings.threads;
        if (!contender.trainer->step(stop)) // warms up
            return {};
        contenders.push_back(std::move(contender));
    }
    const Clock::time_point begin = Clock::now();
    for (int repeat = 0; repeat < mostRepeats; ++repeat) {
        if (repeat >= fewestRepeats
            && std::chrono::duration<double>(Clock::now() - begin).count() > patience)
            break;
        for (Contender& contender : contenders) {
            const auto step = contender.trainer->step(stop);
            if (!step)
                return {};
            contender.milliseconds.push_back(step->seconds * 1e3);
        }
    }
    std::vector<TimedWay> timed;
    std::transform(contenders.begin(), contenders.end(), std::back_inserter(timed), timedWay);
    return timed;
}

ModelPair TrainingPair::models() const
{
    const auto kept = [](const Side& trained, const char* name) {
        Model model = trained.trainer->model();
        model.name = name;
        return std::make_shared<const Model>(std::move(model));
    };
    return { kept(m_lstm, "trained-lstm"), kept(m_attention, "trained-attention") };
}

TrainerState carriedOver(const TrainerState& state, int from, int to)
{
    if (from == to)
        return state;
    return { carriedOver(state.parameters, from, to),
        { carriedOver(state.optimizer.firstMoments, from, to),
            carriedOver(state.optimizer.secondMoments, from, to), state.optimizer.steps } };
}

} // namespace timestep
