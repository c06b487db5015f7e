// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_answer.h"

#include "ui/session/influence_job.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/influence_sentence.h"

#include <QHBoxLayout>
#include <QPushButton>

#include <cmath>

namespace timestep {

namespace {

/// (T): the shares of one row; not a number where it is not there, or not read by it.
TokenBars::Series seriesOf(const ModelInfluence& influence, int row, ModelKind kind)
{
    TokenBars::Series series;
    series.kind = kind;
    series.name
        = kind == ModelKind::Lstm ? InfluenceAnswer::tr("LSTM") : InfluenceAnswer::tr("Attention");
    series.values.assign(influence.rows.size(), std::nan(""));
    const InfluenceOnPrediction& found = influence.rows[static_cast<std::size_t>(row)];
    std::copy(found.shares.begin(), found.shares.end(), series.values.begin());
    if (found.known())
        series.detail = InfluenceAnswer::tr("‖g‖ %1").arg(double(found.norm), 0, 'g', 2);
    return series;
}

} // namespace

InfluenceAnswer::InfluenceAnswer(Session& session, QObject* parent)
    : TokenAnswer(parent)
    , m_job(new InfluenceJob(session, this))
    , m_context { std::make_shared<LstmPicture>(), 0, {}, {}, {} }
    , m_line(new QWidget)
    , m_caption(new ElidedLabel)
    , m_compute(new QPushButton(tr("Compute")))
{
    auto* layout = new QHBoxLayout(m_line);
    layout->setContentsMargins(0, 0, 0, 0);
    m_caption->setProperty("role", "caption");
    layout->addWidget(m_caption, 1);
    m_compute->setProperty("small", true);
    m_compute->setAccessibleName(tr("Compute the influence"));
    layout->addWidget(m_compute);
    connect(m_compute, &QPushButton::clicked, m_job, &InfluenceJob::computeAnyway);
    for (const auto signal : { &InfluenceJob::restarted, &InfluenceJob::advanced })
        connect(m_job, signal, this, [this] {
            showLine();
            emit changed();
        });
    showLine();
}

QString InfluenceAnswer::title() const { return tr("Influence"); }

QString InfluenceAnswer::purpose() const
{
    return tr("which tokens sway what both models expect after the pinned one");
}

void InfluenceAnswer::showLine()
{
    const InfluenceJob::State state = m_job->state();
    m_compute->setVisible(
        state == InfluenceJob::State::TooLong || state == InfluenceJob::State::Refused);
    const int tokens = m_context.tokens();
    if (state == InfluenceJob::State::Refused)
        m_caption->setFullText(m_job->refusal());
    else if (state == InfluenceJob::State::TooLong)
        m_caption->setFullText(influenceTooLong(tokens));
    else if (tokens > 0)
        m_caption->setFullText(tr(
            "what sways the prediction after “%1”, as shares of each model's own norm ‖g‖: shares "
            "say where, norms how much")
                                   .arg(m_context.picture->labels[m_context.step]));
    else
        m_caption->setFullText({});
}

TokenBars InfluenceAnswer::bars() const
{
    TokenBars bars;
    const auto tokens = static_cast<std::size_t>(m_context.tokens());
    // The job may be of a newer text already, for a moment.
    if (tokens == 0 || m_job->lstm().rows.size() != tokens
        || m_job->attention().rows.size() != tokens)
        return bars;
    bars.series = { seriesOf(m_job->lstm(), m_context.step, ModelKind::Lstm),
        seriesOf(m_job->attention(), m_context.step, ModelKind::Attention) };
    bars.full = bars.roundFull();
    bars.fullText = QString::number(bars.full);
    return bars;
}

QString InfluenceAnswer::tooltip(int step) const
{
    if (m_context.tokens() == 0
        || static_cast<int>(m_job->lstm().rows.size()) != m_context.tokens())
        return {};
    return InfluenceText { m_job->lstm(), m_job->attention(), m_context.picture->labels,
        *m_context.picture->run->lstm->model->vocabulary }
        .cell({ step, m_context.step });
}

bool InfluenceAnswer::complete() const { return m_job->state() != InfluenceJob::State::Computing; }

void InfluenceAnswer::setContext(const TokenContext& context)
{
    m_context = context;
    showLine();
}

void InfluenceAnswer::setShown(bool shown) { m_job->setShown(shown); }

} // namespace timestep

#include "moc_influence_answer.cpp"
