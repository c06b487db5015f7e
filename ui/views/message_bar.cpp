// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/message_bar.h"

#include "ui/views/icon.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace timestep {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_message(new QLabel(this))
    , m_close(new QPushButton(this))
{
    setObjectName(QStringLiteral("messageBar"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_close->setProperty("small", true);
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setToolTip(m_close->accessibleName());
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 12, 8);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_close, &QPushButton::clicked, this, &QWidget::hide);
    updateIcon();
    hide();
}

void MessageBar::showMessage(const QString& message)
{
    m_message->setText(message);
    setAccessibleName(message);
    show();
}

QString MessageBar::message() const { return isVisible() ? m_message->text() : QString(); }

void MessageBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        updateIcon();
}

void MessageBar::updateIcon()
{
    m_close->setIcon(coloredIcon(QStringLiteral("close"), Theme::of(palette()).text, 14));
}

} // namespace timestep

#include "moc_message_bar.cpp"
