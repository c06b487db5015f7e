// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_image.h"

#include "ui/views/cells_under_pixels.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace timestep {

namespace {

/// Brings columns of values down to columns of pixels.
class ColumnPooler
{
public:
    ColumnPooler(const Matrix<float>& values, const std::vector<int>& unitOfRow, int pixels)
        : m_values(values)
        , m_unitOfRow(unitOfRow)
        , m_rows(cellsUnderPixels(0, double(unitOfRow.size()), pixels, int(unitOfRow.size())))
        , m_sums(unitOfRow.size())
    {
    }

    /// means (height): of the values of some steps under each pixel.
    void pool(IndexRange steps, std::vector<float>& means)
    {
        std::fill(m_sums.begin(), m_sums.end(), 0.0F);
        for (int step = steps.begin; step < steps.end; ++step) {
            const float* row = m_values.row(step).data();
            for (std::size_t unit = 0; unit < m_sums.size(); ++unit)
                m_sums[unit] += row[unit]; // in the order of the memory
        }
        for (std::size_t pixel = 0; pixel < m_rows.size(); ++pixel) {
            const IndexRange rows = m_rows[pixel];
            float sum = 0;
            for (int row = rows.begin; row < rows.end; ++row)
                sum += m_sums[static_cast<std::size_t>(m_unitOfRow[static_cast<std::size_t>(row)])];
            means[pixel] = sum / static_cast<float>(rows.count() * steps.count());
        }
    }

private:
    const Matrix<float>& m_values; // (T, H)
    const std::vector<int>& m_unitOfRow;
    const std::vector<IndexRange> m_rows; // under each pixel
    std::vector<float> m_sums; // (H), over some steps
};

QRgb colorOf(const ColorScale& colors, bool bothSigns, float share)
{
    return bothSigns ? colors.ofSigned(share) : colors.at(share);
}

} // namespace

const ColorScale& lstmColors(LstmQuantity quantity, bool dark)
{
    return isSigned(quantity) ? ColorScale::violetToOrange(dark) : ColorScale::orange(dark);
}

QRgb lstmColor(const LstmPicture& picture, LstmQuantity quantity, float value, bool dark)
{
    return colorOf(
        lstmColors(quantity, dark), isSigned(quantity), value / picture.fullColorOf(quantity));
}

QImage lstmImage(const LstmPicture& picture, LstmQuantity quantity, const TokenAxis& axis,
    QSize pixels, bool dark, const std::stop_token& stop)
{
    QImage image(pixels, QImage::Format_RGB32);
    const ColorScale& colors = lstmColors(quantity, dark);
    const bool bothSigns = isSigned(quantity);
    const float scale = 1 / picture.fullColorOf(quantity);
    const auto columns
        = cellsUnderPixels(axis.first(), axis.extent(), pixels.width(), picture.tokens());
    ColumnPooler pooler(picture.values(quantity), picture.unitOfRow, pixels.height());
    std::vector<float> column(static_cast<std::size_t>(pixels.height()));
    const qsizetype stride = image.bytesPerLine() / qsizetype(sizeof(QRgb));
    auto* const bits = reinterpret_cast<QRgb*>(image.bits());
    for (int x = 0; x < pixels.width(); ++x) {
        if (stop.stop_requested())
            return {};
        if (x > 0 && columns[x] == columns[x - 1]) { // a token that is wider than a pixel
            for (int y = 0; y < pixels.height(); ++y)
                bits[y * stride + x] = bits[y * stride + x - 1];
            continue;
        }
        pooler.pool(columns[x], column);
        for (int y = 0; y < pixels.height(); ++y)
            bits[y * stride + x] = colorOf(colors, bothSigns, column[y] * scale);
    }
    return image;
}

} // namespace timestep
