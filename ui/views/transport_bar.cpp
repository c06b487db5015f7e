// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/transport_bar.h"

#include "ui/models/number_text.h"
#include "ui/session/session.h"
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

QString oneDecimal(double number) { return numberLocale().toString(number, 'f', 1); }

QString rowsOfOneSubBatch(const PlannedPair& plan)
{
    const int subBatches = plan.lstm.plan.cut().subBatches;
    const int fewest = plan.rows / subBatches;
    const int most = (plan.rows + subBatches - 1) / subBatches;
    if (fewest != most)
        return TransportBar::tr("%1 or %2 rows").arg(fewest).arg(most);
    return most == 1 ? TransportBar::tr("1 row") : TransportBar::tr("%1 rows").arg(most);
}

} // namespace

TransportBar::TransportBar(Session& session, QWidget* parent)
    : QWidget(parent)
    , m_session(session)
    , m_scrubber(new JumpSlider(this))
    , m_time(new QLabel(this))
    , m_units(new ElidedLabel({}, this))
    , m_speed(new QPushButton(this))
{
    PlaybackClock& clock = session.clock();
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
    for (QPushButton* button : m_buttons)
        layout->addWidget(button);

    m_scrubber->setObjectName(QStringLiteral("scrubber"));
    m_scrubber->setRange(0, scrubberPlaces);
    m_scrubber->setPageStep(scrubberPlaces / 10);
    m_scrubber->setMinimumWidth(120);
    m_scrubber->setAccessibleName(tr("Time in the plan"));
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
    connect(&session, &Session::plannedPairChanged, this, &TransportBar::takeTimeline);
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
        menu->addAction(
            speedLabel(speed), this, [this, speed] { m_session.clock().setSpeed(speed); });
    }
    m_speed->setMenu(menu);
    m_speed->setToolTip(tr("Speed of playing"));
}

void TransportBar::takeTimeline()
{
    const PlannedPairPointer plan = m_session.plannedPair();
    const bool plays = m_session.clock().duration() > 0;
    for (QWidget* control : m_buttons)
        control->setEnabled(plays);
    m_scrubber->setEnabled(plays);
    m_units->setFullText(plan && plays
            ? tr("of %1 units  ·  1 unit = one LSTM step of %2")
                  .arg(oneDecimal(m_session.clock().duration()), rowsOfOneSubBatch(*plan))
            : tr("no steps yet"));
    reserveTimeWidth();
    takeTime();
}

/// The scrubber must not move while the number grows.
void TransportBar::reserveTimeWidth()
{
    m_time->ensurePolished();
    QFont font = m_time->font();
    m_time->setFixedWidth(
        QFontMetrics(font).horizontalAdvance(oneDecimal(m_session.clock().duration())) + 4);
}

void TransportBar::takeTime()
{
    const PlaybackClock& clock = m_session.clock();
    const double share = clock.duration() > 0 ? clock.time() / clock.duration() : 0;
    const QSignalBlocker quiet(m_scrubber);
    m_scrubber->setValue(static_cast<int>(std::lround(share * scrubberPlaces)));
    m_time->setText(clock.duration() > 0 ? oneDecimal(clock.time()) : QString());
}

void TransportBar::takeSpeed()
{
    m_speed->setText(speedLabel(m_session.clock().speed()));
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
        const bool playing = m_session.clock().playing();
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
