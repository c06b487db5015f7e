// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"
#include "ui/models/next_tokens.h"

#include <QFrame>

class QComboBox;
class QDoubleSpinBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QSpinBox;
class QToolButton;

namespace timestep {

class Continuation;
class ElidedLabel;
class NextTokenBars;
class Session;
class TokenTimesPlot;

/// Below the chips, in every workspace: which tokens both models expect after the one that is
/// pinned, and the controls that let one of them go on with the text, with the time each token
/// took. Folded, and where a window has no room for more, it is a line.
class NextTokenPanel : public QFrame
{
    Q_OBJECT
public:
    NextTokenPanel(Session& session, Continuation& continuation, QWidget* parent = nullptr);

    bool folded() const { return m_folded; }
    void setFolded(bool folded);
    /// In a window of this size, whose labels are `scale` times as large as usual.
    void fit(QSize window, double scale);
    QSize minimumSizeHint() const override; // of the line

signals:
    void foldedChanged(bool folded); // by the user

protected:
    void changeEvent(QEvent* event) override;

private:
    /// What one model shows, in a row of its own.
    struct ModelRow
    {
        QLabel* name;
        NextTokenBars* bars;
        QLabel* time;
        TokenTimesPlot* plot;
    };

    ModelRow makeRow(ModelKind kind, const QString& name);
    QWidget* makeWriting();
    QWidget* makeChoice();
    void showNext();
    void showModels();
    void showContinuation();
    void showTimes();
    void showLine();
    void showNote();
    void showNames();
    void layOut();
    void write(int count);
    /// What there is to say beside the tokens, and what explains it.
    struct Note
    {
        QString text;
        QString detail;
    };
    Note note() const;
    Note noteOfPlace() const;
    QString timesNote() const;
    QString afterText() const;
    int roomForBars(bool numbers, bool plots) const;
    void placeTimes();
    void updateLook();

    Session& m_session;
    Continuation& m_continuation;
    bool m_folded = false;
    bool m_fits = true;
    int m_room = 0; // pixels, for all but the line
    bool m_timesInNote = false; // no room for them beside the tokens
    QToolButton* m_fold;
    ElidedLabel* m_after;
    ElidedLabel* m_note;
    ElidedLabel* m_line; // folded
    ModelRow m_lstm, m_attention;
    QWidget* m_unfolded; // all but the line
    QGridLayout* m_grid; // of it
    QWidget* m_writing = nullptr; // beside the line, or in the grid
    QWidget* m_choice = nullptr;
    NextTokens m_shown;
    QComboBox* m_writer = nullptr;
    QPushButton* m_next = nullptr;
    QPushButton* m_continue = nullptr;
    QDoubleSpinBox* m_temperature = nullptr;
    QSpinBox* m_seed = nullptr;
    QSpinBox* m_count = nullptr;
};

} // namespace timestep
