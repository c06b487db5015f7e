// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_workspace.h"

#include "ui/models/number_text.h"
#include "ui/models/token_label.h"
#include "ui/session/plan_events.h"
#include "ui/session/playback_clock.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/steps_broken_link.h"
#include "ui/views/steps_canvas.h"
#include "ui/views/steps_counters.h"
#include "ui/views/steps_data.h"
#include "ui/views/steps_doubling.h"
#include "ui/views/steps_real_run.h"
#include "ui/views/steps_sentence.h"
#include "ui/views/transport_bar.h"

#include <QScrollBar>
#include <QVBoxLayout>

#include <algorithm>
#include <iterator>
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

/// "32 rows in 4 sub-batches"
QString subBatchesText(int rows, int subBatches)
{
    return subBatches == 1
        ? rowsText(rows)
        : StepsWorkspace::tr("%1 in %2 sub-batches").arg(rowsText(rows), countNumber(subBatches));
}

/// What the clock counts in.
QString unitsText(const PlannedPair& plan, double duration)
{
    return StepsWorkspace::tr("of %1 units  ·  1 unit = one LSTM step of %2")
        .arg(numberLocale().toString(duration, 'f', 1), rowsOfOneSubBatch(plan));
}

/// What the parts of a step are; empty where it is whole.
QString cutText(const Plan& plan)
{
    const Cut& cut = plan.cut();
    if (cut.slices <= 1)
        return {};
    return cut.strategy == Strategy::HiddenSplit
        ? StepsWorkspace::tr("each step in %1 slices of its hidden units")
              .arg(countNumber(cut.slices))
        : StepsWorkspace::tr("each position in %1 heads").arg(countNumber(cut.slices));
}

