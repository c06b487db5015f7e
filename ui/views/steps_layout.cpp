// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_layout.h"

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr int rightMargin = 12;
constexpr int bottomMargin = 8;

// Sizes in lines of text, so that the picture grows with the font.
constexpr double widestColumn = 6.4;
constexpr double narrowestColumn = 1.7; // a worker's number of three digits is still legible
constexpr double narrowestOverviewColumn = 0.5;
constexpr double tallestStrip = 4.4;
constexpr double lowestStrip = 1.1; // two tiers, and a number in the lower one
constexpr double lowestOfAll = 0.8; // where all fit then: the number reaches over both tiers
constexpr double lowestLayer = 1.0;
constexpr double lowestOverviewStrip = 0.4;
constexpr int thinWeight = 2; // of a bar in the height of its cell
constexpr int largeWeight = 5;
constexpr int usualWeight = thinWeight + largeWeight; // what the heights above are for
constexpr double detachedGap = 1.0; // beside a pinned column that is scrolled away
constexpr double slantedSpacing = 1.0; // between the base lines of slanted labels

constexpr double flattestLabel = 0.45; // radians
constexpr double steepestLabel = 1.0;

int pixels(double lines, int lineHeight)
{
    return std::max(1, int(std::lround(lines * lineHeight)));
}

int weightOf(const StepsTierShape& tier) { return tier.thin ? thinWeight : largeWeight; }

/// Of the cell with the most tiers, as a multiple of the usual one.
double heaviestCell(const std::array<StepsStrips, 2>& models)
{
    int heaviest = usualWeight;
    for (const StepsStrips& strips : models) {
        for (const auto& tiers : strips.layers) {
            int weight = 0;
            for (const StepsTierShape& tier : tiers)
                weight += weightOf(tier);
            heaviest = std::max(heaviest, weight);
        }
    }
    return double(heaviest) / usualWeight;
}

} // namespace

StepsLayout::StepsLayout(const StepsLayoutInput& input)
    : m_input(input)
{
    m_left = input.rowLabelWidth;
    m_right = std::max(m_left + 1, input.size.width() - rightMargin);
    m_titleHeight = pixels(1.3, input.lineHeight);
    layOutColumns();
    layOutLabels();
    layOutStrips();
}

void StepsLayout::layOutColumns()
{
    const int line = m_input.lineHeight;
    const int available = m_right - m_left;
    const int narrowest
        = pixels(m_input.wholeText ? narrowestOverviewColumn : narrowestColumn, line);
    const int steps = std::max(0, m_input.steps);
    if (m_input.wholeText) {
        const int mostColumns = std::max(1, available / narrowest - m_input.tails);
        m_stepsPerCell = std::max(1, (steps + mostColumns - 1) / mostColumns);
    }
    m_columns = (steps + m_stepsPerCell - 1) / m_stepsPerCell + m_input.tails;
    m_columnPitch
        = std::clamp(available / std::max(1, m_columns), narrowest, pixels(widestColumn, line));
    m_columnGap = std::clamp(int(std::lround(m_columnPitch * 0.22)), 1, line);
}

void StepsLayout::layOutLabels()
{
    const int line = m_input.lineHeight;
    m_slantedLabels = m_input.tokenLabelWidth > m_columnPitch - 4;
    m_labelStride = 1;
    m_labelsHeight = std::max(pixels(1.4, line), m_input.cornerHeight);
    if (!m_slantedLabels)
        return;
    const double spacing = slantedSpacing * line / std::sin(steepestLabel);
    m_labelStride = std::max(1, int(std::ceil(spacing / m_columnPitch)));
    // As flat as neighbours allow: flat labels are easier to read, and lower.
    const double sine = slantedSpacing * line / (m_columnPitch * m_labelStride);
    m_labelAngle = std::clamp(std::asin(std::min(1.0, sine)), flattestLabel, steepestLabel);
    const int wanted = int(std::ceil(m_input.tokenLabelWidth * std::sin(m_labelAngle))) + line;
    const int most = std::max(m_labelsHeight, m_input.size.height() / 4);
    m_labelsHeight = std::clamp(wanted, m_labelsHeight, most);
}

int StepsLayout::subBatchHeight(int model) const
{
    return m_input.models[std::size_t(model)].layerCount() * m_stripPitch + m_subBatchGap;
}

