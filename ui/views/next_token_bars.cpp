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

constexpr int MostPlaces = 5;
constexpr int LeastPlaces = 3;
constexpr int Letters = 8; // of a token that is never cut
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

int NextTokenBars::placeCount() const
{
    int places = MostPlaces;
    while (places > LeastPlaces && width() < widthOf(places))
        --places;
    return places;
}

int NextTokenBars::widthOf(int places) const { return places * (placeWidth() + Gap) - Gap; }

/// The least: for a token and one percent; what is less likely has a longer number, which gives
/// way.
int NextTokenBars::placeWidth() const
{
    const int token = QFontMetrics(monospaceFont(font())).horizontalAdvance(QString(Letters, u'm'));
    const int percent = QFontMetrics(smallFont(font())).horizontalAdvance(percentText(0.01));
    return token + percent + 3 * Inset;
}

int NextTokenBars::shownCount() const
{
    return std::min(placeCount(), static_cast<int>(m_tokens.size()));
}

QRect NextTokenBars::placeRect(int place) const
{
    const int places = placeCount();
    const int left = place * (width() + Gap) / places;
    return { left, 0, (place + 1) * (width() + Gap) / places - Gap - left, height() };
}

QRect NextTokenBars::barRect(int place) const
{
    const QRect all = placeRect(place);
    const double share = m_tokens[static_cast<std::size_t>(place)].probability;
    return { all.left(), all.top(), std::max(1, qRound(share * all.width())), all.height() };
}

QSize NextTokenBars::sizeHint() const
{
    return { widthOf(MostPlaces), fontMetrics().height() + 4 };
}

QSize NextTokenBars::minimumSizeHint() const
{
    return { widthOf(LeastPlaces), sizeHint().height() };
}

void NextTokenBars::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    const Theme::ModelColors& colors = m_kind == ModelKind::Lstm ? theme.lstm : theme.attention;
    const QFont tokenFont = monospaceFont(font());
    const QFont numberFont = smallFont(font());
    const QFontMetrics tokenMetrics(tokenFont), numberMetrics(numberFont);
    QPainter painter(this);
    for (int place = 0; place < shownCount(); ++place) {
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
        int room = text.width() - numberMetrics.horizontalAdvance(percent) - Inset;
        const int letters = tokenMetrics.horizontalAdvance(token.label.left(Letters));
        if (room < letters) // the token comes first; the tooltip has both
            room = text.width();
        else
            painter.drawText(text, Qt::AlignRight | Qt::AlignVCenter, percent);
        painter.setFont(tokenFont);
        painter.drawText(text, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
            tokenMetrics.elidedText(token.label, Qt::ElideRight, std::max(0, room)));
    }
}

bool NextTokenBars::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    for (int place = 0; place < shownCount(); ++place) {
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
