// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/passed_on_bars.h"

#include "ui/models/number_text.h"
#include "ui/views/attention_sentence.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QPainter>

#include <algorithm>

namespace timestep {

namespace {

constexpr int Lines = 5;
constexpr int Gap = 6;
constexpr int Width = 270;

} // namespace

PassedOnBars::PassedOnBars(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setAccessibleName(tr("What the pinned token gets: share times the length of the value"));
}

void PassedOnBars::setRow(AffinityPicturePointer picture, int row)
{
    if (m_picture == picture && m_row == row)
        return;
    m_picture = std::move(picture);
    m_row = row;
    m_tokens = m_picture->tokens() > 0 ? mostPassedOnTo(*m_picture, row, Lines)
                                       : std::vector<TokenRead>();
    QStringList lines;
    for (const TokenRead& read : m_tokens)
        lines.append(lineOf(read));
    const QString meaning
        = tr("The output of the head is the sum of a·v over the tokens read: the share a says how "
             "much of each value is taken, a × ‖v‖ how long what is taken is. A large share of a "
             "short value passes little on.");
    setAccessibleDescription(lines.join(QStringLiteral("; ")));
    setToolTip(meaning + u'\n' + lines.join(u'\n'));
    update();
}

QString PassedOnBars::lineOf(const TokenRead& read) const
{
    return tr("token %1 “%2”: %3 × %4 = %5")
        .arg(countNumber(read.token + 1), m_picture->label(read.token), shareText(read.share),
            shareText(read.valueNorm), shareText(read.passedOn()));
}

int PassedOnBars::lineHeight() const { return QFontMetrics(smallFont(font())).height() + 2; }

QSize PassedOnBars::sizeHint() const { return { Width, (Lines + 1) * lineHeight() }; }

QSize PassedOnBars::minimumSizeHint() const { return sizeHint(); }

void PassedOnBars::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    QPainter painter(this);
    const QFont small = smallFont(font());
    const QFont tokens = monospaceFont(small);
    const int height = lineHeight();
    const int label = width() / 4;
    const int column = (width() - label) / 2 - Gap;
    const int number = QFontMetrics(small).horizontalAdvance(QStringLiteral("0.0000")) + Gap;
    const QRect shares(label + Gap, 0, column, height);
    const QRect lengths = shares.translated(column + Gap, 0);
    painter.setFont(small);
    painter.setPen(theme.secondaryText);
    const auto head = [&](const QRect& place, const QString& text) {
        painter.drawText(place, int(Qt::AlignLeft | Qt::AlignVCenter), text);
    };
    if (m_tokens.empty())
        return head(QRect(0, 0, width(), height), tr("output = affinity · V"));
    head(QRect(0, 0, label, height),
        QFontMetrics(small).elidedText(
            tr("“%1” gets").arg(m_picture->label(m_row)), Qt::ElideRight, label));
    head(shares, tr("share a"));
    const QString passedOn = tr("passed on, a × ‖v‖");
    const bool fits = QFontMetrics(small).horizontalAdvance(passedOn) <= lengths.width();
    head(lengths, fits ? passedOn : tr("a × ‖v‖"));
    float most = 0;
    float longest = 0;
    for (const TokenRead& read : m_tokens) {
        most = std::max(most, read.share);
        longest = std::max(longest, read.passedOn());
    }
    int top = height;
    const auto bar = [&](const QRect& place, float value, float full, const QColor& color) {
        const double part = full > 0 ? value / full : 0;
        const QRect line = place.translated(0, top);
        painter.fillRect(QRect(line.left(), line.top() + 2,
                             std::max(1, qRound(part * (line.width() - number))), height - 4),
            color);
        painter.setPen(theme.text);
        painter.setFont(small);
        painter.drawText(line.adjusted(qRound(part * (line.width() - number)) + 4, 0, 0, 0),
            int(Qt::AlignLeft | Qt::AlignVCenter), shareText(value));
    };
    for (const TokenRead& read : m_tokens) {
        // Which of several that are alike.
        const QString place = countNumber(read.token + 1);
        const QRect named(0, top, label, height);
        painter.setPen(theme.secondaryText);
        painter.setFont(small);
        painter.drawText(named, int(Qt::AlignLeft | Qt::AlignVCenter), place);
        const int room = label - QFontMetrics(small).horizontalAdvance(place) - Gap;
        painter.setPen(theme.text);
        painter.setFont(tokens);
        painter.drawText(named, int(Qt::AlignRight | Qt::AlignVCenter | Qt::TextSingleLine),
            QFontMetrics(tokens).elidedText(m_picture->label(read.token), Qt::ElideRight, room));
        bar(shares, read.share, most, theme.attention.done);
        bar(lengths, read.passedOn(), longest, theme.attention.outline);
        top += height;
    }
}

} // namespace timestep

#include "moc_passed_on_bars.cpp"
