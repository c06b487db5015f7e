// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/elided_label.h"

#include <QEvent>

namespace timestep {

ElidedLabel::ElidedLabel(const QString& text, QWidget* parent)
    : QLabel(parent)
{
    setTextFormat(Qt::PlainText);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setFullText(text);
}

void ElidedLabel::setFullText(const QString& text)
{
    m_fullText = text;
    setAccessibleName(text);
    elide();
    updateGeometry();
}

const QString& ElidedLabel::fullText() const { return m_fullText; }

void ElidedLabel::setShortText(const QString& text)
{
    m_shortText = text;
    elide();
}

void ElidedLabel::setDetail(const QString& detail)
{
    m_detail = detail;
    setAccessibleDescription(detail);
    elide();
}

QSize ElidedLabel::sizeHint() const
{
    const QMargins margins = contentsMargins();
    return { fontMetrics().horizontalAdvance(m_fullText) + margins.left() + margins.right() + 2,
        QLabel::sizeHint().height() };
}

QSize ElidedLabel::minimumSizeHint() const
{
    return { fontMetrics().horizontalAdvance(QStringLiteral("m…")),
        QLabel::minimumSizeHint().height() };
}

void ElidedLabel::resizeEvent(QResizeEvent* event)
{
    QLabel::resizeEvent(event);
    elide();
}

void ElidedLabel::changeEvent(QEvent* event)
{
    QLabel::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        elide();
}

void ElidedLabel::elide()
{
    const int room = contentsRect().width();
    const bool fits = fontMetrics().horizontalAdvance(m_fullText) <= room;
    const QString& wanted = fits || m_shortText.isEmpty() ? m_fullText : m_shortText;
    const QString shown = fontMetrics().elidedText(wanted, Qt::ElideRight, room);
    setText(shown);
    QStringList tip;
    if (shown != m_fullText)
        tip << m_fullText;
    if (!m_detail.isEmpty())
        tip << m_detail;
    setToolTip(tip.join(u'\n'));
}

} // namespace timestep

#include "moc_elided_label.cpp"
