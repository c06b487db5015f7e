// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/reading_arcs.h"

#include "ui/views/attention_sentence.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"

#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr int MostArcs = 64; // of a long text the rest is thinner than a pixel
constexpr int ArcsHeight = 64; // pixels
constexpr int Told = 5; // tokens, to a screen reader
constexpr double WidestArc = 6; // pixels, of a share of 1
constexpr int Gap = 6;

} // namespace

ReadingArcs::ReadingArcs(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("From where the pinned token reads, over the text"));
}

void ReadingArcs::setRow(AffinityPicturePointer picture, int row)
{
    if (m_picture == picture && m_row == row)
        return;
    m_picture = std::move(picture);
    m_row = row;
    m_reads = m_picture->tokens() > 0 ? mostReadBy(*m_picture, row, MostArcs)
                                      : std::vector<TokenRead>();
    QStringList told;
    for (const TokenRead& read : m_reads)
        if (std::ssize(told) < Told)
            told.append(
                tr("%1 from “%2”").arg(shareText(read.share), m_picture->label(read.token)));
    const QString text = told.isEmpty()
        ? QString()
        : tr("“%1” reads %2").arg(m_picture->label(row), told.join(QStringLiteral(", ")));
    setAccessibleDescription(text);
    setToolTip(text);
    update();
}

int ReadingArcs::labelHeight() const
{
    return QFontMetrics(monospaceFont(smallFont(font()))).height();
}

QSize ReadingArcs::sizeHint() const { return { 400, ArcsHeight + labelHeight() + Gap }; }

QSize ReadingArcs::minimumSizeHint() const { return { 200, sizeHint().height() }; }

QPointF ReadingArcs::placeOf(int token) const
{
    const int tokens = std::max(1, m_picture ? m_picture->tokens() : 0);
    return { (token + 0.5) * width() / tokens, double(ArcsHeight) };
}

void ReadingArcs::paintEvent(QPaintEvent*)
{
    if (m_reads.empty())
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Theme::of(palette()).border);
    painter.drawLine(QPointF(0, ArcsHeight + 0.5), QPointF(width(), ArcsHeight + 0.5));
    paintArcs(painter);
    paintLabels(painter);
}

void ReadingArcs::paintArcs(QPainter& painter) const
{
    const Theme& theme = Theme::of(palette());
    const double farthest = width();
    const QPointF from = placeOf(m_row);
    painter.setBrush(Qt::NoBrush);
    for (auto read = m_reads.rbegin(); read != m_reads.rend(); ++read) { // the strongest on top
        const QPointF to = placeOf(read->token);
        const double reach = std::abs(to.x() - from.x());
        // Far ones are higher, near ones still to be seen.
        const double height
            = (ArcsHeight - WidestArc) * (0.25 + 0.75 * std::sqrt(reach / farthest));
        QPainterPath arc(from);
        if (read->token == m_row) // a loop over itself
            arc.cubicTo(
                from + QPointF(-14, -height * 1.3), from + QPointF(14, -height * 1.3), from);
        else // the middle of the curve is at three quarters of its control points
            arc.cubicTo(from - QPointF(0, height / 0.75), to - QPointF(0, height / 0.75), to);
        QColor color = theme.attention.text;
        color.setAlphaF(float(0.15 + 0.85 * std::sqrt(double(read->share))));
        painter.setPen(QPen(
            color, std::max(0.5, WidestArc * double(read->share)), Qt::SolidLine, Qt::FlatCap));
        painter.drawPath(arc);
    }
}

/// First of the token that reads, then of those it reads more than evenly, then of the rest where
/// there is room.
void ReadingArcs::paintLabels(QPainter& painter) const
{
    const Theme& theme = Theme::of(palette());
    const QFont plain = monospaceFont(smallFont(font()));
    QFont bold = plain;
    bold.setBold(true);
    std::vector<QRectF> taken;
    const auto label = [&](int token, bool strong) {
        const QString text = m_picture->label(token);
        const double wide = QFontMetrics(strong ? bold : plain).horizontalAdvance(text);
        QRectF place(placeOf(token).x() - wide / 2, ArcsHeight + Gap / 2.0, wide, labelHeight());
        place.moveLeft(std::clamp(place.left(), 0.0, std::max(0.0, width() - wide)));
        const bool free = std::none_of(taken.begin(), taken.end(),
            [&](const QRectF& other) { return other.adjusted(-2, 0, 2, 0).intersects(place); });
        if (!free)
            return;
        taken.push_back(place);
        painter.setFont(strong ? bold : plain);
        painter.setPen(strong ? theme.text : theme.secondaryText);
        painter.drawText(place, int(Qt::AlignCenter | Qt::TextSingleLine), text);
    };
    label(m_row, true);
    const double even = 1.0 / m_picture->readable(m_row).count();
    for (int read = 0; read < std::min<int>(Told, int(m_reads.size())); ++read)
        if (m_reads[read].share >= even)
            label(m_reads[read].token, true);
    // No more than there may be room for: a text may have thousands of tokens.
    const int step = std::max(1, m_picture->tokens() * 8 / std::max(1, width()));
    for (int token = 0; token < m_picture->tokens(); token += step)
        label(token, false);
}

} // namespace timestep

#include "moc_reading_arcs.cpp"
