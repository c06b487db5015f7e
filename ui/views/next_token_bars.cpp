// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/next_token_bars.h"

#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>

namespace timestep {

namespace {

constexpr int Places = 5;
constexpr int Gap = 4;
constexpr int Inset = 4; // of text in its place

} // namespace

NextTokenBars::NextTokenBars(ModelKind kind, QWidget* parent)
    : QWidget(parent)
    , m_kind(kind)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(
        kind == ModelKind::Lstm ? tr("Next tokens of the LSTM") : tr("Next tokens of attention"));
}

void NextTokenBars::setTokens(const std::vector<NextToken>& tokens)
{
    m_tokens = tokens;
    setAccessibleDescription(nextTokensLine(tokens));
    update();
}

QString NextTokenBars::textOf(int place) const
{
    return nextTokensLine({ m_tokens[static_cast<std::size_t>(place)] });
}

QRect NextTokenBars::placeRect(int place) const
{
    const int left = place * (width() + Gap) / Places;
    return { left, 0, (place + 1) * (width() + Gap) / Places - Gap - left, height() };
}

QRect NextTokenBars::barRect(int place) const
{
    const QRect all = placeRect(place);
    const double share = m_tokens[static_cast<std::size_t>(place)].probability;
    return { all.left(), all.top(), std::max(1, qRound(share * all.width())), all.height() };
}

QSize NextTokenBars::sizeHint() const
{
    return { Places * (9 * fontMetrics().averageCharWidth() + 2 * Inset + Gap) + 60,
        fontMetrics().height() + 4 };
}

QSize NextTokenBars::minimumSizeHint() const
{
    return { Places * (8 * fontMetrics().averageCharWidth() + Gap), sizeHint().height() };
}

void NextTokenBars::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    const Theme::ModelColors& colors = m_kind == ModelKind::Lstm ? theme.lstm : theme.attention;
    const QFont tokenFont = monospaceFont(font());
    const QFont numberFont = smallFont(font());
    const QFontMetrics tokenMetrics(tokenFont), numberMetrics(numberFont);
    QPainter painter(this);
    for (int place = 0; place < static_cast<int>(m_tokens.size()); ++place) {
        const NextToken& token = m_tokens[static_cast<std::size_t>(place)];
        const QRect all = placeRect(place);
        painter.fillRect(all, theme.field);
        painter.fillRect(barRect(place), colors.done);
        painter.setPen(theme.border);
        painter.drawRect(all.adjusted(0, 0, -1, -1));
        const QString percent = percentText(token.probability);
        const QRect text = all.adjusted(Inset, 0, -Inset, 0);
        painter.setPen(theme.text);
        painter.setFont(numberFont);
        painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter, percent);
        painter.setFont(tokenFont);
        const int room = text.width() - numberMetrics.horizontalAdvance(percent) - Inset;
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
            tokenMetrics.elidedText(token.label, Qt::ElideRight, std::max(0, room)));
    }
}

bool NextTokenBars::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int place = 0; place < static_cast<int>(m_tokens.size()); ++place) {
        if (placeRect(place).contains(help->pos())) {
            QToolTip::showText(help->globalPos(), textOf(place), this, placeRect(place));
            return true;
        }
    }
    QToolTip::hideText();
    return true;
}

} // namespace timestep

#include "moc_next_token_bars.cpp"
