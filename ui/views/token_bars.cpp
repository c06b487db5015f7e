// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_bars.h"

#include "ui/views/cells_under_pixels.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double ThickestBar = 22; // px
constexpr double BarsFromToken = 5; // px a token; narrower ones are joined to an outline
constexpr int TickHeight = 5; // px
constexpr int NameGap = 8; // px

/// The value farthest from 0 among some tokens; not a number where there is none.
double farthest(const std::vector<double>& values, IndexRange tokens)
{
    double found = std::nan("");
    for (int token = tokens.begin; token < tokens.end; ++token) {
        const double value = values[static_cast<std::size_t>(token)];
        if (!std::isnan(value) && !(std::abs(value) <= std::abs(found)))
            found = value;
    }
    return found;
}

class BarsPainter
{
public:
    BarsPainter(QPainter& painter, const TokenBars& bars, const TokenBarsLayout& layout,
        const TokenColumns& columns, const Theme& theme, const QFont& font)
        : m_painter(painter)
        , m_bars(bars)
        , m_layout(layout)
        , m_columns(columns)
        , m_theme(theme)
        , m_font(font)
        , m_metrics(font)
        , m_middle(bars.series.size() > 1 || bars.bothSigns())
        , m_base(m_middle ? layout.bars.center().y() + 0.5 : layout.bars.bottom() + 0.5)
        , m_length((m_middle ? layout.bars.height() / 2.0 : layout.bars.height()) - 1)
    {
    }

    void paint()
    {
        m_painter.setFont(m_font);
        m_painter.setRenderHint(QPainter::Antialiasing, true);
        for (const TokenBars::Series& series : m_bars.series) {
            const bool lstm = series.kind == ModelKind::Lstm;
            const Theme::ModelColors& colors = lstm ? m_theme.lstm : m_theme.attention;
            m_painter.setPen(colors.outline);
            m_painter.setBrush(colors.done);
            const double down = m_bars.series.size() > 1 && !lstm ? -1 : 1;
            if (m_columns.tokenWidth() >= BarsFromToken)
                paintBars(series.values, down);
            else
                paintOutline(series.values, down);
        }
        m_painter.setPen(m_theme.border);
        m_painter.drawLine(
            QPointF(m_layout.bars.left(), m_base), QPointF(m_layout.bars.right() + 1, m_base));
        paintNames();
        paintTicks();
    }

private:
    double heightOf(double value) const
    {
        return std::clamp(value / m_bars.full, -1.0, 1.0) * m_length;
    }

    void paintBars(const std::vector<double>& values, double up)
    {
        const IndexRange tokens = m_columns.axis.inView();
        m_painter.save();
        m_painter.setClipRect(m_layout.bars.adjusted(-1, -1, 1, 1));
        for (int token = tokens.begin; token < tokens.end; ++token) {
            const double value = values[static_cast<std::size_t>(token)];
            if (std::isnan(value) || value == 0)
                continue;
            const double thick
                = std::max(2.0, std::floor(std::min(m_columns.tokenWidth() * 0.6, ThickestBar)));
            const double left = std::floor(m_columns.middle(token) - thick / 2) + 0.5;
            m_painter.drawRect(
                QRectF(QPointF(left, m_base - up * heightOf(value)), QPointF(left + thick, m_base))
                    .normalized());
        }
        m_painter.restore();
    }

    void paintOutline(const std::vector<double>& values, double up)
    {
        const auto under = cellsUnderPixels(m_columns.axis.first(), m_columns.axis.extent(),
            m_columns.width, m_columns.axis.tokens());
        QPainterPath outline(QPointF(m_columns.left, m_base));
        for (int pixel = 0; pixel < m_columns.width; ++pixel) {
            const double value = farthest(values, under[static_cast<std::size_t>(pixel)]);
            const double y = m_base - up * (std::isnan(value) ? 0 : heightOf(value));
            outline.lineTo(m_columns.left + pixel, y);
            outline.lineTo(m_columns.left + pixel + 1, y);
        }
        outline.lineTo(m_columns.left + m_columns.width, m_base);
        m_painter.drawPath(outline);
    }

