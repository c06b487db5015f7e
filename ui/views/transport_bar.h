// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QSlider;

namespace timestep {

class ElidedLabel;
class PlaybackClock;

/// First, back, play, step, last, the scrubber, where the clock stands, and the speed.
class TransportBar : public QWidget
{
    Q_OBJECT
public:
    explicit TransportBar(PlaybackClock& clock, QWidget* parent = nullptr);

    /// What stands behind the clock's time: how long all takes, and in what units. `decimals` are
    /// those of the time.
    void setUnits(const QString& text, int decimals);
    /// "at 7.0 of 16.1 units"
    QString clockText() const;
    void setTimeName(const QString& name); // of the scrubber, for screen readers

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QPushButton* addButton(const QString& name, const QString& icon);
    void makeSpeedMenu();
    QString timeText(double time) const;
    void takeTimeline();
    void takeTime();
    void takeSpeed();
    void updateIcons();
    void reserveTimeWidth();

    PlaybackClock& m_clock;
    QString m_unitsText;
    int m_decimals = 1;
    std::vector<QPushButton*> m_buttons;
    QPushButton* m_play = nullptr;
    QPushButton* m_nextEvent = nullptr;
    QSlider* m_scrubber;
    QLabel* m_time;
    ElidedLabel* m_units;
    QPushButton* m_speed;
};

} // namespace timestep
