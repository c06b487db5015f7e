// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/loss_plot.h"

#include "ui/models/number_text.h"
#include "ui/views/fonts.h"
#include "ui/views/theme.h"
#include "ui/views/vector_plot.h"

#include <QMouseEvent>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double grip = 6; // pixels to either side of the threshold
constexpr double leastLoss = 1e-7; // of the logarithmic axis: less is as good as nothing
constexpr int paleAlpha = 70;

const Theme::ModelColors& colorsOf(ModelKind kind, const Theme& theme)
{
    return kind == ModelKind::Lstm ? theme.lstm : theme.attention;
}

QVector<double> vectorOf(const std::vector<double>& numbers)
{
    return { numbers.begin(), numbers.end() };
}

} // namespace

LossPlot::LossPlot(QWidget* parent)
    : QWidget(parent)
    , m_plot(new VectorPlot)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_plot);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->axisRect()->setupFullAxesBox();
    for (QCPAxis* axis : m_plot->axisRect()->axes()) {
        axis->setTickLength(0, 0);
        axis->setSubTicks(false);
        axis->setTickPen(Qt::NoPen);
    }
    m_plot->xAxis->grid()->setVisible(false);
    setMouseTracking(true);
    setAccessibleName(tr("Loss of both models"));
    applyTheme();
}

void LossPlot::setCurves(std::vector<LossCurve> curves)
{
    m_curves = std::move(curves);
    draw();
}

void LossPlot::setAxis(LossAxis axis) { m_axis = axis; }

void LossPlot::setLogarithmic(bool logarithmic)
{
    m_logarithmic = logarithmic;
    draw();
}

void LossPlot::setThreshold(double loss)
{
    m_threshold = loss;
    draw();
}

void LossPlot::setEmptyText(const QString& text)
{
    if (m_emptyText == text)
        return;
    m_emptyText = text;
    draw();
}

QPointF LossPlot::positionOf(double x, double loss) const
{
    return m_plot->geometry().topLeft()
        + QPointF(m_plot->xAxis->coordToPixel(x), m_plot->yAxis->coordToPixel(loss));
}

void LossPlot::applyTheme()
{
    const Theme& theme = Theme::of(palette());
    m_plot->setBackground(theme.window);
    for (QCPAxis* axis : m_plot->axisRect()->axes()) {
        axis->setBasePen(theme.border);
        axis->setTickLabelColor(theme.secondaryText);
        axis->setTickLabelFont(smallFont(font()));
        axis->grid()->setPen(theme.border);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    const QFontMetrics metrics(smallFont(font()));
    m_plot->axisRect()->setMinimumMargins(
        QMargins(metrics.horizontalAdvance(tr("seconds")) + 18, metrics.height() / 2 + 1,
            metrics.horizontalAdvance(tr("attention")) + 16, metrics.height() + 4));
    m_plot->setMinimumSize(13 * metrics.height(), 5 * metrics.height());
    draw();
}

void LossPlot::setRanges()
{
    double right = m_axis == LossAxis::Steps ? 100 : 1;
    double most = m_threshold;
    double least = m_threshold;
    for (const LossCurve& curve : m_curves) {
        if (curve.x.empty())
            continue;
        right = std::max(right, curve.x.back());
        most = std::max(most, *std::max_element(curve.loss.begin(), curve.loss.end()));
        least = std::min(least, *std::min_element(curve.loss.begin(), curve.loss.end()));
    }
    m_plot->xAxis->setRange(0, right);
    for (QCPAxis* axis : { m_plot->xAxis, m_plot->yAxis })
        axis->setTicks(!empty()); // numbers of nothing would be misread
    m_plot->yAxis->grid()->setVisible(!empty());
    if (m_logarithmic) {
        m_plot->yAxis->setScaleType(QCPAxis::stLogarithmic);
        const double lower = std::max(least / 1.2, leastLoss);
        const double upper = most * 1.2;
        const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
        ticker->setSubTickCount(0);
        for (const double tick : lossTicks(lower, upper))
            ticker->addTick(tick, numberLocale().toString(tick, 'g', 2));
        m_plot->yAxis->setTicker(ticker);
        m_plot->yAxis->setRange(lower, upper);
    } else {
        m_plot->yAxis->setScaleType(QCPAxis::stLinear);
        m_plot->yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new QCPAxisTicker));
        m_plot->yAxis->setRange(0, most * 1.05);
    }
}

bool LossPlot::empty() const
{
    return std::all_of(
        m_curves.begin(), m_curves.end(), [](const LossCurve& curve) { return curve.x.empty(); });
}

