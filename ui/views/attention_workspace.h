// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_picture.h"
#include "ui/views/workspace.h"

class QCheckBox;
class QComboBox;
class QLabel;
class QVBoxLayout;

namespace timestep {

class AffinityLegend;
class AffinityPlot;
class AttentionHeads;
class ElidedLabel;
class HeadKindChoice;
class HeadSurvey;
class InfluencePanel;
class PassedOnBars;
class ReadingArcs;
class ScoreSurvey;
class Session;
class SideColumn;
class StageChoice;

/// From where each token copies: the affinity heatmap of one head of the attention model, the small
/// pictures of all heads to choose from, and what sways the next prediction of both models.
class AttentionWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit AttentionWorkspace(Session& session, QWidget* parent = nullptr);
    ~AttentionWorkspace() override;

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    std::vector<DataFormat> dataFormats() const override; // of the head shown
    std::vector<PictureChoice> pictureChoices() override;
    bool complete() const override;
    void setForPicture(bool forPicture) override;
    QString choicesText() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void buildChoices(QVBoxLayout& column);
    void showModel();
    void showRun();
    void showHead();
    void showPicture();
    void showSelection();
    void showCausal();
    void showMemory();
    void setSentence(const QString& sentence);
    AffinityShading shading() const;
    int rowOf(std::optional<int> token, int otherwise) const; // in the window

    Session& m_session;
    AffinityPicturePointer m_picture;
    QString m_sentence;
    HeadSurvey* m_survey;
    ScoreSurvey* m_scores;
    AffinityPlot* m_plot;
    AttentionHeads* m_heads;
    HeadKindChoice* m_kinds;
    StageChoice* m_stage;
    AffinityLegend* m_legend;
    QLabel* m_headName;
    ElidedLabel* m_headKind; // of the head shown
    QComboBox* m_shading;
    QCheckBox* m_causal;
    QLabel* m_causalNote;
    PassedOnBars* m_passedOn;
    QCheckBox* m_showsArcs;
    ReadingArcs* m_arcs;
    ElidedLabel* m_affinityBytes; // of the text, stored or in tiles
    ElidedLabel* m_keptBytes; // of both models; grows while the text is written
    InfluencePanel* m_influence;
    SideColumn* m_side;
};

} // namespace timestep
