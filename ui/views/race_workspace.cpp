// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/race_workspace.h"

#include "ui/models/number_text.h"
#include "ui/session/race_plan.h"
#include "ui/session/session.h"
#include "ui/views/race_bar.h"
#include "ui/views/race_baseline.h"
#include "ui/views/race_controls.h"
#include "ui/views/race_data.h"
#include "ui/views/race_pictures.h"
#include "ui/views/race_plots.h"
#include "ui/views/race_report_file.h"
#include "ui/views/race_report_part.h"
#include "ui/views/race_report_window.h"
#include "ui/views/race_sentence.h"
#include "ui/views/race_verdict_panel.h"
#include "ui/views/sweep_table.h"

#include <QKeyEvent>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int BareWidth = 256;
constexpr int BareHeads = 4;

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
    return RaceWorkspace::tr("%1: %2, %3, %4 tokens")
        .arg(run, model, rowsText(cell.batch), countNumber(cell.length));
}

/// What needs more room than there is scrolls below the controls, which stay.
class PageScroll : public QScrollArea
{
public:
    explicit PageScroll(QWidget* page)
    {
        setWidgetResizable(true);
        setFocusPolicy(Qt::NoFocus);
        setFrameShape(QFrame::NoFrame);
        setWidget(page);
    }
};

class PlotsScroll : public PageScroll
{
public:
    explicit PlotsScroll(RacePlots* plots)
        : PageScroll(plots)
        , m_plots(plots)
    {
    }

protected:
    void resizeEvent(QResizeEvent* event) override
    {
        PageScroll::resizeEvent(event);
        m_plots->fitRows(viewport()->height());
    }

private:
    RacePlots* m_plots;
};

/// Whether there is nothing to compare: the baseline was taken of these very points.
bool sameMedians(const RaceMeasurement& one, const RaceMeasurement& other)
{
    return std::equal(one.points.begin(), one.points.end(), other.points.begin(),
        other.points.end(), [](const RacePoint& left, const RacePoint& right) {
            return left.point.medianMs == right.point.medianMs;
        });
}

} // namespace

RaceWorkspace::RaceWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_controls(new RaceControls)
    , m_pages(new QStackedWidget)
    , m_plots(new RacePlots)
    , m_tableView(new SweepTable(m_table))
    , m_verdictLines(new RaceVerdictPanel(RaceVerdictPanel::Size::Lines))
    , m_verdict(new RaceVerdictPanel(RaceVerdictPanel::Size::Full))
    , m_caption(new QLabel)
    , m_bar(new RaceBar(this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    layout->addWidget(m_controls);
    layout->addWidget(m_verdictLines);
    m_pages->addWidget(new PlotsScroll(m_plots));
    m_pages->addWidget(m_tableView);
    m_pages->addWidget(new PageScroll(m_verdict));
    m_pages->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Ignored); // takes what is left
    layout->addWidget(m_pages, 1);
    m_caption->setObjectName(QStringLiteral("raceFigures"));
    m_caption->setWordWrap(true);
    m_caption->setProperty("role", "caption");
    layout->addWidget(m_caption);
    m_bar->hide(); // the window shows it

    connect(&m_runner, &SweepRunner::linesChanged, this, &RaceWorkspace::showPoints);
    connect(&m_runner, &SweepRunner::pointsChanged, this, &RaceWorkspace::showPoints);
    connect(&m_runner, &SweepRunner::runningChanged, this, &RaceWorkspace::showRunning);
    connect(&m_runner, &SweepRunner::failed, &session, &Session::failed);
    connect(m_bar, &RaceBar::toggled, this, &RaceWorkspace::toggle);
    connect(&session, &Session::modelsChanged, this, &RaceWorkspace::replan);
    connect(&session, &Session::settingsChanged, this, &RaceWorkspace::replan);
    connect(&session, &Session::tokensChanged, this, &RaceWorkspace::replan);
    connect(&session, &Session::busyChanged, this, [this](bool busy) {
        if (busy)
            m_runner.disturb();
    });
    connect(m_controls, &RaceControls::changed, this, &RaceWorkspace::showAnother);
    connect(m_controls, &RaceControls::pageChanged, this, &RaceWorkspace::showPage);
    connect(m_controls, &RaceControls::linearToggled, this, [this](bool linear) {
        m_plots->setLinear(linear);
        showPoints();
    });
    connect(m_controls, &RaceControls::baselineToggled, this, &RaceWorkspace::keepBaseline);
    connect(m_controls, &RaceControls::reportWanted, this, &RaceWorkspace::openReport);
    showPoints();
}

QString RaceWorkspace::title() const { return tr("Race"); }

QWidget* RaceWorkspace::bottomBar() { return m_bar; }

std::vector<PictureChoice> RaceWorkspace::pictureChoices() { return m_controls->pictureChoices(); }

