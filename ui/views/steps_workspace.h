// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/workspace.h"

#include <array>
#include <memory>

namespace timestep {

class ElidedLabel;
class Session;
class StepsBrokenLink;
class StepsCanvas;
class StepsCounters;
class StepsRealRun;
class TransportBar;
struct StepsPicture;

/// Both plans on one clock, on imagined workers: the chain of an LSTM above, the positions of
/// attention below, and the numbers they come to.
class StepsWorkspace : public Workspace
{
    Q_OBJECT
public:
    explicit StepsWorkspace(Session& session, QWidget* parent = nullptr);
    ~StepsWorkspace() override;

    QString title() const override;
    QString sentence() const override { return m_sentence; }
    QString briefSentence() const override { return m_briefSentence; }
    bool briefIsEnough() const override { return true; }
    bool showsPlan() const override { return true; }
    PlaybackClock* clock() override;
    std::vector<DataFormat> dataFormats() const override;
    QWidget* bottomBar() override;

    StepsCanvas& canvas() { return *m_canvas; }
    StepsRealRun& realRun() { return *m_realRun; }

    void setForPicture(bool forPicture) override;
    QString choicesText() const override;
    void startForPicture() override;
    bool complete() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void takePlan();
    void takeTokens();
    void takeSelection();
    void takeRealRun();
    void wireCanvas(StepsCanvas& canvas);
    void showLayers();
    void writeSentence();
    int windowBegin() const; // first token of the text that is a step

    Session& m_session;
    StepsCanvas* m_canvas = nullptr;
    StepsRealRun* m_realRun = nullptr; // below the plan
    StepsCounters* m_counters = nullptr;
    StepsBrokenLink* m_brokenLink;
    std::array<ElidedLabel*, 2> m_doubling; // LSTM, attention: where the text was just doubled
    TransportBar* m_transport = nullptr;
    std::shared_ptr<const StepsPicture> m_picture;
    bool m_clockHasRun = false; // its timeline is also that of a real run
    QString m_sentence, m_briefSentence;
};

} // namespace timestep
