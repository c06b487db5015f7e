// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_workspace.h"

#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/affinity_export.h"
#include "ui/views/affinity_legend.h"
#include "ui/views/affinity_plot.h"
#include "ui/views/attention_heads.h"
#include "ui/views/attention_memory.h"
#include "ui/views/attention_sentence.h"
#include "ui/views/elided_label.h"
#include "ui/views/head_kind_choice.h"
#include "ui/views/head_kind_text.h"
#include "ui/views/head_suggestion.h"
#include "ui/views/head_survey.h"
#include "ui/views/influence_panel.h"
#include "ui/views/passed_on_bars.h"
#include "ui/views/reading_arcs.h"
#include "ui/views/score_survey.h"
#include "ui/views/side_column.h"
#include "ui/views/stage_choice.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace timestep {

namespace {

QLabel* heading(const QString& text)
{
    auto* label = new QLabel(text);
    label->setProperty("role", "heading");
    return label;
}

} // namespace

AttentionWorkspace::AttentionWorkspace(Session& session, QWidget* parent)
    : Workspace(parent)
    , m_session(session)
    , m_picture(std::make_shared<AffinityPicture>())
    , m_survey(new HeadSurvey(this))
    , m_scores(new ScoreSurvey(this))
    , m_plot(new AffinityPlot)
    , m_heads(new AttentionHeads(*m_survey))
    , m_kinds(new HeadKindChoice(*m_survey))
    , m_stage(new StageChoice)
    , m_legend(new AffinityLegend)
    , m_headName(new QLabel)
    , m_headKind(new ElidedLabel)
    , m_shading(new QComboBox)
    , m_causal(new QCheckBox(tr("Causal: reads only what precedes")))
    , m_causalNote(new QLabel(tr("for timing only: this model can now see the answer")))
    , m_passedOn(new PassedOnBars)
    , m_showsArcs(new QCheckBox(tr("Arcs over the text")))
    , m_arcs(new ReadingArcs)
    , m_affinityBytes(new ElidedLabel)
    , m_keptBytes(new ElidedLabel)
    , m_influence(new InfluencePanel(session))
    , m_side(new SideColumn)
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(18);
    auto* pictures = new QVBoxLayout;
    pictures->setSpacing(4);
    pictures->addWidget(m_plot, 1);
    pictures->addWidget(m_arcs);
    pictures->addWidget(m_keptBytes);
    m_arcs->hide();
    m_keptBytes->setProperty("role", "caption");
    m_keptBytes->setAlignment(Qt::AlignHCenter);
    m_keptBytes->setDetail(
        tr("What must be kept to write the next token, beside the weights: attention keeps two "
           "vectors of every token and layer, 8·L·T·D bytes, the LSTM two of every layer, 8·L·H. "
           "By the formulas, not measured."));
    layout->addLayout(pictures, 1);
    setFocusProxy(m_plot);
    QVBoxLayout& column = m_side->parts();
    buildChoices(column);
    column.addSpacing(10);
    column.addWidget(m_influence);
    column.addStretch(1);
    m_side->addSection(tr("Heads"), m_headKind);
    m_side->addSection(tr("Stages and row"), m_stage);
    m_side->addSection(tr("Influence"), m_influence);
    layout->addWidget(m_side);
    new HeadSuggestion(session, *m_survey, this);

    Selection& selection = session.selection();
    connect(&session, &Session::runChanged, this, &AttentionWorkspace::showRun);
    connect(&session, &Session::settingsChanged, this, &AttentionWorkspace::showCausal);
    connect(&selection, &Selection::changed, this, &AttentionWorkspace::showSelection);
    connect(&selection, &Selection::cleared, m_plot, &AffinityPlot::clearCell);
    connect(&session, &Session::modelsChanged, this, &AttentionWorkspace::showModel);
    connect(m_survey, &HeadSurvey::known, this, &AttentionWorkspace::showHead);
    connect(m_scores, &ScoreSurvey::known, this, &AttentionWorkspace::showHead);
    connect(m_stage, &StageChoice::stageChanged, this, &AttentionWorkspace::showHead);
    connect(m_heads, &AttentionHeads::headChosen, &selection, &Selection::setHead);
    connect(m_kinds, &HeadKindChoice::headChosen, &selection, &Selection::setHead);
    connect(m_shading, &QComboBox::currentIndexChanged, this, &AttentionWorkspace::showHead);
    connect(m_plot, &AffinityPlot::rowPinned, this,
        [this](int row) { m_session.selection().pinToken(m_picture->run->window.begin + row); });
    connect(m_plot, &AffinityPlot::rowHovered, this, [this](std::optional<int> row) {
        if (row)
            *row += m_picture->run->window.begin;
        m_session.selection().hoverToken(row);
    });
    connect(m_showsArcs, &QCheckBox::toggled, m_arcs, &QWidget::setVisible);
    for (const auto changed :
        { &Session::tokensChanged, &Session::modelsChanged, &Session::settingsChanged })
        connect(&session, changed, this, &AttentionWorkspace::showMemory);
    connect(m_causal, &QCheckBox::toggled, this, [this](bool causal) {
        Settings settings = m_session.settings();
        settings.causal = causal;
        m_session.setSettings(settings);
    });
    showModel();
    showCausal();
    showMemory();
    setSentence(attentionSentence(*m_picture, 0));
}

