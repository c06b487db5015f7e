// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void addModels();
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
    QLabel* m_lstm = nullptr;
    QLabel* m_attention = nullptr;
    QComboBox* m_layer = nullptr;
    QComboBox* m_theme = nullptr;
    QComboBox* m_motion = nullptr;
    ViewSettings m_view;
    std::vector<std::function<void(const Settings&)>> m_readers; // one for each control
};

} // namespace timestep
