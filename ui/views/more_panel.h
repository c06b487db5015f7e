// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"
#include "ui/session/settings.h"
#include "ui/views/view_settings.h"

#include <QFrame>

#include <functional>
#include <vector>

class QFormLayout;
class QLabel;
class QScrollArea;
class QSpinBox;
class QComboBox;

namespace timestep {

class ElidedLabel;
class ExplainedChoice;
class PairPicker;
class Session;

/// Everything that is set seldom: models, threads, strategies, window, seed, kernel, memory, and
/// how the window looks. Lies over the workspace while it is open.
class MorePanel : public QFrame
{
    Q_OBJECT
public:
    explicit MorePanel(Session& session, QWidget* parent = nullptr);

    void showViewSettings(const ViewSettings& settings);
    QSize sizeHint() const override;

signals:
    void viewSettingsChosen(const timestep::ViewSettings& settings);
    void closeRequested();
    void openModelRequested();
    void pairChosen(const QString& name); // of one that comes with the program

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    /// One of the two models: which it is, and below how large.
    struct ModelRow
    {
        ModelKind kind;
        ExplainedChoice* choice = nullptr;
        ElidedLabel* line = nullptr;
    };
    void addModels();
    void addModel(const QString& name, ModelRow& row);
    void takeModel(const ModelPointer& model, ModelRow& row);
    void addExecution();
    void addWindow();
    void addView();
    void addHeading(const QString& text);
    QSpinBox* addNumber(const QString& name, int least, int most,
        std::function<int(const Settings&)> read, std::function<void(Settings&, int)> write);
    QComboBox* addChoice(const QString& name, const QStringList& choices,
        std::function<int(const Settings&)> read, std::function<void(Settings&, int)> write);
    void change(const std::function<void(Settings&)>& edit);
    void takeSettings();
    void takeModels();

    Session& m_session;
    QScrollArea* m_scroll;
    QFormLayout* m_form;
    PairPicker* m_pair = nullptr;
    QLabel* m_pairSentence = nullptr;
    ModelRow m_lstm { .kind = ModelKind::Lstm };
    ModelRow m_attention { .kind = ModelKind::Attention };
    QComboBox* m_layer = nullptr;
    QComboBox* m_theme = nullptr;
    QComboBox* m_motion = nullptr;
    ViewSettings m_view;
    std::vector<std::function<void(const Settings&)>> m_readers; // one for each control
};

} // namespace timestep
