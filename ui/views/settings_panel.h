// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/settings.h"
#include "ui/views/workspace.h"

#include <QFrame>

#include <array>
#include <functional>

class QCheckBox;
class QLabel;
class QPushButton;

namespace timestep {

class ElidedLabel;
class NumberSlider;
class Session;

/// Rows, sub-batches, workers, imagined or threads; the cores there really are; twice the text;
/// More.
class SettingsPanel : public QFrame
{
    Q_OBJECT
public:
    explicit SettingsPanel(Session& session, QWidget* parent = nullptr);

    void setMoreShown(bool shown);
    void showPlanSwitches(bool shown); // what a plan can be of beside the text as it is
    void showWorkers(Workers workers);

signals:
    void moreToggled(bool shown);

protected:
    void changeEvent(QEvent* event) override;

private:
    QCheckBox* addSwitch(const QString& name, const QString& objectName, const QString& purpose,
        std::function<void(Settings&, bool)> write);
    NumberSlider* addSlider(
        const QString& name, const QString& purpose, int most, int Settings::*member);
    std::array<QCheckBox*, 5> planSwitches() const; // what a plan can be of
    void takeSettings();
    void takeTokens();
    void updateWidth();
    void updateIcon();

    Session& m_session;
    NumberSlider* m_rows;
    NumberSlider* m_subBatches;
    NumberSlider* m_workers;
    NumberSlider* m_threads; // one of both is shown
    ElidedLabel* m_repeats; // shown where the text has fewer tokens than there are rows
    QLabel* m_badge;
    QCheckBox* m_allLayers;
    QCheckBox* m_training;
    QCheckBox* m_written;
    QCheckBox* m_breaksLink;
    QCheckBox* m_besideTrace;
    QPushButton* m_more;
};

} // namespace timestep
