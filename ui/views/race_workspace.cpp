// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_workspace.h"

#include "engine/measurement/sweep_columns.h"
#include "ui/session/session.h"
#include "ui/views/race_bar.h"
#include "ui/views/race_plot.h"
#include "ui/views/race_sentence.h"

#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QTableView>

#include <algorithm>
#include <limits>

namespace timestep {

namespace {

enum Pair
{
    EqualParameters,
    BareLayers
};

constexpr int BareWidth = 256;
constexpr int BareHeads = 4;

std::vector<double> workerTicks() { return { 1, 4, 16, 64, 256, 1024, 4096 }; }

std::vector<double> lengthTicks(int longest)
{
    std::vector<double> ticks;
    for (int length = 16; length <= longest; length *= 2)
        ticks.push_back(length);
    return ticks;
}

/// The powers of ten that take in all bands; before there are any, 1 to 1,000 ms.
std::vector<double> timeTicks(const std::vector<RaceCurve>& curves)
{
    double from = 0;
    double to = 0;
    for (const RaceCurve& curve : curves) {
        for (const RaceDot& dot : curve.dots) {
            from = from > 0 ? std::min(from, dot.lower) : dot.lower;
            to = std::max(to, dot.upper);
        }
    }
    return from > 0 ? powersAround(from, to, 10) : std::vector<double> { 1, 10, 100, 1000 };
}

std::vector<double> speedUpTicks() { return { 1, 8, 64, 512, 4096 }; }

double leastOf(const std::vector<RaceCurve>& curves)
{
    double least = std::numeric_limits<double>::infinity();
    for (const RaceCurve& curve : curves)
        for (const RaceDot& dot : curve.dots)
            least = std::min(least, dot.lower);
    return least;
}

} // namespace

RaceWorkspace::RaceWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_pair(new QComboBox)
    , m_longest(new QComboBox)
    , m_repeats(new QComboBox)
    , m_tableButton(new QPushButton(tr("Table")))
    , m_csv(new QPushButton(tr("Save CSV…")))
    , m_pages(new QStackedWidget)
    , m_figures(new QLabel)
    , m_bar(new RaceBar(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(10);
    auto* controls = new QHBoxLayout;
    buildControls(*controls);
    layout->addLayout(controls);
    m_pages->addWidget(buildPlots());
    auto* table = new QTableView;
    table->setModel(&m_table);
    table->verticalHeader()->hide();
    table->setShowGrid(false);
    table->setSelectionMode(QAbstractItemView::NoSelection);
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    table->horizontalHeader()->setSectionResizeMode(
        SweepPointModel::Cut, QHeaderView::ResizeToContents);
    table->setAccessibleName(tr("Measured points"));
    m_pages->addWidget(table);
    layout->addWidget(m_pages, 1);
    m_figures->setWordWrap(true);
    m_figures->setProperty("role", "secondary");
    layout->addWidget(m_figures);
    m_bar->hide(); // the window shows it

    connect(&m_runner, &SweepRunner::linesChanged, this, &RaceWorkspace::showPoints);
    connect(&m_runner, &SweepRunner::pointsChanged, this, &RaceWorkspace::showPoints);
    connect(&m_runner, &SweepRunner::runningChanged, this, &RaceWorkspace::showRunning);
    connect(&m_runner, &SweepRunner::failed, &session, &Session::failed);
    connect(m_bar, &RaceBar::toggled, this, &RaceWorkspace::toggle);
    connect(&session, &Session::modelsChanged, this, &RaceWorkspace::replan);
    connect(&session, &Session::settingsChanged, this, &RaceWorkspace::replan);
    connect(&session, &Session::tokensChanged, this, &RaceWorkspace::replan);
    connect(&session, &Session::busyChanged, this,
        [this](bool busy) { m_disturbed = m_disturbed || (busy && m_runner.running()); });
    for (QComboBox* box : { m_pair, m_longest, m_repeats })
        connect(box, &QComboBox::currentIndexChanged, this, &RaceWorkspace::replan);
    showPoints();
}

QString RaceWorkspace::title() const { return tr("Race"); }

QWidget* RaceWorkspace::bottomBar() { return m_bar; }

void RaceWorkspace::startForPicture()
{
    m_repeats->setCurrentIndex(0); // the fewest
    toggle();
}

bool RaceWorkspace::complete() const { return !m_runner.running() && !m_runner.planning(); }

void RaceWorkspace::buildControls(QHBoxLayout& row)
{
    m_pair->addItem(tr("equal parameters: both models on this text"), EqualParameters);
    m_pair->addItem(tr("bare layers of equal width: %1").arg(BareWidth), BareLayers);
    m_pair->setAccessibleName(tr("What is compared"));
    for (int longest : { 256, 1024, 4096 })
        m_longest->addItem(tr("16 to %1 tokens").arg(QLocale().toString(longest)), longest);
    m_longest->setCurrentIndex(1);
    m_longest->setAccessibleName(tr("Lengths"));
    for (int repeats : { 5, 25, 101 })
        m_repeats->addItem(tr("%1 runs each").arg(repeats), repeats);
    m_repeats->setCurrentIndex(1);
    m_repeats->setAccessibleName(tr("Runs of each point"));
    for (QComboBox* box : { m_pair, m_longest, m_repeats })
        row.addWidget(box);
    row.addStretch(1);
    m_tableButton->setCheckable(true);
    m_tableButton->setToolTip(tr("all points with their arithmetic and share of the peak"));
    connect(m_tableButton, &QPushButton::toggled, m_pages,
        [this](bool table) { m_pages->setCurrentIndex(table ? 1 : 0); });
    connect(m_csv, &QPushButton::clicked, this, &RaceWorkspace::chooseCsv);
    for (QPushButton* button : { m_tableButton, m_csv }) {
        button->setProperty("small", true);
        row.addWidget(button);
    }
}

QWidget* RaceWorkspace::buildPlots()
{
    const auto names = RacePlot::Names::Beside;
    m_timeOfRows = new RacePlot(
        tr("one reading of all rows · measured, band: middle half"), tr("tokens"), tr("ms"), names);
    m_timeOfOne = new RacePlot(
        tr("latency of one text · measured, band: middle half"), tr("tokens"), tr("ms"), names);
    for (RacePlot** plot : { &m_speedUpOfRows, &m_speedUpOfOne })
        *plot = new RacePlot(tr("dashed: plan, not measured · dots: measured here"), tr("workers"),
            tr("times faster"), RacePlot::Names::Within);
    auto* plots = new QWidget;
    auto* grid = new QGridLayout(plots);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(28);
    grid->setVerticalSpacing(10);
    grid->addWidget(m_timeOfRows, 0, 0);
    grid->addWidget(m_speedUpOfRows, 0, 1);
    grid->addWidget(m_timeOfOne, 1, 0);
    grid->addWidget(m_speedUpOfOne, 1, 1);
    for (RacePlot* plot : { m_speedUpOfRows, m_speedUpOfOne })
        plot->setXTicks(workerTicks());
    return plots;
}

RaceRequest RaceWorkspace::wanted() const
{
    const Settings& settings = m_session.settings();
    RaceRequest request;
    int tokens = 0;
    if (const auto text = m_session.tokenized()) {
        tokens = text->window.count();
        for (int token = text->window.begin; token < text->window.end; ++token)
            request.text.push_back(text->tokens[token].id);
    }
    if (m_pair->currentData() == EqualParameters)
        request.models = m_session.models();
    request.causal = settings.causal;
    request.width = BareWidth;
    request.heads = BareHeads;
    request.rows = settings.rows;
    request.threads = settings.threads;
    request.threadCounts = measuredThreadCounts(m_session.cores(), settings.threads);
    request.longest = m_longest->currentData().toInt();
    request.speedUpLength = speedUpLength(tokens);
    request.repeats = m_repeats->currentData().toInt();
    return request;
}

QString RaceWorkspace::obstacle() const
{
    if (m_pair->currentData() != EqualParameters)
        return {};
    if (!m_session.models().lstm)
        return tr("the models are being made");
    if (!m_session.tokenized() || m_session.tokenized()->window.count() == 0)
        return tr("type a text, or race bare layers");
    return {};
}

void RaceWorkspace::replan()
{
    // What was measured stays until it is started anew; plans alone cost nothing to replace.
    if (!isVisible() || m_runner.running() || !m_runner.points().empty())
        return showRunning();
    if (obstacle().isEmpty())
        m_runner.plan(wanted());
    showRunning();
}

void RaceWorkspace::toggle()
{
    if (m_runner.running())
        return m_runner.stop();
    if (!obstacle().isEmpty())
        return;
    m_disturbed = false;
    m_runner.plan(wanted());
    m_runner.start();
}

void RaceWorkspace::showTitles()
{
    const RaceRequest& request = m_runner.request();
    const bool several = request.rows > 1;
    const QString length = QLocale().toString(request.speedUpLength);
    m_timeOfRows->setTitle(tr("Time, %1 rows").arg(request.rows));
    m_timeOfOne->setTitle(tr("Time, 1 row"));
    m_speedUpOfRows->setTitle(
        tr("Speed-up against workers, %1 rows, %2 tokens").arg(request.rows).arg(length));
    m_speedUpOfOne->setTitle(tr("Speed-up against workers, 1 row, %1 tokens").arg(length));
    m_timeOfRows->setVisible(several);
    m_speedUpOfRows->setVisible(several);
    for (RacePlot* plot : { m_timeOfRows, m_timeOfOne })
        plot->setXTicks(lengthTicks(request.longest));
}

void RaceWorkspace::showPoints()
{
    showTitles();
    const RaceRequest& request = m_runner.request();
    const auto& points = m_runner.points();
    const auto showTimes = [&](RacePlot& plot, RacePicture picture) {
        std::vector<RaceCurve> curves = timeCurves(points, picture);
        plot.setYTicks(timeTicks(curves), leastOf(curves));
        plot.setCurves(std::move(curves));
    };
    const auto showSpeedUps = [&](RacePlot& plot, RacePicture picture) {
        std::vector<RaceCurve> curves
            = speedUpCurves(m_runner.plannedRequest(), points, m_runner.lines(), picture);
        plot.setYTicks(speedUpTicks(), leastOf(curves));
        plot.setCurves(std::move(curves));
    };
    if (request.rows > 1) {
        showTimes(*m_timeOfRows, RacePicture::TimeOfRows);
        showSpeedUps(*m_speedUpOfRows, RacePicture::SpeedUpOfRows);
    }
    showTimes(*m_timeOfOne, RacePicture::TimeOfOne);
    showSpeedUps(*m_speedUpOfOne, RacePicture::SpeedUpOfOne);
    m_table.setPoints(points);
    m_figures->setText(raceFigures(request, points));
    showFigures();
    m_csv->setEnabled(!points.empty());
    m_bar->showProgress(
        m_runner.progress(), static_cast<int>(points.size()), request.repeats, m_disturbed);
    showSentence();
}

void RaceWorkspace::showSentence()
{
    const QString sentence
        = raceSentence(m_runner.request(), m_runner.points(), m_runner.running());
    if (m_sentence != sentence) {
        m_sentence = sentence;
        emit sentenceChanged();
    }
}

/// Where there is little room, the plots get it.
void RaceWorkspace::showFigures()
{
    const bool room = height() > 30 * fontMetrics().height();
    m_figures->setVisible(room && !m_figures->text().isEmpty());
}

void RaceWorkspace::resizeEvent(QResizeEvent* event)
{
    Workspace::resizeEvent(event);
    showFigures();
}

void RaceWorkspace::showRunning()
{
    m_bar->setRunning(m_runner.running());
    m_bar->setObstacle(m_runner.running() ? QString() : obstacle());
    showSentence();
}

bool RaceWorkspace::saveCsv(const QString& file) const
{
    std::vector<SweepPoint> points;
    for (const RacePoint& race : m_runner.points())
        points.push_back(race.point);
    QSaveFile csv(file);
    return csv.open(QIODevice::WriteOnly)
        && csv.write(QByteArray::fromStdString(sweepCsv(points))) >= 0 && csv.commit();
}

void RaceWorkspace::chooseCsv()
{
    const QString file = QFileDialog::getSaveFileName(
        this, tr("Save the measured points"), QStringLiteral("race.csv"), tr("CSV (*.csv)"));
    if (!file.isEmpty() && !saveCsv(file))
        emit m_session.failed(
            tr("cannot write %1; choose a folder that can be written to").arg(file));
}

void RaceWorkspace::showEvent(QShowEvent* event)
{
    Workspace::showEvent(event);
    replan();
}

void RaceWorkspace::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        return toggle();
    Workspace::keyPressEvent(event);
}

} // namespace timestep

#include "moc_race_workspace.cpp"
