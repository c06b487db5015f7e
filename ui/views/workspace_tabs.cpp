// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/workspace_tabs.h"

#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QHoverEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int widestPadding = 18;
constexpr int narrowestPadding = 8;
constexpr int numberGap = 7;
constexpr double radius = 6;

} // namespace

WorkspaceTabs::WorkspaceTabs(QWidget* parent)
    : QTabBar(parent)
{
    setDrawBase(false);
    setExpanding(false);
    setUsesScrollButtons(false);
    setFocusPolicy(Qt::TabFocus);
    setAttribute(Qt::WA_Hover);
    setElideMode(Qt::ElideNone);
    setAccessibleName(tr("Workspaces"));
}

void WorkspaceTabs::addWorkspaceTab(int number, const QString& title)
{
    const int index = addTab(title);
    setTabData(index, number);
    setTabToolTip(index, tr("%1: press %2").arg(title).arg(number));
    setAccessibleTabName(index, title);
}

QString WorkspaceTabs::numberOf(int index) const { return tabData(index).toString(); }

QFont WorkspaceTabs::titleFont(bool current) const
{
    QFont title = font();
    title.setWeight(current ? QFont::DemiBold : QFont::Normal);
    return title;
}

/// As wide as the bold title: tabs must not move when another becomes current.
QSize WorkspaceTabs::tabSize(int index, int padding) const
{
    const int number = QFontMetrics(monospaceFont(font())).horizontalAdvance(numberOf(index));
    const int title = QFontMetrics(titleFont(true)).horizontalAdvance(tabText(index));
    return { 2 * padding + number + numberGap + title, fontMetrics().height() + 16 };
}

QSize WorkspaceTabs::tabSizeHint(int index) const
{
    return tabSize(index, m_padding > 0 ? m_padding : widestPadding);
}

QSize WorkspaceTabs::sizeHint() const { return allTabs(widestPadding); }

QSize WorkspaceTabs::minimumSizeHint() const { return allTabs(narrowestPadding); }

void WorkspaceTabs::resizeEvent(QResizeEvent* event)
{
    if (count() > 0) {
        const int spare = event->size().width() - allTabs(0).width();
        m_padding = std::clamp(spare / (2 * count()), narrowestPadding, widestPadding);
    }
    QTabBar::resizeEvent(event); // lays the tabs out
}

QSize WorkspaceTabs::allTabs(int padding) const
{
    QSize all;
    for (int index = 0; index < count(); ++index) {
        const QSize tab = tabSize(index, padding);
        all = { all.width() + tab.width(), std::max(all.height(), tab.height()) };
    }
    return all;
}

QSize WorkspaceTabs::minimumTabSizeHint(int index) const { return tabSizeHint(index); }

bool WorkspaceTabs::event(QEvent* event)
{
    if (event->type() == QEvent::HoverMove || event->type() == QEvent::HoverLeave) {
        const int hovered = event->type() == QEvent::HoverLeave
            ? -1
            : tabAt(static_cast<QHoverEvent*>(event)->position().toPoint());
        if (hovered != std::exchange(m_hovered, hovered))
            update();
    }
    return QTabBar::event(event);
}

void WorkspaceTabs::changeEvent(QEvent* event)
{
    QTabBar::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateGeometry();
}

void WorkspaceTabs::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int index = 0; index < count(); ++index)
        paintTab(painter, index);
}

void WorkspaceTabs::paintTab(QPainter& painter, int index) const
{
    const Theme& theme = Theme::of(palette());
    const bool current = index == currentIndex();
    const QRectF rect = tabRect(index);
    if (current) {
        // Open below: the tab and its workspace are one surface.
        const QRectF frame = rect.adjusted(0.5, 0.5, -0.5, radius + 2);
        QPainterPath outline;
        outline.addRoundedRect(frame, radius, radius);
        painter.fillPath(outline, theme.window);
        painter.setPen(QPen(theme.border, 1));
        painter.drawPath(outline);
    }
    const QFont number = monospaceFont(font());
    painter.setFont(number);
    painter.setPen(theme.secondaryText);
    const double left = rect.left() + (rect.width() - tabSize(index, 0).width()) / 2;
    painter.drawText(
        QRectF(left, rect.top(), rect.width(), rect.height()), Qt::AlignVCenter, numberOf(index));
    const double title
        = left + QFontMetricsF(number).horizontalAdvance(numberOf(index)) + numberGap;
    painter.setFont(titleFont(current));
    painter.setPen(current || index == m_hovered ? theme.text : theme.secondaryText);
    painter.drawText(QRectF(title, rect.top(), rect.right() - title, rect.height()),
        Qt::AlignVCenter | Qt::TextSingleLine, tabText(index));
    if (current && hasFocus()) {
        painter.setPen(QPen(theme.text, 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(rect.adjusted(6.5, 5.5, -6.5, -4.5), 4, 4);
    }
}

} // namespace timestep

#include "moc_workspace_tabs.cpp"
