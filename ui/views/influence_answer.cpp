// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_answer.h"

#include "ui/models/token_label.h"
#include "ui/session/influence_job.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPushButton>

#include <cmath>

namespace timestep {

InfluenceAnswer::InfluenceAnswer(Session& session, QObject* parent)
    : TokenAnswer(parent)
    , m_session(session)
    , m_job(new InfluenceJob(session, this))
    , m_context { std::make_shared<LstmPicture>(), 0, {}, {}, {} }
    , m_line(new QWidget)
    , m_target(new QComboBox)
    , m_caption(new ElidedLabel)
    , m_compute(new QPushButton(tr("Compute")))
{
    auto* layout = new QHBoxLayout(m_line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(6);
    m_target->addItem(tr("each its own best"), int(InfluenceTarget::OwnBest));
    m_target->addItem(tr("the LSTM's best"), int(InfluenceTarget::LstmBest));
    m_target->addItem(tr("attention's best"), int(InfluenceTarget::AttentionBest));
    m_target->setAccessibleName(tr("The next token whose probability is swayed"));
    m_target->setToolTip(m_target->accessibleName());
    m_target->setProperty("small", true);
    layout->addWidget(m_target);
    connect(m_target, &QComboBox::activated, this, [this] {
        m_session.selection().setInfluenceTarget(
            static_cast<InfluenceTarget>(m_target->currentData().toInt()));
    });
    connect(&session.selection(), &Selection::changed, this, &InfluenceAnswer::showTarget);
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
    showTarget();
    showLine();
}

void InfluenceAnswer::showTarget()
{
    m_target->setCurrentIndex(m_target->findData(int(m_session.selection().influenceTarget())));
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
        m_caption->setFullText(
            tr("‖g‖ = ‖∂ log p(the named next token)‖ after “%1”; bars: shares of each model's own "
               "‖g‖: shares say where, norms how much")
                .arg(m_context.picture->labels[m_context.step]));
    else
        m_caption->setFullText({});
}

/// The job may be of a newer text already, for a moment.
bool InfluenceAnswer::ready() const
{
    const auto tokens = static_cast<std::size_t>(m_context.tokens());
    return tokens > 0 && m_job->lstm().rows.size() == tokens
        && m_job->attention().rows.size() == tokens;
}

InfluenceText InfluenceAnswer::text() const
{
    return { m_job->lstm(), m_job->attention(), m_context.picture->labels,
        *m_context.picture->run->lstm->model->vocabulary };
}

QString InfluenceAnswer::sentence() const
{
    return ready() ? text().row(m_context.step) : QString();
}

/// (T): the shares of one row; not a number where it is not there, or not read by it.
TokenBars::Series InfluenceAnswer::seriesOf(const ModelInfluence& influence, ModelKind kind) const
{
    TokenBars::Series series;
    series.kind = kind;
    series.name = kind == ModelKind::Lstm ? tr("LSTM") : tr("Attention");
    series.values.assign(influence.rows.size(), std::nan(""));
    const InfluenceOnPrediction& found = influence.rows[static_cast<std::size_t>(m_context.step)];
    std::copy(found.shares.begin(), found.shares.end(), series.values.begin());
    if (found.known())
        series.detail
            = tr("“%1”: ‖g‖ %2")
                  .arg(tokenLabel(text().vocabulary.bytes(found.target), LeadingSpace::Hidden))
                  .arg(double(found.norm), 0, 'g', 2);
    return series;
}

TokenBars InfluenceAnswer::bars() const
{
    TokenBars bars;
    if (!ready())
        return bars;
    bars.series = { seriesOf(m_job->lstm(), ModelKind::Lstm),
        seriesOf(m_job->attention(), ModelKind::Attention) };
    bars.full = bars.roundFull();
    bars.fullText = tr("share %1").arg(bars.full);
    return bars;
}

QString InfluenceAnswer::tooltip(int step) const
{
    return ready() ? text().cell({ step, m_context.step }) : QString();
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
