// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_statistics.h"

#include "engine/kernels/aligned_floats.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace timestep {

namespace {

constexpr int OverviewSide = 256; // pixels; the largest thumbnails need a hundred or two

// Some whole rows at a time, 512 KiB of shares: in the second-level cache, and done in a fraction
// of a millisecond.
constexpr int BandCells = 1 << 17;
constexpr int MostRows = 32;

/// In bits, of `count` shares whose logarithms to base 2 are known.
double entropy(const float* shares, const float* logarithms, int count)
{
    constexpr int lanes = 8; // sums that do not wait for each other
    double sums[lanes] = {};
    const auto term
        = [&](int key) { return shares[key] > 0 ? double(shares[key]) * logarithms[key] : 0; };
    int key = 0;
    for (; key + lanes <= count; key += lanes)
        for (int lane = 0; lane < lanes; ++lane)
            sums[lane] -= term(key + lane);
    for (; key < count; ++key)
        sums[0] -= term(key);
    double sum = 0;
    for (const double part : sums)
        sum += part;
    return sum;
}

/// What each token would be read if every row spread evenly over what it may read. (T)
std::vector<double> evenlyReceived(const Affinities& affinities)
{
    const int tokens = affinities.tokens();
    std::vector<double> fromRowOn(tokens + 1, 0); // what that row and all after it would give
    for (int row = tokens - 1; row >= 0; --row)
        fromRowOn[row] = fromRowOn[row + 1] + 1.0 / affinities.seenBy(row).count();
    std::vector<double> even(tokens);
    for (int token = 0; token < tokens; ++token) {
        const IndexRange rows = affinities.mask().queriesSeeing(token, tokens);
        even[token] = fromRowOn[rows.begin] - fromRowOn[rows.end];
    }
    return even;
}

void takeRow(const Affinities& affinities, int row, const float* shares, const float* logarithms,
    AffinityStatistics& statistics)
{
    const IndexRange readable = affinities.seenBy(row);
    statistics.largest[row] = *std::max_element(shares + readable.begin, shares + readable.end);
    if (readable.count() > 1)
        statistics.spread[row]
            = entropy(shares + readable.begin, logarithms + readable.begin, readable.count())
            / std::log2(double(readable.count()));
    double* received = statistics.received.data();
    for (int key = readable.begin; key < readable.end; ++key)
        received[key] += shares[key];
}

} // namespace

CellsUnderPixels overviewCells(int tokens)
{
    const std::int64_t side = std::min(tokens, OverviewSide);
    std::vector<IndexRange> ranges;
    for (std::int64_t pixel = 0; pixel < side; ++pixel)
        ranges.push_back({ static_cast<int>(pixel * tokens / side),
            static_cast<int>(((pixel + 1) * tokens + side - 1) / side) });
    return { ranges, ranges };
}

AffinityStatisticsPointer affinityStatistics(const Affinities& affinities, HeadIndex head,
    std::span<const TokenId> ids, const std::stop_token& stop)
{
    const int tokens = affinities.tokens();
    auto statistics = std::make_shared<AffinityStatistics>();
    statistics->largest.resize(tokens);
    statistics->spread.assign(tokens, std::numeric_limits<double>::quiet_NaN());
    statistics->received.assign(tokens, 0);
    AffinityPooler overview(affinities, overviewCells(tokens), Pooling::Largest);
    AffinityPooler overviewByRow(affinities, overviewCells(tokens), Pooling::Largest);

    HeadFigures figures; // sums
    const int rows = std::clamp(BandCells / std::max(tokens, 1), 1, MostRows);
    const auto stride = static_cast<std::size_t>(tokens);
    AlignedFloats shares(rows * stride);
    AlignedFloats logarithms(rows * stride);
    for (int row = 0; row < tokens; row += rows) {
        if (stop.stop_requested())
            return nullptr;
        const AffinityTile band { { row, std::min(row + rows, tokens) }, { 0, tokens },
            shares.data(), stride, logarithms.data() };
        affinities.read(head, band);
        overview.add(band);
        for (int reader = row; reader < band.queries.end; ++reader) {
            float* own = shares.data() + (reader - row) * stride;
            takeRow(
                affinities, reader, own, logarithms.data() + (reader - row) * stride, *statistics);
            if (!ids.empty())
                addPosition(figures, ids, reader, affinities.seenBy(reader), own);
            const float largest = statistics->largest[reader];
            const float scale = largest > 0 ? 1 / largest : 0;
            const IndexRange seen = affinities.seenBy(reader);
            for (int key = seen.begin; key < seen.end; ++key)
                own[key] *= scale;
        }
        overviewByRow.add(band);
    }
    const std::vector<double> even = evenlyReceived(affinities);
    for (int token = 0; token < tokens; ++token)
        statistics->received[token] /= even[token];
    for (const double spread : statistics->spread)
        if (!std::isnan(spread)) {
            figures.spread.score += spread;
            figures.spread.even += 1;
            ++figures.spread.positions;
        }
    statistics->figures = meanOf(figures);
    statistics->overview = overview.pixels();
    statistics->overviewByRow = overviewByRow.pixels();
    return statistics;
}

} // namespace timestep