void StepsLayout::layOutStrips()
{
    const int line = m_input.lineHeight;
    const auto& models = m_input.models;
    const bool layered = models[0].layerCount() > 1 || models[1].layerCount() > 1;
    const int groupGap = pixels(0.6, line);
    m_subBatchGap = layered ? pixels(0.4, line) : 0;
    const int room
        = m_input.size.height() - m_labelsHeight - 2 * m_titleHeight - groupGap - bottomMargin;
    const int most = std::max(models[0].subBatches, models[1].subBatches);
    const double cell = heaviestCell(models);
    const int tallest = pixels(tallestStrip * cell, line);
    const int lowest = pixels(m_input.wholeText ? lowestOverviewStrip
            : layered                           ? lowestLayer * cell
                                                : lowestStrip * cell,
        line);

    // The pitch at which `shown` sub-batches of each model fit.
    const auto pitchFor = [&](int shown) {
        int strips = 0;
        int gaps = 0;
        for (const StepsStrips& model : models) {
            const int subBatches = std::min(shown, model.subBatches);
            strips += subBatches * model.layerCount();
            gaps += subBatches * m_subBatchGap;
        }
        return (room - gaps) / std::max(1, strips);
    };
    m_leastHeight = m_input.size.height() - room + 2 * m_subBatchGap
        + (models[0].layerCount() + models[1].layerCount()) * lowest;
    m_leastWholeHeight = m_input.size.height() - room;
    for (const StepsStrips& model : models)
        m_leastWholeHeight += model.subBatches * (model.layerCount() * lowest + m_subBatchGap);
    m_visibleSubBatches = std::max(1, most);
    const bool allFit = !layered && pitchFor(most) >= pixels(lowestOfAll * cell, line);
    while (!allFit && m_visibleSubBatches > 1 && pitchFor(m_visibleSubBatches) < lowest)
        --m_visibleSubBatches;
    // One sub-batch is always shown in full, however many layers it has.
    m_stripPitch = std::clamp(pitchFor(m_visibleSubBatches), std::min(lowest, 6), tallest);
    m_stripGap = std::clamp(int(std::lround(m_stripPitch * 0.16)), 1, line);

    int top = m_labelsHeight;
    for (int model = 0; model < 2; ++model) {
        m_groupTop[std::size_t(model)] = top;
        top += m_titleHeight + shown(model) * subBatchHeight(model) + (model == 0 ? groupGap : 0);
    }
    m_contentHeight = top + bottomMargin;
}

int StepsLayout::columnOf(int step) const
{
    return step < m_input.steps ? step / m_stepsPerCell
                                : m_columns - m_input.tails + step - m_input.steps;
}

int StepsLayout::firstStep(int column) const
{
    return isTail(column) ? m_input.steps + column - (m_columns - m_input.tails)
                          : column * m_stepsPerCell;
}

int StepsLayout::lastStep(int column) const
{
    return isTail(column) ? firstStep(column)
                          : std::min(m_input.steps, (column + 1) * m_stepsPerCell) - 1;
}

QRect StepsLayout::columnsArea() const
{
    return { m_left, 0, m_right - m_left, std::max(m_contentHeight, m_input.size.height()) };
}

QRect StepsLayout::tokenLabelsRect() const
{
    return { m_left, 0, m_right - m_left, m_labelsHeight };
}

QRect StepsLayout::cornerRect() const { return { 0, 0, m_left, m_labelsHeight }; }

QRect StepsLayout::titleRect(int model) const
{
    return { 0, m_groupTop[std::size_t(model)], m_right, m_titleHeight };
}

QRect StepsLayout::stripsRect(int model) const
{
    const int height = shown(model) * subBatchHeight(model) - m_stripGap - m_subBatchGap;
    return { m_left, m_groupTop[std::size_t(model)] + m_titleHeight, m_right - m_left,
        std::max(0, height) };
}

int StepsLayout::shown(int model) const
{
    return std::min(m_visibleSubBatches, m_input.models[std::size_t(model)].subBatches);
}

int StepsLayout::lastScrollX() const
{
    // The gap after the last column need not show.
    return std::max(0, m_columns * m_columnPitch - m_columnGap - (m_right - m_left));
}

int StepsLayout::lastFirstSubBatch() const
{
    const auto& models = m_input.models;
    return std::max(0, std::max(models[0].subBatches, models[1].subBatches) - m_visibleSubBatches);
}

int StepsLayout::firstShown(int model, const StepsView& view) const
{
    const int last = m_input.models[std::size_t(model)].subBatches - shown(model);
    return std::clamp(view.firstSubBatch, 0, std::max(0, last));
}

QRect StepsLayout::rowLabelRect(int model, int subBatch, const StepsView& view) const
{
    const int row = subBatch - firstShown(model, view);
    const int height = subBatchHeight(model);
    const int top = m_groupTop[std::size_t(model)] + m_titleHeight + row * height;
    return { 0, top, m_left, height - m_subBatchGap - m_stripGap };
}

int StepsLayout::columnLeft(int column, const StepsView& view) const
{
    const int left = m_left + column * m_columnPitch - view.scrollX;
    if (column == view.pinnedColumn)
        return std::clamp(left, m_left, std::max(m_left, m_right - cellWidth()));
    return left;
}

bool StepsLayout::pinDetached(const StepsView& view) const
{
    StepsView unpinned = view;
    unpinned.pinnedColumn = -1;
    return view.pinnedColumn >= 0
        && columnLeft(view.pinnedColumn, view) != columnLeft(view.pinnedColumn, unpinned);
}

QRect StepsLayout::detachedRect(const StepsView& view) const
{
    const QRect area = columnsArea();
    const int left = columnLeft(view.pinnedColumn, view);
    const int gap = pixels(detachedGap, m_input.lineHeight);
    const int begin = left == m_left ? m_left : left - gap;
    const int end = left == m_left ? left + cellWidth() + gap : m_right;
    return { begin, area.top(), end - begin, area.height() };
}

