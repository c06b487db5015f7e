// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/samples.h"

#include <QFrame>

#include <vector>

class QMenu;
class QPushButton;

namespace timestep {

class PairPicker;
class Session;
class TextField;

/// The program's name, the text, the models, the samples, and the button that runs all rows.
class TopBar : public QFrame
{
    Q_OBJECT
public:
    explicit TopBar(Session& session, QWidget* parent = nullptr);

    TextField* textField() const { return m_text; }

signals:
    void failed(const QString& message); // the samples could not be read
    void pairChosen(const QString& name); // of one that comes with the program
    void sampleChosen(const timestep::Sample& sample);

private:
    void fillSamples();
    void addSamples(const QString& title, const QString& pair, const std::vector<Sample>& samples);
    void addSentence();
    void showRunning(bool running);

    Session& m_session;
    TextField* m_text;
    PairPicker* m_pair;
    QPushButton* m_samples;
    QMenu* m_samplesMenu;
    QPushButton* m_run;
};

} // namespace timestep
