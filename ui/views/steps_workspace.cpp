// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_workspace.h"

#include "ui/models/number_text.h"
#include "ui/models/token_label.h"
#include "ui/session/playback_clock.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/steps_broken_link.h"
#include "ui/views/steps_canvas.h"
#include "ui/views/steps_counters.h"
#include "ui/views/steps_doubling.h"
#include "ui/views/steps_sentence.h"
#include "ui/views/transport_bar.h"

#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

namespace {

constexpr int compactBelow = 25; // lines of text

QString rowsOfOneSubBatch(const PlannedPair& plan)
{
    const int subBatches = plan.lstm.plan.cut().subBatches;
    const int fewest = plan.rows / subBatches;
    const int most = (plan.rows + subBatches - 1) / subBatches;
    if (fewest != most)
        return StepsWorkspace::tr("%1 or %2 rows").arg(fewest).arg(most);
    return most == 1 ? StepsWorkspace::tr("1 row") : StepsWorkspace::tr("%1 rows").arg(most);
}

/// What the clock counts in.
QString unitsText(const PlannedPair& plan)
{
    return StepsWorkspace::tr("of %1 units  ·  1 unit = one LSTM step of %2")
        .arg(numberLocale().toString(plan.duration(), 'f', 1), rowsOfOneSubBatch(plan));
}

std::optional<int> moved(const std::optional<int>& index, int by)
{
    return index ? std::optional<int>(*index + by) : std::nullopt;
}

} // namespace

StepsWorkspace::StepsWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_canvas(new StepsCanvas(this))
    , m_counters(new StepsCounters(this))
    , m_brokenLink(new StepsBrokenLink(session, this))
    , m_doubling { new ElidedLabel, new ElidedLabel }
    , m_transport(new TransportBar(session.clock(), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 8);
    layout->setSpacing(8);
    layout->addWidget(m_canvas, 1);
    layout->addWidget(m_counters);
    layout->addWidget(m_brokenLink);
    auto* doubling = new QVBoxLayout;
    doubling->setSpacing(0);
    for (ElidedLabel* line : m_doubling) {
        line->setObjectName(QStringLiteral("doubling"));
        line->setProperty("role", "secondary");
        doubling->addWidget(line);
    }
    layout->addLayout(doubling);
    layout->addStretch();
    setFocusProxy(m_canvas);
    m_transport->setTimeName(tr("Time in the plan"));
    m_transport->hide(); // the window shows it

    PlaybackClock& clock = session.clock();
    Selection& selection = session.selection();
    connect(&session, &Session::plannedPairChanged, this, &StepsWorkspace::takePlan);
    connect(&session, &Session::tokensChanged, this, &StepsWorkspace::takeTokens);
    connect(&selection, &Selection::changed, this, &StepsWorkspace::takeSelection);
    connect(&selection, &Selection::cleared, m_canvas, &StepsCanvas::clearPointing);
    connect(&clock, &PlaybackClock::timeChanged, m_canvas, &StepsCanvas::setTime);
    connect(&clock, &PlaybackClock::timeChanged, m_counters, &StepsCounters::setTime);
    connect(&clock, &PlaybackClock::playingChanged, m_canvas, &StepsCanvas::setPlaying);
    connect(m_canvas, &StepsCanvas::stepPinned, this,
        [this](int step) { m_session.selection().pinToken(windowBegin() + step); });
    connect(m_canvas, &StepsCanvas::stepHovered, this, [this](std::optional<int> step) {
        m_session.selection().hoverToken(moved(step, windowBegin()));
    });

    connect(m_brokenLink, &StepsBrokenLink::stepChanged, this,
        [this] { m_canvas->setBrokenLink(m_brokenLink->step()); });

    takeTokens();
    takePlan();
    m_canvas->setBrokenLink(m_brokenLink->step());
    m_canvas->setTime(clock.time());
    m_counters->setTime(clock.time());
    m_canvas->setPlaying(clock.playing());
}

StepsWorkspace::~StepsWorkspace()
{
    // It loses the focus when it goes, and would tell of it after the members here are gone.
    disconnect(m_canvas, nullptr, this, nullptr);
}

