// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_image.h"

#include "engine/execution/pooled_affinities.h"
#include "ui/views/cells_under_pixels.h"

#include <algorithm>

namespace timestep {

namespace {

CellsUnderPixels cellsUnderPixels(const QRectF& cells, QSize pixels, int tokens)
{
    return { timestep::cellsUnderPixels(cells.top(), cells.height(), pixels.height(), tokens),
        timestep::cellsUnderPixels(cells.left(), cells.width(), pixels.width(), tokens) };
}

QImage transparent(QSize pixels)
{
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

/// `shares` (height, width): of the full colour.
QImage colored(const Matrix<float>& shares, const ColorScale& colors)
{
    QImage image
        = transparent({ static_cast<int>(shares.cols()), static_cast<int>(shares.rows()) });
    const auto width = shares.cols();
    for (Eigen::Index y = 0; y < shares.rows(); ++y) {
        const float* from = shares.row(y).data();
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(static_cast<int>(y)));
        for (Eigen::Index x = 0; x < width; ++x)
            if (from[x] >= 0)
                line[x] = colors.at(from[x]);
    }
    return image;
}

/// 1 ÷ each, or 0 where there is nothing to divide by.
std::vector<float> inverse(std::vector<float> shares)
{
    for (float& share : shares)
        share = share > 0 ? 1 / share : 0;
    return shares;
}

} // namespace

std::vector<float> fullColorShares(std::vector<float> largest, AffinityShading shading)
{
    if (shading == AffinityShading::Whole)
        std::fill(largest.begin(), largest.end(), 1.0F);
    // The first rows have few tokens to read and therefore large shares: they would dim all others.
    if (shading == AffinityShading::Head && !largest.empty())
        std::fill(largest.begin(), largest.end(),
            *std::max_element(largest.begin() + std::ssize(largest) / 2, largest.end()));
    return largest;
}

QImage affinityImage(const Affinities& affinities, HeadIndex head, const QRectF& cells,
    QSize pixels, const std::vector<float>& fullColor, const ColorScale& colors,
    const std::stop_token& stop)
{
    const auto shares
        = pooledAffinities(affinities, head, cellsUnderPixels(cells, pixels, affinities.tokens()),
            Pooling::Largest, inverse(fullColor), stop);
    return shares ? colored(*shares, colors) : QImage();
}

QImage scoreImage(const Affinities& affinities, HeadIndex head, const QRectF& cells, QSize pixels,
    ScorePairs pairs, float full, const ColorScale& colors, const std::stop_token& stop)
{
    const auto scores = pooledScores(
        affinities, head, cellsUnderPixels(cells, pixels, affinities.tokens()), pairs, stop);
    return scores ? scoresColored(*scores, full, colors) : QImage();
}

QImage scoresColored(const Matrix<float>& scores, float full, const ColorScale& colors)
{
    // Not a number is drawn by nobody, like what is less than 0 of a share.
    const float scale = full > 0 ? 0.5F / full : 0;
    return colored(scores.unaryExpr([scale](float score) {
        return std::isnan(score) ? nothingPooled : std::clamp(0.5F + score * scale, 0.0F, 1.0F);
    }),
        colors);
}

QImage affinityOverview(const AffinityStatistics& statistics, QSize pixels, AffinityShading shading,
    const ColorScale& colors)
{
    const bool byRow = shading == AffinityShading::Row;
    const Matrix<float>& overview = byRow ? statistics.overviewByRow : statistics.overview;
    const auto side = static_cast<int>(overview.rows());
    const auto cells = cellsUnderPixels(QRectF(0, 0, side, side), pixels, side);
    const std::vector<float> full = fullColorShares(statistics.largest, shading);
    const float scale = byRow || full.empty() ? 1 : inverse({ full.front() }).front();
    Matrix<float> shares(pixels.height(), pixels.width());
    for (int y = 0; y < pixels.height(); ++y)
        for (int x = 0; x < pixels.width(); ++x) {
            float largest = nothingPooled;
            for (int row = cells.lines[y].begin; row < cells.lines[y].end; ++row)
                for (int column = cells.columns[x].begin; column < cells.columns[x].end; ++column)
                    largest = std::max(largest, overview(row, column));
            shares(y, x) = largest < 0 ? nothingPooled : largest * scale;
        }
    return colored(shares, colors);
}

} // namespace timestep
