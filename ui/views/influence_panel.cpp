// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/influence_panel.h"

#include "engine/execution/run.h"
#include "ui/models/window_labels.h"
#include "ui/session/influence_job.h"
#include "ui/session/selection.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/influence_map.h"
#include "ui/views/influence_sentence.h"
#include "ui/views/theme.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QToolTip>
#include <QVBoxLayout>

#include <algorithm>

namespace timestep {

namespace {

constexpr int Width = 380;

QString modelName(const QString& name, const ModelRun* run)
{
    return run && run->model->untrained() ? InfluencePanel::tr("%1, untrained").arg(name) : name;
}

} // namespace

InfluencePanel::InfluencePanel(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_job(new InfluenceJob(session, this))
    , m_progress(new ElidedLabel)
    , m_caption(new ElidedLabel)
    , m_target(new QComboBox)
    , m_lstm(new InfluenceMap(m_job->lstm(), &ColorScale::orange))
    , m_attention(new InfluenceMap(m_job->attention(), &ColorScale::blue))
    , m_lstmName(new QLabel)
    , m_attentionName(new QLabel)
    , m_words(new QLabel)
    , m_compute(new QPushButton(tr("Compute")))
{
    setAccessibleName(tr("Influence on the next prediction"));
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    auto* title = new QHBoxLayout;
    auto* heading = new QLabel(tr("Influence on the next prediction"));
    heading->setProperty("role", "heading");
    title->addWidget(heading, 1);
    m_progress->setProperty("role", "caption");
    title->addWidget(m_progress);
    layout->addLayout(title);
    m_caption->setProperty("role", "caption");
    layout->addWidget(m_caption);
    m_target->addItem(tr("on each model's own best next token"), int(InfluenceTarget::OwnBest));
    m_target->addItem(tr("on the LSTM's best, in both"), int(InfluenceTarget::LstmBest));
    m_target->addItem(tr("on attention's best, in both"), int(InfluenceTarget::AttentionBest));
    m_target->setAccessibleName(tr("The next token whose probability is swayed"));
    m_target->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_target->setProperty("small", true);
    layout->addWidget(m_target);
    auto* pair = new QGridLayout;
    pair->setSpacing(2);
    pair->addWidget(m_lstm, 0, 0);
    pair->addWidget(m_attention, 0, 1);
    pair->addWidget(m_lstmName, 1, 0);
    pair->addWidget(m_attentionName, 1, 1);
    layout->addLayout(pair, 1);
    m_words->setProperty("role", "caption");
    m_words->setWordWrap(true);
    m_words->setTextFormat(Qt::PlainText);
    m_words->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_words);
    m_compute->setProperty("small", true);
    m_compute->setAccessibleName(tr("Compute the influence"));
    layout->addWidget(m_compute, 0, Qt::AlignLeft);

    connect(m_job, &InfluenceJob::restarted, this, &InfluencePanel::restart);
    connect(m_job, &InfluenceJob::advanced, this, &InfluencePanel::advance);
    connect(m_target, &QComboBox::activated, this, [this] {
        m_session.selection().setInfluenceTarget(
            static_cast<InfluenceTarget>(m_target->currentData().toInt()));
    });
    connect(m_compute, &QPushButton::clicked, m_job, &InfluenceJob::computeAnyway);
    connect(&session.selection(), &Selection::changed, this, &InfluencePanel::showSelection);
    for (InfluenceMap* map : { m_lstm, m_attention }) {
        connect(map, &InfluenceMap::cellHovered, this,
            [this, map](std::optional<QPoint> cell) { hoverCell(*map, cell); });
        connect(map, &InfluenceMap::rowPinned, this,
            [this](int row) { m_session.selection().pinToken(m_run->window.begin + row); });
    }
    colorNames();
    restart();
}

InfluencePanel::~InfluencePanel()
{
    // They tell that the pointer left when they go, after the members here are gone.
    for (InfluenceMap* map : { m_lstm, m_attention })
        disconnect(map, nullptr, this, nullptr);
}

QSize InfluencePanel::sizeHint() const
{
    // What it says changes while it is computed; the picture beside it must not move with that.
    return { Width, QWidget::sizeHint().height() };
}

QString InfluencePanel::targetText() const { return m_target->currentText(); }

void InfluencePanel::setForPicture(bool forPicture)
{
    m_lstm->setDrawsAtOnce(forPicture);
    m_attention->setDrawsAtOnce(forPicture);
    m_forPicture = forPicture;
    fitWords();
}

bool InfluencePanel::complete() const
{
    return m_job->state() != InfluenceJob::State::Computing && m_lstm->complete()
        && m_attention->complete();
}

void InfluencePanel::showEvent(QShowEvent* event)
{
    m_job->setShown(true);
    QWidget::showEvent(event);
}

void InfluencePanel::hideEvent(QHideEvent* event)
{
    m_job->setShown(false);
    QWidget::hideEvent(event);
}

void InfluencePanel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange)
        colorNames();
    else if (event->type() == QEvent::FontChange)
        fitWords();
    QWidget::changeEvent(event);
}

