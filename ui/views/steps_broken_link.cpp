// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_broken_link.h"

#include "ui/models/next_tokens.h"
#include "ui/models/number_text.h"
#include "ui/models/window_labels.h"
#include "ui/session/probe_job.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"

#include <QVBoxLayout>

#include <algorithm>

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

LstmIntervention brokenLink(const ModelShape& lstm, int layer, int step)
{
    LstmIntervention intervention;
    for (int l = 0; l < lstm.layers; ++l) {
        if (layer >= 0 && l != std::min(layer, lstm.layers - 1))
            continue;
        intervention.forgetGates.push_back({ .layer = l, .steps = { step, step + 1 }, .value = 0 });
        intervention.cutLinks.push_back({ .layer = l, .step = step });
    }
    return intervention;
}

QString brokenLinkText(const Run& run, const InterventionFound& found, int step)
{
    const int last = run.window.count() - 1;
    const QString label = windowLabels(run).at(step);
    QString text
        = StepsBrokenLink::tr("Begun without the step before it, “%1” makes the LSTM expect %2")
              .arg(label, changeAt(run, found.lstm, step));
    if (step < last)
        text += StepsBrokenLink::tr("; at the end %1").arg(changeAt(run, found.lstm, last));
    return text;
}

StepsBrokenLink::StepsBrokenLink(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_job(new ProbeJob(session, this))
    , m_lstm(new ElidedLabel)
    , m_attention(new ElidedLabel)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (ElidedLabel* line : { m_lstm, m_attention }) {
        line->setProperty("role", "secondary");
        layout->addWidget(line);
    }
    m_lstm->setObjectName(QStringLiteral("brokenLink"));
    setVisible(false);
    connect(m_job, &ProbeJob::changed, this, &StepsBrokenLink::showResult);
    connect(&session, &Session::runChanged, this, &StepsBrokenLink::takeStep);
    connect(&session, &Session::settingsChanged, this, &StepsBrokenLink::takeStep);
    connect(&session.selection(), &Selection::changed, this, &StepsBrokenLink::takeStep);
    takeStep();
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

void StepsBrokenLink::takeStep()
{
    const std::shared_ptr<const Run> run = m_session.run();
    const auto before = m_step;
    m_step.reset();
    const int steps = run && run->lstm ? run->window.count() : 0;
    if (m_session.settings().breaksLink && steps > 1) {
        const int pinned = m_session.selection().pinnedToken().value_or(-1) - run->window.begin;
        m_step = pinned > 0 && pinned < steps ? pinned : steps - 1;
    }
    ProbeRequest request;
    if (m_step)
        request.intervention
            = brokenLink(run->lstm->model->shape, m_session.settings().plannedLayer, *m_step);
    m_job->setRequest(request);
    setVisible(m_step.has_value());
    showResult();
    if (m_step != before)
        emit stepChanged();
}

void StepsBrokenLink::showResult()
{
    if (!m_step)
        return;
    const ProbeResult& result = *m_job->result();
    const bool there = result.intervention && result.run && m_job->complete();
    if (!m_job->refusal().isEmpty())
        m_lstm->setFullText(m_job->refusal());
    else if (there)
        m_lstm->setFullText(brokenLinkText(*result.run, *result.intervention, *m_step));
    else
        m_lstm->setFullText(tr("Running the LSTM with that link broken …"));
    m_attention->setFullText(
        tr("Attention has no such link to break: a position waits for keys and "
           "values, never for another position of its layer."));
}

} // namespace timestep

#include "moc_steps_broken_link.cpp"
