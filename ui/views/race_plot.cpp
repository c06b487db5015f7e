// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_plot.h"

#include "ui/views/fonts.h"
#include "ui/views/label_place.h"
#include "ui/views/theme.h"
#include "ui/views/vector_plot.h"

#include <QHelpEvent>
#include <QLabel>
#include <QLocale>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <limits>

namespace timestep {

namespace {

constexpr double DotSize = 8; // pixels
constexpr double HoverReach = 14; // pixels
constexpr double BeyondTicks = 0.04; // of the axis, so that no dot is cut at its ends

const Theme::ModelColors& colorsOf(RaceLine line, const Theme& theme)
{
    return line == RaceLine::Attention || line == RaceLine::StoredAffinities ? theme.attention
                                                                             : theme.lstm;
}

QString tickText(double value)
{
    return value < 1 ? QString::number(value) : QLocale().toString(value, 'f', 0);
}

void setTicks(QCPAxis& axis, const std::vector<double>& ticks, double least)
{
    const QSharedPointer<QCPAxisTickerText> ticker(new QCPAxisTickerText);
    ticker->setSubTickCount(0);
    for (double tick : ticks)
        ticker->addTick(tick, tickText(tick));
    axis.setTicker(ticker);
    const double beyond = std::pow(ticks.back() / ticks.front(), BeyondTicks);
    axis.setRange(std::min(ticks.front(), least) / beyond, ticks.back() * beyond);
}

/// Where the line passes at x, between dots straight on logarithmic paper.
double heightAt(const RaceCurve& curve, double x)
{
    for (std::size_t next = 1; next < curve.dots.size(); ++next) {
        const RaceDot& from = curve.dots[next - 1];
        const RaceDot& to = curve.dots[next];
        if (x <= to.x)
            return from.y * std::pow(to.y / from.y, std::log(x / from.x) / std::log(to.x / from.x));
    }
    return curve.dots.back().y;
}

/// A line has no way through what is not a number.
void addGapBefore(const RaceDot& dot, QCPGraph& graph)
{
    if (!dot.joined)
        graph.addData(dot.x, std::numeric_limits<double>::quiet_NaN());
}

} // namespace

RacePlot::RacePlot(const QString& meaning, const QString& xLabel, const QString& yLabel,
    Names names, QWidget* parent)
    : QWidget(parent)
    , m_meaning(meaning)
    , m_xLabel(xLabel)
    , m_names(names)
    , m_titleLine(new QLabel)
    , m_plot(new VectorPlot)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_titleLine);
    layout->addWidget(m_plot, 1);
    m_titleLine->setTextFormat(Qt::RichText);
    m_titleLine->setWordWrap(true);

    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->axisRect()->setupFullAxesBox();
    for (QCPAxis* axis : m_plot->axisRect()->axes()) {
        axis->setScaleType(QCPAxis::stLogarithmic);
        axis->setTickPen(Qt::NoPen);
        axis->setTickLength(0, 0);
        axis->setSubTicks(false);
    }
    m_plot->yAxis->setLabel(yLabel);
    m_plot->xAxis->grid()->setVisible(false);
    applyTheme();
}

void RacePlot::setTitle(const QString& title)
{
    if (m_title == title)
        return;
    m_title = title;
    setAccessibleName(title);
    showTitle();
}

void RacePlot::setEmptyText(const QString& text) { m_emptyText = text; }

void RacePlot::showTitle()
{
    QString meaning = m_meaning.toHtmlEscaped();
    meaning.replace(QLatin1Char(' '), QStringLiteral("&nbsp;")); // in one piece
    m_titleLine->setText(
        QStringLiteral("<b>%1</b> &nbsp; <span style='color:%2; font-size:%3px'>%4</span>")
            .arg(m_title.toHtmlEscaped(), Theme::of(palette()).secondaryText.name())
            .arg(QFontInfo(smallFont(font())).pixelSize())
            .arg(meaning));
}

void RacePlot::setXTicks(const std::vector<double>& ticks)
{
    setTicks(*m_plot->xAxis, ticks, ticks.front());
}

void RacePlot::setYTicks(const std::vector<double>& ticks, double least)
{
    setTicks(*m_plot->yAxis, ticks, least);
}

void RacePlot::setCurves(std::vector<RaceCurve> curves)
{
    m_curves = std::move(curves);
    draw();
}

