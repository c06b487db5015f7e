// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/probing_answer.h"

#include "ui/models/number_text.h"

namespace timestep {

ProbingAnswer::ProbingAnswer(ProbeJob& job, QObject* parent)
    : TokenAnswer(parent)
    , m_job(job)
    , m_context { std::make_shared<LstmPicture>(), 0, {}, {}, {} }
{
    connect(&job, &ProbeJob::changed, this, [this] {
        showLine();
        emit changed();
    });
}

bool ProbingAnswer::complete() const { return !m_job.computing(); }

void ProbingAnswer::setContext(const TokenContext& context)
{
    m_context = context;
    refresh();
}

void ProbingAnswer::setShown(bool shown)
{
    m_shown = shown;
    refresh();
}

void ProbingAnswer::refresh()
{
    ProbeRequest request = m_job.request();
    ask(request, m_context.tokens() > 0 && (m_shown || alwaysWanted()));
    m_job.setRequest(request);
    showLine();
}

QString ProbingAnswer::stateText() const
{
    if (!m_job.refusal().isEmpty())
        return m_job.refusal();
    if (!m_job.computing())
        return {};
    return readings() == 1 ? tr("reading the text once more …")
                           : tr("reading the text %1 times more …").arg(countNumber(readings()));
}

} // namespace timestep

#include "moc_probing_answer.cpp"