    /// What each series is: at the left of its bars, or where there is no room, above them all,
    /// beside what the longest bar stands for. In a low strip its details have none.
    void paintNames()
    {
        const int line = m_metrics.height();
        const int right = m_layout.bars.left() - NameGap;
        const int above = m_layout.bars.top() - line - 1;
        int free = m_layout.bars.left(); // of the line above
        const auto paintAbove = [&](const QString& text) {
            m_painter.drawText(QPoint(free, above + m_metrics.ascent()), text);
            free += m_metrics.horizontalAdvance(text) + NameGap;
        };
        m_painter.setPen(m_theme.secondaryText);
        if (!m_bars.fullText.isEmpty())
            paintAbove(m_bars.fullText);
        for (const TokenBars::Series& series : m_bars.series) {
            const bool lstm = series.kind == ModelKind::Lstm;
            const bool below = m_bars.series.size() > 1 && !lstm;
            int top
                = below ? static_cast<int>(m_base) + 2 : m_layout.bars.top() - (m_middle ? 2 : 0);
            m_painter.setPen(lstm ? m_theme.lstm.text : m_theme.attention.text);
            if (m_metrics.horizontalAdvance(series.name) > right) {
                paintAbove(series.name);
                continue;
            }
            const double end = top + m_length + 4;
            m_painter.drawText(
                QRect(0, top, right, line), Qt::AlignRight | Qt::AlignVCenter, series.name);
            m_painter.setPen(m_theme.secondaryText);
            for (const QString& detail : series.detail.split(u'\n')) {
                top += line;
                if (top + line > end)
                    break;
                m_painter.drawText(QRect(0, top, right, line), Qt::AlignRight | Qt::AlignVCenter,
                    m_metrics.elidedText(detail, Qt::ElideRight, right));
            }
        }
    }

    /// From the right; a label that would touch the one before is left out, its tick stays.
    void paintTicks()
    {
        double free = m_layout.bars.right() + 1;
        std::vector<TokenBars::Tick> ticks = m_bars.ticks;
        std::sort(ticks.begin(), ticks.end(),
            [](const auto& a, const auto& b) { return a.token > b.token; });
        for (const TokenBars::Tick& tick : ticks) {
            const bool beyond = tick.token < -0.5 && m_columns.axis.first() <= 0;
            const double x = m_columns.left
                + (tick.token + 0.5 - m_columns.axis.first()) * m_columns.tokenWidth();
            if (!beyond && (x < m_layout.bars.left() || x > m_layout.bars.right() + 1))
                continue;
            m_painter.setPen(m_theme.text);
            if (!beyond)
                m_painter.drawLine(QPointF(x, m_layout.ticks.top()),
                    QPointF(x, m_layout.ticks.top() + TickHeight));
            const double width = m_metrics.horizontalAdvance(tick.label);
            const double left = beyond ? m_layout.bars.left()
                                       : std::min(x - width / 2, m_layout.bars.right() + 1 - width);
            if (tick.label.isEmpty() || left + width > free || left < 0)
                continue;
            m_painter.setPen(m_theme.secondaryText);
            m_painter.drawText(
                QPointF(left, m_layout.ticks.bottom() - m_metrics.descent()), tick.label);
            free = left - NameGap;
        }
    }

    QPainter& m_painter;
    const TokenBars& m_bars;
    const TokenBarsLayout& m_layout;
    const TokenColumns& m_columns;
    const Theme& m_theme;
    const QFont& m_font;
    const QFontMetrics m_metrics;
    const bool m_middle; // the base line is there
    const double m_base; // px
    const double m_length; // px, of a full bar
};

} // namespace

bool TokenBars::bothSigns() const
{
    return series.size() == 1
        && std::any_of(series.front().values.begin(), series.front().values.end(),
            [](double value) { return value < 0; });
}

double TokenBars::roundFull() const
{
    double largest = 0;
    for (const Series& some : series)
        for (const double value : some.values)
            if (std::isfinite(value))
                largest = std::max(largest, std::abs(value));
    if (!(largest > 0))
        return 1;
    const double power = std::pow(10, std::floor(std::log10(largest)));
    for (const double step : { 1.0, 2.0, 5.0 }) {
        if (largest <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

TokenBarsLayout TokenBarsLayout::of(
    QSize widget, int left, int width, const TokenBars& bars, int lineHeight)
{
    const int above = bars.fullText.isEmpty() ? 2 : lineHeight + 1;
    const int below = bars.ticks.empty() ? 1 : TickHeight + lineHeight;
    TokenBarsLayout layout;
    layout.bars = QRect(left, above, width, std::max(1, widget.height() - below - above - 1));
    layout.ticks = QRect(left, layout.bars.bottom() + 2, width, below);
    return layout;
}

void paintTokenBars(QPainter& painter, const TokenBars& bars, const TokenBarsLayout& layout,
    const TokenColumns& columns, const Theme& theme, const QFont& font)
{
    if (!bars.emptyText.isEmpty()) {
        painter.setFont(font);
        painter.setPen(theme.secondaryText);
        painter.drawText(layout.bars | layout.ticks,
            Qt::AlignLeft | Qt::AlignVCenter | Qt::TextWordWrap, bars.emptyText);
        return;
    }
    BarsPainter(painter, bars, layout, columns, theme, font).paint();
}

} // namespace timestep