std::vector<double> merged(const std::vector<double>& a, const std::vector<double>& b)
{
    std::vector<double> both;
    std::set_union(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
    return both;
}

/// Those of the plan, and when the real run of each model was done.
std::vector<PlaybackEvent> eventsBeside(const PlannedPair& plan, const MeasuredPair& measured)
{
    std::vector<PlaybackEvent> events = planEvents(plan);
    events.push_back({ measured.measuredUnits(0), StepsWorkspace::tr("LSTM: really done") });
    events.push_back({ measured.measuredUnits(1), StepsWorkspace::tr("attention: really done") });
    std::stable_sort(events.begin(), events.end(),
        [](const PlaybackEvent& a, const PlaybackEvent& b) { return a.time < b.time; });
    return events;
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
    , m_realRun(new StepsRealRun(session, this))
    , m_counters(new StepsCounters(this))
    , m_brokenLink(new StepsBrokenLink(session, this))
    , m_doubling { new ElidedLabel, new ElidedLabel }
    , m_transport(new TransportBar(session.clock(), this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 8);
    layout->setSpacing(8);
    layout->addWidget(m_canvas, 1);
    layout->addWidget(m_realRun, 1);
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
    connect(&clock, &PlaybackClock::timeChanged, m_counters, &StepsCounters::setTime);
    wireCanvas(*m_canvas);
    wireCanvas(m_realRun->canvas());
    connect(m_realRun, &StepsRealRun::changed, this, &StepsWorkspace::takeRealRun);
    // The same columns in both.
    QScrollBar* const own = m_canvas->horizontalScrollBar();
    QScrollBar* const below = m_realRun->canvas().horizontalScrollBar();
    connect(own, &QScrollBar::valueChanged, below, &QScrollBar::setValue);
    connect(below, &QScrollBar::valueChanged, own, &QScrollBar::setValue);

    connect(m_brokenLink, &StepsBrokenLink::stepChanged, this,
        [this] { m_canvas->setBrokenLink(m_brokenLink->step()); });

    takeTokens();
    takePlan();
    m_canvas->setBrokenLink(m_brokenLink->step());
    m_counters->setTime(clock.time());
}

void StepsWorkspace::wireCanvas(StepsCanvas& canvas)
{
    PlaybackClock& clock = m_session.clock();
    connect(&clock, &PlaybackClock::timeChanged, &canvas, &StepsCanvas::setTime);
    connect(&clock, &PlaybackClock::playingChanged, &canvas, &StepsCanvas::setPlaying);
    connect(&m_session.selection(), &Selection::cleared, &canvas, &StepsCanvas::clearPointing);
    connect(&canvas, &StepsCanvas::stepPinned, this,
        [this](int step) { m_session.selection().pinToken(windowBegin() + step); });
    connect(&canvas, &StepsCanvas::stepHovered, this, [this](std::optional<int> step) {
        m_session.selection().hoverToken(moved(step, windowBegin()));
    });
    canvas.setTime(clock.time());
    canvas.setPlaying(clock.playing());
}

StepsWorkspace::~StepsWorkspace()
{
    // It loses the focus when it goes, and would tell of it after the members here are gone.
    disconnect(m_canvas, nullptr, this, nullptr);
    disconnect(&m_realRun->canvas(), nullptr, this, nullptr);
}

void StepsWorkspace::resizeEvent(QResizeEvent* event)
{
    Workspace::resizeEvent(event);
    m_counters->setCompact(height() < compactBelow * fontMetrics().height());
}

QString StepsWorkspace::title() const { return tr("Steps"); }

PlaybackClock* StepsWorkspace::clock() { return &m_session.clock(); }

std::vector<DataFormat> StepsWorkspace::dataFormats() const
{
    const PlannedPairPointer pair = m_session.plannedPair();
    return { { tr("operations of both plans, CSV"), QStringLiteral("csv"),
                 [pair] { return stepsCsv(pair.get()); } },
        { tr("operations of both plans, JSON"), QStringLiteral("json"),
            [pair] { return stepsJson(pair.get()); } } };
}

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
    takeRealRun();
    showLayers();
    const bool empty = !m_picture && m_session.text().empty();
    m_canvas->setEmptyText(empty ? tr("Each token of the text becomes a step here.") : QString());
    writeSentence();
}

/// The clock runs as long as the longer of both, the plan and the run beside it.
void StepsWorkspace::takeRealRun()
{
    PlaybackClock& clock = m_session.clock();
    const PlannedPairPointer pair = m_session.plannedPair();
    const MeasuredPairPointer& measured = m_realRun->measured();
    if (pair && measured)
        clock.setTimeline(std::max(pair->duration(), measured->pair->duration()),
            merged(pair->moments, measured->pair->moments), eventsBeside(*pair, *measured));
    else if (pair && m_clockHasRun)
        clock.setTimeline(pair->duration(), pair->moments, planEvents(*pair));
    m_clockHasRun = pair && measured;
    m_transport->setUnits(pair ? unitsText(*pair, clock.duration()) : QString(), 1);
    m_realRun->canvas().setTime(clock.time());
    takeSelection();
    writeSentence();
}

void StepsWorkspace::setForPicture(bool forPicture)
{
    m_canvas->setForPicture(forPicture);
    m_realRun->canvas().setForPicture(forPicture);
}

/// The titles say which layer is planned alone.
QString StepsWorkspace::choicesText() const
{
    if (!m_picture)
        return {};
    const Settings& settings = m_session.settings();
    const PlannedPair& plan = *m_picture->pair;
    QStringList parts { settings.plannedTraining ? tr("training")
            : settings.beingWritten              ? tr("being written")
                                                 : tr("reading") };
    if (plan.layer < 0)
        parts << tr("all layers");
    parts << subBatchesText(plan.rows, plan.lstm.plan.cut().subBatches)
          << (plan.workers == 1 ? tr("1 worker, imagined")
                                : tr("%1 workers, imagined").arg(countNumber(plan.workers)))
          << m_transport->clockText();
    return parts.join(tr(" · "));
}

void StepsWorkspace::startForPicture() { m_realRun->startForPicture(); }

bool StepsWorkspace::complete() const { return m_realRun->complete() && m_brokenLink->complete(); }

void StepsWorkspace::showLayers()
{
    const auto layerOf = [this](const ModelPointer& model) {
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
    const auto textOf = [&](const ModelPointer& model, std::size_t index) {
        QStringList parts { layerOf(model) };
        if (m_picture)
            parts << cutText(*m_picture->models[index].plan);
        parts.removeAll(QString());
        return parts.join(tr(" · "));
    };
    m_canvas->setLayerTexts(textOf(models.lstm, 0), textOf(models.attention, 1));
}

void StepsWorkspace::takeTokens()
{
    std::vector<QString> labels;
    if (const TokenizedTextPointer tokenized = m_session.tokenized()) {
        for (int i = tokenized->window.begin; i < tokenized->window.end; ++i)
            labels.push_back(tokenLabel(tokenized->bytes(i), LeadingSpace::Hidden));
    }
    m_realRun->canvas().setTokenLabels(labels);
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
    for (StepsCanvas* canvas : { m_canvas, &m_realRun->canvas() }) {
        if (work && m_picture && work->window.begin == windowBegin()
            && work->window.count() == steps)
            canvas->setPinnedWork(work->steps, work->rows);
        else
            canvas->setPinnedStep(stepOf(selection.pinnedToken()));
        canvas->setHoveredStep(stepOf(selection.hoveredToken()));
    }
}

void StepsWorkspace::writeSentence()
{
    QString sentence, brief;
    if (m_picture && m_realRun->measured()) {
        sentence = brief = realRunSentence(figuresOf(*m_picture->pair), *m_realRun->measured());
    } else if (m_picture || m_session.text().empty()) {
        const StepsFigures figures = m_picture ? figuresOf(*m_picture->pair) : StepsFigures {};
        sentence = stepsSentence(figures);
        brief = briefStepsSentence(figures);
    }
    if (sentence == m_sentence && brief == m_briefSentence)
        return;
    m_sentence = sentence;
    m_briefSentence = brief;
    emit sentenceChanged();
}

} // namespace timestep
