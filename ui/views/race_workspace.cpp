// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_workspace.h"

#include "engine/measurement/sweep_columns.h"
#include "ui/session/race_plan.h"
#include "ui/session/session.h"
#include "ui/views/flow_layout.h"
#include "ui/views/race_bar.h"
#include "ui/views/race_plot.h"
#include "ui/views/race_sentence.h"
#include "ui/views/sweep_table.h"

#include <QComboBox>
#include <QFileDialog>
#include <QGridLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSaveFile>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

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

/// "run 3 of 25: LSTM, 32 rows, 1,024 tokens"
QString stepText(const RaceStep& step, int repeats)
{
    const SweepCell& cell = step.cell.cell;
    const QString model = step.cell.places.front().line == RaceLine::Attention
        ? RaceWorkspace::tr("attention")
        : RaceWorkspace::tr("LSTM");
    const QString run = step.repeatsDone == 0
        ? RaceWorkspace::tr("warming up")
        : RaceWorkspace::tr("run %1 of %2").arg(step.repeatsDone + 1).arg(repeats);
    const QString rows = cell.batch == 1 ? RaceWorkspace::tr("1 row")
                                         : RaceWorkspace::tr("%1 rows").arg(cell.batch);
    return RaceWorkspace::tr("%1: %2, %3, %4 tokens")
        .arg(run, model, rows, QLocale().toString(cell.length));
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
    layout->setSpacing(6);
    auto* controls = new FlowLayout;
    buildControls(*controls);
    layout->addLayout(controls);
    m_pages->addWidget(buildPlots());
    m_pages->addWidget(new SweepTable(m_table));
    layout->addWidget(m_pages, 1);
    m_figures->setObjectName(QStringLiteral("raceFigures"));
    m_figures->setWordWrap(true);
    m_figures->setProperty("role", "caption");
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

void RaceWorkspace::buildControls(FlowLayout& row)
{
    constexpr int FewestLetters = 8; // where there is no room for more
    row.setSpacing(10);
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
    for (QComboBox* box : { m_pair, m_longest, m_repeats }) {
        box->setMinimumContentsLength(FewestLetters);
        row.addWidget(box);
    }
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
    for (RacePlot** plot : { &m_timeOfRows, &m_timeOfOne })
        *plot = new RacePlot(tr("measured: median, band: middle half"), tr("tokens"), tr("ms"),
            RacePlot::Names::Beside);
    for (RacePlot** plot : { &m_speedUpOfRows, &m_speedUpOfOne })
        *plot = new RacePlot(tr("dashed: plan, not measured"), tr("workers"), tr("times faster"),
            RacePlot::Names::Within);
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
    request.subBatches = settings.subBatches;
    request.lstmStrategy = settings.lstmStrategy;
    request.attentionStrategy = settings.attentionStrategy;
    request.threads = settings.threads;
    request.cores = m_session.cores();
    request.kernel = settings.kernel;
    request.memoryBudget = settings.memoryBudget;
    request.threadCounts = measuredThreadCounts(m_session.cores(), settings.threads);
    request.longest = m_longest->currentData().toInt();
    request.speedUpLength = speedUpLength(tokens, settings.rows);
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
        tr("Speed-up, %1 rows, %2 tokens").arg(QString::number(request.rows), length));
    m_speedUpOfOne->setTitle(tr("Speed-up, 1 row, %1 tokens").arg(length));
    m_timeOfRows->setVisible(several);
    m_speedUpOfRows->setVisible(several);
    const std::vector<int> lengths = raceLengths(request);
    for (RacePlot* plot : { m_timeOfRows, m_timeOfOne }) {
        plot->setXTicks({ lengths.begin(), lengths.end() });
        plot->setEmptyText(m_runner.running() ? tr("being measured") : tr("not measured yet"));
    }
    for (RacePlot* plot : { m_speedUpOfRows, m_speedUpOfOne })
        plot->setEmptyText(m_runner.planning() ? tr("being planned") : tr("not planned yet"));
}

void RaceWorkspace::showPoints()
{
    showTitles();
    const RaceRequest& request = m_runner.request();
    const auto& points = m_runner.points();
    const auto showTimes = [&](RacePlot& plot, RacePicture picture) {
        std::vector<RaceCurve> curves = timeCurves(request, points, picture);
        const std::vector<double> ticks = timeTicks(curves);
        plot.setYTicks(ticks, ticks.front());
        plot.setCurves(std::move(curves));
    };
    const auto showSpeedUps = [&](RacePlot& plot, RacePicture picture) {
        std::vector<RaceCurve> curves = speedUpCurves(request, points, m_runner.lines(), picture);
        plot.setYTicks({ 1, 8, 64, 512, 4096 }, speedUpAxisBegin(curves));
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
    m_figures->setVisible(!m_figures->text().isEmpty());
    m_csv->setEnabled(!points.empty());
    m_bar->showProgress(m_runner.progress(), static_cast<int>(points.size()), request.repeats);
    showNote();
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

void RaceWorkspace::showRunning()
{
    m_bar->setRunning(m_runner.running());
    m_bar->setStartable(m_runner.running() || obstacle().isEmpty());
    showNote();
    showSentence();
}

void RaceWorkspace::showNote() { m_bar->setNote(noteText()); }

QString RaceWorkspace::noteText() const
{
    const QString disturbed = m_disturbed ? tr("disturbed: the text was run meanwhile") : QString();
    const RaceRequest& request = m_runner.request();
    if (m_runner.running()) {
        QStringList parts { m_runner.step() ? stepText(*m_runner.step(), request.repeats)
                : m_runner.planning()       ? tr("planning what must wait")
                                            : tr("making the models ready"),
            disturbed };
        parts.removeAll(QString());
        return parts.join(tr(" · "));
    }
    if (!obstacle().isEmpty())
        return obstacle();
    if (m_runner.points().empty())
        return tr("not measured yet");
    const RaceRequest now = wanted();
    if (now.repeats != request.repeats || raceCells(now) != raceCells(request))
        return tr("measured as it was set before: Start measures anew");
    return disturbed;
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
