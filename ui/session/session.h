// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/model/model.h"
#include "ui/session/planned_pair.h"
#include "ui/session/settings.h"

#include <QObject>
#include <QString>

#include <memory>

namespace timestep {

class PlaybackClock;
class Selection;

/// The document: text and settings in, finished results out. Work happens on its own thread; a
/// newer keystroke replaces an older job, and results of a stale job are dropped. Every signal
/// comes on the interface's thread, and nothing here ever waits for the engine.
class Session : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    std::string text() const; // bytes as typed or read from a file
    Settings settings() const;
    ModelPair models() const;
    int cores() const; // of this machine

    /// Null until the first result is there; never changed once handed out.
    std::shared_ptr<const Run> run() const;
    PlannedPairPointer plannedPair() const;
    bool busy() const;

    Selection& selection();
    PlaybackClock& clock();

public slots:
    void setText(const std::string& bytes);
    void setSettings(const timestep::Settings& settings);
    void runAllRows(); // Ctrl+Enter
    void setModels(const timestep::ModelPair& models);

signals:
    void textChanged(); // the text was replaced by something else than typing
    void settingsChanged();
    void modelsChanged();
    void runChanged(); // run() is new
    void plannedPairChanged();
    void busyChanged(bool busy);
    void failed(const QString& message); // one line: what, where, why, what to do
};

} // namespace timestep
