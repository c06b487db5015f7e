// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/adamw.h"

#include "engine/error.h"
#include "engine/execution/flush_to_zero.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>
#include <utility>

namespace timestep {

namespace {

/// Written so that a number that is none is refused, too.
void demand(bool isInRange, const std::string& range, double found)
{
    if (!isInRange)
        throw Error("AdamW needs " + range + ", not " + std::to_string(found));
}

/// What one step does to each parameter of an array.
struct Rule
{
    AdamWStep step; // its decay is 0 where the array does not decay
    float firstShare; // 1 − β1
    float secondShare; // 1 − β2
    float epsilon;
};

void updateArray(const Rule& rule, float* values, const float* gradients, float* firstMoments,
    float* secondMoments, std::size_t count) noexcept
{
    for (std::size_t k = 0; k < count; ++k) {
        const float gradient = rule.step.gradientFactor * gradients[k];
        // Moved by a share of the difference: with β and 1 − β both rounded, their sum is not 1.
        const float first = firstMoments[k] + rule.firstShare * (gradient - firstMoments[k]);
        const float second
            = secondMoments[k] + rule.secondShare * (gradient * gradient - secondMoments[k]);
        const float root = std::sqrt(second) * rule.step.rootFactor + rule.epsilon;
        // One subtraction: a factor of 1 − ηλ would round away most of the digits of ηλ.
        values[k] -= rule.step.stepSize * first / root + rule.step.decaySize * values[k];
        firstMoments[k] = first;
        secondMoments[k] = second;
    }
}

} // namespace

AdamW::AdamW(std::size_t parameters, const AdamWSettings& settings)
    : m_settings(settings)
    , m_state { std::vector<float>(parameters), std::vector<float>(parameters), 0 }
{
    const auto isShare = [](double decay) { return decay >= 0 && decay < 1; };
    const AdamWSettings& s = settings;
    demand(isShare(s.firstDecay), "a first decay rate (beta 1) in [0, 1)", s.firstDecay);
    demand(isShare(s.secondDecay), "a second decay rate (beta 2) in [0, 1)", s.secondDecay);
    demand(s.epsilon > 0 && std::isfinite(s.epsilon), "an epsilon above 0", s.epsilon);
    demand(s.weightDecay >= 0 && std::isfinite(s.weightDecay), "a weight decay of 0 or more",
        s.weightDecay);
}

AdamWStep AdamW::nextStep(double learningRate, double gradientFactor)
{
    const auto t = static_cast<double>(++m_state.steps);
    const double firstCorrection = 1 - std::pow(m_settings.firstDecay, t);
    const double secondCorrection = 1 - std::pow(m_settings.secondDecay, t);
    return { .number = m_state.steps,
        .gradientFactor = static_cast<float>(gradientFactor),
        .stepSize = static_cast<float>(learningRate / firstCorrection),
        .rootFactor = static_cast<float>(1 / std::sqrt(secondCorrection)),
        .decaySize = static_cast<float>(learningRate * m_settings.weightDecay) };
}

void AdamW::update(std::span<const ParameterArray> arrays, std::size_t begin, std::size_t end,
    const AdamWStep& step) noexcept
{
    // The moments of an embedding row that is seldom read die away into denormal numbers. Here and
    // not left to the caller, so that the bits do not depend on which thread updates a slice.
    const FlushToZero flushToZero;
    Rule rule { .step = step,
        .firstShare = static_cast<float>(1 - m_settings.firstDecay),
        .secondShare = static_cast<float>(1 - m_settings.secondDecay),
        .epsilon = static_cast<float>(m_settings.epsilon) };
    std::size_t first = 0; // number of the array's first parameter
    for (const ParameterArray& array : arrays) {
        assert(array.values.size() == array.gradients.size());
        const std::size_t last = first + array.values.size();
        const std::size_t from = std::max(begin, first);
        const std::size_t to = std::min(end, last);
        rule.step.decaySize = array.decays ? step.decaySize : 0;
        if (from < to) {
            updateArray(rule, array.values.data() + (from - first),
                array.gradients.data() + (from - first), m_state.firstMoments.data() + from,
                m_state.secondMoments.data() + from, to - from);
        }
        first = last;
    }
    assert(first == m_state.firstMoments.size());
}

void AdamW::restore(AdamWState state)
{
    const std::size_t wanted = m_state.firstMoments.size();
    for (const std::size_t found : { state.firstMoments.size(), state.secondMoments.size() }) {
        if (found != wanted)
            throw Error("the optimiser's state is that of " + std::to_string(found)
                + " parameters, but the model has " + std::to_string(wanted)
                + "; resume with the model that it was kept with");
    }
    if (state.steps < 0)
        throw Error("the optimiser's state says it took " + std::to_string(state.steps)
            + " steps; the checkpoint is damaged, use an earlier one");
    m_state = std::move(state);
}

} // namespace timestep
