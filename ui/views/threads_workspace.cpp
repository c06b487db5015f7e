// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/threads_workspace.h"

#include "engine/measurement/lane_text.h"
#include "engine/measurement/trace_text.h"
#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/flow_layout.h"
#include "ui/views/threads_sentence.h"
#include "ui/views/trace_statement.h"
#include "ui/views/trace_view.h"
#include "ui/views/transport_bar.h"

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QPushButton>
#include <QSignalBlocker>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

/// "run 2: LSTM, 32 rows".
std::string traceName(const ShownGroup& shown)
{
    return ThreadsWorkspace::tr("run %1: %2, %3")
        .arg(QString::number(shown.run->number), shown.title, rowsText(shown.group().rows))
        .toStdString();
}

} // namespace

ThreadsWorkspace::ThreadsWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_job(session)
    , m_clock(PlaybackPace {})
    , m_again(new QPushButton(tr("Run again")))
    , m_compared(new QComboBox)
    , m_singleSteps(new QCheckBox(tr("single steps")))
    , m_path(new QCheckBox(tr("critical path")))
    , m_arrows(new QCheckBox(tr("dependencies")))
    , m_showAll(new QPushButton(tr("Show all")))
    , m_note(new ElidedLabel)
    , m_hint(new ElidedLabel)
    , m_view(new TraceView)
    , m_transport(new TransportBar(m_clock, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    auto* controls = new FlowLayout;
    buildControls(*controls);
    layout->addLayout(controls);
    layout->addWidget(m_view, 1);
    m_hint->setProperty("role", "secondary");
    m_hint->setFullText(tr("Drag: totals of a range · wheel: zoom · Shift+drag or middle button: "
                           "move · click: pin · arrow keys: walk"));
    layout->addWidget(m_hint);
    m_transport->setTimeName(tr("Time in the newest run"));
    m_transport->hide(); // the window shows it
    setFocusProxy(m_view);

    Selection& selection = session.selection();
    connect(&m_job, &TraceJob::changed, this, &ThreadsWorkspace::takeJob);
    connect(&m_clock, &PlaybackClock::timeChanged, this, &ThreadsWorkspace::takeClock);
    connect(&selection, &Selection::changed, this, &ThreadsWorkspace::takeSelection);
    connect(&selection, &Selection::cleared, m_view, &TraceView::clearPointing);
    connect(m_view, &TraceView::pointedChanged, this, &ThreadsWorkspace::takePointed);
    connect(m_view, &TraceView::spanPinned, this, [this](const ShownSpan& span) {
        if (const auto work = workOf(span))
            m_session.selection().pinWork(*work);
    });
    connect(m_view, &TraceView::viewChanged, this, [this] {
        const TraceScene& scene = m_view->scene();
        m_showAll->setEnabled(scene.viewEndMs - scene.viewBeginMs < scene.endMs);
    });
    takeJob();
}

ThreadsWorkspace::~ThreadsWorkspace()
{
    // It loses the focus when it goes, and would tell of it after the members here are gone.
    disconnect(m_view, nullptr, this, nullptr);
}

QString ThreadsWorkspace::title() const { return tr("Threads"); }

QWidget* ThreadsWorkspace::bottomBar() { return m_transport; }

void ThreadsWorkspace::buildControls(FlowLayout& row)
{
    constexpr int fewestLetters = 34; // up to the number of tokens: runs are told apart
    row.setSpacing(10);
    m_again->setObjectName(QStringLiteral("traceAgain"));
    m_again->setToolTip(tr("run both models anew as they are set now; what was traced before is "
                           "kept and can be compared with"));
    m_compared->setObjectName(QStringLiteral("traceCompared"));
    m_compared->setMinimumContentsLength(fewestLetters);
    m_compared->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_compared->setAccessibleName(tr("Earlier run to compare with"));
    m_compared->setToolTip(tr("an earlier run, below the newest on the same axis"));
    m_singleSteps->setToolTip(
        tr("the same numbers, each step of the LSTM by itself and attention in "
           "blocks of 16 positions: so that each is seen; off: in the larger "
           "pieces of every other run, which is somewhat faster"));
    m_singleSteps->setChecked(m_job.singleSteps());
    m_path->setToolTip(tr("the chain of needs that took longest: no number of threads could have "
                          "been faster (P)"));
    m_arrows->setToolTip(
        tr("of the pinned span: solid from what it needed, dashed to what it unblocked (D)"));
    m_arrows->setChecked(true);
    m_showAll->setToolTip(tr("all of the time (0)"));
    m_note->setProperty("role", "secondary");
    m_note->setObjectName(QStringLiteral("traceNote"));
    for (QWidget* control : { static_cast<QWidget*>(m_again), static_cast<QWidget*>(m_compared),
             static_cast<QWidget*>(m_singleSteps), static_cast<QWidget*>(m_path),
             static_cast<QWidget*>(m_arrows), static_cast<QWidget*>(m_showAll),
             static_cast<QWidget*>(m_note) }) {
        control->setProperty("small", true);
        row.addWidget(control);
    }
    connect(m_again, &QPushButton::clicked, &m_job, &TraceJob::runAgain);
    connect(m_compared, &QComboBox::currentIndexChanged, this, &ThreadsWorkspace::showRuns);
    connect(m_singleSteps, &QCheckBox::toggled, &m_job, &TraceJob::setSingleSteps);
    connect(m_path, &QCheckBox::toggled, m_view, &TraceView::setShowsPath);
    connect(m_arrows, &QCheckBox::toggled, m_view, &TraceView::setShowsArrows);
    connect(m_showAll, &QPushButton::clicked, m_view, &TraceView::showAll);
}

void ThreadsWorkspace::toggleCriticalPath() { m_path->toggle(); }

void ThreadsWorkspace::toggleDependencies() { m_arrows->toggle(); }

bool ThreadsWorkspace::pinPointed()
{
    m_view->pinPointed();
    return m_view->pointedSpan().has_value();
}

std::vector<DataFormat> ThreadsWorkspace::dataFormats() const
{
    // Any thread may write them: they hold the runs that they are of.
    const std::vector<ShownGroup>& groups = m_view->scene().groups;
    const auto written = [groups](std::string (*write)(std::span<const NamedTrace>)) {
        return [groups, write] {
            std::vector<NamedTrace> traces;
            for (const ShownGroup& shown : groups)
                traces.push_back({ traceName(shown), &shown.group().plan, &shown.group().trace });
            return write(traces);
        };
    };
    const auto lanes = [groups] {
        std::vector<NamedLanes> named;
        for (const ShownGroup& shown : groups)
            named.push_back({ traceName(shown), &shown.group().plan, shown.group().lanes,
                shown.group().endNs });
        return lanesCsv(named);
    };
    return { { tr("spans, CSV"), QStringLiteral("csv"), written(tracesCsv) },
        { tr("work and waits, CSV"), QStringLiteral("lanes.csv"), lanes },
        { tr("traces, JSON"), QStringLiteral("json"), written(tracesJson) },
        { tr("traces of Chrome, JSON"), QStringLiteral("chrome.json"), written(tracesChrome) } };
}

void ThreadsWorkspace::setForPicture(bool forPicture)
{
    m_onPaper = forPicture;
    fitHint();
}

QString ThreadsWorkspace::choicesText() const
{
    if (!m_newest)
        return {};
    QStringList parts { m_newest->request.singleSteps ? tr("single steps") : QString(),
        m_path->isChecked() ? tr("critical path") : QString(),
        m_view->scene().clockMs ? m_transport->clockText() : QString() };
    parts.removeAll(QString());
    return parts.join(tr(" · "));
}

void ThreadsWorkspace::startForPicture()
{
    m_forPicture = true;
    if (m_job.state() == TraceJob::State::TooMuch)
        m_job.runAgain();
    takeJob(); // it may have been refused by now
}

bool ThreadsWorkspace::complete() const
{
    return m_job.state() == TraceJob::State::Done || m_job.state() == TraceJob::State::Nothing;
}

void ThreadsWorkspace::showEvent(QShowEvent* event)
{
    Workspace::showEvent(event);
    m_job.setShown(true);
    showNote();
}

void ThreadsWorkspace::hideEvent(QHideEvent* event)
{
    Workspace::hideEvent(event);
    m_job.setShown(false);
}

void ThreadsWorkspace::takeJob()
{
    if (m_job.state() == TraceJob::State::Running)
        m_clock.pause(); // what moves on screen would take a core from the run
    if (m_job.state() == TraceJob::State::Refused && m_forPicture)
        emit m_session.failed(m_job.refusal());
    listRuns();
    showRuns();
    showNote();
    writeSentence();
}

TracedRunPointer ThreadsWorkspace::keptRun() const
{
    const int number = m_compared->currentData().toInt();
    for (const TracedRunPointer& run : m_job.runs()) {
        if (run->number == number)
            return run;
    }
    return nullptr;
}

/// The earlier ones, the last first; the one that was chosen stays chosen.
void ThreadsWorkspace::listRuns()
{
    const QSignalBlocker quiet(m_compared);
    const int chosen = m_compared->currentData().toInt();
    m_compared->clear();
    const auto& runs = m_job.runs();
    m_compared->addItem(tr("compare with an earlier run…"), 0);
    for (std::size_t i = runs.size(); i-- > 0;) {
        if (i + 1 == runs.size())
            continue;
        m_compared->addItem(runLine(*runs[i]), runs[i]->number);
        if (runs[i]->number == chosen)
            m_compared->setCurrentIndex(m_compared->count() - 1);
    }
    m_compared->setVisible(runs.size() > 1);
    // The open list is as wide as its lines, however narrow the box.
    int widest = 0;
    for (int i = 0; i < m_compared->count(); ++i)
        widest = std::max(
            widest, m_compared->fontMetrics().horizontalAdvance(m_compared->itemText(i)));
    m_compared->view()->setMinimumWidth(widest + 2 * m_compared->fontMetrics().height());
}

void ThreadsWorkspace::showRuns()
{
    const TracedRunPointer newest
        = m_job.state() == TraceJob::State::Nothing ? nullptr : m_job.newest();
    const TracedRunPointer kept = keptRun();
    if (newest == m_newest && kept == m_kept)
        return;
    const bool other = newest != std::exchange(m_newest, newest);
    m_kept = kept;
    m_view->setGroups(shownGroups(newest, kept));
    if (other) {
        m_clock.setTimeline(
            newest ? newest->durationMs : 0, newest ? newest->moments : std::vector<double>());
        m_clock.toFirst();
        m_transport->setUnits(newest ? tr("of %1").arg(traceMs(newest->durationMs)) : QString(),
            newest ? traceDecimals(newest->durationMs) + 1 : 0);
    }
    takeClock();
    takeSelection();
}

void ThreadsWorkspace::showNote()
{
    QString note;
    QString detail;
    switch (m_job.state()) {
    case TraceJob::State::Nothing:
        break;
    case TraceJob::State::TooMuch:
        note = tr("%1 rows of a long text take a while: Run begins")
                   .arg(countNumber(m_session.settings().rows));
        break;
    case TraceJob::State::Running:
        note = tr("being run and watched…");
        break;
    case TraceJob::State::Refused:
        note = m_job.refusal();
        break;
    case TraceJob::State::Done:
        if (m_job.newest()->disturbed()) {
            note = tr("disturbed by other programs");
            detail = m_job.newest()->request.settings.threads > m_job.newest()->request.cores
                ? tr("There was something to run on each core, and yet a core did not run it: "
                     "another program had it, or the system left it idle. Run again when the "
                     "machine is quiet, or with no more threads than cores.")
                : tr("There was something to run and a core for it, and yet it did not run: "
                     "something else had the core. Run again when the machine is quiet.");
        }
        break;
    }
    m_note->setFullText(note);
    m_note->setDetail(detail);
    m_note->setVisible(!note.isEmpty());
    m_again->setText(m_job.runs().empty() ? tr("Run") : tr("Run again"));
    m_again->setEnabled(
        m_job.state() != TraceJob::State::Nothing && m_job.state() != TraceJob::State::Running);
    m_view->setEmptyText(m_job.state() == TraceJob::State::Nothing
            ? tr("Type a text: both models read it on the threads there are, and what each did is "
                 "shown here.")
            : note);
    fitHint();
}

/// Where the picture needs the room, the hint goes.
void ThreadsWorkspace::fitHint()
{
    const int room = parentWidget() ? parentWidget()->height() : height();
    const int controls = layout()->itemAt(0)->heightForWidth(width());
    const int needed = controls + m_view->minimumSizeHint().height() + m_hint->sizeHint().height()
        + 2 * layout()->spacing();
    m_hint->setVisible(m_newest && room >= needed && !m_onPaper);
}

void ThreadsWorkspace::resizeEvent(QResizeEvent* event)
{
    Workspace::resizeEvent(event);
    fitHint();
}

void ThreadsWorkspace::takeClock()
{
    const bool begun = m_newest && (m_clock.time() > 0 || m_clock.playing());
    m_view->setClock(begun ? std::optional(m_clock.time()) : std::nullopt);
}

std::optional<PinnedWork> ThreadsWorkspace::workOf(const ShownSpan& span) const
{
    const ShownGroup& shown = m_view->scene().groups[span.group];
    const TokenizedTextPointer text = m_session.tokenized();
    const TraceRequest& request = shown.run->request;
    const auto sameToken = [](const Token& a, const Token& b) { return a.id == b.id; };
    if (!text || text->window.count() != std::ssize(request.tokens)
        || !std::equal(request.tokens.begin(), request.tokens.end(),
            text->tokens.begin() + text->window.begin, sameToken))
        return std::nullopt;
    const Operation& operation = shown.group().operationOf(span.span);
    return PinnedWork { text->window, operation.steps, operation.rows };
}

/// A pin that was set elsewhere takes the place of the one here.
void ThreadsWorkspace::takeSelection()
{
    const TraceScene& scene = m_view->scene();
    const Selection& selection = m_session.selection();
    const auto work = scene.pinned ? workOf(*scene.pinned) : std::nullopt;
    if (work && selection.pinnedWork() != work)
        m_view->unpin();
    const std::optional<int> token = selection.pinnedToken();
    const bool ofThisText = !scene.groups.empty() && workOf({ 0, 0 }).has_value();
    m_view->setReading(token && ofThisText
            ? spansOfStep(scene.groups, *token - m_session.tokenized()->window.begin)
            : std::vector<ShownSpan>());
}

void ThreadsWorkspace::takePointed()
{
    const auto span = m_view->pointedSpan();
    const auto work = span ? workOf(*span) : std::nullopt;
    m_session.selection().hoverToken(
        work ? std::optional(work->token(work->steps.end - 1, work->rows.begin)) : std::nullopt);
}

void ThreadsWorkspace::writeSentence()
{
    const QString sentence = m_newest ? threadsSentence(*m_newest)
                                      : tr("What do the threads really do, and what do they wait "
                                           "for?");
    if (sentence == m_sentence)
        return;
    m_sentence = sentence;
    emit sentenceChanged();
}

} // namespace timestep

#include "moc_threads_workspace.cpp"