void RaceWorkspace::setForPicture(bool forPicture)
{
    m_controls->setVisible(!forPicture);
    m_tableView->setForPicture(forPicture && m_pages->currentWidget() == m_tableView);
}

/// Of the race that is shown, not of one that is asked for next.
QString RaceWorkspace::choicesText() const
{
    const RaceRequest& request = m_runner.request();
    const bool memory = request.question == RaceQuestion::Memory;
    QStringList parts;
    if (!memory)
        parts << passText(request.pass);
    parts << (request.models.lstm ? tr("equal parameters")
                                  : tr("bare layers of width %1").arg(countNumber(request.width)));
    if (request.question == RaceQuestion::Length)
        parts << tr("to %1 tokens").arg(countNumber(request.longest));
    if (!memory)
        parts << tr("%1 runs").arg(raceRepeats(request));
    return parts.join(tr(" · "));
}

void RaceWorkspace::startForPicture()
{
    m_controls->useFewestRepeats();
    toggle();
}

bool RaceWorkspace::complete() const { return !m_runner.running() && !m_runner.planning(); }

bool RaceWorkspace::clearOwn() { return m_plots->showAlone(nullptr); }

std::vector<DataFormat> RaceWorkspace::dataFormats() const
{
    return raceDataFormats(measurements());
}

std::vector<DataFormat> RaceWorkspace::reportFormats() const { return reportDataFormats(report()); }

RaceWorkspace::Key RaceWorkspace::asked() const
{
    return { m_runner.request().question, m_runner.request().pass };
}

std::vector<RaceMeasurement> RaceWorkspace::measurements() const
{
    std::vector<RaceMeasurement> all;
    if (!m_runner.points().empty())
        all.push_back(m_runner.measurement());
    for (const auto& [key, measurement] : m_kept)
        if (key != asked())
            all.push_back(measurement);
    return all;
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
    request.question = m_controls->question();
    request.pass = m_controls->pass();
    if (!m_controls->bareLayers())
        request.models = m_session.models();
    request.causal = settings.causal;
    request.width = BareWidth;
    request.heads = BareHeads;
    request.rows = settings.rows;
    request.subBatches = settings.subBatches;
    request.lstmStrategy = settings.lstmStrategy;
    request.attentionStrategy = settings.attentionStrategy;
    request.threads = settings.threads;
    request.threadCounts = measuredThreadCounts(m_session.cores(), settings.threads);
    request.longest = m_controls->longest();
    request.speedUpLength = m_controls->longestSpeedUps() ? longestSpeedUpLength(settings.rows)
                                                          : speedUpLength(tokens, settings.rows);
    request.repeats = m_controls->repeats();
    request.cores = m_session.cores();
    request.kernel = settings.kernel;
    request.memoryBudget = settings.memoryBudget;
    return request;
}

QString RaceWorkspace::obstacle() const
{
    if (m_controls->bareLayers())
        return {};
    if (!m_session.models().lstm)
        return tr("the models are being made");
    if (!m_session.tokenized() || m_session.tokenized()->window.count() == 0)
        return tr("type a text, or race bare layers");
    return {};
}

void RaceWorkspace::showAnother()
{
    const Key now { m_controls->question(), m_controls->pass() };
    if (now == asked())
        return replan();
    if (!m_runner.points().empty())
        m_kept[asked()] = m_runner.measurement();
    const auto kept = m_kept.find(now);
    if (kept != m_kept.end())
        m_runner.restore(kept->second);
    else if (obstacle().isEmpty())
        m_runner.plan(wanted());
    showRunning();
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
    m_runner.plan(wanted());
    m_runner.start();
}

const RaceMeasurement* RaceWorkspace::baselineOf(Key key) const
{
    const auto found = m_baselines.find(key);
    return found == m_baselines.end() ? nullptr : &found->second;
}

RaceReportPart RaceWorkspace::described(RaceMeasurement measurement) const
{
    const Key key { measurement.request.question, measurement.request.pass };
    return raceReportPart(std::move(measurement), baselineOf(key));
}

RaceReport RaceWorkspace::report() const
{
    std::vector<RaceReportPart> parts;
    for (RaceMeasurement& measurement : measurements())
        parts.push_back(described(std::move(measurement)));
    return raceReport(std::move(parts), m_session.text());
}

void RaceWorkspace::openReport()
{
    auto* window = new RaceReportWindow(
        report(), [this](RaceMeasurement opened) { return described(std::move(opened)); }, this);
    window->setAttribute(Qt::WA_DeleteOnClose);
    connect(window, &RaceReportWindow::baselineWanted, this, &RaceWorkspace::compareWith);
    window->show();
}

void RaceWorkspace::compareWith(const std::vector<RaceMeasurement>& baselines)
{
    for (const RaceMeasurement& measurement : baselines)
        m_baselines[{ measurement.request.question, measurement.request.pass }] = measurement;
    showPoints();
}

