// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_plot.h"

#include "ui/views/dot_note.h"
#include "ui/views/fonts.h"
#include "ui/views/race_description.h"
#include "ui/views/race_drawing.h"
#include "ui/views/theme.h"
#include "ui/views/vector_plot.h"

#include <QHelpEvent>
#include <QLabel>
#include <QPainter>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace timestep {

namespace {

constexpr double HoverReach = 14; // pixels
constexpr double MarkReach = 5; // pixels beside the line of a crossover
constexpr double RingSize = 2; // around the dot that is told of, as large as so many dots
constexpr int FocusFrame = 2; // pixels
const QString RingLayer = QStringLiteral("ring");

std::optional<RaceStepTo> stepOf(int key)
{
    switch (key) {
    case Qt::Key_Left:
        return RaceStepTo::Left;
    case Qt::Key_Right:
        return RaceStepTo::Right;
    case Qt::Key_Up:
        return RaceStepTo::Higher;
    case Qt::Key_Down:
        return RaceStepTo::Lower;
    case Qt::Key_Home:
        return RaceStepTo::First;
    case Qt::Key_End:
        return RaceStepTo::Last;
    default:
        return std::nullopt;
    }
}

} // namespace

RacePlot::RacePlot(const QString& meaning, const QString& xLabel, const QString& yLabel,
    Names names, QWidget* parent)
    : QWidget(parent)
    , m_meaning(meaning)
    , m_titleLine(new QLabel)
{
    auto* plot = new VectorPlot;
    m_plot = plot;
    connect(plot, &VectorPlot::resized, this, &RacePlot::draw);
    m_content.namesBeside = names == Names::Beside;
    setLabels(xLabel, yLabel);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(FocusFrame, FocusFrame, FocusFrame, FocusFrame);
    layout->setSpacing(2);
    layout->addWidget(m_titleLine);
    layout->addWidget(m_plot, 1);
    m_titleLine->setTextFormat(Qt::RichText);
    m_titleLine->setWordWrap(true);

    setFocusPolicy(Qt::StrongFocus);
    m_titleLine->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_plot->axisRect()->setupFullAxesBox();
    for (QCPAxis* axis : m_plot->axisRect()->axes()) {
        axis->setTickPen(Qt::NoPen);
        axis->setTickLength(0, 0);
        axis->setSubTicks(false);
    }
    m_plot->xAxis->grid()->setVisible(false);
    m_plot->addLayer(RingLayer);
    applyTheme();
}

RacePlot::~RacePlot() { delete m_note; }

void RacePlot::setTitle(const QString& title)
{
    if (m_title == title)
        return;
    m_title = title;
    setAccessibleName(title);
    showTitle();
}

void RacePlot::setExplanation(const QString& text) { m_explanation = text; }

void RacePlot::setLabels(const QString& x, const QString& y)
{
    m_content.xLabel = x;
    m_content.yLabel = y;
}

void RacePlot::setEmptyText(const QString& text) { m_content.emptyText = text; }

void RacePlot::showTitle()
{
    QString meaning = m_meaning.toHtmlEscaped();
    // In one piece, but for what is parted by a semicolon.
    meaning.replace(QLatin1Char(' '), QStringLiteral("&nbsp;"));
    meaning.replace(QStringLiteral(";&nbsp;"), QStringLiteral("; "));
    m_titleLine->setText(
        QStringLiteral("<b>%1</b> &nbsp; <span style='color:%2; font-size:%3px'>%4</span>")
            .arg(m_title.toHtmlEscaped(), Theme::of(palette()).secondaryText.name())
            .arg(QFontInfo(smallFont(font())).pixelSize())
            .arg(meaning));
}

void RacePlot::setXTicks(const std::vector<double>& ticks) { m_content.xTicks = ticks; }

void RacePlot::setYTicks(const std::vector<double>& ticks, double least)
{
    m_content.yTicks = ticks;
    m_content.yLeast = least;
}

void RacePlot::setYUnit(RaceUnit unit) { m_content.yUnit = unit; }

void RacePlot::setOvertaking(RaceOvertaking overtaking) { m_overtaking = overtaking; }

void RacePlot::setScale(RaceScale scale)
{
    if (m_content.scale == scale)
        return;
    m_content.scale = scale;
    draw();
}

void RacePlot::setCurves(std::vector<RaceCurve> curves)
{
    m_content.curves = std::move(curves);
    m_content.marks = raceMarks(m_content.curves, m_overtaking, m_content.xLabel);
    for (std::optional<RaceDotPlace>* place : { &m_walked, &m_pinned })
        if (*place && !dotAt(m_content.curves, **place))
            place->reset();
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
    m_plot->setMinimumSize(13 * metrics.height(), 5 * metrics.height());
    showTitle();
    draw();
}

void RacePlot::draw()
{
    m_places = RaceDrawing(*m_plot, m_content, Theme::of(palette()), smallFont(font())).draw();
    showDot();
}

const std::optional<RaceDotPlace>& RacePlot::shownDot() const
{
    return m_walked ? m_walked : m_pinned;
}

