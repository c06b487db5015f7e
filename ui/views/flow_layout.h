// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLayout>

#include <memory>
#include <vector>

namespace timestep {

/// Widgets in a row, in as many rows as it takes; one wider than a row is as wide as the row.
class FlowLayout : public QLayout
{
public:
    FlowLayout() = default;
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override { return static_cast<int>(m_items.size()); }
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override; // all in one row
    QSize minimumSize() const override;
    void setGeometry(const QRect& rect) override;

private:
    std::vector<QRect> places(int width) const; // of all items, from (0, 0)

    std::vector<std::unique_ptr<QLayoutItem>> m_items;
};

} // namespace timestep
