// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_workspace.h"

#include "ui/session/probe_job.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/asked_early_answer.h"
#include "ui/views/cell_content_answer.h"
#include "ui/views/equation_panel.h"
#include "ui/views/half_life_figures.h"
#include "ui/views/influence_answer.h"
#include "ui/views/lstm_data.h"
#include "ui/views/lstm_legend.h"
#include "ui/views/lstm_plot.h"
#include "ui/views/lstm_strip.h"
#include "ui/views/override_answer.h"
#include "ui/views/replacement_answer.h"
#include "ui/views/side_column.h"
#include "ui/views/step_memory.h"
#include "ui/views/token_bars_view.h"
#include "ui/views/unit_finder.h"
#include "ui/views/units_on_answer.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr int AllMaps = -2; // of the choice of maps; a group keeps the id −1 for itself

QToolButton* smallButton(const QString& text, const QString& purpose)
{
    auto* button = new QToolButton;
    button->setText(text);
    button->setToolTip(purpose);
    button->setAccessibleName(purpose);
    button->setProperty("small", true);
    return button;
}

/// The unit that shows most at a step: the largest |h|, of several the lowest.
int mostActiveUnit(const LstmPicture& picture, int step)
{
    Eigen::Index unit = 0;
    picture.values(LstmQuantity::Hidden).row(step).cwiseAbs().maxCoeff(&unit);
    return static_cast<int>(unit);
}

} // namespace

LstmWorkspace::LstmWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_memory(new LiveStepMemory(this))
    , m_probe(new ProbeJob(session, this))
    , m_finder(new UnitFinder)
    , m_override(new OverrideAnswer(*m_probe, this))
    , m_asked(new AskedEarlyAnswer(*m_probe, this))
    , m_answers(makeAnswers())
    , m_plot(new LstmPlot(m_view))
    , m_strip(new LstmStrip(m_view, m_answers))
    , m_layerName(new QLabel)
    , m_previousLayer(smallButton(QStringLiteral("‹"), tr("The layer below ({)")))
    , m_nextLayer(smallButton(QStringLiteral("›"), tr("The layer above (})")))
    , m_order(new QComboBox)
    , m_maps(new QButtonGroup(this))
    , m_halfLives(new HalfLifeFigures)
    , m_equation(new EquationPanel)
    , m_legend(new LstmLegend)
    , m_side(new SideColumn)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(18);
    auto* pictures = new QVBoxLayout;
    pictures->setSpacing(6);
    pictures->addWidget(m_plot, 2);
    pictures->addWidget(m_strip, 1);
    layout->addLayout(pictures, 1);
    setFocusProxy(m_plot);
    buildChoices(m_side->parts());
    layout->addWidget(m_side);
    connectAll();
    showPicture();
    showSentence();
}

LstmWorkspace::~LstmWorkspace()
{
    hide(); // what is shown in it tells so while all of it is there
}

QString LstmWorkspace::title() const { return tr("LSTM"); }

void LstmWorkspace::setForPicture(bool forPicture)
{
    m_plot->setForPicture(forPicture);
    m_finder->setForPicture(forPicture);
    m_side->setForPicture(forPicture);
}

QString LstmWorkspace::choicesText() const
{
    if (picture().tokens() == 0)
        return {};
    QStringList parts { tr("units %1").arg(m_order->currentText()), m_strip->choiceText() };
    if (m_view.span())
        parts << m_finder->conditionText();
    return parts.join(tr(" · "));
}

std::vector<TokenAnswer*> LstmWorkspace::makeAnswers()
{
    return { new CellContentAnswer(*m_memory, this), new InfluenceAnswer(m_session, this),
        new ReplacementAnswer(*m_probe, this), m_override, m_asked,
        new UnitsOnAnswer(*m_finder, this) };
}

void LstmWorkspace::buildChoices(QVBoxLayout& column)
{
    auto* layers = new QHBoxLayout;
    layers->setSpacing(4);
    layers->addWidget(m_previousLayer);
    m_layerName->setProperty("role", "heading");
    layers->addWidget(m_layerName);
    layers->addWidget(m_nextLayer);
    layers->addStretch(1);
    const auto addOrder = [this](UnitOrder order, const QString& name, const QString& purpose) {
        m_order->addItem(name, static_cast<int>(order));
        m_order->setItemData(m_order->count() - 1, purpose, Qt::ToolTipRole);
    };
    addOrder(UnitOrder::Similarity, tr("by likeness"),
        tr("what behaves alike over the text side by side, by hidden state"));
    addOrder(
        UnitOrder::ForgetGate, tr("by memory"), tr("mean forget gate, the longest memory first"));
    addOrder(UnitOrder::Activity, tr("by activity"), tr("mean |h|, the most active first"));
    addOrder(UnitOrder::Number, tr("by number"), tr("as the weights have them"));
    m_order->setAccessibleName(tr("Order of the units"));
    m_order->setToolTip(tr("order of the units, the same in all six pictures"));
    m_order->setProperty("small", true);
    layers->addWidget(m_order);
    column.addLayout(layers);

    auto* maps = new QHBoxLayout;
    maps->setSpacing(3);
    const auto add = [&](const QString& text, const QString& purpose, int choice) {
        QToolButton* button = smallButton(text, purpose);
        button->setCheckable(true);
        m_maps->addButton(button);
        m_maps->setId(button, choice);
        maps->addWidget(button);
        connect(button, &QToolButton::clicked, this, [this, choice] { chooseMaps(choice); });
        return button;
    };
    add(tr("all six"), tr("All gates and states"), AllMaps)->setChecked(true);
    for (const LstmQuantity quantity : lstmQuantities)
        add(lstmLetter(quantity), tr("Only the picture of: %1").arg(lstmName(quantity)),
            static_cast<int>(quantity));
    maps->addStretch(1);
    column.addLayout(maps);
    column.addWidget(m_legend);
    column.addSpacing(4);
    column.addWidget(m_halfLives);
    column.addSpacing(4);
    column.addWidget(m_equation);
    column.addSpacing(4);
    column.addWidget(m_finder);
    column.addStretch(1);
}

