// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QString>
#include <QTimer>

#include <optional>
#include <vector>

namespace timestep {

/// How fast a clock runs at speed 1, in units a second.
struct PlaybackPace
{
    double leastUnitsPerSecond = 0;
    double longestSeconds = 8; // however long the timeline is, nobody watches for longer than that
};

/// A moment worth stopping at.
struct PlaybackEvent
{
    double time = 0; // units
    QString text; // what happens then: "attention: done"
    bool operator==(const PlaybackEvent&) const = default;
};

/// A clock that drives the picture with time in it: that of the plan in its units (one unit = one
/// LSTM step of one sub-batch), that of a trace in ms. Its time never leaves [0, duration].
class PlaybackClock : public QObject
{
    Q_OBJECT
public:
    explicit PlaybackClock(QObject* parent = nullptr); // at the pace of a plan
    explicit PlaybackClock(PlaybackPace pace, QObject* parent = nullptr);

    double time() const;
    double duration() const;
    double speed() const; // factor; 1: as many units a second as suits the eye
    bool playing() const;
    double unitsPerSecond() const; // at the present speed

    /// A new plan: its length, the moments where something begins or ends, and the events among
    /// them, each ascending. Keeps the time where it still fits.
    void setTimeline(
        double duration, std::vector<double> moments, std::vector<PlaybackEvent> events = {});
    const std::vector<PlaybackEvent>& events() const { return m_events; }
    QString eventText() const; // of the event at which it stands; empty: at none

    /// Moves in jumps of at most a few a second instead of gliding, for whom motion disturbs.
    void setReducedMotion(bool reduced);

public slots:
    void play(); // from the start again where it stands at the end
    void pause();
    void toggle();
    void playToNextEvent(); // and stops there; where there is none, at the end
    void stepForward(); // to the next moment
    void stepBack();
    void toFirst();
    void toLast();
    void setTime(double units);
    void setSpeed(double factor); // ¼ … 16

signals:
    void timeChanged(double units);
    void playingChanged(bool playing);
    void timelineChanged();
    void speedChanged(double factor);

private:
    void advance();
    void moveTo(double units);
    double sameTime() const; // moments closer than that are one
    double momentNear(double units, int direction) const;

    const PlaybackPace m_pace;
    double m_time = 0;
    double m_duration = 0;
    double m_speed = 1;
    std::vector<double> m_moments;
    std::vector<PlaybackEvent> m_events;
    std::optional<double> m_playTo; // an event
    QTimer m_ticks;
    QElapsedTimer m_sinceTick;
};

} // namespace timestep
