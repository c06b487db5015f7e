// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/explained_choice.h"

#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QAbstractItemView>
#include <QFontInfo>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QWheelEvent>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int nameRole = Qt::UserRole;
constexpr int sentenceRole = Qt::UserRole + 1;
constexpr int listWidth = 26; // in heights of the font: most sentences fill two lines
constexpr int frame = 10; // px around the items of a list, as the style sheet has it

/// The title, and the sentence below it.
class ExplainedDelegate : public QStyledItemDelegate
{
public:
    explicit ExplainedDelegate(QComboBox* box)
        : QStyledItemDelegate(box)
        , m_box(*box)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const int width = m_box.view()->minimumWidth() - frame;
        const int lines = QFontMetrics(option.font).height()
            + sentenceRect(option, index, { 0, 0, width, 0 }).height();
        return { width, lines + 2 * margin(option) };
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
        const QModelIndex& index) const override
    {
        const Theme& theme = Theme::of(m_box.palette());
        if (option.state & QStyle::State_Selected)
            painter->fillRect(option.rect, theme.field);
        const int space = margin(option);
        const QRect inside = option.rect.adjusted(2 * space, space, -2 * space, -space);
        painter->save();
        QFont title(option.font);
        title.setWeight(QFont::DemiBold);
        painter->setFont(title);
        painter->setPen(theme.text);
        painter->drawText(inside, Qt::AlignLeft | Qt::AlignTop, index.data().toString());
        painter->setFont(smallFont(option.font));
        painter->setPen(theme.secondaryText);
        painter->drawText(sentenceRect(option, index, option.rect), Qt::TextWordWrap,
            index.data(sentenceRole).toString());
        painter->restore();
    }

private:
    static int margin(const QStyleOptionViewItem& option)
    {
        return QFontInfo(option.font).pixelSize() / 3;
    }

    static QRect sentenceRect(
        const QStyleOptionViewItem& option, const QModelIndex& index, const QRect& item)
    {
        const int space = margin(option);
        const QRect below
            = item.adjusted(2 * space, space + QFontMetrics(option.font).height(), -2 * space, 0);
        const QRect unlimited(below.topLeft(), QSize(below.width(), 1000));
        return QFontMetrics(smallFont(option.font))
            .boundingRect(unlimited, Qt::TextWordWrap, index.data(sentenceRole).toString());
    }

    QComboBox& m_box;
};

} // namespace

ExplainedChoice::ExplainedChoice(const QString& name, QWidget* parent)
    : QComboBox(parent)
    , m_name(name)
{
    setAccessibleName(name);
    setItemDelegate(new ExplainedDelegate(this));
    connect(this, &QComboBox::activated, this, [this](int place) {
        const QString chosenName = itemData(place, nameRole).toString();
        if (chosenName != std::exchange(m_shown, chosenName))
            emit chosen(chosenName);
        describe();
    });
    describe();
}

void ExplainedChoice::setItems(const std::vector<ExplainedItem>& items)
{
    clear();
    for (const ExplainedItem& item : items) {
        addItem(item.title, item.name);
        setItemData(count() - 1, item.sentence, sentenceRole);
        setItemData(
            count() - 1, tr("%1. %2").arg(item.title, item.sentence), Qt::AccessibleTextRole);
    }
}

void ExplainedChoice::showItem(const QString& name, const ExplainedItem& otherwise)
{
    const int place = findData(name, nameRole);
    m_shown = place < 0 ? QString() : name;
    m_otherwise = otherwise.sentence;
    setPlaceholderText(otherwise.title);
    setCurrentIndex(place);
    describe();
}

QString ExplainedChoice::sentence() const
{
    return currentIndex() < 0 ? m_otherwise : currentData(sentenceRole).toString();
}

/// What is shown, for the pointer and for screen readers.
void ExplainedChoice::describe()
{
    const QString shown = currentIndex() < 0 ? placeholderText() : currentText();
    setToolTip(sentence().isEmpty() ? tr("%1: %2").arg(m_name, shown)
                                    : tr("%1: %2. %3").arg(m_name, shown, sentence()));
    setAccessibleDescription(sentence());
}

/// As wide as sentences need, within the window.
void ExplainedChoice::showPopup()
{
    const int wanted = listWidth * QFontInfo(font()).pixelSize();
    view()->setMinimumWidth(std::max(width(), std::min(wanted, window()->width())));
    QComboBox::showPopup();
}

void ExplainedChoice::wheelEvent(QWheelEvent* event) { event->ignore(); }

} // namespace timestep

#include "moc_explained_choice.cpp"
