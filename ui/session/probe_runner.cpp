// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/probe_runner.h"

#include "engine/error.h"

#include <span>
#include <utility>
#include <vector>

namespace timestep {

namespace {

/// A part of a request on both models; nothing when stopped.
class Probe
{
public:
    Probe(const ProbedReading& reading, Executor& executor, const std::stop_token& stop)
        : m_run(*reading.run)
        , m_memoryBudget(reading.memoryBudget)
        , m_executor(executor)
        , m_stop(stop)
    {
        for (const Token& token : tokens())
            m_ids.push_back(token.id);
    }

    std::optional<ProbePart> operator()(const TokenReplacement& request, const PackedModel& lstm,
        const PackedModel& attention) const
    {
        auto ofLstm = replaced(lstm, *m_run.lstm, request);
        if (!ofLstm)
            return std::nullopt;
        auto ofAttention = replaced(attention, *m_run.attention, request);
        if (!ofAttention)
            return std::nullopt;
        return std::make_shared<const ReplacementFound>(
            ReplacementFound { request, std::move(*ofLstm), std::move(*ofAttention) });
    }

    std::optional<ProbePart> operator()(const EachTokenReplaced& request, const PackedModel& lstm,
        const PackedModel& attention) const
    {
        auto ofLstm = eachReplaced(lstm, *m_run.lstm, request);
        if (!ofLstm)
            return std::nullopt;
        auto ofAttention = eachReplaced(attention, *m_run.attention, request);
        if (!ofAttention)
            return std::nullopt;
        return std::make_shared<const EachTokenFound>(
            EachTokenFound { request, std::move(*ofLstm), std::move(*ofAttention) });
    }

    std::optional<ProbePart> operator()(
        const LstmIntervention& request, const PackedModel& lstm, const PackedModel&) const
    {
        RunSettings settings = runSettings();
        settings.record = true;
        settings.intervention = std::make_shared<const LstmIntervention>(request);
        std::optional<ModelRun> run = runModel(lstm, tokens(), settings, m_executor, m_stop);
        if (!run)
            return std::nullopt;
        PredictionChange change = predictionChange(m_run.lstm->logits, run->logits, m_ids);
        return std::make_shared<const InterventionFound>(
            InterventionFound { request, { std::move(*run), std::move(change) } });
    }

    std::optional<ProbePart> operator()(
        const EarlyQuestion& request, const PackedModel& lstm, const PackedModel& attention) const
    {
        QuestionFound found;
        found.request = request;
        if (!asked(with(lstm), request, found.lstm, found.lstmAlone)
            || !asked(with(attention), request, found.attention, found.attentionAlone))
            return std::nullopt;
        return std::make_shared<const QuestionFound>(std::move(found));
    }

    std::optional<ProbePart> operator()(
        const EachLinkBroken& request, const PackedModel& lstm, const PackedModel&) const
    {
        auto effects = effectsOfBrokenLinks(
            lstm, tokens(), m_run.lstm->logits, request.steps, runSettings(), m_executor, m_stop);
        if (!effects)
            return std::nullopt;
        return std::make_shared<const EachLinkFound>(
            EachLinkFound { request, std::move(*effects) });
    }

private:
    std::span<const Token> tokens() const // (T), those that both models have read
    {
        return std::span(m_run.tokens)
            .subspan(static_cast<std::size_t>(m_run.window.begin),
                static_cast<std::size_t>(m_run.window.count()));
    }

    bool causal() const { return m_run.attention->plan.shape().causal; }

    RunSettings runSettings() const
    {
        RunSettings settings;
        settings.strategy = Strategy::Auto;
        settings.causal = causal();
        settings.memoryBudget = m_memoryBudget;
        return settings;
    }

    TextReading with(const PackedModel& model) const
    {
        return { model, m_executor, causal(), m_memoryBudget };
    }

    /// False when stopped.
    bool asked(const TextReading& reading, const EarlyQuestion& request,
        std::vector<EarlyAnswer>& answers, EarlyAnswer& alone) const
    {
        const auto withoutText = askAlone(reading, m_ids, request.question, m_stop);
        auto afterEach = withoutText
            ? askAfterEachStep(reading, m_ids, request.question, request.first, m_stop)
            : std::nullopt;
        if (!afterEach)
            return false;
        alone = *withoutText;
        answers = std::move(*afterEach);
        return true;
    }

    std::optional<ChangedReading> replaced(
        const PackedModel& model, const ModelRun& before, const TokenReplacement& request) const
    {
        return readWithReplacement(
            model, tokens(), before.logits, request, runSettings(), m_executor, m_stop);
    }

    std::optional<std::vector<double>> eachReplaced(
        const PackedModel& model, const ModelRun& before, const EachTokenReplaced& request) const
    {
        const std::span<const float> logits(before.logits.row(request.target).data(),
            static_cast<std::size_t>(before.logits.cols()));
        return changesByEachToken(
            with(model), m_ids, request.target, logits, request.token, m_stop);
    }

    const Run& m_run;
    const std::size_t m_memoryBudget;
    Executor& m_executor;
    const std::stop_token& m_stop;
    std::vector<TokenId> m_ids; // (T)
};

void repack(std::optional<PackedModel>& packed, const ModelPointer& model, const Kernels& kernels)
{
    if (!packed || packed->model() != model || &packed->kernels() != &kernels)
        packed.emplace(model, kernels);
}

} // namespace

void ProbeRunner::run(const ProbedReading& reading, const ProbeRequest& request,
    const std::stop_token& stop, const Found& found, const Refused& refused)
{
    prepare(reading);
    const Probe probe(reading, *m_executor, stop);
    const auto attempt = [&](const auto& part) {
        if (!part || stop.stop_requested())
            return;
        try {
            if (std::optional<ProbePart> answer = probe(*part, *m_lstm, *m_attention))
                found(std::move(*answer));
        } catch (const Error& error) {
            refused(error.what());
        }
    };
    attempt(request.intervention);
    attempt(request.replacement);
    attempt(request.question);
    attempt(request.eachLink);
    attempt(request.eachToken);
}

void ProbeRunner::prepare(const ProbedReading& reading)
{
    const Kernels& kernels
        = reading.kernel.empty() ? defaultKernels() : kernelsNamed(reading.kernel);
    repack(m_lstm, reading.run->lstm->model, kernels);
    repack(m_attention, reading.run->attention->model, kernels);
    if (!m_executor || m_executor->threads() != reading.threads)
        m_executor = std::make_unique<Executor>(reading.threads);
}

} // namespace timestep
