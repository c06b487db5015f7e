// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/polled_multiply.h"

#include <algorithm>
#include <cstdint>

namespace timestep {

namespace {

// The reference kernels do some 10 GFLOP/s: half a millisecond, a tenth of what a poll may take.
constexpr std::int64_t flopsPerPoll = 5'000'000;

} // namespace

bool multiplyPolled(const Kernels& kernels, const Product& whole, const Worker& worker) noexcept
{
    const std::int64_t flopsOfElement = 2LL * std::max(whole.b.depth, 1);
    if (flopsOfElement * whole.rows * whole.columns <= flopsPerPoll) {
        kernels.multiply(whole);
        return !worker.stop.stop_requested();
    }
    // Whole panels for all rows where that is little enough, so that a panel is read once; else
    // fewer rows at a time.
    const std::int64_t flopsOfPanelRow = flopsOfElement * whole.b.panels.wide;
    const int rowsAtOnce = static_cast<int>(std::min<std::int64_t>(
        std::max<std::int64_t>(flopsPerPoll / flopsOfPanelRow / 8 * 8, 8), whole.rows));
    const Panels& panels = whole.b.panels;
    const int panelsAtOnce = static_cast<int>(
        std::max<std::int64_t>(1, flopsPerPoll / (flopsOfPanelRow * rowsAtOnce)));
    for (int column = 0; column < whole.columns;) {
        const int end = panels.begin(panels.at(whole.firstColumn + column) + panelsAtOnce)
            - whole.firstColumn;
        const int columns = std::min(end, whole.columns) - column;
        for (int row = 0; row < whole.rows; row += rowsAtOnce) {
            Product piece = whole;
            piece.a += row * whole.aStride;
            piece.c += row * whole.cStride + column;
            if (whole.start != nullptr)
                piece.start += row * whole.startStride + column;
            piece.firstColumn += column;
            piece.columns = columns;
            piece.rows = std::min(rowsAtOnce, whole.rows - row);
            kernels.multiply(piece);
            if (worker.stop.stop_requested())
                return false;
        }
        column += columns;
    }
    return true;
}

bool multiplyRowsPolled(const Kernels& kernels, const float* a, const PackedMatrix& b, int rows,
    float* c, const Worker& worker) noexcept
{
    Product p;
    p.a = a;
    p.aStride = static_cast<std::size_t>(b.depth());
    p.b = b.view();
    p.columns = b.columns();
    p.rows = rows;
    p.c = c;
    p.cStride = static_cast<std::size_t>(b.columns());
    return multiplyPolled(kernels, p, worker);
}

} // namespace timestep
