// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/sweep_table.h"

#include <QHeaderView>
#include <QStyledItemDelegate>

#include <algorithm>

namespace timestep {

namespace {

QRect upTo(int right, QRect rect)
{
    rect.setRight(std::min(rect.right(), right));
    return rect;
}

class Header : public QHeaderView
{
public:
    explicit Header(QWidget* parent)
        : QHeaderView(Qt::Horizontal, parent)
    {
        setSectionResizeMode(QHeaderView::ResizeToContents);
    }

protected:
    void paintSection(QPainter* painter, const QRect& rect, int section) const override
    {
        QHeaderView::paintSection(painter, upTo(viewport()->rect().right(), rect), section);
    }

    void initStyleOptionForIndex(QStyleOptionHeader* option, int section) const override
    {
        QHeaderView::initStyleOptionForIndex(option, section);
        const int visible = viewport()->width() - sectionViewportPosition(section);
        if (visible < sectionSize(section)) // a style sheet knows no elision of headers
            option->text = fontMetrics().elidedText(option->text, Qt::ElideRight,
                visible - (sectionSize(section) - textWidth(section)));
    }

private:
    int textWidth(int section) const
    {
        return fontMetrics().horizontalAdvance(
            model()->headerData(section, Qt::Horizontal).toString());
    }
};

class Delegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        QStyleOptionViewItem visible = option;
        const auto* view = static_cast<const QTableView*>(option.widget);
        visible.rect = upTo(view->viewport()->rect().right(), option.rect);
        QStyledItemDelegate::paint(painter, visible, index);
    }
};

} // namespace

SweepTable::SweepTable(QAbstractItemModel& model, QWidget* parent)
    : QTableView(parent)
{
    setHorizontalHeader(new Header(this));
    setItemDelegate(new Delegate(this));
    setModel(&model);
    verticalHeader()->hide();
    setShowGrid(false);
    setSelectionMode(QAbstractItemView::NoSelection);
    setAccessibleName(tr("Measured points"));
}

void SweepTable::setForPicture(bool forPicture)
{
    const int rows = verticalHeader()->length();
    setMinimumHeight(
        forPicture ? horizontalHeader()->sizeHint().height() + rows + 2 * frameWidth() : 0);
}

} // namespace timestep

#include "moc_sweep_table.cpp"
