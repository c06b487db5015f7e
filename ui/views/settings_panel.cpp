// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/settings_panel.h"

#include "ui/models/number_text.h"
#include "ui/session/session.h"
#include "ui/views/elided_label.h"
#include "ui/views/icon.h"
#include "ui/views/number_slider.h"
#include "ui/views/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QFontInfo>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace timestep {

SettingsPanel::SettingsPanel(Session& session, QWidget* parent)
    : QFrame(parent)
    , m_session(session)
    , m_rows(addSlider(tr("Rows"),
          tr("Texts read at once: row 0 is the text, row r reads it from token r on"), 256,
          &Settings::rows))
    , m_subBatches(addSlider(tr("Sub-batches"),
          tr("Parts the rows are split into, each computed together"), 32, &Settings::subBatches))
    , m_workers(addSlider(tr("Workers (imagined)"),
          tr("Workers in the plan, not threads of this machine"), 512, &Settings::workers))
    , m_threads(addSlider(tr("Threads"), tr("Threads of this machine that compute"),
          2 * session.cores(), &Settings::threads))
    , m_repeats(new ElidedLabel({}, this))
    , m_badge(new QLabel(this))
    , m_allLayers(addSwitch(tr("all layers"), QStringLiteral("allLayers"),
          tr("Plan all layers of both models, not one by itself"),
          [](Settings& settings, bool on) { settings.plannedLayer = on ? -1 : 0; }))
    , m_training(addSwitch(tr("training"), QStringLiteral("plannedTraining"),
          tr("Plan a step of training: forward, back again, the sum over the sub-batches, the "
             "update"),
          [](Settings& settings, bool on) {
              settings.plannedTraining = on;
              settings.besideTrace = settings.besideTrace && !on; // a real run reads
          }))
    , m_written(addSwitch(tr("being written"), QStringLiteral("beingWritten"),
          tr("Plan it as if the text were being written: each token is chosen from what came of "
             "the "
             "one before"),
          [](Settings& settings, bool on) {
              settings.beingWritten = on;
              settings.besideTrace = settings.besideTrace && !on;
          }))
    , m_breaksLink(addSwitch(tr("break a link"), QStringLiteral("breaksLink"),
          tr("Begin a step of the LSTM without the step before it, the pinned one or else the one "
             "where it does most harm: planned so, and really run"),
          [](Settings& settings, bool on) {
              settings.breaksLink = on;
              settings.besideTrace = settings.besideTrace && !on;
          }))
    , m_besideTrace(addSwitch(tr("beside a real run"), QStringLiteral("besideTrace"),
          tr("Show below the plan when each cell really ran on this machine's threads. A real run "
             "reads, in all layers: that is planned then, neither training nor a text being "
             "written, nor a broken link"),
          setBesideTrace))
    , m_more(new QPushButton(tr("More"), this))
{
    setObjectName(QStringLiteral("settingsPanel"));
    m_badge->setObjectName(QStringLiteral("badge"));
    m_badge->setAlignment(Qt::AlignCenter);
    m_repeats->setObjectName(QStringLiteral("rowsRepeat"));
    m_repeats->setProperty("role", "caption");
    QSizePolicy keepsItsRoom = m_repeats->sizePolicy(); // so that nothing below it moves
    keepsItsRoom.setRetainSizeWhenHidden(true);
    m_repeats->setSizePolicy(keepsItsRoom);
    auto* twice = new QPushButton(tr("× 2  twice the text"), this);
    twice->setObjectName(QStringLiteral("twiceTheText"));
    twice->setAccessibleName(tr("Twice the text"));
    m_more->setObjectName(QStringLiteral("moreButton"));
    m_more->setCheckable(true);
    m_more->setLayoutDirection(Qt::RightToLeft); // the arrow stands at the right
    m_more->setAccessibleDescription(tr("Models, threads, strategies, window, theme"));

    auto* contents = new QWidget;
    contents->setObjectName(QStringLiteral("settingsContents"));
    auto* controls = new QVBoxLayout(contents);
    controls->setContentsMargins(8, 0, 8, 0);
    controls->setSpacing(5);
    for (QWidget* widget : std::initializer_list<QWidget*> {
             m_rows, m_repeats, m_subBatches, m_workers, m_threads, m_badge, twice })
        controls->addWidget(widget);
    auto* switches = new QVBoxLayout;
    switches->setSpacing(1);
    auto* twoSwitches = new QHBoxLayout; // short ones, so that a low window has room for all
    twoSwitches->setSpacing(8);
    twoSwitches->addWidget(m_allLayers);
    twoSwitches->addWidget(m_training);
    twoSwitches->addStretch(1);
    switches->addLayout(twoSwitches);
    switches->addWidget(m_written);
    switches->addWidget(m_breaksLink);
    switches->addWidget(m_besideTrace);
    controls->addLayout(switches);
    controls->addStretch(1);
    auto* scroll = new QScrollArea; // of use where a low window has no room for all
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(contents);
    showWorkers(Workers::Imagined);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(8, 8, 9, 4);
    layout->setSpacing(0);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_more);

    connect(&session, &Session::settingsChanged, this, &SettingsPanel::takeSettings);
    connect(twice, &QPushButton::clicked, &session, &Session::doubleText);
    connect(m_more, &QPushButton::toggled, this, &SettingsPanel::moreToggled);
    connect(m_more, &QPushButton::toggled, this, &SettingsPanel::updateIcon);
    connect(&session, &Session::tokensChanged, this, &SettingsPanel::takeTokens);
    takeSettings();
    updateWidth();
    updateIcon();
}

