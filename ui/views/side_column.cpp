// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/side_column.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QScrollBar>
#include <QToolButton>
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
    , m_sections(new QWidget(this))
    , m_sectionButtons(new QHBoxLayout(m_sections))
{
    m_sectionButtons->setContentsMargins(0, 0, 0, 0);
    m_sectionButtons->setSpacing(6);
    m_sectionButtons->addStretch(1);
    m_sections->hide();
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

void SideColumn::addSection(const QString& name, QWidget* first)
{
    auto* button = new QToolButton;
    button->setText(name);
    button->setProperty("small", true);
    button->setFocusPolicy(Qt::StrongFocus);
    button->setToolTip(tr("scrolls there"));
    m_sectionButtons->insertWidget(m_sectionButtons->count() - 1, button);
    connect(button, &QToolButton::clicked, this,
        [this, first] { verticalScrollBar()->setValue(first->mapTo(widget(), QPoint()).y()); });
}

void SideColumn::setForPicture(bool forPicture)
{
    m_pictureWidth = forPicture ? std::optional(width()) : std::nullopt;
    updateGeometry();
    placeSections();
}

/// Only where there is something to lead to.
void SideColumn::placeSections()
{
    constexpr int Gap = 6;
    const bool scrolls = !m_pictureWidth && m_sectionButtons->count() > 1
        && widget()->minimumSizeHint().height() > height();
    const int above = scrolls ? m_sections->sizeHint().height() : 0;
    m_sections->setGeometry(0, 0, width(), above);
    m_sections->setVisible(scrolls);
    setViewportMargins(0, scrolls ? above + Gap : 0, 0, 0);
}

void SideColumn::resizeEvent(QResizeEvent* event)
{
    QScrollArea::resizeEvent(event);
    placeSections();
}

QSize SideColumn::sizeHint() const
{
    const QSize content = widget()->sizeHint();
    if (m_pictureWidth)
        return { *m_pictureWidth, content.height() };
    return { content.width() + verticalScrollBar()->sizeHint().width(), content.height() };
}

QSize SideColumn::minimumSizeHint() const
{
    if (m_pictureWidth)
        return sizeHint();
    return { widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width(),
        LeastHeight };
}

bool SideColumn::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == widget() && event->type() == QEvent::LayoutRequest) {
        updateGeometry(); // a scroll area does not pass on what its widget asks for
        placeSections();
    }
    return QScrollArea::eventFilter(watched, event);
}

} // namespace timestep

#include "moc_side_column.cpp"
