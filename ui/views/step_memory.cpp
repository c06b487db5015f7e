// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/step_memory.h"

#include "ui/session/wake_up.h"

namespace timestep {

LiveStepMemory::LiveStepMemory(QObject* parent)
    : QObject(parent)
    , m_lane(wakeUp(this))
{
}

void LiveStepMemory::want(const LstmPicturePointer& picture, int step)
{
    if (picture == m_picture && step == m_step)
        return;
    m_picture = picture;
    m_step = step;
    m_lane.start(
        [this, picture, step](const std::stop_token&, const LatestJob::HandOver& handOver) {
            const GateRecording& gates
                = picture->recording().gates[static_cast<std::size_t>(picture->layer)];
            auto memory = std::make_shared<const StepMemory>(
                StepMemory { picture, step, cellContent(gates, step), retention(gates, step) });
            handOver([this, memory] {
                m_memory = memory;
                emit changed();
            });
        });
}

std::shared_ptr<const StepMemory> LiveStepMemory::memory(
    const LstmPicturePointer& picture, int step) const
{
    const bool right = m_memory && m_memory->picture == picture && m_memory->step == step;
    return right ? m_memory : nullptr;
}

void LiveStepMemory::customEvent(QEvent* /*event*/) { m_lane.deliver(); }

} // namespace timestep

#include "moc_step_memory.cpp"