void SettingsPanel::setMoreShown(bool shown) { m_more->setChecked(shown); }

void SettingsPanel::showWorkers(Workers workers)
{
    m_workers->setVisible(workers == Workers::Imagined);
    m_threads->setVisible(workers == Workers::Threads);
}

void SettingsPanel::showPlanSwitches(bool shown)
{
    for (QCheckBox* box : planSwitches())
        box->setVisible(shown);
}

std::array<QCheckBox*, 5> SettingsPanel::planSwitches() const
{
    return { m_allLayers, m_training, m_written, m_breaksLink, m_besideTrace };
}

QCheckBox* SettingsPanel::addSwitch(const QString& name, const QString& objectName,
    const QString& purpose, std::function<void(Settings&, bool)> write)
{
    auto* box = new QCheckBox(name, this);
    box->setObjectName(objectName);
    box->setToolTip(purpose);
    connect(box, &QCheckBox::clicked, this, [this, write = std::move(write)](bool checked) {
        Settings settings = m_session.settings();
        write(settings, checked);
        m_session.setSettings(settings);
    });
    return box;
}

NumberSlider* SettingsPanel::addSlider(
    const QString& name, const QString& purpose, int most, int Settings::*member)
{
    auto* slider = new NumberSlider(name, purpose, most, this);
    connect(slider, &NumberSlider::numberChanged, this, [this, member](int number) {
        Settings settings = m_session.settings();
        settings.*member = number;
        m_session.setSettings(settings);
    });
    return slider;
}

void SettingsPanel::takeSettings()
{
    const Settings& settings = m_session.settings();
    m_subBatches->setLimit(std::min(settings.rows, 32));
    m_rows->setNumber(settings.rows);
    m_subBatches->setNumber(settings.subBatches);
    m_workers->setNumber(settings.workers);
    m_allLayers->setChecked(settings.plannedLayer < 0);
    m_training->setChecked(settings.plannedTraining);
    m_written->setChecked(settings.beingWritten && !settings.plannedTraining);
    m_written->setEnabled(!settings.plannedTraining); // a text that is trained on is there
    m_besideTrace->setChecked(settings.besideTrace);
    m_breaksLink->setChecked(settings.breaksLink);
    const int cores = m_session.cores();
    m_threads->setMost(std::max(2 * cores, settings.threads)); // more can be set under More
    m_threads->setNumber(settings.threads);
    if (settings.threads != cores) {
        m_badge->setText(tr("%1 threads on %2 cores").arg(settings.threads).arg(cores));
    } else {
        m_badge->setText(
            cores == 1 ? tr("this machine: 1 core") : tr("this machine: %1 cores").arg(cores));
    }
    takeTokens();
}

void SettingsPanel::takeTokens()
{
    const TokenizedTextPointer text = m_session.tokenized();
    const int tokens = text ? text->window.count() : 0;
    m_repeats->setVisible(tokens > 0 && m_session.settings().rows > tokens);
    const QString whole = text && tokens < text->count() ? tr("the window") : tr("the text");
    m_repeats->setFullText(tokens == 1 ? tr("all rows are the same")
                                       : tr("row %1 repeats row 0").arg(countNumber(tokens)));
    m_repeats->setDetail(tokens == 1
            ? tr("%1 has 1 token").arg(whole)
            : tr("%1 has %2 tokens: row %2 begins as row 0 does").arg(whole, countNumber(tokens)));
}

void SettingsPanel::changeEvent(QEvent* event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateWidth();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        updateIcon();
}

void SettingsPanel::updateWidth() { setFixedWidth(qRound(QFontInfo(font()).pixelSize() * 14.7)); }

void SettingsPanel::updateIcon()
{
    m_more->setIcon(
        coloredIcon(m_more->isChecked() ? QStringLiteral("left") : QStringLiteral("right"),
            Theme::of(palette()).secondaryText, 14));
}

} // namespace timestep

#include "moc_settings_panel.cpp"