void LstmWorkspace::connectAll()
{
    Selection& selection = m_session.selection();
    connect(&m_session, &Session::runChanged, this, &LstmWorkspace::showRun);
    connect(&selection, &Selection::changed, this, &LstmWorkspace::showSelection);
    connect(&selection, &Selection::cleared, this, [this] {
        m_unit.reset();
        m_view.setSpan(std::nullopt);
        m_plot->clearCell();
        showSelection();
    });
    connect(&m_live, &LiveLstmPicture::changed, this, &LstmWorkspace::showPicture);
    connect(m_memory, &LiveStepMemory::changed, this, &LstmWorkspace::showSentence);
    connect(m_strip, &LstmStrip::answerChanged, this, &LstmWorkspace::showSentence);
    connect(m_override, &OverrideAnswer::toShowChanged, this, &LstmWorkspace::showRun);
    connect(m_asked, &TokenAnswer::changed, this, &LstmWorkspace::suggestAnswer);
    connect(m_order, &QComboBox::currentIndexChanged, this, &LstmWorkspace::showRun);
    connect(m_previousLayer, &QToolButton::clicked, this, [this] { stepLayer(-1); });
    connect(m_nextLayer, &QToolButton::clicked, this, [this] { stepLayer(1); });
    connect(m_plot, &LstmPlot::cellPinned, this, &LstmWorkspace::pin);
    connect(m_plot, &LstmPlot::stepHovered, this, &LstmWorkspace::hover);
    TokenBarsView& bars = m_strip->barsView();
    connect(m_plot, &LstmPlot::arranged, this, [this, &bars] {
        const LstmLayout& parts = m_plot->geometryOfParts();
        bars.setColumns(parts.left(), parts.width());
    });
    connect(&bars, &TokenBarsView::stepPinned, this, [this](int step) { pin(step, m_unit); });
    connect(&bars, &TokenBarsView::stepHovered, this, &LstmWorkspace::hover);
    connect(&m_view, &TokenView::spanChanged, this, [this] {
        m_finder->setSpan(m_view.span());
        showSelection();
    });
    connect(m_finder, &UnitFinder::foundChanged, this, [this] {
        m_plot->setFoundUnits(m_finder->found().units);
        showSelection();
    });
    connect(m_finder, &UnitFinder::placeWanted, this, [this](IndexRange span) {
        TokenAxis axis = m_view.axis();
        axis.reveal(span.end - 1);
        axis.reveal(span.begin);
        m_view.setAxis(axis);
        pin(span.begin, m_unit);
    });
}

bool LstmWorkspace::complete() const
{
    return m_live.complete() && m_plot->complete() && m_finder->complete() && m_strip->complete()
        && m_asked->complete()
        && (picture().tokens() == 0 || m_memory->memory(m_live.picture(), lookedAt()));
}

bool LstmWorkspace::stepLayer(int direction)
{
    showLayer(m_layer + direction);
    return true;
}

bool LstmWorkspace::clearOwn()
{
    if (!m_view.span() && !m_unit)
        return false;
    m_unit.reset();
    m_view.setSpan(std::nullopt);
    showSelection();
    return true;
}

void LstmWorkspace::showEvent(QShowEvent* event)
{
    m_probe->setShown(true);
    showRun();
    showSelection();
    Workspace::showEvent(event);
}

void LstmWorkspace::hideEvent(QHideEvent* event)
{
    m_probe->setShown(false);
    Workspace::hideEvent(event);
}

std::vector<DataFormat> LstmWorkspace::dataFormats() const
{
    const LstmPicturePointer& picture = m_live.picture();
    const ShownAnswer answer { m_strip->current().title(), m_strip->current().bars() };
    return { { tr("gates and states of the layer, CSV"), QStringLiteral("csv"),
                 [picture] { return lstmCsv(*picture); } },
        { tr("gates and states of the layer, and the strip, JSON"), QStringLiteral("json"),
            [picture, answer] { return lstmJson(*picture, answer); } },
        { tr("the shown strip, CSV"), QStringLiteral("strip.csv"),
            [picture, answer] { return lstmStripCsv(*picture, answer); } } };
}

