// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/transport_bar.h"

#include "ui/models/number_text.h"
#include "ui/session/playback_clock.h"
#include "ui/views/elided_label.h"
#include "ui/views/icon.h"
#include "ui/views/jump_slider.h"
#include "ui/views/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalBlocker>

#include <cmath>

namespace timestep {

namespace {

constexpr int scrubberPlaces = 10000;
constexpr double speeds[] = { 0.25, 0.5, 1, 2, 4, 8, 16 };

QString speedLabel(double speed)
{
    if (speed == 0.25)
        return QStringLiteral("¼ ×");
    if (speed == 0.5)
        return QStringLiteral("½ ×");
    return QStringLiteral("%1 ×").arg(speed);
}

} // namespace

TransportBar::TransportBar(PlaybackClock& clock, QWidget* parent)
    : QWidget(parent)
    , m_clock(clock)
    , m_scrubber(new JumpSlider(this))
    , m_time(new QLabel(this))
    , m_units(new ElidedLabel({}, this))
    , m_speed(new QPushButton(this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 10, 16, 10);
    layout->setSpacing(10);
    connect(addButton(tr("To the beginning"), QStringLiteral("first")), &QPushButton::clicked,
        &clock, &PlaybackClock::toFirst);
    connect(addButton(tr("Step back"), QStringLiteral("back")), &QPushButton::clicked, &clock,
        &PlaybackClock::stepBack);
    m_play = addButton(tr("Play"), QStringLiteral("play"));
    m_play->setProperty("primary", true);
    connect(m_play, &QPushButton::clicked, &clock, &PlaybackClock::toggle);
    connect(addButton(tr("Step forward"), QStringLiteral("step")), &QPushButton::clicked, &clock,
        &PlaybackClock::stepForward);
    connect(addButton(tr("To the end"), QStringLiteral("last")), &QPushButton::clicked, &clock,
        &PlaybackClock::toLast);
    m_nextEvent = addButton(tr("Play to the next event (N)"), QStringLiteral("event"));
    connect(m_nextEvent, &QPushButton::clicked, &clock, &PlaybackClock::playToNextEvent);
    for (QPushButton* button : m_buttons)
        layout->addWidget(button);

    m_scrubber->setObjectName(QStringLiteral("scrubber"));
    m_scrubber->setRange(0, scrubberPlaces);
    m_scrubber->setPageStep(scrubberPlaces / 10);
    m_scrubber->setMinimumWidth(120);
    m_time->setProperty("role", "heading");
    m_time->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_time->setObjectName(QStringLiteral("time"));
    m_units->setProperty("role", "secondary");
    m_units->setObjectName(QStringLiteral("units"));
    layout->addWidget(m_scrubber, 1);
    auto* clockLine = new QHBoxLayout;
    clockLine->setSpacing(7);
    clockLine->addWidget(m_time);
    clockLine->addWidget(m_units);
    layout->addLayout(clockLine);
    layout->addWidget(m_speed);
    makeSpeedMenu();

    connect(m_scrubber, &QSlider::valueChanged, this,
        [&clock](int place) { clock.setTime(clock.duration() * place / scrubberPlaces); });
    connect(&clock, &PlaybackClock::timeChanged, this, &TransportBar::takeTime);
    connect(&clock, &PlaybackClock::speedChanged, this, &TransportBar::takeSpeed);
    connect(&clock, &PlaybackClock::playingChanged, this, &TransportBar::updateIcons);
    connect(&clock, &PlaybackClock::timelineChanged, this, &TransportBar::takeTimeline);
    updateIcons();
    takeSpeed();
    takeTimeline();
}

QPushButton* TransportBar::addButton(const QString& name, const QString& icon)
{
    auto* button = new QPushButton(this);
    button->setProperty("transport", true);
    button->setObjectName(icon);
    button->setAccessibleName(name);
    button->setToolTip(name);
    m_buttons.push_back(button);
    return button;
}

void TransportBar::makeSpeedMenu()
{
    auto* menu = new QMenu(m_speed);
    for (const double speed : speeds) {
        menu->addAction(speedLabel(speed), this, [this, speed] { m_clock.setSpeed(speed); });
    }
    m_speed->setMenu(menu);
    m_speed->setToolTip(tr("Speed of playing"));
}

void TransportBar::setUnits(const QString& text, int decimals)
{
    m_unitsText = text;
    m_decimals = decimals;
    takeTimeline();
}

void TransportBar::setTimeName(const QString& name) { m_scrubber->setAccessibleName(name); }

QString TransportBar::clockText() const
{
    return tr("at %1 %2").arg(timeText(m_clock.time()), m_unitsText.simplified());
}

QString TransportBar::timeText(double time) const
{
    return numberLocale().toString(time, 'f', m_decimals);
}

void TransportBar::takeTimeline()
{
    const bool plays = m_clock.duration() > 0;
    for (QWidget* control : m_buttons)
        control->setEnabled(plays);
    m_scrubber->setEnabled(plays);
    m_nextEvent->setVisible(!m_clock.events().empty());
    reserveTimeWidth();
    takeTime();
}

/// The scrubber must not move while the number grows.
void TransportBar::reserveTimeWidth()
{
    m_time->ensurePolished();
    QFont font = m_time->font();
    m_time->setFixedWidth(QFontMetrics(font).horizontalAdvance(timeText(m_clock.duration())) + 4);
}

void TransportBar::takeTime()
{
    const double share = m_clock.duration() > 0 ? m_clock.time() / m_clock.duration() : 0;
    const QSignalBlocker quiet(m_scrubber);
    m_scrubber->setValue(static_cast<int>(std::lround(share * scrubberPlaces)));
    m_time->setText(m_clock.duration() > 0 ? timeText(m_clock.time()) : QString());
    const QString event = m_clock.eventText();
    const QString units = m_clock.duration() > 0 ? m_unitsText : tr("no steps yet");
    const QString shown = event.isEmpty() ? units : event;
    if (shown != m_units->fullText())
        m_units->setFullText(shown);
}

void TransportBar::takeSpeed()
{
    m_speed->setText(speedLabel(m_clock.speed()));
    m_speed->setAccessibleName(tr("Speed: %1").arg(m_speed->text()));
}

void TransportBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        updateIcons();
        reserveTimeWidth();
    }
}

void TransportBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    m_units->setMaximumWidth(width() * 2 / 5);
}

void TransportBar::updateIcons()
{
    const Theme& theme = Theme::of(palette());
    const int size = fontMetrics().height() * 4 / 5;
    for (QPushButton* button : m_buttons) {
        const bool isPlay = button == m_play;
        const bool playing = m_clock.playing();
        const QString icon = isPlay && playing ? QStringLiteral("pause") : button->objectName();
        button->setIcon(coloredIcon(icon, isPlay ? theme.buttonText : theme.text, size));
        button->setIconSize({ size, size });
        button->setFixedWidth(fontMetrics().height() * 9 / 5 + 2);
        if (isPlay) {
            button->setAccessibleName(playing ? tr("Pause") : tr("Play"));
            button->setToolTip(button->accessibleName());
        }
    }
}

} // namespace timestep

#include "moc_transport_bar.cpp"
