// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/model/model.h"
#include "ui/session/latest_job.h"
#include "ui/session/model_pair_source.h"
#include "ui/session/pair_runner.h"
#include "ui/session/planned_pair.h"
#include "ui/session/playback_clock.h"
#include "ui/session/selection.h"
#include "ui/session/settings.h"
#include "ui/session/tokenized_text.h"

#include <QObject>
#include <QString>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace timestep {

/// The document: text and settings in, finished results out. Work happens on threads of its own:
/// one lane tokenizes and runs the models, one makes plans, one makes or reads models, so that
/// pictures never wait for a long run. A newer keystroke replaces an older job, and results of a
/// stale job are dropped. Every signal comes on the interface's thread, and nothing here ever waits
/// for the engine.
class Session : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject* parent = nullptr);
    ~Session() override;

    const std::string& text() const; // bytes as typed or read from a file
    const Settings& settings() const;
    const ModelPair& models() const; // null pointers until they are made or read
    /// What openModels takes to open these again; empty where setModels gave them.
    const std::vector<std::string>& modelNames() const;
    int cores() const; // of this machine

    /// Null until the first result is there; never changed once handed out.
    TokenizedTextPointer tokenized() const;
    /// Null until the first result is there. For an empty text its two model runs are null.
    std::shared_ptr<const Run> run() const;
    /// Null until the first result is there, and for an empty text.
    PlannedPairPointer plannedPair() const;
    /// Of half the text, where doubleText() was the last that changed text or plan; else null.
    PlannedPairPointer plannedPairOfHalf() const;
    bool busy() const; // a model is made, read or run, or a plan is made
    bool runsAllRows() const; // asked for, and neither there nor cancelled yet
    bool reading() const; // both models read the text, or are about to

    Selection& selection();
    PlaybackClock& clock();

public slots:
    void setText(const std::string& bytes); // from a file, a sample, a button
    void editText(const std::string& bytes); // typed: textEdited(), no textChanged()
    /// Written by a model. `sameEdit`: it goes on with what the last call began.
    void extendText(const std::string& bytes, bool sameEdit);
    void doubleText(); // the text twice; nothing where there is none
    void setSettings(const timestep::Settings& settings);
    /// Plans the LSTM so that this step of the window begins without the one before it. A step that
    /// the text does not have (any more) breaks nothing.
    void planBrokenLink(std::optional<int> step);
    void runAllRows();
    void cancelAllRows(); // what was there before stays
    void toggleAllRows(); // the key and the button: starts it, or stops the one that runs
    void setModels(const timestep::ModelPair& models);
    /// None: the default pair that comes with the program. One pair, one model with its partner, or
    /// one model of each kind with the same vocabulary (openModelPair).
    void openModels(const std::vector<std::string>& namesOrFolders);
    /// Into the place of the model of its kind; the other stays where it is trained and has the
    /// same vocabulary, else it becomes the partner that a model opened alone has.
    void openModel(const std::string& nameOrFolder);

signals:
    void textChanged(); // the text was replaced by something else than typing
    void textEdited(); // the user typed, pasted, or undid
    void textExtended(bool sameEdit); // a model wrote
    void tokensChanged(); // tokenized() is new
    void settingsChanged();
    void modelsChanged();
    void runChanged(); // run() is new
    void plannedPairChanged();
    void busyChanged(bool busy);
    void runsAllRowsChanged(bool runs);
    void readingChanged(bool reading);
    void failed(const QString& message); // one line: what, where, why, what to do

protected:
    void customEvent(QEvent* event) override;

private:
    bool dependsOnSeed() const;
    void loadModels();
    void takeModels(const OpenedPair& opened);
    void takeText(const std::string& bytes);
    void startRun(bool allRows);
    void startPlan();
    void takeTokens(TokenizedTextPointer tokenized);
    void takePlan(PlannedPairPointer planned, std::vector<PlaybackEvent> events = {});
    void updateBusy();
    void setRunsAllRows(bool runs);
    Settings clamped(Settings settings) const;
    template <typename Task>
    LatestJob::Work guarded(Task task);

    std::shared_ptr<const std::string> m_text;
    Settings m_settings;
    ModelPair m_models;
    std::vector<std::string> m_modelNames;
    // How to make or read a pair, given a seed; none for models that were given by setModels.
    using ModelSource = std::function<OpenedPair(std::uint64_t)>;
    ModelSource m_source; // of the pair that is there, or is on its way
    ModelSource m_sourceOfModels; // of the pair that is there
    TokenizedTextPointer m_tokenized;
    std::shared_ptr<const Run> m_run;
    std::optional<int> m_brokenLink; // step of the window
    std::optional<PlanRequest> m_planRequest; // of the plan shown or in the making
    PlannedPairPointer m_plannedPair, m_plannedPairOfHalf;
    bool m_runIsCurrent = false; // run() is of this text, these settings and models
    bool m_runsAllRows = false;
    bool m_busy = false;
    bool m_reading = false;
    Selection m_selection;
    PlaybackClock m_clock;
    std::shared_ptr<PairRunner> m_runner; // used by the engine's lane only
    LatestJob m_loading, m_engine, m_planning; // last: they stop before the rest goes
};

} // namespace timestep