AttentionWorkspace::~AttentionWorkspace()
{
    // It loses the focus when it goes, and would tell of it after the members here are gone.
    disconnect(m_plot, nullptr, this, nullptr);
}

QString AttentionWorkspace::title() const { return tr("Attention"); }

bool AttentionWorkspace::complete() const
{
    const AffinityStage stage = m_picture->stage;
    return m_heads->complete() && m_plot->complete() && m_influence->complete()
        && (stage == m_stage->stage() || !ScoreSurvey::kept(m_survey->run().get()));
}

void AttentionWorkspace::setForPicture(bool forPicture)
{
    m_stage->setVisible(!forPicture);
    m_plot->setForPicture(forPicture);
    m_influence->setForPicture(forPicture);
    m_side->setForPicture(forPicture);
}

QString AttentionWorkspace::choicesText() const
{
    if (m_picture->tokens() == 0)
        return {};
    QStringList parts { m_stage->stageText() };
    if (m_picture->stage == AffinityStage::Softmax)
        parts << m_shading->currentText();
    if (m_session.settings().causal)
        parts << tr("causal: reads only what precedes");
    parts << tr("influence %1").arg(m_influence->targetText());
    return parts.join(tr(" · "));
}

void AttentionWorkspace::buildChoices(QVBoxLayout& column)
{
    auto* title = new QHBoxLayout;
    title->addWidget(heading(tr("All heads")));
    title->addStretch(1);
    title->addWidget(m_headName);
    m_headName->setProperty("role", "secondary");
    column.addLayout(title);
    m_headKind->setProperty("role", "caption");
    column.addWidget(m_headKind);
    column.addWidget(m_heads);
    column.addWidget(m_kinds);
    column.addSpacing(6);
    column.addWidget(m_stage);
    column.addWidget(m_legend);
    column.addWidget(m_passedOn);

    m_shading->addItem(tr("full colour: largest of the later half"), int(AffinityShading::Head));
    m_shading->addItem(tr("full colour: largest of each row"), int(AffinityShading::Row));
    m_shading->addItem(tr("full colour: a share of 1"), int(AffinityShading::Whole));
    m_shading->setAccessibleName(tr("What full colour stands for"));
    m_shading->setToolTip(tr("The first tokens have few to read and so large shares, which would "
                             "dim all others: the first choice leaves them out, and what is larger "
                             "has full colour too"));
    column.addWidget(m_shading, 0, Qt::AlignLeft);
    column.addWidget(m_causal);
    m_causalNote->setProperty("role", "caption");
    column.addWidget(m_causalNote);
    column.addWidget(m_showsArcs);
    m_affinityBytes->setProperty("role", "caption");
    for (ElidedLabel* label : { m_headKind, m_affinityBytes }) // as wide as the rest
        label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_affinityBytes->setDetail(
        tr("4 bytes for each of A heads, L layers and pairs of T tokens. Nobody stores them: the "
           "shares are used tile by tile, and one number a token, head and layer is enough to have "
           "any of them again. By the formulas, not measured."));
    column.addWidget(m_affinityBytes);
}

void AttentionWorkspace::showEvent(QShowEvent* event)
{
    showRun();
    Workspace::showEvent(event);
}

void AttentionWorkspace::hideEvent(QHideEvent* event)
{
    m_survey->pause(); // whoever is looked at instead needs the processors
    m_scores->pause();
    Workspace::hideEvent(event);
}

AffinityShading AttentionWorkspace::shading() const
{
    return static_cast<AffinityShading>(m_shading->currentData().toInt());
}

void AttentionWorkspace::showRun()
{
    if (!isVisible()) // what nobody sees is made when it is shown
        return;
    const Selection& selection = m_session.selection();
    m_survey->setRun(m_session.run(), { selection.layer(), selection.head() });
    showHead();
}

