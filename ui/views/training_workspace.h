// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/training_runner.h"
#include "ui/views/training_figures.h"
#include "ui/views/workspace.h"

#include <QElapsedTimer>
#include <QTimer>

#include <optional>
#include <string>
#include <vector>

class QCheckBox;
class QComboBox;
class QSpinBox;

namespace timestep {

class FlowLayout;
class LanesView;
class LossPlot;
class Session;
class SideColumn;
class TrainingBar;
class TrainingFiguresPanel;

/// A small pair of models trained live: losses, what each worker did in a step, what it costs to
/// consolidate, and whether the numbers are the same.
class TrainingWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit TrainingWorkspace(Session& session, QWidget* parent = nullptr);

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    Workers workers() const override { return Workers::Threads; }
    QWidget* bottomBar() override;
    std::vector<DataFormat> dataFormats() const override;
    void setForPicture(bool forPicture) override;
    QString choicesText() const override;
    void startForPicture() override;
    bool complete() const override { return !m_runner.running(); }

    TrainingRunner& runner() { return m_runner; }

public slots:
    void toggle(); // train, stop or continue

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    void buildControls(FlowLayout& row);
    QWidget* buildPictures();
    void connectAll();
    TrainingSubject wantedSubject() const;
    TrainingCourse wantedCourse() const;
    TrainingResult result() const;
    QString obstacle() const;
    bool taskChanged() const; // the models there are learn another task
    void startAnew();
    void takeCourse();
    void takeModels(const ModelPair& models);
    void putBack();
    void takeProgress();
    void showAll();
    void showCurves();
    void showLanes();
    void showFigures();
    void showBar();
    void showSentence();
    QString noteText() const;
    QString progressText() const;

    Session& m_session;
    TrainingRunner m_runner;
    QComboBox* m_task;
    QComboBox* m_way;
    QSpinBox* m_averageEvery;
    QComboBox* m_learningRate;
    QComboBox* m_axis;
    QCheckBox* m_logarithmic;
    LossPlot* m_plot;
    LanesView* m_lanes;
    TrainingFiguresPanel* m_figures;
    SideColumn* m_side;
    TrainingBar* m_bar;
    QString m_sentence;
    QString m_lastNote; // of what was done last
    QTimer m_courseChanges; // several in a row become one
    QElapsedTimer m_sentenceAge, m_lanesAge;
    // The models that were there before any were kept; as openModels takes them.
    std::optional<std::vector<std::string>> m_before;
    int m_pictureSteps = 0; // > 0: stop there
};

} // namespace timestep
