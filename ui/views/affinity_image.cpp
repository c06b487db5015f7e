// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_image.h"

#include "engine/execution/operation.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr float Nothing = -1; // below any share: no cell of the pixel is drawn

/// Cells [begin, end) under each of `pixels` pixels of a side, cut to the matrix.
std::vector<IndexRange> cellsUnderPixels(double first, double extent, int pixels, int tokens)
{
    std::vector<IndexRange> ranges(pixels);
    const double step = extent / pixels;
    for (int pixel = 0; pixel < pixels; ++pixel) {
        const double left = first + pixel * step;
        const bool several = step > 1;
        const double begin = std::floor(several ? left : left + step / 2);
        const double end = several ? std::ceil(left + step) : begin + 1;
        ranges[pixel] = { static_cast<int>(std::clamp(begin, 0.0, double(tokens))),
            static_cast<int>(std::clamp(end, 0.0, double(tokens))) };
    }
    return ranges;
}

int readableTokens(int row, int tokens, bool causal) { return causal ? row + 1 : tokens; }

} // namespace

std::vector<float> fullColorShares(
    const Matrix<float>& affinity, bool causal, AffinityShading shading)
{
    const int tokens = static_cast<int>(affinity.rows());
    std::vector<float> largest(tokens);
    for (int row = 0; row < tokens; ++row)
        largest[row] = affinity.row(row).head(readableTokens(row, tokens, causal)).maxCoeff();
    if (shading == AffinityShading::Whole)
        std::fill(largest.begin(), largest.end(), 1.0F);
    // The first rows have few tokens to read and therefore large shares: they would dim all others.
    if (shading == AffinityShading::Head && tokens > 0)
        std::fill(largest.begin(), largest.end(),
            *std::max_element(largest.begin() + tokens / 2, largest.end()));
    return largest;
}

QImage affinityImage(const Matrix<float>& affinity, bool causal, const QRectF& cells, QSize pixels,
    const std::vector<float>& fullColor, const ColorScale& colors)
{
    const int tokens = static_cast<int>(affinity.rows());
    QImage image(pixels, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    if (pixels.isEmpty())
        return image;
    const auto columns = cellsUnderPixels(cells.left(), cells.width(), pixels.width(), tokens);
    const auto rows = cellsUnderPixels(cells.top(), cells.height(), pixels.height(), tokens);

    // First the rows under a line of pixels are joined cell by cell (one pass over contiguous
    // memory), then the columns under each pixel.
    std::vector<float> joined(tokens);
    IndexRange joinedRows;
    for (int y = 0; y < pixels.height(); ++y) {
        if (rows[y].count() == 0)
            continue;
        if (y > 0 && rows[y] == joinedRows) {
            std::copy_n(image.constScanLine(y - 1), image.bytesPerLine(), image.scanLine(y));
            continue;
        }
        joinedRows = rows[y];
        std::fill(joined.begin(), joined.end(), Nothing);
        for (int row = joinedRows.begin; row < joinedRows.end; ++row) {
            const float* shares = affinity.row(row).data();
            const int end = std::min(readableTokens(row, tokens, causal), columns.back().end);
            const float scale = fullColor[row] > 0 ? 1 / fullColor[row] : 0;
            for (int column = columns.front().begin; column < end; ++column)
                joined[column] = std::max(joined[column], shares[column] * scale);
        }
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < pixels.width(); ++x) {
            float largest = Nothing;
            for (int column = columns[x].begin; column < columns[x].end; ++column)
                largest = std::max(largest, joined[column]);
            if (largest >= 0)
                line[x] = colors.at(largest);
        }
    }
    return image;
}

} // namespace timestep