void StepsWorkspace::resizeEvent(QResizeEvent* event)
{
    Workspace::resizeEvent(event);
    m_counters->setCompact(height() < compactBelow * fontMetrics().height());
}

QString StepsWorkspace::title() const { return tr("Steps"); }

PlaybackClock* StepsWorkspace::clock() { return &m_session.clock(); }

QWidget* StepsWorkspace::bottomBar() { return m_transport; }

int StepsWorkspace::windowBegin() const
{
    const TokenizedTextPointer tokenized = m_session.tokenized();
    return tokenized ? tokenized->window.begin : 0;
}

void StepsWorkspace::takePlan()
{
    const PlannedPairPointer pair = m_session.plannedPair();
    m_picture = pair ? std::make_shared<const StepsPicture>(pair) : nullptr;
    m_canvas->setPicture(m_picture);
    m_counters->setPicture(m_picture);
    m_counters->setVisible(m_picture != nullptr);
    m_canvas->setTime(m_session.clock().time());
    const PlannedPairPointer half = m_session.plannedPairOfHalf();
    const auto doubling = pair && half ? stepsDoubling(*half, *pair) : std::array<QString, 2>();
    for (std::size_t model = 0; model < 2; ++model) {
        m_doubling[model]->setFullText(doubling[model]);
        m_doubling[model]->setVisible(!doubling[model].isEmpty());
    }
    m_transport->setUnits(pair ? unitsText(*pair) : QString(), 1);
    takeSelection();
    showLayers();
    const bool empty = !m_picture && m_session.text().empty();
    m_canvas->setEmptyText(empty ? tr("Each token of the text becomes a step here.") : QString());
    writeSentence();
}

void StepsWorkspace::showLayers()
{
    const auto textOf = [this](const ModelPointer& model) {
        if (!m_picture || m_picture->pair->layer < 0 || !model || model->shape.layers < 2)
            return QString();
        const int layer = std::min(m_picture->pair->layer, model->shape.layers - 1);
        const QString which = tr("layer %1 of %2 alone").arg(layer + 1).arg(model->shape.layers);
        if (layer == 0)
            return which;
        return layer == 1 ? tr("%1, as if layer 1 were done").arg(which)
                          : tr("%1, as if layers 1–%2 were done").arg(which).arg(layer);
    };
    const ModelPair& models = m_session.models();
    m_canvas->setLayerTexts(textOf(models.lstm), textOf(models.attention));
}

void StepsWorkspace::takeTokens()
{
    std::vector<QString> labels;
    if (const TokenizedTextPointer tokenized = m_session.tokenized()) {
        for (int i = tokenized->window.begin; i < tokenized->window.end; ++i)
            labels.push_back(tokenLabel(tokenized->bytes(i), LeadingSpace::Hidden));
    }
    m_canvas->setTokenLabels(std::move(labels));
    takeSelection();
    writeSentence();
}

void StepsWorkspace::takeSelection()
{
    const Selection& selection = m_session.selection();
    const int steps = m_picture ? m_picture->steps() : 0;
    const auto stepOf = [&](const std::optional<int>& token) {
        const std::optional<int> step = moved(token, -windowBegin());
        return step && *step >= 0 && *step < steps ? step : std::nullopt;
    };
    const std::optional<PinnedWork>& work = selection.pinnedWork();
    if (work && m_picture && work->window.begin == windowBegin() && work->window.count() == steps)
        m_canvas->setPinnedWork(work->steps, work->rows);
    else
        m_canvas->setPinnedStep(stepOf(selection.pinnedToken()));
    m_canvas->setHoveredStep(stepOf(selection.hoveredToken()));
}

void StepsWorkspace::writeSentence()
{
    QString sentence;
    if (m_picture)
        sentence = stepsSentence(figuresOf(*m_picture->pair));
    else if (m_session.text().empty())
        sentence = stepsSentence({});
    if (sentence == m_sentence)
        return;
    m_sentence = sentence;
    emit sentenceChanged();
}

} // namespace timestep
