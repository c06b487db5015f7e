// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/live_lstm_picture.h"

#include "ui/session/wake_up.h"

#include <utility>

namespace timestep {

LiveLstmPicture::LiveLstmPicture(QObject* parent)
    : QObject(parent)
    , m_picture(std::make_shared<LstmPicture>())
    , m_lane(wakeUp(this))
{
}

void LiveLstmPicture::want(std::shared_ptr<const Run> run, int layer, UnitOrder order,
    std::shared_ptr<const InterventionFound> intervention)
{
    if (run == m_run && layer == m_layer && order == m_order && intervention == m_intervention)
        return;
    m_run = std::move(run);
    m_intervention = std::move(intervention);
    m_layer = layer;
    m_order = order;
    m_complete = false;
    m_lane.start([this, run = m_run, layer, order, intervention = m_intervention](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        auto picture = LstmPicture::of(run, layer, order, stop, intervention);
        if (!picture)
            return;
        handOver([this, picture] {
            m_picture = picture;
            m_complete = true;
            emit changed();
        });
    });
}

void LiveLstmPicture::customEvent(QEvent* /*event*/) { m_lane.deliver(); }

} // namespace timestep

#include "moc_live_lstm_picture.cpp"
