// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/next_token.h"

#include "engine/model/random_stream.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

namespace timestep {

namespace {

/// Initial weights take the streams of a seed from 0 on, training those from 2^32 on.
constexpr std::uint64_t stream = std::uint64_t { 1 } << 33;

} // namespace

TokenId chooseToken(std::span<const float> logits, const TokenChoice& choice, std::uint64_t place)
{
    assert(!logits.empty() && choice.temperature >= 0);
    const auto largest = std::max_element(logits.begin(), logits.end()); // the first of equals
    if (choice.temperature == 0)
        return static_cast<TokenId>(largest - logits.begin());

    std::vector<double> upTo(logits.size()); // Σ weights of ids 0 … id
    double sum = 0;
    for (std::size_t id = 0; id < logits.size(); ++id) {
        sum += std::exp((double { logits[id] } - *largest) / choice.temperature);
        upTo[id] = sum;
    }
    const double share
        = static_cast<double>(RandomStream(choice.seed, stream).bits(place) >> 11) * 0x1p-53;
    auto drawn = std::upper_bound(upTo.begin(), upTo.end(), share * sum);
    if (drawn == upTo.end()) // a share just below 1 may round up to the sum itself
        drawn = std::lower_bound(upTo.begin(), upTo.end(), sum);
    return static_cast<TokenId>(drawn - upTo.begin());
}

} // namespace timestep
