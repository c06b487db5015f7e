// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QSlider;

namespace timestep {

class ElidedLabel;
class Session;

/// First, back, play, step, last, the scrubber, where the clock stands, and the speed.
class TransportBar : public QWidget
{
    Q_OBJECT
public:
    explicit TransportBar(Session& session, QWidget* parent = nullptr);

protected:
    void changeEvent(QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    QPushButton* addButton(const QString& name, const QString& icon);
    void makeSpeedMenu();
    void takeTimeline();
    void takeTime();
    void takeSpeed();
    void updateIcons();
    void reserveTimeWidth();

    Session& m_session;
    std::vector<QPushButton*> m_buttons;
    QPushButton* m_play = nullptr;
    QSlider* m_scrubber;
    QLabel* m_time;
    ElidedLabel* m_units;
    QPushButton* m_speed;
};

} // namespace timestep