void RacePlot::applyTheme()
{
    const Theme& theme = Theme::of(palette());
    m_plot->setBackground(theme.window);
    for (QCPAxis* axis : m_plot->axisRect()->axes()) {
        axis->setBasePen(theme.border);
        axis->setTickLabelColor(theme.secondaryText);
        axis->setLabelColor(theme.secondaryText);
        axis->setTickLabelFont(smallFont(font()));
        axis->setLabelFont(smallFont(font()));
        axis->grid()->setPen(theme.border);
        axis->grid()->setZeroLinePen(Qt::NoPen);
    }
    const QFontMetrics metrics(smallFont(font()));
    const int beside = m_names == Names::Beside ? metrics.horizontalAdvance(tr("attention")) : 0;
    m_plot->axisRect()->setMinimumMargins(QMargins(metrics.horizontalAdvance(m_xLabel) + 12,
        metrics.height() / 2 + 1, beside + 16, metrics.height() + 4));
    m_plot->setMinimumSize(13 * metrics.height(), 6 * metrics.height());
    showTitle();
    draw();
}

void RacePlot::draw()
{
    m_plot->clearGraphs();
    m_plot->clearItems();
    for (const RaceCurve& curve : m_curves)
        if (!curve.planned && curve.dots.size() > 1)
            drawBand(curve);
    for (const RaceCurve& curve : m_curves)
        drawLine(curve);
    if (std::all_of(m_curves.begin(), m_curves.end(),
            [](const RaceCurve& curve) { return curve.dots.empty(); }))
        drawNothingYet();
    m_plot->replot(QCustomPlot::rpQueuedRefresh); // places the axes
    drawXLabel();
    if (m_names == Names::Beside)
        drawNamesBeside();
    else
        drawNamesWithin();
    m_plot->replot(QCustomPlot::rpImmediateRefresh);
}

void RacePlot::drawBand(const RaceCurve& curve)
{
    QColor shade = colorsOf(curve.line, Theme::of(palette())).outline;
    shade.setAlpha(60);
    QCPGraph* upper = m_plot->addGraph();
    QCPGraph* lower = m_plot->addGraph();
    for (const RaceDot& dot : curve.dots) {
        addGapBefore(dot, *upper);
        addGapBefore(dot, *lower);
        upper->addData(dot.x, dot.upper);
        lower->addData(dot.x, dot.lower);
    }
    upper->setPen(Qt::NoPen);
    lower->setPen(Qt::NoPen);
    upper->setBrush(shade);
    upper->setChannelFillGraph(lower);
}

void RacePlot::drawLine(const RaceCurve& curve)
{
    const QColor color = colorsOf(curve.line, Theme::of(palette())).outline;
    QCPGraph* graph = m_plot->addGraph();
    for (const RaceDot& dot : curve.dots) {
        addGapBefore(dot, *graph);
        graph->addData(dot.x, dot.y);
    }
    QPen pen(color, 2);
    if (curve.planned)
        pen.setDashPattern(
            curve.line == RaceLine::HiddenSplit ? QList<qreal> { 1, 2 } : QList<qreal> { 3, 2 });
    graph->setPen(pen);
    if (!curve.planned)
        graph->setScatterStyle({ QCPScatterStyle::ssDisc, color, color, DotSize });
}

void RacePlot::drawNothingYet()
{
    auto* note = new QCPItemText(m_plot);
    note->position->setType(QCPItemPosition::ptAxisRectRatio);
    note->position->setCoords(0.5, 0.5);
    note->setText(m_emptyText);
    note->setFont(smallFont(font()));
    note->setColor(Theme::of(palette()).secondaryText);
}

std::vector<const RaceCurve*> RacePlot::namedCurves() const
{
    std::vector<const RaceCurve*> named;
    for (const RaceCurve& curve : m_curves)
        if (!curve.label.isEmpty() && !curve.dots.empty())
            named.push_back(&curve);
    std::sort(named.begin(), named.end(), [](const RaceCurve* left, const RaceCurve* right) {
        const double x = std::min(left->dots.back().x, right->dots.back().x);
        return heightAt(*left, x) > heightAt(*right, x);
    });
    return named;
}