void LossPlot::draw()
{
    const Theme& theme = Theme::of(palette());
    m_plot->clearGraphs();
    m_plot->clearItems();
    setRanges();
    for (const LossCurve& curve : m_curves)
        drawCurve(curve);
    m_plot->replot(QCustomPlot::rpQueuedRefresh); // places the axes
    const QRect area = m_plot->axisRect()->rect();
    if (empty()) {
        drawText(m_emptyText, area.center(), Qt::AlignCenter, theme.secondaryText);
    } else {
        drawText(m_axis == LossAxis::Steps ? tr("steps") : tr("seconds"),
            QPointF(area.left() - 14, area.bottom() + m_plot->xAxis->tickLabelPadding()),
            Qt::AlignRight | Qt::AlignTop, theme.secondaryText);
        drawThreshold();
        drawNames();
    }
    m_plot->replot(QCustomPlot::rpQueuedRefresh);
}

void LossPlot::drawCurve(const LossCurve& curve)
{
    const QColor color = colorsOf(curve.kind, Theme::of(palette())).outline;
    QColor pale = color;
    pale.setAlpha(paleAlpha);
    const QVector<double> x = vectorOf(curve.x);
    QCPGraph* batches = m_plot->addGraph();
    batches->setPen(QPen(pale, 1));
    batches->setData(x, vectorOf(curve.loss), true);
    QCPGraph* mean = m_plot->addGraph();
    mean->setPen(QPen(color, 2));
    mean->setData(x, vectorOf(curve.mean), true);
}

/// Right of the last points, none over another.
void LossPlot::drawNames()
{
    const QRect area = m_plot->axisRect()->rect();
    const double height = QFontMetricsF(smallFont(font())).height();
    std::vector<std::pair<double, ModelKind>> names; // pixels, from the top
    for (const LossCurve& curve : m_curves) {
        if (curve.x.empty())
            continue;
        const double end = m_plot->yAxis->coordToPixel(std::max(curve.mean.back(), leastLoss));
        names.emplace_back(std::clamp(end, double(area.top()), double(area.bottom())), curve.kind);
    }
    std::sort(names.begin(), names.end());
    for (std::size_t next = 1; next < names.size(); ++next)
        names[next].first = std::max(names[next].first, names[next - 1].first + height);
    const double beyond = names.back().first - area.bottom();
    for (const auto& [middle, kind] : names)
        drawText(kind == ModelKind::Lstm ? tr("LSTM") : tr("attention"),
            QPointF(area.right() + 8.0, middle - std::max(beyond, 0.0)),
            Qt::AlignLeft | Qt::AlignVCenter, colorsOf(kind, Theme::of(palette())).text);
}

void LossPlot::drawThreshold()
{
    const Theme& theme = Theme::of(palette());
    auto* line = new QCPItemStraightLine(m_plot);
    line->point1->setCoords(0, m_threshold);
    line->point2->setCoords(1, m_threshold);
    line->setPen(QPen(theme.secondaryText, 1, Qt::DashLine));
    const QRect area = m_plot->axisRect()->rect();
    drawText(tr("loss %1").arg(numberLocale().toString(m_threshold, 'g', 3)),
        QPointF(area.right() - 4.0, m_plot->yAxis->coordToPixel(m_threshold) - 2),
        Qt::AlignRight | Qt::AlignBottom, theme.secondaryText);
}

void LossPlot::drawText(
    const QString& text, QPointF place, Qt::Alignment alignment, const QColor& color)
{
    auto* item = new QCPItemText(m_plot);
    item->setClipToAxisRect(false);
    item->position->setType(QCPItemPosition::ptAbsolute);
    item->position->setCoords(place);
    item->setPositionAlignment(alignment);
    item->setText(text);
    item->setFont(smallFont(font()));
    item->setColor(color);
}

bool LossPlot::isAtThreshold(QPointF position) const
{
    const QRect area = m_plot->axisRect()->rect();
    return position.x() >= area.left() && position.x() <= area.right()
        && std::abs(position.y() - positionOf(0, m_threshold).y()) <= grip;
}

void LossPlot::mousePressEvent(QMouseEvent* event)
{
    m_drags = event->button() == Qt::LeftButton && isAtThreshold(event->position());
    if (!m_drags)
        QWidget::mousePressEvent(event);
}

void LossPlot::mouseMoveEvent(QMouseEvent* event)
{
    if (!m_drags) {
        if (isAtThreshold(event->position()))
            setCursor(Qt::SizeVerCursor);
        else
            unsetCursor();
        return;
    }
    const double y = event->position().y() - m_plot->geometry().top();
    const QCPRange range = m_plot->yAxis->range();
    const double loss
        = std::clamp(m_plot->yAxis->pixelToCoord(y), std::max(range.lower, 0.001), range.upper);
    emit thresholdDragged(loss);
}

void LossPlot::mouseReleaseEvent(QMouseEvent*) { m_drags = false; }

void LossPlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    QWidget::changeEvent(event);
}

void LossPlot::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    draw();
}

} // namespace timestep

#include "moc_loss_plot.cpp"
