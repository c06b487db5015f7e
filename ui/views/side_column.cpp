// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/side_column.h"

#include <QEvent>
#include <QScrollBar>
#include <QVBoxLayout>

namespace timestep {

namespace {

constexpr int LeastHeight = 200;

/// Its labels wrap, but that must not make its preferred height the least there may be.
class Content : public QWidget
{
public:
    bool hasHeightForWidth() const override { return false; }
};

} // namespace

SideColumn::SideColumn(QWidget* parent)
    : QScrollArea(parent)
    , m_parts(nullptr)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* content = new Content;
    m_parts = new QVBoxLayout(content);
    m_parts->setContentsMargins(0, 0, 0, 0);
    m_parts->setSpacing(8);
    // A scroll area asks the layout of its widget, not the widget, how high it wants to be: so the
    // widget is one whose layout holds nothing but the content.
    auto* frame = new QWidget;
    auto* only = new QVBoxLayout(frame);
    only->setContentsMargins(0, 0, 0, 0);
    only->addWidget(content);
    setWidget(frame);
}

QVBoxLayout& SideColumn::parts() { return *m_parts; }

QSize SideColumn::sizeHint() const
{
    const QSize content = widget()->sizeHint();
    return { content.width() + verticalScrollBar()->sizeHint().width(), content.height() };
}

QSize SideColumn::minimumSizeHint() const
{
    return { widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(),
        LeastHeight };
}

bool SideColumn::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry(); // a scroll area does not pass on what its widget asks for
    return QScrollArea::eventFilter(watched, event);
}

} // namespace timestep

#include "moc_side_column.cpp"
