// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/attention_mask.h"

namespace timestep {

namespace {

/// 1 + 2 + … + count; 0 where there are none.
double triangle(double count) { return count > 0 ? count * (count + 1) / 2 : 0; }

} // namespace

double AttentionMask::pairs(IndexRange queries, int keys) const
{
    const double length = keys;
    // A window as long as the text hides nothing.
    const double reach = window > 0 ? std::min(window, keys) : keys;
    // Of the first n queries: all pairs up to themselves less those too far back.
    const auto back = [reach](double n) { return triangle(n) - triangle(n - reach); };
    // What is ahead: all within reach, less what would lie beyond the last key.
    const auto ahead
        = [reach, length](double n) { return n * (reach - 1) - triangle(n - 1 + reach - length); };
    const auto all = [&](double n) { return causal ? back(n) : back(n) + ahead(n); };
    return all(queries.end) - all(queries.begin);
}

} // namespace timestep
