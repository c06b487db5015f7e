// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/message_bar.h"

#include "ui/views/icon.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <utility>

namespace timestep {

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_message(new QLabel(this))
    , m_action(new QPushButton(this))
    , m_close(new QPushButton(this))
{
    setObjectName(QStringLiteral("messageBar"));
    m_message->setTextFormat(Qt::PlainText);
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_action->setProperty("small", true);
    m_action->setObjectName(QStringLiteral("messageAction"));
    m_close->setProperty("small", true);
    m_close->setAccessibleName(tr("Close the message"));
    m_close->setToolTip(m_close->accessibleName());
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 8, 12, 8);
    layout->addWidget(m_message, 1);
    layout->addWidget(m_action, 0, Qt::AlignTop);
    layout->addWidget(m_close, 0, Qt::AlignTop);
    connect(m_action, &QPushButton::clicked, this, [this] {
        hide();
        const auto accept = std::exchange(m_accept, nullptr);
        accept();
    });
    connect(m_close, &QPushButton::clicked, this, &QWidget::hide);
    updateIcon();
    hide();
}

void MessageBar::showMessage(const QString& message)
{
    m_message->setText(message);
    m_action->hide();
    m_accept = nullptr;
    setAccessibleName(message);
    show();
}

void MessageBar::showOffer(
    const QString& message, const QString& action, std::function<void()> accept)
{
    showMessage(message);
    m_accept = std::move(accept);
    m_action->setText(action);
    m_action->show();
}

void MessageBar::withdrawOffer()
{
    if (m_accept)
        hide();
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