void RaceWorkspace::keepBaseline(bool keep)
{
    if (keep)
        m_baselines[asked()] = m_runner.measurement();
    else
        m_baselines.erase(asked());
    showPoints();
}

void RaceWorkspace::showPoints()
{
    const RaceMeasurement& measurement = m_runner.measurement();
    const RaceRequest& request = measurement.request;
    m_plots->show(measurement, baseline(),
        m_runner.running()        ? tr("being measured")
            : m_runner.planning() ? tr("being planned")
                                  : tr("not measured yet"));
    m_table.setPoints(measurement.points);
    showVerdict();
    m_caption->setText(captionText());
    m_caption->setVisible(!m_caption->text().isEmpty());
    m_controls->setMeasured(!measurement.points.empty());
    m_controls->setHasBaseline(baseline());
    m_bar->showProgress(
        m_runner.progress(), static_cast<int>(measurement.points.size()), raceRepeats(request));
    showNote();
    showSentence();
}

/// Of the race that measures all three claims: what is asked otherwise does not change it.
void RaceWorkspace::showVerdict()
{
    const Key argument { RaceQuestion::Length, SweepCell::Pass::Inference };
    const auto kept = m_kept.find(argument);
    const bool shown = asked().first == RaceQuestion::Length;
    const std::vector<VerdictLine> lines
        = raceVerdict(shown || kept == m_kept.end() ? m_runner.measurement() : kept->second);
    m_verdictLines->setLines(lines);
    m_verdict->setLines(lines);
    showPage();
}

void RaceWorkspace::showPage()
{
    constexpr int RoomyHeight = 600; // pixels at the usual size of letters
    const RaceControls::Page page = m_controls->page();
    m_pages->setCurrentIndex(static_cast<int>(page));
    m_verdictLines->setVisible(page == RaceControls::Page::Plots
        && asked().first == RaceQuestion::Length && height() >= RoomyHeight);
}

QString RaceWorkspace::captionText() const
{
    const RaceMeasurement& measurement = m_runner.measurement();
    QStringList parts { raceFigures(measurement) };
    if (std::any_of(measurement.points.begin(), measurement.points.end(),
            [](const RacePoint& race) { return mostlyDisturbed(race.point); })
        && measurement.request.question != RaceQuestion::Memory)
        parts.append(tr("Rings: other programs had the cores in over a quarter of the runs."));
    if (const RaceMeasurement* before = baseline(); before && !sameMedians(*before, measurement))
        parts.append(baselineSentence(*before, measurement));
    if (!measurement.refusal.empty())
        parts.append(tr("Left out: %1.").arg(QString::fromStdString(measurement.refusal)));
    parts.removeAll(QString());
    return parts.join(QLatin1Char(' '));
}

QString RaceWorkspace::briefSentence() const
{
    return raceSentence(m_runner.measurement(), m_runner.running(), RaceWords::Few);
}

void RaceWorkspace::showSentence()
{
    const QString sentence = raceSentence(m_runner.measurement(), m_runner.running());
    if (m_sentence != sentence) {
        m_sentence = sentence;
        emit sentenceChanged();
    }
}

void RaceWorkspace::showRunning()
{
    m_bar->setRunning(m_runner.running());
    m_bar->setStartable(m_runner.running() || obstacle().isEmpty());
    m_controls->setRunning(m_runner.running());
    showNote();
    showSentence();
}

void RaceWorkspace::showNote() { m_bar->setNote(noteText()); }

QString RaceWorkspace::noteText() const
{
    const RaceMeasurement& measurement = m_runner.measurement();
    const QString disturbed
        = measurement.disturbed ? tr("disturbed: the text was run meanwhile") : QString();
    if (m_runner.running()) {
        QStringList parts { m_runner.step()
                ? stepText(*m_runner.step(), raceRepeats(measurement.request))
                : m_runner.planning() ? tr("planning what must wait")
                                      : tr("making the models ready"),
            disturbed };
        parts.removeAll(QString());
        return parts.join(tr(" · "));
    }
    if (!obstacle().isEmpty())
        return obstacle();
    if (measurement.points.empty())
        return tr("not measured yet");
    const RaceRequest now = wanted();
    if (now.repeats != measurement.request.repeats
        || raceCells(now) != raceCells(measurement.request))
        return tr("measured as it was set before: Start measures anew");
    return disturbed;
}

void RaceWorkspace::showEvent(QShowEvent* event)
{
    Workspace::showEvent(event);
    replan();
}

void RaceWorkspace::resizeEvent(QResizeEvent* event)
{
    Workspace::resizeEvent(event);
    showPage();
}

void RaceWorkspace::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Space && event->modifiers() == Qt::NoModifier)
        return toggle();
    Workspace::keyPressEvent(event);
}

} // namespace timestep

#include "moc_race_workspace.cpp"
