// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace timestep {

class ElidedLabel;

/// The bottom bar of the training: Train, Stop or Continue, and what may be done with its models.
class TrainingBar : public QWidget
{
    Q_OBJECT
public:
    enum class Next
    {
        Train,
        Stop,
        Continue
    };

    explicit TrainingBar(QWidget* parent = nullptr);

    void showNext(Next next, bool possible);
    /// Models have been trained; `running` still.
    void showTrained(bool trained, bool mayBegin);
    void setPutBack(bool possible);
    /// What goes on, or why nothing can.
    void setNote(const QString& note);
    /// How far it is.
    void setProgress(const QString& progress);

signals:
    void toggled();
    void startAnew();
    void check();
    void keep();
    void putBack();

private:
    QPushButton* m_next;
    QPushButton* m_anew;
    QPushButton* m_check;
    QPushButton* m_keep;
    QPushButton* m_putBack;
    ElidedLabel* m_note;
    QLabel* m_progress;
};

} // namespace timestep