/// The head chosen of the latest run. Until that is known the picture before it stays, with all
/// that is told of it.
void AttentionWorkspace::showHead()
{
    if (!isVisible())
        return;
    m_heads->setShading(shading());
    const Selection& selection = m_session.selection();
    const auto head
        = HeadSurvey::nearest(m_survey->run().get(), { selection.layer(), selection.head() });
    const HeadIndex chosen = head.value_or(HeadIndex());
    const auto statistics = head ? m_survey->statistics(chosen) : nullptr;
    const AffinityStage stage
        = ScoreSurvey::kept(m_survey->run().get()) ? m_stage->stage() : AffinityStage::Softmax;
    m_shading->setEnabled(stage == AffinityStage::Softmax);
    const auto scores = head && stage != AffinityStage::Softmax
        ? m_scores->scores(m_survey->run(), chosen)
        : nullptr;
    const bool shown = m_picture->run == m_survey->run() && m_picture->index() == chosen
        && m_picture->shading == shading() && m_picture->stage == stage;
    const bool known = statistics && (scores || stage == AffinityStage::Softmax);
    if (!shown && (!head || known)) {
        m_picture
            = AffinityPicture::of(m_survey->run(), chosen, shading(), statistics, stage, scores);
        m_plot->setPicture(m_picture);
        m_legend->setPicture(m_picture);
    }
    m_heads->setChosen(chosen.layer, chosen.head);
    showPicture();
}

void AttentionWorkspace::showSelection()
{
    if (!isVisible())
        return;
    const Selection& selection = m_session.selection();
    m_survey->setFirst({ selection.layer(), selection.head() });
    showHead();
}

void AttentionWorkspace::showPicture()
{
    const Selection& selection = m_session.selection();
    m_headName->setText(m_picture->tokens() > 0
            ? tr("layer %1 · head %2").arg(m_picture->layer + 1).arg(m_picture->head + 1)
            : QString());
    m_headKind->setFullText(
        m_picture->tokens() > 0 ? headFiguresText(m_picture->statistics->figures) : QString());

    const int none = -1;
    const int pinned = rowOf(selection.pinnedToken(), none);
    const int hovered = rowOf(selection.hoveredToken(), none);
    m_plot->setPinnedRow(pinned == none ? std::nullopt : std::optional(pinned));
    m_plot->setHoveredRow(hovered == none ? std::nullopt : std::optional(hovered));
    const int row = pinned == none ? m_picture->tokens() - 1 : pinned;
    m_passedOn->setRow(m_picture, row);
    m_arcs->setRow(m_picture, row);
    setSentence(attentionSentence(*m_picture, row));
}

int AttentionWorkspace::rowOf(std::optional<int> token, int otherwise) const
{
    if (!token || !m_picture->run || !m_picture->run->window.contains(*token))
        return otherwise;
    return *token - m_picture->run->window.begin;
}

void AttentionWorkspace::showModel()
{
    if (const ModelPointer& model = m_session.models().attention)
        m_heads->setShape(model->shape.layers, model->shape.heads);
}

void AttentionWorkspace::showCausal()
{
    const bool causal = m_session.settings().causal;
    const QSignalBlocker blocker(m_causal);
    m_causal->setChecked(causal);
    m_causalNote->setVisible(!causal);
}

void AttentionWorkspace::showMemory()
{
    const ModelPair& models = m_session.models();
    const TokenizedTextPointer text = m_session.tokenized();
    const bool known = models.attention && models.lstm && text;
    const int tokens = known ? text->window.count() : 0;
    const KeptMemoryText kept = known ? keptMemoryText(models.attention->shape, models.lstm->shape,
                                    tokens, m_session.settings().causal)
                                      : KeptMemoryText();
    m_keptBytes->setFullText(kept.full);
    m_keptBytes->setShortText(kept.brief);
    m_affinityBytes->setFullText(
        known ? affinityMemoryText(models.attention->shape, tokens) : QString());
}

std::vector<PictureChoice> AttentionWorkspace::pictureChoices()
{
    return {
        { QStringLiteral("stage"),
            { QStringLiteral("scores"), QStringLiteral("masked"), QStringLiteral("softmax") },
            [this](int value) { m_stage->setStage(static_cast<AffinityStage>(value)); } },
        { QStringLiteral("arcs"), { QStringLiteral("off"), QStringLiteral("on") },
            [this](int value) { m_showsArcs->setChecked(value == 1); } },
        { QStringLiteral("shading"),
            { QStringLiteral("head"), QStringLiteral("row"), QStringLiteral("whole") },
            [this](int value) { m_shading->setCurrentIndex(value); } },
        { QStringLiteral("causal"), { QStringLiteral("off"), QStringLiteral("on") },
            [this](int value) { m_causal->setChecked(value == 1); } },
    };
}

std::vector<DataFormat> AttentionWorkspace::dataFormats() const
{
    return { { tr("affinities of this head, CSV"), QStringLiteral("csv"),
                 [picture = m_picture] { return affinityCsv(*picture); } },
        { tr("affinities of this head, JSON"), QStringLiteral("json"),
            [picture = m_picture] { return affinityJson(*picture); } } };
}

void AttentionWorkspace::setSentence(const QString& sentence)
{
    if (m_sentence == sentence)
        return;
    m_sentence = sentence;
    emit sentenceChanged();
}

} // namespace timestep

#include "moc_attention_workspace.cpp"
