// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/flow_layout.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace timestep {

FlowLayout::~FlowLayout() = default;

void FlowLayout::addItem(QLayoutItem* item) { m_items.emplace_back(item); }

QLayoutItem* FlowLayout::itemAt(int index) const
{
    return index >= 0 && index < count() ? m_items[static_cast<std::size_t>(index)].get() : nullptr;
}

QLayoutItem* FlowLayout::takeAt(int index)
{
    if (index < 0 || index >= count())
        return nullptr;
    const auto place = m_items.begin() + index;
    QLayoutItem* item = place->release();
    m_items.erase(place);
    return item;
}

std::vector<QRect> FlowLayout::places(int width) const
{
    std::vector<QRect> places;
    std::size_t rowBegin = 0;
    int left = 0;
    int top = 0;
    const auto endRow = [&] {
        int height = 0;
        for (std::size_t index = rowBegin; index < places.size(); ++index)
            height = std::max(height, places[index].height());
        for (std::size_t index = rowBegin; index < places.size(); ++index)
            places[index].translate(0, (height - places[index].height()) / 2);
        rowBegin = places.size();
        left = 0;
        top += height + spacing();
    };
    for (const auto& item : m_items) {
        QSize size = item->isEmpty() ? QSize(0, 0) : item->sizeHint();
        if (!item->isEmpty())
            size.setWidth(std::min(size.width(), std::max(width, item->minimumSize().width())));
        if (left > 0 && left + size.width() > width)
            endRow();
        places.emplace_back(QPoint(left, top), size);
        if (!item->isEmpty()) // hidden widgets take no room
            left += size.width() + spacing();
    }
    endRow();
    return places;
}

int FlowLayout::heightForWidth(int width) const
{
    int height = 0;
    for (const QRect& place : places(width))
        height = std::max(height, place.bottom() + 1);
    return height;
}

QSize FlowLayout::sizeHint() const
{
    QSize size(0, 0);
    for (const auto& item : m_items) {
        if (item->isEmpty())
            continue;
        const QSize hint = item->sizeHint();
        size.rwidth() += hint.width() + (size.width() > 0 ? spacing() : 0);
        size.rheight() = std::max(size.height(), hint.height());
    }
    return size;
}

QSize FlowLayout::minimumSize() const
{
    QSize size(0, 0);
    for (const auto& item : m_items)
        size = size.expandedTo(item->minimumSize());
    return size;
}

void FlowLayout::setGeometry(const QRect& rect)
{
    QLayout::setGeometry(rect);
    const std::vector<QRect> inside = places(rect.width());
    for (std::size_t index = 0; index < m_items.size(); ++index)
        m_items[index]->setGeometry(inside[index].translated(rect.topLeft()));
}

} // namespace timestep
