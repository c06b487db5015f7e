// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluation_call.h"

#include "app/arguments.h"
#include "engine/error.h"
#include "engine/execution/memory_budget.h"

#include <algorithm>
#include <cmath>
#include <iostream>
#include <unistd.h>
#include <utility>

namespace timestep {

namespace {

constexpr int longest = 1 << 20;
constexpr int lengthWithoutContext = 256;
constexpr int longestByDefault = 1024; // beyond it attention's time grows faster than what it tells

} // namespace

std::unique_ptr<Evaluator> EvaluationCall::evaluator(
    const PackedModel& packed, std::int64_t texts, int steps) const
{
    const int used = static_cast<int>(std::min<std::int64_t>(texts, rows));
    refuseBeyondBudget("judging model \"" + packed.model()->name + "\" on " + std::to_string(used)
            + " x " + std::to_string(steps) + " tokens",
        Evaluator::bytesNeeded(packed, used, steps, threads), memoryBudget);
    return std::make_unique<Evaluator>(packed, used, steps, threads);
}

MakeEvaluator EvaluationCall::evaluatorsOf(const PackedModel& packed) const
{
    return
        [this, &packed](std::int64_t texts, int steps) { return evaluator(packed, texts, steps); };
}

int EvaluationCall::windowLength() const
{
    int shortest = 0;
    for (const ModelPointer& model : models) {
        const int context = model->shape.context;
        if (context > 0 && (shortest == 0 || context < shortest))
            shortest = context;
    }
    const int fallback
        = shortest == 0 ? lengthWithoutContext : std::min(shortest, longestByDefault);
    return static_cast<int>(arguments.integer("--length", fallback, 1, longest));
}

EvaluationLine::EvaluationLine(std::string model, const char* things)
    : m_model(std::move(model))
    , m_things(things)
    , m_watched(isatty(STDERR_FILENO) == 1)
{
}

EvaluationLine::~EvaluationLine()
{
    if (m_watched)
        std::cerr << '\n';
}

EvaluationProgress EvaluationLine::shown() const
{
    return [this](std::int64_t done, std::int64_t all) {
        if (m_watched)
            std::cerr << "\r" << m_model << ": " << done << " of " << all << ' ' << m_things
                      << " done " << std::flush;
    };
}

void refuseUnlessFinite(const Model& model, const Score& score)
{
    if (!std::isfinite(score.loss))
        throw Error("the loss of model \"" + model.name
            + "\" is not a finite number; its weights are damaged or far too large: evaluate "
              "another model");
}

} // namespace timestep
