// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_request.h"
#include "ui/views/picture_choice.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QPushButton;

namespace timestep {

/// What is raced, and how it is shown: one row of choices above the plots.
class RaceControls : public QWidget
{
    Q_OBJECT
public:
    /// What stands below.
    enum class Page
    {
        Plots,
        Table,
        Verdict,
    };

    explicit RaceControls(QWidget* parent = nullptr);

    RaceQuestion question() const;
    SweepCell::Pass pass() const; // reading where the question is of memory
    bool bareLayers() const;
    int longest() const; // T
    bool longestSpeedUps() const; // else those of a length as the text's
    int repeats() const;

    Page page() const;

    /// What a script can choose.
    std::vector<PictureChoice> pictureChoices();
    /// For a picture without a user, where nothing else was chosen.
    void useFewestRepeats();
    /// What is raced cannot be changed while it is.
    void setRunning(bool running);
    /// Whether there is something to keep, to save or to compare.
    void setMeasured(bool measured);
    void setHasBaseline(bool baseline);

signals:
    void changed(); // what is raced
    void pageChanged();
    void linearToggled(bool linear);
    void baselineToggled(bool keep);
    void reportWanted();

private:
    static QComboBox* makeBox(const QString& name);
    void setPage(Page page);

    QComboBox* m_question;
    QComboBox* m_pass;
    QComboBox* m_pair;
    QComboBox* m_longest;
    QComboBox* m_repeats;
    QComboBox* m_speedUpLength;
    bool m_repeatsChosen = false; // by a script
    QPushButton* m_linear;
    QPushButton* m_table;
    QPushButton* m_verdict;
    QPushButton* m_baseline;
    QPushButton* m_report;
};

} // namespace timestep
