// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_plots.h"

#include "ui/views/race_plot.h"

#include <QGridLayout>

#include <algorithm>

namespace timestep {

namespace {

constexpr int Columns = 2;

/// What was measured then; what plans and formulas say is there already.
void addBaseline(std::vector<RaceCurve>& curves, std::vector<RaceCurve> before)
{
    for (RaceCurve& curve : before) {
        if (curve.planned || curve.dots.empty())
            continue;
        curve.baseline = true;
        curve.label.clear();
        curves.push_back(std::move(curve));
    }
}

std::unique_ptr<RacePlot> emptyPlot(const RaceRequest& request, RacePicture picture)
{
    const RacePictureLook look = lookOf(request, picture);
    return std::make_unique<RacePlot>(look.meaning, look.xLabel, look.yLabel,
        look.namesWithin ? RacePlot::Names::Within : RacePlot::Names::Beside);
}

void showIn(RacePlot& plot, const RaceMeasurement& measurement, const RaceMeasurement* baseline,
    RacePicture picture)
{
    const RacePictureLook look = lookOf(measurement.request, picture);
    std::vector<RaceCurve> curves = raceCurves(measurement, picture);
    if (baseline)
        addBaseline(curves, raceCurves(*baseline, picture));
    plot.setTitle(look.title);
    plot.setExplanation(look.length);
    plot.setYUnit(look.unit);
    plot.setOvertaking(look.overtaking);
    plot.setXTicks(look.xTicks);
    const std::vector<double> ticks = yTicksOf(picture, curves);
    plot.setYTicks(ticks, leastOf(curves, ticks.front()));
    plot.setCurves(std::move(curves));
}

} // namespace

std::unique_ptr<RacePlot> racePlot(
    const RaceMeasurement& measurement, const RaceMeasurement* baseline, RacePicture picture)
{
    std::unique_ptr<RacePlot> plot = emptyPlot(measurement.request, picture);
    plot->setEmptyText(RacePlots::tr("not measured"));
    showIn(*plot, measurement, baseline, picture);
    return plot;
}

RacePlots::RacePlots(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(28);
    m_grid->setVerticalSpacing(10);
}

void RacePlots::build(const RaceRequest& request)
{
    const std::vector<RacePicture> pictures = racePictures(request);
    const bool same = m_request && pictures == m_pictures && m_request->pass == request.pass;
    m_request = request;
    if (same)
        return;
    m_pictures = pictures;
    m_alone = nullptr;
    qDeleteAll(m_plots);
    m_plots.clear();
    for (RacePicture picture : m_pictures) {
        RacePlot* plot = emptyPlot(request, picture).release(); // the grid takes it
        connect(plot, &RacePlot::aloneWanted, this,
            [this, plot] { showAlone(m_alone == plot ? nullptr : plot); });
        m_plots.push_back(plot);
    }
    place();
}

void RacePlots::place()
{
    for (std::size_t index = 0; index < m_plots.size(); ++index) {
        const int place = static_cast<int>(index);
        // The last of an odd number has the row to itself.
        const bool wide = index + 1 == m_plots.size() && place % Columns == 0;
        m_grid->addWidget(m_plots[index], place / Columns, place % Columns, 1, wide ? Columns : 1);
        m_plots[index]->setVisible(!m_alone || m_alone == m_plots[index]);
    }
    fitRows(m_room);
}

void RacePlots::show(
    const RaceMeasurement& measurement, const RaceMeasurement* baseline, const QString& emptyText)
{
    build(measurement.request);
    for (std::size_t index = 0; index < m_plots.size(); ++index) {
        m_plots[index]->setEmptyText(emptyText);
        m_plots[index]->setScale(m_linear ? RaceScale::Linear : RaceScale::Logarithmic);
        showIn(*m_plots[index], measurement, baseline, m_pictures[index]);
    }
    fitRows(m_room); // titles of other lengths may take two lines
}

void RacePlots::setLinear(bool linear) { m_linear = linear; }

void RacePlots::fitRows(int height)
{
    m_room = height;
    int least = 0;
    for (const RacePlot* plot : m_plots)
        if (!m_alone || m_alone == plot)
            least = std::max(least, plot->layout()->totalMinimumHeightForWidth(width() / Columns));
    const int all = (static_cast<int>(m_plots.size()) + Columns - 1) / Columns;
    const int shown = m_alone ? 1 : all;
    const bool roomForAll = shown * least + (shown - 1) * m_grid->verticalSpacing() <= height;
    // The title of the next row tells that there is one.
    const int next = fontMetrics().height() + m_grid->verticalSpacing();
    for (int row = 0; row < m_grid->rowCount(); ++row) {
        const int atLeast = roomForAll || row >= shown ? 0 : std::max(least, height - next);
        if (m_grid->rowMinimumHeight(row) != atLeast)
            m_grid->setRowMinimumHeight(row, atLeast);
    }
}

bool RacePlots::showAlone(const RacePlot* plot)
{
    if (m_alone == plot)
        return false;
    m_alone = plot;
    place();
    return true;
}

} // namespace timestep

#include "moc_race_plots.cpp"
