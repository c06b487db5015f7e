// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_real_run.h"

#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/steps_canvas.h"
#include "ui/views/steps_figures.h"
#include "ui/views/trace_statement.h"

#include <QVBoxLayout>

#include <algorithm>
#include <utility>
#include <vector>

namespace timestep {

namespace {

constexpr double msPerNs = 1e-6;

QString threadsText(const MeasuredPair& measured)
{
    return measured.threads == 1
        ? StepsRealRun::tr("1 thread")
        : StepsRealRun::tr("%1 threads").arg(countNumber(measured.threads));
}

} // namespace

QString realRunText(const StepsPicture& picture, const MeasuredPair& measured, int model)
{
    const StepsModel& ran = picture.models[std::size_t(model)];
    std::vector<double> waits; // ms
    for (int i = 0; i < int(ran.plan->operations().size()); ++i)
        waits.push_back(std::max(0.0, ran.times.begin(i) - ran.times.ready(i)) * ran.msPerUnit);
    const QString took
        = StepsRealRun::tr("%1 = %2 on %3")
              .arg(unitsText(measured.measuredUnits(model)),
                  traceMs(measured.ns[std::size_t(model)] * msPerNs), threadsText(measured));
    if (waits.empty())
        return took;
    const auto middle = waits.begin() + std::ptrdiff_t(waits.size() / 2);
    std::nth_element(waits.begin(), middle, waits.end());
    return StepsRealRun::tr("%1 · ready cells waited %2 more in the median, %3 at most")
        .arg(took, traceMs(*middle), traceMs(*std::max_element(middle, waits.end())));
}

StepsRealRun::StepsRealRun(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_canvas(new StepsCanvas(this))
    , m_note(new ElidedLabel)
    , m_job(session)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_note);
    layout->addWidget(m_canvas, 1);
    m_note->setObjectName(QStringLiteral("realRunNote"));
    m_note->setProperty("role", "secondary");
    m_canvas->setAccessibleName(tr("Steps of both models as they really ran: measured"));
    m_canvas->setFollowsFront(false);
    m_canvas->setVisible(false);
    setVisible(false);
    m_job.setSingleSteps(true);
    connect(&m_job, &TraceJob::changed, this, &StepsRealRun::takeRun);
    connect(&session, &Session::plannedPairChanged, this, &StepsRealRun::takeRun);
    connect(&session, &Session::settingsChanged, this, &StepsRealRun::takeSettings);
    connect(&session, &Session::runsAllRowsChanged, this, [this](bool runs) {
        if (runs && isVisible())
            m_job.runAgain();
    });
    takeSettings();
}

StepsRealRun::~StepsRealRun()
{
    // It loses the focus when it goes, and would tell of it after the members here are gone.
    disconnect(m_canvas, nullptr, this, nullptr);
}

void StepsRealRun::startForPicture()
{
    m_forPicture = true;
    if (isVisible() && m_job.state() == TraceJob::State::TooMuch)
        m_job.runAgain();
    takeRun();
}

bool StepsRealRun::complete() const
{
    return !m_session.settings().besideTrace || m_job.state() != TraceJob::State::Running;
}

void StepsRealRun::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    m_job.setShown(true);
    takeRun();
}

void StepsRealRun::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_job.setShown(false);
}

void StepsRealRun::takeSettings()
{
    setVisible(m_session.settings().besideTrace);
    takeRun();
}

void StepsRealRun::takeRun()
{
    const TraceJob::State state = m_job.state();
    const bool wanted = m_session.settings().besideTrace;
    if (wanted && state == TraceJob::State::Running)
        m_session.clock().pause(); // what moves on screen would take a core from the run
    if (wanted && state == TraceJob::State::Refused && m_forPicture)
        emit m_session.failed(m_job.refusal());
    const PlannedPairPointer planned = m_session.plannedPair();
    const TracedRunPointer run
        = wanted && state == TraceJob::State::Done ? m_job.newest() : nullptr;
    const bool fits = planned && run && runsWhatIsPlanned(*planned, *run);
    const bool same = fits ? planned == m_planned && run == m_run : !m_measured;
    m_planned = fits ? planned : nullptr;
    m_run = fits ? run : nullptr;
    if (!same)
        show(fits ? measuredPair(*planned, *run) : nullptr);
    m_note->setFullText(note());
    m_note->setVisible(!m_note->fullText().isEmpty());
}

void StepsRealRun::show(MeasuredPairPointer measured)
{
    m_measured = std::move(measured);
    std::shared_ptr<const StepsPicture> picture;
    if (m_measured)
        picture = std::make_shared<const StepsPicture>(
            m_measured->pair, m_measured->nsPerUnit * msPerNs);
    m_canvas->setPicture(picture);
    m_canvas->setVisible(picture != nullptr);
    if (picture)
        m_canvas->setLayerTexts(
            realRunText(*picture, *m_measured, 0), realRunText(*picture, *m_measured, 1));
    emit changed();
}

QString StepsRealRun::note() const
{
    const Settings& settings = m_session.settings();
    if (m_job.state() == TraceJob::State::Nothing)
        return {};
    if (settings.plannedLayer >= 0 || settings.beingWritten || settings.plannedTraining)
        return tr("A real run reads, in all layers: plan that, and it is shown here");
    switch (m_job.state()) {
    case TraceJob::State::Nothing:
        break;
    case TraceJob::State::TooMuch:
        return tr("No real run of this yet: %1 rows of a long text take a while, Ctrl+Enter begins")
            .arg(countNumber(settings.rows));
    case TraceJob::State::Running:
        return tr("being run and watched…");
    case TraceJob::State::Refused:
        return m_job.refusal();
    case TraceJob::State::Done:
        if (m_job.newest()->disturbed())
            return tr("This run was disturbed by other programs: Ctrl+Enter runs it again");
        break;
    }
    return {};
}

} // namespace timestep

#include "moc_steps_real_run.cpp"