/// Room for three lines whether or not they are needed: nothing moves from token to token. A reason
/// may be longer.
void InfluencePanel::fitWords()
{
    const int needed = m_forPicture ? m_words->heightForWidth(m_words->width()) : 0;
    const int lines = std::max(3 * m_words->fontMetrics().lineSpacing(), needed);
    m_words->setMinimumHeight(lines);
    m_words->setMaximumHeight(m_compute->isVisibleTo(this) ? QWIDGETSIZE_MAX : lines);
}

void InfluencePanel::colorNames()
{
    const Theme& theme = Theme::of(palette());
    const auto color = [](QLabel& label, const QColor& text) {
        QPalette palette = label.palette();
        palette.setColor(QPalette::WindowText, text);
        label.setPalette(palette);
    };
    color(*m_lstmName, theme.lstm.text);
    color(*m_attentionName, theme.attention.text);
}

void InfluencePanel::restart()
{
    m_run = m_session.run();
    if (m_run && m_run->window.count() == 0)
        m_run.reset();
    m_labels = m_run ? windowLabels(*m_run) : QStringList();
    m_lstmName->setText(modelName(tr("LSTM"), m_run ? m_run->lstm.get() : nullptr));
    m_attentionName->setText(modelName(tr("Attention"), m_run ? m_run->attention.get() : nullptr));
    m_lstm->setAccessibleName(tr("Influence in the model: %1").arg(m_lstmName->text()));
    m_attention->setAccessibleName(tr("Influence in the model: %1").arg(m_attentionName->text()));
    const double fullColor = fullColorInfluence(m_job->lstm(), m_job->attention());
    m_lstm->restart(fullColor);
    m_attention->restart(fullColor);
    showState();
    showSelection();
}

void InfluencePanel::advance()
{
    const double fullColor = fullColorInfluence(m_job->lstm(), m_job->attention());
    m_lstm->advance(fullColor);
    m_attention->advance(fullColor);
    showState();
    showWords();
}

void InfluencePanel::showState()
{
    const InfluenceJob::State state = m_job->state();
    m_progress->setFullText(state == InfluenceJob::State::Computing
            ? influenceProgress(m_job->lstm(), m_job->attention())
            : QString());
    m_caption->setFullText(
        influenceCaption(fullColorInfluence(m_job->lstm(), m_job->attention()), m_job->causal()));
    m_compute->setVisible(
        state == InfluenceJob::State::TooLong || state == InfluenceJob::State::Refused);
    fitWords();
}

void InfluencePanel::showSelection()
{
    const Selection& selection = m_session.selection();
    m_target->setCurrentIndex(m_target->findData(int(selection.influenceTarget())));
    for (InfluenceMap* map : { m_lstm, m_attention }) {
        map->setPinnedRow(rowOf(selection.pinnedToken()));
        map->setHoveredRow(rowOf(selection.hoveredToken()));
    }
    showWords();
}

std::optional<int> InfluencePanel::rowOf(std::optional<int> token) const
{
    if (!token || !m_run || !m_run->window.contains(*token))
        return std::nullopt;
    return *token - m_run->window.begin;
}

QString InfluencePanel::words(int row) const
{
    switch (m_job->state()) {
    case InfluenceJob::State::Nothing:
        return {};
    case InfluenceJob::State::TooLong:
        return influenceTooLong(static_cast<int>(m_labels.size()));
    case InfluenceJob::State::Refused:
        return m_job->refusal();
    case InfluenceJob::State::Computing:
    case InfluenceJob::State::Done:
        break;
    }
    const InfluenceText text { m_job->lstm(), m_job->attention(), m_labels,
        *m_run->lstm->model->vocabulary };
    const QString swaying = text.row(row);
    return swaying.isEmpty() ? swaying : swaying + u'\n' + text.norms(row);
}

void InfluencePanel::showWords()
{
    const Selection& selection = m_session.selection();
    const int last = static_cast<int>(m_labels.size()) - 1;
    const int pinned = rowOf(selection.pinnedToken()).value_or(last);
    m_words->setText(words(rowOf(selection.hoveredToken()).value_or(pinned)));
    for (InfluenceMap* map : { m_lstm, m_attention })
        map->setAccessibleDescription(words(pinned));
}

void InfluencePanel::hoverCell(InfluenceMap& map, std::optional<QPoint> cell)
{
    m_lstm->setHoveredCell(cell);
    m_attention->setHoveredCell(cell);
    if (!cell) {
        QToolTip::hideText();
        m_session.selection().hoverToken(std::nullopt);
        return;
    }
    const QRect around = map.cellRect(*cell);
    const InfluenceText text { m_job->lstm(), m_job->attention(), m_labels,
        *m_run->lstm->model->vocabulary };
    QToolTip::showText(map.mapToGlobal(around.bottomRight()), text.cell(*cell), &map, around);
    m_session.selection().hoverToken(m_run->window.begin + cell->y());
}

} // namespace timestep

#include "moc_influence_panel.cpp"
