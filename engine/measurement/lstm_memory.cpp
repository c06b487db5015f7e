// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/lstm_memory.h"

#include "engine/measurement/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <iterator>
#include <limits>
#include <numbers>
#include <numeric>

namespace timestep {

namespace {

using Products = Eigen::Array<double, 1, Eigen::Dynamic, Eigen::RowMajor>; // (H)

Products writtenAt(const GateRecording& gates, int step)
{
    return gates.input.row(step).cast<double>().array()
        * gates.candidate.row(step).cast<double>().array();
}

/// Of gates whose logarithms have this sum.
double halfLife(double sum, int steps)
{
    // Not divided by a zero, which has two signs.
    return sum < 0 ? -std::numbers::ln2 * steps / sum : std::numeric_limits<double>::infinity();
}

double ratio(double part, double whole) { return whole > 0 ? part / whole : 0; }

} // namespace

std::vector<double> halfLives(const Matrix<float>& forget, IndexRange steps)
{
    assert(steps.begin >= 0 && steps.count() > 0 && steps.end <= forget.rows());
    std::vector<double> lives;
    for (Eigen::Index unit = 0; unit < forget.cols(); ++unit) {
        double sum = 0;
        for (int step = steps.begin; step < steps.end; ++step)
            sum += std::log(static_cast<double>(forget(step, unit)));
        lives.push_back(halfLife(sum, steps.count()));
    }
    return lives;
}

std::vector<double> halfLivesOfComputed(
    const Matrix<float>& forget, const LstmIntervention& intervention, int layer)
{
    std::vector<double> lives;
    for (int unit = 0; unit < static_cast<int>(forget.cols()); ++unit) {
        double sum = 0;
        int computed = 0;
        for (int step = 0; step < static_cast<int>(forget.rows()); ++step) {
            if (intervention.forgetGate(layer, step, unit))
                continue;
            sum += std::log(static_cast<double>(forget(step, unit)));
            ++computed;
        }
        lives.push_back(computed > 0 ? halfLife(sum, computed) : std::nan(""));
    }
    return lives;
}

HalfLifeSummary summaryOf(std::span<const double> halfLives)
{
    assert(!halfLives.empty());
    std::vector<double> lives;
    std::copy_if(halfLives.begin(), halfLives.end(), std::back_inserter(lives),
        [](double life) { return !std::isnan(life); });
    if (lives.empty()) {
        const double none = std::nan("");
        return { .tenth = none, .median = none, .ninetieth = none, .longest = none };
    }
    const double longest = *std::max_element(lives.begin(), lives.end());
    const auto unit = std::find(halfLives.begin(), halfLives.end(), longest);
    return { .tenth = quantile(lives, 0.1),
        .median = quantile(lives, 0.5),
        .ninetieth = quantile(lives, 0.9),
        .longest = longest,
        .longestUnit = static_cast<int>(unit - halfLives.begin()) };
}

CellContent cellContent(const GateRecording& gates, int t)
{
    assert(t >= 0 && t < gates.forget.rows());
    const auto steps = static_cast<std::size_t>(t) + 1;
    CellContent content { .written = Matrix<float>(t + 1, gates.forget.cols()),
        .share = std::vector<double>(steps),
        .kept = std::vector<double>(steps) };
    Products faded = Products::Ones(gates.forget.cols()); // Π_{k=i+1…t} f_k
    for (int i = t; i >= 0; --i) {
        const Products written = writtenAt(gates, i);
        const Products left = written * faded;
        const double sum = left.abs().sum();
        content.written.row(i) = left.cast<float>();
        content.share[static_cast<std::size_t>(i)] = sum;
        content.kept[static_cast<std::size_t>(i)] = ratio(sum, written.abs().sum());
        faded *= gates.forget.row(i).cast<double>().array();
    }
    const double all = std::accumulate(content.share.begin(), content.share.end(), 0.0);
    for (double& share : content.share)
        share = ratio(share, all);
    return content;
}

Retention retention(const GateRecording& gates, int i)
{
    assert(i >= 0 && i < gates.forget.rows());
    Retention result { .step = i, .kept = {} };
    Products left = writtenAt(gates, i).abs();
    const double written = left.sum();
    result.kept.push_back(ratio(written, written));
    for (int t = i + 1; t < static_cast<int>(gates.forget.rows()); ++t) {
        left *= gates.forget.row(t).cast<double>().array();
        const double kept = ratio(left.sum(), written);
        const double lost = result.kept.back() - kept;
        if (lost > result.lost) {
            result.lost = lost;
            result.lostAt = t;
        }
        result.kept.push_back(kept);
    }
    return result;
}

} // namespace timestep
