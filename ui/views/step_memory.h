// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/views/lstm_picture.h"

#include <QObject>

#include <memory>

namespace timestep {

/// What a layer's cell holds after one step, and what became of what that step wrote.
struct StepMemory
{
    LstmPicturePointer picture; // of at least a token
    int step = 0;
    CellContent content;
    Retention retention;
};

/// The memory of the step that is looked at, computed on a thread of its own.
class LiveStepMemory : public QObject
{
    Q_OBJECT
public:
    explicit LiveStepMemory(QObject* parent = nullptr);

    void want(const LstmPicturePointer& picture, int step); // of at least a token
    /// Null until the first is there, and where it is not of this picture and step any more.
    std::shared_ptr<const StepMemory> memory(const LstmPicturePointer& picture, int step) const;

signals:
    void changed();

protected:
    void customEvent(QEvent* event) override;

private:
    LstmPicturePointer m_picture; // wanted
    int m_step = -1;
    std::shared_ptr<const StepMemory> m_memory;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
