// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/whole_picture.h"

#include "ui/models/number_text.h"
#include "ui/views/picture_controls.h"
#include "ui/views/workspace.h"

#include <QApplication>
#include <QBoxLayout>
#include <QLabel>
#include <QScrollBar>
#include <QStackedWidget>
#include <qcustomplot.h>

#include <algorithm>

namespace timestep {

namespace {

QScrollArea& pageOf(const Workspace& workspace)
{
    auto* page = qobject_cast<QScrollArea*>(workspace.parentWidget()->parentWidget());
    Q_ASSERT(page);
    return *page;
}

/// What layouts have put off until the next event comes.
void settle() { QApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest); }

/// What plots have put off until then, too.
void drawPlots(const QWidget& around)
{
    for (auto* plot : around.findChildren<QCustomPlot*>()) {
        if (plot->isVisible())
            plot->replot(QCustomPlot::rpQueuedRefresh);
    }
}

/// At which all in its layout has room.
int heightFor(const QWidget& widget, int width)
{
    QLayout* layout = widget.layout();
    const int least = layout->totalMinimumSize().height();
    return layout->hasHeightForWidth() ? std::max(least, layout->totalHeightForWidth(width))
                                       : least;
}

/// What a stretch below everything else takes.
int blankBelow(const QWidget& widget)
{
    const QLayout* layout = widget.layout();
    QLayoutItem* last = layout->itemAt(layout->count() - 1);
    return last && last->spacerItem() ? last->geometry().height() : 0;
}

} // namespace

WholePicture::WholePicture(QWidget& view, Workspace& workspace, const QString& caption, QSize size)
    : m_view(view)
    , m_workspace(workspace)
    , m_page(pageOf(workspace))
    , m_geometry(view.geometry())
    , m_leastPageHeight(m_page.minimumHeight())
    , m_focused(view.window()->focusWidget())
    , m_caption(new QLabel(caption))
{
    view.setUpdatesEnabled(false); // what repaints at once does so on the screen
    view.parentWidget()->layout()->setEnabled(false); // it would give the view its place
    hideScrollBars(); // first: where the focus goes from a hidden control, it scrolls to
    workspace.setForPicture(true);
    m_caption->setObjectName(QStringLiteral("pictureCaption"));
    m_caption->setProperty("role", "caption");
    m_caption->setTextFormat(Qt::PlainText);
    m_caption->setWordWrap(true);
    static_cast<QBoxLayout*>(view.layout())->insertWidget(1, m_caption);
    m_caption->setVisible(!caption.isEmpty());
    hideControls();
    settle();
    fitHeight(); // also before another size: what parts ask for changes with what they had
    if (!size.isEmpty()) {
        view.resize(size);
        settle();
    }
    drawPlots(workspace);
    view.setUpdatesEnabled(true); // else nothing would paint it
}

WholePicture::~WholePicture()
{
    m_view.setUpdatesEnabled(false);
    delete m_caption;
    m_page.setMinimumHeight(m_leastPageHeight);
    for (const Scrolling& scrolling : m_scrolling) {
        if (!scrolling.area)
            continue;
        scrolling.area->setHorizontalScrollBarPolicy(scrolling.horizontal);
        scrolling.area->setVerticalScrollBarPolicy(scrolling.vertical);
    }
    for (const QPointer<QWidget>& widget : m_hidden) {
        if (widget)
            widget->show();
    }
    m_workspace.setForPicture(false);
    settle();
    m_view.setGeometry(m_geometry);
    settle();
    m_view.parentWidget()->layout()->setEnabled(true);
    for (const Scrolling& scrolling : m_scrolling) {
        if (!scrolling.area)
            continue;
        scrolling.area->horizontalScrollBar()->setValue(scrolling.x);
        scrolling.area->verticalScrollBar()->setValue(scrolling.y);
    }
    if (m_focused && m_view.window()->focusWidget() != m_focused)
        m_focused->setFocus();
    m_view.setUpdatesEnabled(true);
}

/// With each row of nothing else.
void WholePicture::hideControls()
{
    for (QWidget* control : shownControls(m_workspace)) {
        QWidget* hidden = control;
        hidden->hide();
        m_hidden.emplace_back(hidden);
        for (QWidget* row = hidden->parentWidget(); row != &m_workspace && row->layout()
             && row->layout()->isEmpty() && !qobject_cast<QStackedWidget*>(row->parentWidget());
             row = row->parentWidget()) {
            row->hide();
            m_hidden.emplace_back(row);
        }
    }
}

void WholePicture::hideScrollBars()
{
    for (auto* area : m_view.findChildren<QAbstractScrollArea*>()) {
        if (!area->isVisible())
            continue;
        m_scrolling.push_back(
            { area, area->horizontalScrollBarPolicy(), area->verticalScrollBarPolicy(),
                area->horizontalScrollBar()->value(), area->verticalScrollBar()->value() });
        area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        area->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    }
}

int WholePicture::neededHeight() const
{
    m_page.setMinimumHeight(
        heightFor(m_workspace, m_page.viewport()->width()) + 2 * m_page.frameWidth());
    settle();
    return heightFor(m_view, m_view.width());
}

void WholePicture::fitHeight()
{
    constexpr int mostRounds = 4; // what is shown may depend on the height
    for (int round = 0; round < mostRounds; ++round) {
        const int height = std::max(m_geometry.height(), neededHeight());
        if (height == m_view.height())
            break;
        m_view.resize(m_geometry.width(), height);
        settle();
    }
    if (const int blank = blankBelow(m_workspace); blank > 0) {
        m_view.resize(m_geometry.width(), m_view.height() - blank);
        settle();
    }
    if (m_view.height() > mostHeight) {
        QStringList parts { m_caption->text(),
            Workspace::tr("cut at %1 pixels").arg(countNumber(mostHeight)) };
        parts.removeAll(QString());
        m_caption->setText(parts.join(Workspace::tr(" · ")));
        m_caption->show();
        m_view.resize(m_geometry.width(), mostHeight);
        settle();
    }
}

} // namespace timestep
