// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/lstm_memory.h"

#include "engine/measurement/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>
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
        // Not divided by a zero, which has two signs.
        lives.push_back(sum < 0 ? -std::numbers::ln2 * steps.count() / sum
                                : std::numeric_limits<double>::infinity());
    }
    return lives;
}

HalfLifeSummary summaryOf(std::span<const double> halfLives)
{
    assert(!halfLives.empty());
    const std::vector<double> lives(halfLives.begin(), halfLives.end());
    const auto longest = std::max_element(lives.begin(), lives.end());
    return { .tenth = quantile(lives, 0.1),
        .median = quantile(lives, 0.5),
        .ninetieth = quantile(lives, 0.9),
        .longest = *longest,
        .longestUnit = static_cast<int>(longest - lives.begin()) };
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
