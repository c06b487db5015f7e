// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/training_progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>
#include <unistd.h>

namespace timestep {

namespace {

constexpr std::int64_t meanSteps = 20;

std::string withDecimals(double value, int decimals)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", decimals, value);
    return text;
}

/// 12345 as 12,345.
std::string grouped(double value)
{
    std::string text = withDecimals(std::floor(value), 0);
    for (std::size_t place = text.size(); place > 3; place -= 3)
        text.insert(place - 3, 1, ',');
    return text;
}

} // namespace

std::string durationText(double seconds)
{
    const auto whole = static_cast<long long>(std::max(seconds, 0.0));
    char text[64];
    if (whole >= 3600)
        std::snprintf(
            text, sizeof text, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
    else
        std::snprintf(text, sizeof text, "%lld:%02lld", whole / 60, whole % 60);
    return text;
}

TrainingProgress::TrainingProgress(
    std::int64_t steps, std::int64_t stepsDone, std::int64_t tokensOfStep)
    : m_watched(isatty(STDERR_FILENO) == 1)
    , m_steps(steps)
    , m_tokensOfStep(tokensOfStep)
{
    if (stepsDone > 0 && m_watched)
        std::cerr << "going on after step " << stepsDone << '\n';
}

void TrainingProgress::show(const TrainingStep& step, std::optional<double> heldOutLoss)
{
    // A mean of all while they are fewer than it reaches back.
    const double share = 1.0 / static_cast<double>(std::min(++m_taken, meanSteps));
    m_meanLoss += share * (step.loss - m_meanLoss);
    m_secondsOfStep += share * (step.seconds - m_secondsOfStep);
    if (heldOutLoss)
        m_heldOutLoss = heldOutLoss;
    if (step.consolidation) {
        const double one = 1.0 / static_cast<double>(++m_traced);
        m_bytesMoved += one * (static_cast<double>(step.consolidation->bytesMoved) - m_bytesMoved);
        m_consolidationShare += one * (step.consolidation->share - m_consolidationShare);
    }
    const Clock::time_point now = Clock::now();
    constexpr std::chrono::milliseconds often(100);
    if (!m_watched || (now - m_shown < often && step.number < m_steps))
        return;
    m_shown = now;
    const double left = static_cast<double>(m_steps - step.number) * m_secondsOfStep;
    std::cerr << "\rstep " << step.number << " of " << m_steps << "  loss "
              << withDecimals(m_meanLoss, 3)
              << (m_heldOutLoss ? " (held out " + withDecimals(*m_heldOutLoss, 3) + ")" : "")
              << "  " << grouped(static_cast<double>(m_tokensOfStep) / m_secondsOfStep)
              << " tokens/s  " << durationText(left) << " left\x1b[K" << std::flush;
}

void TrainingProgress::finish()
{
    if (m_watched && m_taken > 0)
        std::cerr << '\n';
    m_shown = Clock::now();
}

std::optional<double> TrainingProgress::meanLoss() const
{
    return m_taken < meanSteps ? std::nullopt : std::optional(m_meanLoss);
}

double TrainingProgress::seconds() const
{
    return std::chrono::duration<double>(Clock::now() - m_begin).count();
}

std::string TrainingProgress::summary() const
{
    std::string text = std::to_string(m_taken) + (m_taken == 1 ? " step" : " steps") + " in "
        + durationText(seconds());
    if (m_taken > 0)
        text += ", loss " + withDecimals(m_meanLoss, 3) + ", "
            + grouped(static_cast<double>(m_tokensOfStep) / m_secondsOfStep) + " tokens/s";
    if (m_heldOutLoss)
        text += ", held out " + withDecimals(*m_heldOutLoss, 3);
    if (m_bytesMoved > 0)
        text += ", consolidating " + withDecimals(100 * m_consolidationShare, 1)
            + " % of a step and " + withDecimals(m_bytesMoved / 1e6, 1) + " MB moved";
    return text;
}

} // namespace timestep
