// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/overflow_row.h"

#include <QAbstractButton>
#include <QEvent>
#include <QFrame>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace timestep {

namespace {

constexpr int Gap = 6; // pixels between controls

} // namespace

OverflowRow::OverflowRow(QWidget* parent)
    : QWidget(parent)
    , m_more(new QPushButton(tr("More ▾"), this))
    , m_panel(new QFrame(this, Qt::Popup))
    , m_panelLayout(new QVBoxLayout(m_panel))
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_more->setProperty("small", true);
    m_more->setAccessibleName(tr("More choices"));
    m_more->hide();
    m_panel->setObjectName(QStringLiteral("overflowPanel"));
    m_panel->setFrameShape(QFrame::StyledPanel);
    m_panelLayout->setSpacing(Gap);
    connect(m_more, &QPushButton::clicked, this, &OverflowRow::showMore);
}

void OverflowRow::add(QWidget* control)
{
    control->setParent(this);
    control->show();
    m_controls.push_back(control);
    m_inRow = static_cast<int>(m_controls.size());
    // What has been chosen is to be seen; of a list the choice comes later.
    if (auto* button = qobject_cast<QAbstractButton*>(control))
        connect(button, &QAbstractButton::clicked, m_panel, &QWidget::hide);
    updateGeometry();
    arrange();
}

int OverflowRow::widthOf(int count) const
{
    int width = 0;
    for (int index = 0; index < count; ++index)
        width += m_controls[static_cast<std::size_t>(index)]->sizeHint().width()
            + (index > 0 ? Gap : 0);
    return width;
}

QSize OverflowRow::sizeHint() const
{
    int height = m_more->sizeHint().height();
    for (const QWidget* control : m_controls)
        height = std::max(height, control->sizeHint().height());
    return { widthOf(static_cast<int>(m_controls.size())), height };
}

QSize OverflowRow::minimumSizeHint() const
{
    return { m_more->sizeHint().width(), sizeHint().height() };
}

/// How many have room, with that of the button where there are more.
int OverflowRow::fitting() const
{
    int count = static_cast<int>(m_controls.size());
    if (widthOf(count) <= width())
        return count;
    const int room = width() - m_more->sizeHint().width() - Gap;
    while (count > 0 && widthOf(count) > room)
        --count;
    return count;
}

void OverflowRow::arrange()
{
    const int inRow = fitting();
    if (inRow != m_inRow)
        distribute(inRow);
    placeRow();
}

void OverflowRow::distribute(int inRow)
{
    m_inRow = inRow;
    for (int index = 0; index < static_cast<int>(m_controls.size()); ++index) {
        QWidget* control = m_controls[static_cast<std::size_t>(index)];
        m_panelLayout->removeWidget(control);
        if (index < inRow) {
            if (control->parentWidget() != this)
                control->setParent(this);
        } else {
            m_panelLayout->addWidget(control);
        }
        control->show();
    }
    m_more->setVisible(inRow < static_cast<int>(m_controls.size()));
    if (m_more->isHidden())
        m_panel->hide();
    // Tab goes through the row from left to right, then to the button.
    for (int index = 1; index < inRow; ++index)
        setTabOrder(m_controls[static_cast<std::size_t>(index) - 1],
            m_controls[static_cast<std::size_t>(index)]);
    if (inRow > 0)
        setTabOrder(m_controls[static_cast<std::size_t>(inRow) - 1], m_more);
}

void OverflowRow::placeRow()
{
    const auto place = [this](QWidget& control, int left) {
        const QSize size = control.sizeHint();
        control.setGeometry(left, (height() - size.height()) / 2, size.width(), size.height());
        return left + size.width() + Gap;
    };
    int left = 0;
    for (int index = 0; index < m_inRow; ++index)
        left = place(*m_controls[static_cast<std::size_t>(index)], left);
    if (!m_more->isHidden())
        place(*m_more, left);
}

void OverflowRow::showMore()
{
    m_panel->adjustSize();
    // Below the button, within the window.
    const int beyond = m_more->mapTo(window(), QPoint(m_panel->width(), 0)).x() - window()->width();
    m_panel->move(m_more->mapToGlobal(QPoint(-std::max(0, beyond), m_more->height() + 2)));
    m_panel->show();
    m_controls[static_cast<std::size_t>(m_inRow)]->setFocus(Qt::PopupFocusReason);
}

bool OverflowRow::event(QEvent* event)
{
    // A control's text, or the size of letters, has changed.
    if (event->type() == QEvent::LayoutRequest) {
        updateGeometry();
        arrange();
    }
    return QWidget::event(event);
}

void OverflowRow::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    arrange();
}

} // namespace timestep

#include "moc_overflow_row.cpp"
