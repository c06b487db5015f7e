// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/chips_bar.h"

#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/chip_strip.h"
#include "ui/views/icon.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace timestep {

namespace {

QString countLine(const TokenizedText& text)
{
    const QString all = countNumber(text.count());
    if (text.window.count() == text.count())
        return text.count() == 1 ? ChipsBar::tr("1 token") : ChipsBar::tr("%1 tokens").arg(all);
    return ChipsBar::tr("%1 of %2 tokens in use").arg(countNumber(text.window.count()), all);
}

QPushButton* smallButton(const QString& name, QWidget* parent)
{
    auto* button = new QPushButton(parent);
    button->setProperty("small", true);
    button->setAccessibleName(name);
    button->setToolTip(name);
    return button;
}

} // namespace

ChipsBar::ChipsBar(Session& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_count(new QLabel(this))
    , m_earlier(smallButton(tr("Use earlier tokens"), this))
    , m_later(smallButton(tr("Use later tokens"), this))
    , m_strip(new ChipStrip(session, this))
{
    setObjectName(QStringLiteral("chipsBar"));
    m_count->setProperty("role", "secondary");
    m_count->setObjectName(QStringLiteral("tokenCount"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 0, 16, 1);
    layout->setSpacing(6);
    layout->addWidget(m_count);
    layout->addWidget(m_earlier);
    layout->addWidget(m_later);
    layout->addSpacing(6);
    layout->addWidget(m_strip, 1);
    connect(m_earlier, &QPushButton::clicked, this, [this] { moveWindow(-1); });
    connect(m_later, &QPushButton::clicked, this, [this] { moveWindow(1); });
    connect(&session, &Session::tokensChanged, this, &ChipsBar::takeTokens);
    takeTokens();
    updateIcons();
}

void ChipsBar::takeTokens()
{
    const TokenizedTextPointer text = m_session.tokenized();
    m_count->setText(text ? countLine(*text) : tr("0 tokens"));
    const bool partly = text && text->window.count() < text->count();
    m_earlier->setVisible(partly);
    m_later->setVisible(partly);
    if (partly) {
        m_earlier->setEnabled(text->window.begin > 0);
        m_later->setEnabled(text->window.end < text->count());
    }
}

void ChipsBar::moveWindow(int direction)
{
    const TokenizedTextPointer text = m_session.tokenized();
    Settings settings = m_session.settings();
    settings.windowBegin = text->window.begin + direction * text->window.count();
    m_session.selection().clear();
    m_session.setSettings(settings);
}

void ChipsBar::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        updateIcons();
}

void ChipsBar::updateIcons()
{
    const QColor color = Theme::of(palette()).text;
    m_earlier->setIcon(coloredIcon(QStringLiteral("left"), color, 14));
    m_later->setIcon(coloredIcon(QStringLiteral("right"), color, 14));
}

} // namespace timestep

#include "moc_chips_bar.cpp"
