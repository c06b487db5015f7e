// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_image.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace timestep {

namespace {

constexpr float Nothing = -1; // below any share

float largestOfLaterHalf(const ModelInfluence& influence)
{
    float largest = 0;
    for (std::size_t row = influence.rows.size() / 2; row < influence.rows.size(); ++row)
        largest = std::max(largest, influence.rows[row].largest);
    return largest;
}

/// The largest share of each token among the rows.
std::vector<float> joined(const ModelInfluence& influence, IndexRange rows)
{
    std::vector<float> largest(influence.rows.size(), Nothing);
    for (int row = rows.begin; row < rows.end; ++row) {
        const std::vector<float>& shares = influence.rows[static_cast<std::size_t>(row)].shares;
        std::transform(shares.begin(), shares.end(), largest.begin(), largest.begin(),
            [](float share, float before) { return std::max(share, before); });
    }
    return largest;
}

} // namespace

IndexRange InfluenceGrid::cellsUnder(int pixel) const
{
    if (tokens > pixels)
        return { pixel * tokens / pixels, ((pixel + 1) * tokens + pixels - 1) / pixels };
    const int cell = (2 * pixel + 1) * tokens / (2 * pixels);
    return { cell, cell + 1 };
}

IndexRange InfluenceGrid::pixelsOf(int cell) const
{
    if (tokens > pixels)
        return { cell * pixels / tokens, ((cell + 1) * pixels + tokens - 1) / tokens };
    const auto firstWithin
        = [this](int edge) { return (2 * edge * pixels + tokens - 1) / (2 * tokens); };
    return { firstWithin(cell), firstWithin(cell + 1) };
}

double fullColorInfluence(const ModelInfluence& lstm, const ModelInfluence& attention)
{
    const double largest = std::max(largestOfLaterHalf(lstm), largestOfLaterHalf(attention));
    if (!(largest > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(largest)));
    for (const double step : { 1.0, 2.0, 5.0 }) {
        if (largest <= step * power * (1 + 1e-6)) // shares are floats
            return step * power;
    }
    return 10 * power;
}

void drawInfluenceLine(const ModelInfluence& influence, const InfluenceGrid& grid, int pixelRow,
    double fullColor, const ColorScale& colors, std::span<QRgb> line)
{
    const std::vector<float> shares = joined(influence, grid.cellsUnder(pixelRow));
    for (int pixel = 0; pixel < grid.pixels; ++pixel) {
        const IndexRange cells = grid.cellsUnder(pixel);
        const float largest
            = *std::max_element(shares.begin() + cells.begin, shares.begin() + cells.end);
        line[static_cast<std::size_t>(pixel)]
            = largest == Nothing ? QRgb {} : colors.at(largest / fullColor);
    }
}

} // namespace timestep