void RacePlot::showDot()
{
    QCPLayer* layer = m_plot->layer(RingLayer);
    for (QCPLayerable* ring : layer->children())
        m_plot->removeItem(qobject_cast<QCPAbstractItem*>(ring));
    const std::optional<RaceDotPlace>& place = shownDot();
    const RaceDot* dot = place ? dotAt(m_content.curves, *place) : nullptr;
    if (dot) {
        const Theme& theme = Theme::of(palette());
        auto* ring = new QCPItemEllipse(m_plot);
        ring->setLayer(layer);
        ring->setClipToAxisRect(false);
        for (QCPItemPosition* corner : { ring->topLeft, ring->bottomRight })
            corner->setType(QCPItemPosition::ptAbsolute);
        const QPointF middle = positionOf(*dot) - plotOrigin();
        const double radius = RingSize * m_places.dotSize / 2;
        ring->topLeft->setCoords(middle - QPointF(radius, radius));
        ring->bottomRight->setCoords(middle + QPointF(radius, radius));
        ring->setPen(QPen(place == m_pinned ? theme.pin : theme.text, 2));
    }
    m_plot->replot(QCustomPlot::rpQueuedRefresh);
    if (dot && isVisible()) {
        if (!m_note)
            m_note = new DotNote(*this);
        m_note->showAt(positionOf(*dot).toPoint(), toldText(m_content.curves[place->curve], *dot),
            place == m_pinned);
    } else if (m_note) {
        m_note->hide();
    }
    describe();
}

void RacePlot::describe()
{
    const std::optional<RaceDotPlace>& place = shownDot();
    const QString all = m_explanation.isEmpty()
        ? raceDescription(m_content)
        : QStringLiteral("%1 %2").arg(raceDescription(m_content), m_explanation);
    const QString text
        = place ? toldText(m_content.curves[place->curve], *dotAt(m_content.curves, *place)) : all;
    if (accessibleDescription() != text)
        setAccessibleDescription(text);
}

QPoint RacePlot::plotOrigin() const { return m_plot->geometry().topLeft(); }

QPointF RacePlot::positionOf(const RaceDot& dot) const
{
    return plotOrigin()
        + QPointF(m_plot->xAxis->coordToPixel(dot.x), m_plot->yAxis->coordToPixel(dot.y));
}

std::optional<RaceDotPlace> RacePlot::dotNear(QPointF position) const
{
    std::optional<RaceDotPlace> nearest;
    double reach = HoverReach;
    for (std::size_t curve = 0; curve < m_content.curves.size(); ++curve) {
        for (const RaceDot& dot : m_content.curves[curve].dots) {
            const QPointF way = positionOf(dot) - position;
            const double distance = std::hypot(way.x(), way.y());
            if (!toldText(m_content.curves[curve], dot).isEmpty() && distance < reach) {
                reach = distance;
                nearest = RaceDotPlace { curve, dot.x };
            }
        }
    }
    return nearest;
}

QString RacePlot::hoverText(QPointF position) const
{
    if (m_titleLine->geometry().contains(position.toPoint()))
        return m_explanation.isEmpty() // rich text is broken into lines
            ? QString()
            : QStringLiteral("<qt>%1</qt>").arg(m_explanation.toHtmlEscaped());
    if (const auto dot = dotNear(position))
        return dot == shownDot() // which is told of already
            ? QString()
            : toldText(m_content.curves[dot->curve], *dotAt(m_content.curves, *dot));
    const QPointF place = position - plotOrigin();
    for (std::size_t mark = 0; mark < m_places.marks.size(); ++mark)
        if (m_places.area.contains(place) && place.x() > m_places.marks[mark].left - MarkReach
            && place.x() < m_places.marks[mark].right + MarkReach)
            return m_content.marks[mark].text;
    return {};
}

// Keys and mouse

void RacePlot::keyPressEvent(QKeyEvent* event)
{
    if (event->modifiers() & ~Qt::KeypadModifier)
        return QWidget::keyPressEvent(event);
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        emit aloneWanted();
    } else if (const auto step = stepOf(event->key())) {
        m_walked = walked(m_content.curves, shownDot(), *step);
        showDot();
    } else if (event->key() == Qt::Key_Escape && shownDot()) {
        m_walked.reset();
        m_pinned.reset();
        showDot();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void RacePlot::mousePressEvent(QMouseEvent* event)
{
    const auto dot = event->button() == Qt::LeftButton ? dotNear(event->position()) : std::nullopt;
    if (!dot)
        return QWidget::mousePressEvent(event);
    QToolTip::hideText();
    m_walked.reset();
    m_pinned = dot;
    showDot();
}

void RacePlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        emit aloneWanted();
}

void RacePlot::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void RacePlot::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    m_walked.reset();
    showDot();
    update();
}

void RacePlot::paintEvent(QPaintEvent*)
{
    if (!hasFocus())
        return;
    QPainter painter(this);
    painter.setPen(QPen(Theme::of(palette()).bracket, FocusFrame));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

bool RacePlot::event(QEvent* event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const QString text = hoverText(help->pos());
        if (text.isEmpty())
            QToolTip::hideText();
        else
            QToolTip::showText(help->globalPos(), text, this);
        return true;
    }
    return QWidget::event(event);
}

// Where the note is follows the plot

void RacePlot::moveEvent(QMoveEvent* event)
{
    QWidget::moveEvent(event);
    showDot();
}

void RacePlot::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    showDot();
}

void RacePlot::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    if (m_note)
        m_note->hide();
}

void RacePlot::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange)
        applyTheme();
    QWidget::changeEvent(event);
}

} // namespace timestep

#include "moc_race_plot.cpp"