/// In the line of the ticks, so that it takes no room from the curves and is there at every size.
void RacePlot::drawXLabel()
{
    auto* label = new QCPItemText(m_plot);
    label->setClipToAxisRect(false);
    label->position->setType(QCPItemPosition::ptAbsolute);
    const QRect area = m_plot->axisRect()->rect();
    label->position->setCoords(area.left() - 4, area.bottom() + m_plot->xAxis->tickLabelPadding());
    label->setPositionAlignment(Qt::AlignRight | Qt::AlignTop);
    label->setText(m_xLabel);
    label->setFont(smallFont(font()));
    label->setColor(Theme::of(palette()).secondaryText);
}

/// Right of the last dots, from the highest line down, none over another.
void RacePlot::drawNamesBeside()
{
    const QRect area = m_plot->axisRect()->rect();
    const double height = QFontMetrics(smallFont(font())).height();
    double free = area.top() - height; // from here down
    for (const RaceCurve* curve : namedCurves()) {
        const double line = m_plot->yAxis->coordToPixel(curve->dots.back().y);
        const double middle = std::max(line, free + height / 2);
        drawName(*curve, { area.right() + 8.0, middle }, Qt::AlignLeft | Qt::AlignVCenter);
        free = middle + height / 2;
    }
}

void RacePlot::drawNamesWithin()
{
    const QFontMetrics metrics(smallFont(font()));
    const std::vector<QLineF> lines = segments();
    std::vector<QRectF> taken;
    const std::vector<const RaceCurve*> named = namedCurves();
    // From the lowest line up: the lower ones have less room.
    for (auto place = named.rbegin(); place != named.rend(); ++place) {
        const RaceCurve* curve = *place;
        const RaceDot& last = curve->dots.back();
        const QSizeF size(metrics.horizontalAdvance(curve->label), metrics.height());
        const QPointF end(m_plot->xAxis->coordToPixel(last.x), m_plot->yAxis->coordToPixel(last.y));
        taken.push_back(labelPlace(size, end, m_plot->axisRect()->rect(), lines, taken));
        drawName(*curve, taken.back().topLeft(), Qt::AlignLeft | Qt::AlignTop);
    }
}

std::vector<QLineF> RacePlot::segments() const
{
    std::vector<QLineF> lines;
    const auto pixel = [this](const RaceDot& dot) {
        return QPointF(m_plot->xAxis->coordToPixel(dot.x), m_plot->yAxis->coordToPixel(dot.y));
    };
    for (const RaceCurve& curve : m_curves)
        for (std::size_t dot = 1; dot < curve.dots.size(); ++dot)
            lines.emplace_back(pixel(curve.dots[dot - 1]), pixel(curve.dots[dot]));
    return lines;
}

void RacePlot::drawName(const RaceCurve& curve, QPointF position, Qt::Alignment alignment)
{
    auto* name = new QCPItemText(m_plot);
    name->setClipToAxisRect(false);
    name->position->setType(QCPItemPosition::ptAbsolute);
    name->position->setCoords(position);
    name->setPositionAlignment(alignment);
    name->setText(curve.label);
    name->setFont(smallFont(font()));
    name->setColor(colorsOf(curve.line, Theme::of(palette())).text);
}

QPointF RacePlot::positionOf(const RaceDot& dot) const
{
    return m_plot->geometry().topLeft()
        + QPointF(m_plot->xAxis->coordToPixel(dot.x), m_plot->yAxis->coordToPixel(dot.y));
}

const RaceDot* RacePlot::dotNear(QPointF position) const
{
    const RaceDot* nearest = nullptr;
    double reach = HoverReach;
    for (const RaceCurve& curve : m_curves) {
        for (const RaceDot& dot : curve.dots) {
            const QPointF way = positionOf(dot) - position;
            const double distance = std::hypot(way.x(), way.y());
            if (!dot.text.isEmpty() && distance < reach) {
                reach = distance;
                nearest = &dot;
            }
        }
    }
    return nearest;
}

void RacePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    QWidget::changeEvent(event);
}

bool RacePlot::event(QEvent* event)
{
    if (event->type() == QEvent::Resize) {
        const bool done = QWidget::event(event);
        draw();
        return done;
    }
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        if (const RaceDot* dot = dotNear(help->pos()))
            QToolTip::showText(help->globalPos(), dot->text, this);
        else
            QToolTip::hideText();
        return true;
    }
    return QWidget::event(event);
}

} // namespace timestep

#include "moc_race_plot.cpp"
