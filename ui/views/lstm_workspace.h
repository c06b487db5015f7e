// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/live_lstm_picture.h"
#include "ui/views/token_answer.h"
#include "ui/views/token_view.h"
#include "ui/views/workspace.h"

#include <optional>
#include <vector>

class QButtonGroup;
class QComboBox;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace timestep {

class AskedEarlyAnswer;
class EquationPanel;
class HalfLifeFigures;
class LiveStepMemory;
class LstmLegend;
class LstmPlot;
class LstmStrip;
class OverrideAnswer;
class ProbeJob;
class Session;
class SideColumn;
class UnitFinder;

/// What is remembered: gates and states of one layer of the LSTM over the tokens, and below them,
/// on the same tokens, one question and its answer.
class LstmWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit LstmWorkspace(Session& session, QWidget* parent = nullptr);
    ~LstmWorkspace() override;

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    bool complete() const override;
    bool stepLayer(int direction) override;
    bool clearOwn() override;
    void setForPicture(bool forPicture) override;
    QString choicesText() const override;
    std::vector<DataFormat> dataFormats() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    std::vector<TokenAnswer*> makeAnswers();
    void buildChoices(QVBoxLayout& column);
    void connectAll();
    void showRun();
    void showPicture();
    void showSelection();
    void showEquation();
    void suggestAnswer();
    void showSentence();
    void showLayer(int layer);
    void chooseMaps(int choice);
    void pin(int step, std::optional<int> unit);
    void hover(std::optional<int> step);
    UnitOrder order() const;
    int lookedAt() const; // the step that is pinned, else the last
    std::optional<int> stepOf(std::optional<int> token) const; // in the window
    const LstmPicture& picture() const { return *m_live.picture(); }

    Session& m_session;
    TokenView m_view;
    LiveLstmPicture m_live;
    LiveStepMemory* m_memory;
    QString m_sentence;
    int m_layer = 0; // wished
    std::optional<int> m_unit; // pinned
    ProbeJob* m_probe;
    UnitFinder* m_finder;
    OverrideAnswer* m_override;
    AskedEarlyAnswer* m_asked;
    std::vector<TokenAnswer*> m_answers;
    LstmPlot* m_plot;
    LstmStrip* m_strip;
    QLabel* m_layerName;
    QToolButton* m_previousLayer;
    QToolButton* m_nextLayer;
    QComboBox* m_order;
    QButtonGroup* m_maps;
    HalfLifeFigures* m_halfLives;
    EquationPanel* m_equation;
    LstmLegend* m_legend;
    SideColumn* m_side;
};

} // namespace timestep