std::pair<int, int> StepsLayout::visibleColumns(const StepsView& view) const
{
    const int first = view.scrollX / m_columnPitch;
    const int last = (view.scrollX + (m_right - m_left) - 1) / m_columnPitch;
    return { std::max(0, first), std::min(m_columns - 1, last) };
}

int StepsLayout::scrollToColumn(int column, const StepsView& view) const
{
    const int left = column * m_columnPitch;
    const int lowest = left + cellWidth() - (m_right - m_left);
    const int scrollX = std::max(std::min(view.scrollX, left), lowest);
    return std::clamp(scrollX, 0, lastScrollX());
}

bool StepsLayout::stripShows(int model, int strip, const StepsView& view) const
{
    const int layers = m_input.models[std::size_t(model)].layerCount();
    if (layers < 1 || strip < 0)
        return false;
    const int row = strip / layers - firstShown(model, view);
    return row >= 0 && row < shown(model);
}

int StepsLayout::stripTop(int model, int strip, const StepsView& view) const
{
    const int layers = std::max(1, m_input.models[std::size_t(model)].layerCount());
    const int row = strip / layers - firstShown(model, view);
    return m_groupTop[std::size_t(model)] + m_titleHeight + row * subBatchHeight(model)
        + (strip % layers) * m_stripPitch;
}

QRect StepsLayout::cellRect(int model, int strip, int column, const StepsView& view) const
{
    return { columnLeft(column, view), stripTop(model, strip, view), cellWidth(), cellHeight() };
}

int StepsLayout::partsOf(int model, int strip, int column, int tier) const
{
    const StepsStrips& strips = m_input.models[std::size_t(model)];
    if (isTail(column))
        return strips.tailParts[std::size_t(firstStep(column) - m_input.steps)];
    return strips.tiersOf(strip)[std::size_t(tier)].parts;
}

QRect StepsLayout::tierRect(int model, int strip, int column, int tier) const
{
    if (isTail(column))
        return { 0, 0, cellWidth(), cellHeight() };
    const auto& tiers = m_input.models[std::size_t(model)].tiersOf(strip);
    const int height = cellHeight();
    const int gap = height >= 16 ? 2 : height >= 8 ? 1 : 0;
    int weights = 0;
    int above = 0;
    for (int i = 0; i < int(tiers.size()); ++i) {
        const int weight = weightOf(tiers[std::size_t(i)]);
        weights += weight;
        above += i < tier ? weight : 0;
    }
    const int own = weightOf(tiers[std::size_t(tier)]);
    const int top = (height + gap) * above / weights;
    const int bottom = (height + gap) * (above + own) / weights - gap;
    return { 0, top, cellWidth(), std::max(1, bottom - top) };
}

QRect StepsLayout::partRect(int model, int strip, int column, int tier, int part) const
{
    const QRect whole = tierRect(model, strip, column, tier);
    const int parts = partsOf(model, strip, column, tier);
    if (parts <= 1)
        return whole;
    const int gap = whole.width() / parts >= 4 ? 1 : 0;
    const int left = part * (whole.width() + gap) / parts;
    const int right = (part + 1) * (whole.width() + gap) / parts - gap;
    return { whole.left() + left, whole.top(), std::max(1, right - left), whole.height() };
}

std::optional<StepsSpot> StepsLayout::spotAt(const QPoint& point, const StepsView& view) const
{
    if (m_columns == 0 || point.x() < m_left || point.x() >= m_right)
        return std::nullopt;
    int column = (point.x() - m_left + view.scrollX) / m_columnPitch;
    if (view.pinnedColumn >= 0) {
        const int left = columnLeft(view.pinnedColumn, view);
        if (point.x() >= left && point.x() < left + cellWidth())
            column = view.pinnedColumn;
        else if (pinDetached(view) && detachedRect(view).contains(point))
            return std::nullopt;
    }
    if (column >= m_columns)
        return std::nullopt;
    for (int model = 0; model < 2; ++model) {
        const StepsStrips& strips = m_input.models[std::size_t(model)];
        const int first = firstShown(model, view) * strips.layerCount();
        for (int strip = first; strip < first + shown(model) * strips.layerCount(); ++strip) {
            const QRect cell = cellRect(model, strip, column, view);
            if (cell.contains(point))
                return spotInCell({ model, strip, column, 0, 0 }, point - cell.topLeft());
        }
    }
    return std::nullopt;
}

StepsSpot StepsLayout::spotInCell(StepsSpot spot, const QPoint& point) const
{
    const int tiers = isTail(spot.column)
        ? 1
        : int(m_input.models[std::size_t(spot.model)].tiersOf(spot.strip).size());
    while (spot.tier + 1 < tiers
        && point.y() >= tierRect(spot.model, spot.strip, spot.column, spot.tier + 1).top())
        ++spot.tier;
    const int parts = partsOf(spot.model, spot.strip, spot.column, spot.tier);
    while (spot.part + 1 < parts
        && point.x()
            >= partRect(spot.model, spot.strip, spot.column, spot.tier, spot.part + 1).left())
        ++spot.part;
    return spot;
}

} // namespace timestep
