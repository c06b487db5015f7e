// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/model/matrix.h"

#include <optional>
#include <span>
#include <stop_token>
#include <vector>

namespace timestep {

/// The cells of a head's matrix under the lines and the columns of an image, ascending. Ranges may
/// overlap, where pixels share a cell, and be empty, where a pixel lies beyond the matrix.
struct CellsUnderPixels
{
    std::vector<IndexRange> lines; // queries, one range for each pixel down
    std::vector<IndexRange> columns; // keys, one range for each pixel across
};

enum class Pooling
{
    Largest,
    Mean
};

/// What pixels get under which all cells are masked, or none lie: less than any share.
inline constexpr float nothingPooled = -1;

/// Brings a matrix down to an image, tile by tile in any order: each pixel gets the largest share
/// of its cells, or the mean of those that are not masked.
class AffinityPooler
{
public:
    AffinityPooler(const Affinities& affinities, CellsUnderPixels cells, Pooling pooling);

    void add(const AffinityTile& tile);
    Matrix<float> pixels() const; // (lines, columns)

private:
    int cellsUnder(std::size_t line, std::size_t column) const; // that are not masked

    const Affinities& m_affinities;
    const CellsUnderPixels m_cells;
    const Pooling m_pooling;
    Matrix<float> m_pooled; // (lines, columns): largest so far, or sums
    std::vector<float> m_joined; // the cells under a line of pixels, column by column
};

/// A part of a head's matrix as an image. Never more than a tile of it exists at once. Empty when
/// stopped, which is asked at every tile.
/// `scale`: what the shares of each query are multiplied by first (T), or empty.
std::optional<Matrix<float>> pooledAffinities(const Affinities& affinities, HeadIndex head,
    CellsUnderPixels cells, Pooling pooling, std::span<const float> scale = {},
    const std::stop_token& stop = {});

} // namespace timestep
