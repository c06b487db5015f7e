// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/token_times_plot.h"

#include "ui/views/theme.h"

#include <QPainter>

#include <algorithm>

namespace timestep {

namespace {

constexpr int BarWidth = 3;
constexpr int Pitch = 4; // from bar to bar

} // namespace

TokenTimesPlot::TokenTimesPlot(ModelKind kind, QWidget* parent)
    : QWidget(parent)
    , m_kind(kind)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setAccessibleName(kind == ModelKind::Lstm ? tr("Time of each token in the LSTM")
                                              : tr("Time of each token in attention"));
}

void TokenTimesPlot::setTimes(const std::vector<double>& milliseconds, double most)
{
    m_times = milliseconds;
    m_most = most;
    update();
}

int TokenTimesPlot::barCount() const
{
    return std::min(static_cast<int>(m_times.size()), width() / Pitch);
}

QRect TokenTimesPlot::barRect(int bar) const
{
    const double time = m_times[m_times.size() - 1 - static_cast<std::size_t>(bar)];
    const int high = std::clamp(qRound(time / m_most * height()), 1, height());
    return { width() - (bar + 1) * Pitch, height() - high, BarWidth, high };
}

QSize TokenTimesPlot::sizeHint() const { return { 16 * Pitch, fontMetrics().height() + 4 }; }

void TokenTimesPlot::paintEvent(QPaintEvent*)
{
    const Theme& theme = Theme::of(palette());
    const Theme::ModelColors& colors = m_kind == ModelKind::Lstm ? theme.lstm : theme.attention;
    QPainter painter(this);
    painter.fillRect(QRect(0, height() - 1, width(), 1), theme.border);
    for (int bar = 0; bar < barCount(); ++bar) {
        const QRect rect = barRect(bar);
        painter.fillRect(rect, colors.running);
        const double time = m_times[m_times.size() - 1 - static_cast<std::size_t>(bar)];
        if (time > m_most) // it goes on above
            painter.fillRect(QRect(rect.topLeft(), QSize(rect.width(), 3)), theme.text);
    }
}

} // namespace timestep

#include "moc_token_times_plot.cpp"
