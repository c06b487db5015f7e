// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/predictions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace timestep {

std::vector<Prediction> bestPredictions(std::span<const float> logits, int count)
{
    std::vector<TokenId> ids(logits.size());
    std::iota(ids.begin(), ids.end(), 0);
    const auto wanted = ids.begin() + std::clamp<std::ptrdiff_t>(count, 0, std::ssize(ids));
    std::partial_sort(ids.begin(), wanted, ids.end(), [&](TokenId a, TokenId b) {
        const float left = logits[static_cast<std::size_t>(a)];
        const float right = logits[static_cast<std::size_t>(b)];
        return left != right ? left > right : a < b;
    });

    std::vector<Prediction> best;
    if (wanted == ids.begin())
        return best;
    // Relative to the largest, so that no exponential overflows.
    const double largest = logits[static_cast<std::size_t>(ids.front())];
    double sum = 0;
    for (const float logit : logits)
        sum += std::exp(logit - largest);
    for (auto id = ids.begin(); id != wanted; ++id)
        best.push_back({ *id, std::exp(logits[static_cast<std::size_t>(*id)] - largest) / sum });
    return best;
}

} // namespace timestep
