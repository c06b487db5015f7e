// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_broken_link.h"

#include "engine/measurement/broken_link.h"
#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"
#include "ui/models/window_labels.h"
#include "ui/session/probe_job.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

QString quoted(const QString& label) { return QStringLiteral("“%1”").arg(label); }

/// "“key” 46 %": the best next token after a step.
QString expected(const ModelRun& run, int step)
{
    const NextToken best = bestNextToken(run, step);
    return QStringLiteral("%1 %2").arg(quoted(best.label), percentText(best.probability));
}

QString bitsText(double bits)
{
    return StepsBrokenLink::tr("%1 bits off").arg(numberLocale().toString(bits, 'g', 2));
}

/// "“s” 14 % instead of “.” 12 % (0.43 bits off)"
QString changeAt(const Run& run, const ChangedReading& changed, int step)
{
    const double bits = changed.change.divergence[std::size_t(step)];
    if (bits == 0)
        return StepsBrokenLink::tr("%1 as before").arg(expected(*run.lstm, step));
    return StepsBrokenLink::tr("%1 instead of %2 (%3)")
        .arg(expected(changed.run, step), expected(*run.lstm, step), bitsText(bits));
}

} // namespace

QString brokenLinkText(const Run& run, const InterventionFound& found, int step)
{
    return StepsBrokenLink::tr("begun without the step before it, “%1” expects %2")
        .arg(windowLabels(run).at(step), changeAt(run, found.lstm, step));
}

QString brokenLinkAtTheEnd(const Run& run, const InterventionFound& found)
{
    return StepsBrokenLink::tr("At the end: %1.")
        .arg(changeAt(run, found.lstm, run.window.count() - 1));
}

StepsBrokenLink::StepsBrokenLink(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_job(new ProbeJob(session, this))
    , m_lstm(new ElidedLabel)
    , m_elsewhere(new ElidedLabel)
    , m_mostHarmful(new QPushButton(this))
{
    auto* lines = new QVBoxLayout;
    lines->setSpacing(0);
    for (ElidedLabel* line : { m_lstm, m_elsewhere }) {
        line->setProperty("role", "secondary");
        lines->addWidget(line);
    }
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(lines, 1);
    layout->addWidget(m_mostHarmful);
    m_lstm->setObjectName(QStringLiteral("brokenLink"));
    m_elsewhere->setObjectName(QStringLiteral("brokenLinkElsewhere"));
    m_mostHarmful->setObjectName(QStringLiteral("mostHarmfulLink"));
    m_mostHarmful->setToolTip(tr("Break the link that changes the next prediction most"));
    setVisible(false);
    connect(m_mostHarmful, &QPushButton::clicked, this, &StepsBrokenLink::pinMostHarmful);
    connect(m_job, &ProbeJob::changed, this, &StepsBrokenLink::update);
    connect(&session, &Session::runChanged, this, &StepsBrokenLink::update);
    connect(&session, &Session::settingsChanged, this, &StepsBrokenLink::update);
    connect(&session.selection(), &Selection::changed, this, &StepsBrokenLink::update);
    update();
}

void StepsBrokenLink::showEvent(QShowEvent* event)
{
    m_job->setShown(true);
    QWidget::showEvent(event);
}

void StepsBrokenLink::hideEvent(QHideEvent* event)
{
    m_job->setShown(false);
    QWidget::hideEvent(event);
}

bool StepsBrokenLink::complete() const { return isHidden() || !m_job->computing(); }

std::optional<int> StepsBrokenLink::pinnedStep() const
{
    const std::optional<int> token = m_session.selection().pinnedToken();
    const IndexRange window = m_session.run()->window;
    return token && *token > window.begin && *token < window.end
        ? std::optional(*token - window.begin)
        : std::nullopt;
}

std::optional<int> StepsBrokenLink::mostHarmfulStep() const
{
    const std::shared_ptr<const EachLinkFound>& found = m_job->result()->eachLink;
    return found && found->request == m_tried ? std::optional(found->mostHarmfulStep())
                                              : std::nullopt;
}

/// Each link is tried for a whole text; the one that is chosen is then run with all its numbers.
void StepsBrokenLink::update()
{
    const std::shared_ptr<const Run> run = m_session.run();
    const int steps = run && run->lstm ? run->window.count() : 0;
    const bool breaks = m_session.settings().breaksLink && steps > 1;
    m_tried.reset();
    if (breaks)
        m_tried = EachLinkBroken { { std::max(1, steps - MostTried), steps } };
    setStep(!breaks ? std::nullopt : pinnedStep() ? pinnedStep() : mostHarmfulStep());
    ProbeRequest request;
    request.eachLink = m_tried;
    if (m_step)
        request.intervention = brokenLink(run->lstm->model->shape, *m_step);
    m_job->setRequest(request);
    setVisible(breaks);
    showResult();
}

void StepsBrokenLink::setStep(std::optional<int> step)
{
    if (step == std::exchange(m_step, step))
        return;
    m_session.planBrokenLink(step);
    emit stepChanged();
}

void StepsBrokenLink::pinMostHarmful()
{
    if (const std::optional<int> step = mostHarmfulStep())
        m_session.selection().pinToken(m_session.run()->window.begin + *step);
}

void StepsBrokenLink::showResult()
{
    if (!m_tried)
        return;
    const std::optional<int> worst = mostHarmfulStep();
    m_mostHarmful->setVisible(worst && worst != m_step);
    if (worst)
        m_mostHarmful->setText(
            tr("most harm: %1").arg(quoted(windowLabels(*m_session.run()).at(*worst))));
    const ProbeResult& result = *m_job->result();
    const bool there = m_step && result.run && result.intervention
        && result.intervention->request == m_job->request().intervention;
    const int tried = m_tried->steps.count();
    QString elsewhere = m_session.settings().beingWritten
        ? tr("Both wait all the same: the token is chosen from what came of the one before.")
        : tr("Attention has no such link to break: no position waits for another of its layer.");
    if (!m_job->refusal().isEmpty()) {
        m_lstm->setFullText(m_job->refusal());
    } else if (there) {
        const QString text = brokenLinkText(*result.run, *result.intervention, *m_step);
        m_lstm->setFullText(worst == m_step && tried > 1
                ? tr("Most harm of %1 links: %2").arg(countNumber(tried), text)
                : text.left(1).toUpper() + text.mid(1));
        if (*m_step < result.run->window.count() - 1)
            elsewhere = brokenLinkAtTheEnd(*result.run, *result.intervention) + u' ' + elsewhere;
    } else if (m_step) {
        m_lstm->setFullText(tr("Running the LSTM with that link broken …"));
    } else {
        m_lstm->setFullText(tr("Breaking each of %1 links in turn …").arg(countNumber(tried)));
    }
    m_elsewhere->setFullText(elsewhere);
}

} // namespace timestep

#include "moc_steps_broken_link.cpp"
