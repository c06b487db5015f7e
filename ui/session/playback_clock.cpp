// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/playback_clock.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

/// An eye can follow a step of half a second.
constexpr PlaybackPace planPace { 2, 9 };
constexpr int smoothTickMs = 16; // 60 frames a second
constexpr int reducedTickMs = 500;

} // namespace

PlaybackClock::PlaybackClock(QObject* parent)
    : PlaybackClock(planPace, parent)
{
}

PlaybackClock::PlaybackClock(PlaybackPace pace, QObject* parent)
    : QObject(parent)
    , m_pace(pace)
{
    m_ticks.setTimerType(Qt::PreciseTimer);
    m_ticks.setInterval(smoothTickMs);
    connect(&m_ticks, &QTimer::timeout, this, &PlaybackClock::advance);
}

double PlaybackClock::time() const { return m_time; }

double PlaybackClock::duration() const { return m_duration; }

double PlaybackClock::speed() const { return m_speed; }

bool PlaybackClock::playing() const { return m_ticks.isActive(); }

double PlaybackClock::unitsPerSecond() const
{
    return m_speed * std::max(m_pace.leastUnitsPerSecond, m_duration / m_pace.longestSeconds);
}

QString PlaybackClock::eventText() const
{
    const double tolerance = sameTime();
    const auto event = std::find_if(m_events.begin(), m_events.end(),
        [&](const PlaybackEvent& at) { return std::abs(at.time - m_time) <= tolerance; });
    return event == m_events.end() ? QString() : event->text;
}

void PlaybackClock::setTimeline(
    double duration, std::vector<double> moments, std::vector<PlaybackEvent> events)
{
    m_duration = std::max(0.0, duration);
    m_moments = std::move(moments);
    m_events = std::move(events);
    m_playTo.reset();
    emit timelineChanged();
    moveTo(m_time);
    if (m_duration == 0)
        pause();
}

void PlaybackClock::setReducedMotion(bool reduced)
{
    m_ticks.setInterval(reduced ? reducedTickMs : smoothTickMs);
}

void PlaybackClock::play()
{
    if (playing() || m_duration == 0)
        return;
    if (m_time >= m_duration)
        moveTo(0);
    m_sinceTick.start();
    m_ticks.start();
    emit playingChanged(true);
}

void PlaybackClock::pause()
{
    if (!playing())
        return;
    m_ticks.stop();
    m_playTo.reset();
    emit playingChanged(false);
}

void PlaybackClock::toggle()
{
    if (playing())
        pause();
    else
        play();
}

void PlaybackClock::playToNextEvent()
{
    const double from = m_time >= m_duration ? -1 : m_time; // again from the beginning
    const auto next = std::find_if(m_events.begin(), m_events.end(),
        [&](const PlaybackEvent& event) { return event.time > from + sameTime(); });
    play();
    if (playing() && next != m_events.end())
        m_playTo = next->time;
}

void PlaybackClock::stepForward()
{
    pause();
    moveTo(momentNear(m_time, 1));
}

void PlaybackClock::stepBack()
{
    pause();
    moveTo(momentNear(m_time, -1));
}

void PlaybackClock::toFirst()
{
    pause();
    moveTo(0);
}

void PlaybackClock::toLast()
{
    pause();
    moveTo(m_duration);
}

void PlaybackClock::setTime(double units) { moveTo(units); }

void PlaybackClock::setSpeed(double factor)
{
    const double speed = std::clamp(factor, 0.25, 16.0);
    if (speed == m_speed)
        return;
    m_speed = speed;
    emit speedChanged(m_speed);
}

void PlaybackClock::advance()
{
    const double seconds = static_cast<double>(m_sinceTick.nsecsElapsed()) * 1e-9;
    m_sinceTick.start();
    const double time = m_time + seconds * unitsPerSecond();
    const bool there = m_playTo && time >= *m_playTo;
    moveTo(there ? *m_playTo : time);
    if (there || m_time >= m_duration)
        pause();
}

void PlaybackClock::moveTo(double units)
{
    const double time = std::clamp(units, 0.0, m_duration);
    if (time == m_time)
        return;
    m_time = time;
    emit timeChanged(m_time);
}

/// Moments of two models that differ by less than a rounding error are one to the eye.
double PlaybackClock::sameTime() const { return 1e-9 * std::max(1.0, m_duration); }

/// The next moment in `direction`, or that end of the timeline where there is none.
double PlaybackClock::momentNear(double units, int direction) const
{
    const double tolerance = sameTime();
    if (direction > 0) {
        const auto next = std::upper_bound(m_moments.begin(), m_moments.end(), units + tolerance);
        return next == m_moments.end() ? m_duration : *next;
    }
    const auto next = std::lower_bound(m_moments.begin(), m_moments.end(), units - tolerance);
    return next == m_moments.begin() ? 0.0 : *std::prev(next);
}

} // namespace timestep

#include "moc_playback_clock.cpp"
