// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QRect>
#include <QSize>

#include <array>
#include <optional>
#include <utility>
#include <vector>

namespace timestep {

/// A tier of a cell as the layout sees it.
struct StepsTierShape
{
    int parts = 1; // side by side
    bool thin = false; // a bar above the larger tiers
};

/// The strips of one model as the layout sees them.
struct StepsStrips
{
    int subBatches = 0; // S
    std::vector<std::vector<StepsTierShape>> layers; // strips of one sub-batch, tiers from the top
    std::vector<int> tailParts; // of the one tier of each column after the steps

    int layerCount() const { return int(layers.size()); }
    const std::vector<StepsTierShape>& tiersOf(int strip) const
    {
        return layers[std::size_t(strip) % layers.size()];
    }
};

/// What decides the geometry. Lengths in pixels.
struct StepsLayoutInput
{
    QSize size; // of the picture
    int steps = 0; // T
    int tails = 0; // columns after the steps
    std::array<StepsStrips, 2> models; // LSTM, attention
    int lineHeight = 17; // of the interface font
    int rowLabelWidth = 80;
    int tokenLabelWidth = 40; // of the widest one
    int cornerHeight = 0; // of the words left of the token labels
    bool wholeText = false; // all steps at once, if need be several to a cell
};

/// What is scrolled to.
struct StepsView
{
    int scrollX = 0; // pixels
    int firstSubBatch = 0;
    int pinnedColumn = -1; // stays in view at the edge it would leave by
};

/// A part of a picture: model (0 LSTM, 1 attention), strip of it, column, tier and part in the
/// cell.
struct StepsSpot
{
    int model = 0;
    int strip = 0;
    int column = 0;
    int tier = 0;
    int part = 0;
    bool operator==(const StepsSpot&) const = default;
};

/// Where everything in the Steps picture lies: columns of cells that scroll sideways between fixed
/// row labels and under fixed token labels, and the same sub-batches of both models above each
/// other.
class StepsLayout
{
public:
    StepsLayout() = default;
    explicit StepsLayout(const StepsLayoutInput& input);

    int stepsPerCell() const { return m_stepsPerCell; }
    int columns() const { return m_columns; }
    int columnOf(int step) const; // also of what follows the steps: T, T + 1 …
    int firstStep(int column) const;
    int lastStep(int column) const; // inclusive
    bool isTail(int column) const { return column >= m_columns - m_input.tails; }
    /// Whether the cells of a column hold several steps.
    bool grouped(int column) const { return m_stepsPerCell > 1 && !isTail(column); }

    int columnPitch() const { return m_columnPitch; }
    int cellWidth() const { return m_columnPitch - m_columnGap; }
    int columnGap() const { return m_columnGap; } // room for an arrow
    int stripPitch() const { return m_stripPitch; }
    int cellHeight() const { return m_stripPitch - m_stripGap; }
    bool slantedLabels() const { return m_slantedLabels; }
    double labelAngle() const { return m_labelAngle; } // of slanted labels, radians
    int labelStride() const { return m_labelStride; } // every how many columns a label fits

    QRect columnsArea() const; // where columns show, from the token labels down
    QRect tokenLabelsRect() const;
    QRect cornerRect() const; // left of the token labels
    QRect titleRect(int model) const;
    QRect stripsRect(int model) const; // all strips of a model that show
    QRect rowLabelRect(int model, int subBatch, const StepsView& view) const;

    int visibleSubBatches() const { return m_visibleSubBatches; }
    int lastScrollX() const; // largest scrollX; 0: everything fits
    int lastFirstSubBatch() const; // largest firstSubBatch
    int contentHeight() const { return m_contentHeight; }
    /// At which one sub-batch of each model is legible, however many layers and tiers it has.
    int leastHeight() const { return m_leastHeight; }
    /// At which all sub-batches of both are.
    int leastWholeHeight() const { return m_leastWholeHeight; }
    /// The first sub-batch of a model that shows; a model with fewer sub-batches scrolls less.
    int firstShown(int model, const StepsView& view) const;
    /// The pinned column is scrolled away and stands at an edge, where its neighbours are not its
    /// own.
    bool pinDetached(const StepsView& view) const;
    /// The detached column with the gap that parts it from the others, at all heights.
    QRect detachedRect(const StepsView& view) const;
    int shown(int model) const; // sub-batches of a model that show

    int columnLeft(int column, const StepsView& view) const;
    /// First and last column that show at least in part; last < first where there is none.
    std::pair<int, int> visibleColumns(const StepsView& view) const;
    /// The scrollX nearest to the view's at which the column shows in full.
    int scrollToColumn(int column, const StepsView& view) const;

    bool stripShows(int model, int strip, const StepsView& view) const;
    int stripTop(int model, int strip, const StepsView& view) const;
    QRect cellRect(int model, int strip, int column, const StepsView& view) const;
    /// A tier's place in a strip's cell, relative to the cell's corner.
    QRect tierRect(int model, int strip, int column, int tier) const;
    /// One of a tier's parts, relative to the cell's corner.
    QRect partRect(int model, int strip, int column, int tier, int part) const;

    /// The part of a cell under the point; between cells: none.
    std::optional<StepsSpot> spotAt(const QPoint& point, const StepsView& view) const;

private:
    void layOutColumns();
    void layOutLabels();
    void layOutStrips();
    int subBatchHeight(int model) const;
    int partsOf(int model, int strip, int column, int tier) const;
    StepsSpot spotInCell(StepsSpot spot, const QPoint& point) const;

    StepsLayoutInput m_input;
    int m_left = 0; // of the columns
    int m_right = 0;
    int m_stepsPerCell = 1;
    int m_columns = 0;
    int m_columnPitch = 1;
    int m_columnGap = 0;
    int m_labelsHeight = 0;
    bool m_slantedLabels = false;
    double m_labelAngle = 0;
    int m_labelStride = 1;
    int m_titleHeight = 0;
    int m_stripPitch = 1;
    int m_stripGap = 0;
    int m_subBatchGap = 0; // below the layers of a sub-batch
    int m_visibleSubBatches = 0;
    std::array<int, 2> m_groupTop {};
    int m_contentHeight = 0;
    int m_leastHeight = 0;
    int m_leastWholeHeight = 0;
};

} // namespace timestep