UnitOrder LstmWorkspace::order() const
{
    return static_cast<UnitOrder>(m_order->currentData().toInt());
}

void LstmWorkspace::showLayer(int layer)
{
    m_layer = std::clamp(layer, 0, std::max(0, picture().layers() - 1));
    showRun();
}

void LstmWorkspace::chooseMaps(int choice)
{
    if (choice < 0)
        return m_plot->setShown({ lstmQuantities.begin(), lstmQuantities.end() });
    m_plot->setShown({ static_cast<LstmQuantity>(choice) });
}

/// What nobody sees is made when it is shown.
void LstmWorkspace::showRun()
{
    if (isVisible())
        m_live.want(m_session.run(), m_layer, order(), m_override->toShow(m_session.run()));
}

void LstmWorkspace::showPicture()
{
    const LstmPicturePointer& shown = m_live.picture();
    const int layers = std::max(1, shown->layers());
    m_layer = std::min(m_layer, layers - 1);
    if (m_unit && *m_unit >= shown->units())
        m_unit.reset();
    m_layerName->setText((shown->changed() ? tr("layer %1 of %2, changed") : tr("layer %1 of %2"))
                             .arg(shown->layer + 1)
                             .arg(layers));
    m_previousLayer->setEnabled(shown->layer > 0);
    m_nextLayer->setEnabled(shown->layer + 1 < layers);
    m_plot->setPicture(shown); // first: it drops a cell that is not there any more
    m_view.setTokens(shown->tokens());
    m_legend->setPicture(shown);
    m_halfLives->setPicture(*shown);
    m_finder->setPicture(shown);
    showSelection();
}

std::optional<int> LstmWorkspace::stepOf(std::optional<int> token) const
{
    if (!token || picture().tokens() == 0 || !picture().run->window.contains(*token))
        return std::nullopt;
    return *token - picture().run->window.begin;
}

int LstmWorkspace::lookedAt() const
{
    const auto pinned = stepOf(m_session.selection().pinnedToken());
    return pinned.value_or(std::max(0, picture().tokens() - 1));
}

void LstmWorkspace::showSelection()
{
    if (!isVisible())
        return;
    const Selection& selection = m_session.selection();
    const auto pinned = stepOf(selection.pinnedToken());
    const auto hovered = stepOf(selection.hoveredToken());
    m_plot->setPinned(pinned, m_unit);
    m_plot->setHoveredStep(hovered);
    m_strip->barsView().setPinnedStep(pinned);
    m_strip->barsView().setHoveredStep(hovered);
    if (picture().tokens() > 0)
        m_memory->want(m_live.picture(), lookedAt());
    m_strip->setContext(
        { m_live.picture(), lookedAt(), m_unit, m_view.span(), m_finder->found().units });
    suggestAnswer();
    showEquation();
    showSentence();
}

/// Of the cell that is pointed at, else of the pinned step and unit.
void LstmWorkspace::showEquation()
{
    if (picture().tokens() == 0)
        return m_equation->clear();
    if (const auto& cell = m_plot->cell())
        return m_equation->setCell(picture(), cell->step, cell->unit, tr("pointed at"));
    const int step = lookedAt();
    if (m_unit)
        return m_equation->setCell(picture(), step, *m_unit, tr("pinned"));
    m_equation->setCell(picture(), step, mostActiveUnit(picture(), step), tr("largest |h|"));
}

/// A text that asks for what it has said is looked at for where that went.
void LstmWorkspace::suggestAnswer()
{
    m_strip->suggest(m_asked->asksForRecall() ? *m_asked : *m_answers.front());
}

/// What the answer that is shown below means.
void LstmWorkspace::showSentence()
{
    const TokenAnswer& answer = picture().tokens() > 0 ? m_strip->current() : *m_answers.front();
    const QString sentence = answer.sentence().isEmpty() && answer.complete()
        ? m_answers.front()->sentence()
        : answer.sentence();
    // Until what it is written from is known, the one before stays.
    if (sentence.isEmpty() || sentence == m_sentence)
        return;
    m_sentence = sentence;
    emit sentenceChanged();
}

void LstmWorkspace::pin(int step, std::optional<int> unit)
{
    if (picture().tokens() == 0)
        return;
    if (unit)
        m_unit = unit;
    m_session.selection().pinToken(picture().run->window.begin + step);
    showSelection();
}

void LstmWorkspace::hover(std::optional<int> step)
{
    if (step && picture().tokens() > 0)
        m_session.selection().hoverToken(picture().run->window.begin + *step);
    else
        m_session.selection().hoverToken(std::nullopt);
    showEquation();
}

} // namespace timestep

#include "moc_lstm_workspace.cpp"
