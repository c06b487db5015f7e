// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/live_lstm_images.h"

#include "ui/session/wake_up.h"
#include "ui/views/lstm_image.h"

#include <utility>

namespace timestep {

namespace {

constexpr double ValuesAtOnce = 1024 * 1024; // a small part of a frame

double valuesIn(const LstmPart& part)
{
    return part.axis.extent() * part.picture->units() * double(part.quantities.size());
}

/// Empty when stopped.
std::vector<QImage> imagesOf(const LstmPart& part, const std::stop_token& stop = {})
{
    std::vector<QImage> images;
    for (const LstmQuantity quantity : part.quantities) {
        images.push_back(
            lstmImage(*part.picture, quantity, part.axis, part.pixels, part.dark, stop));
        if (images.back().isNull())
            return {};
    }
    return images;
}

/// Whether what is there of one may stand in for the other.
bool alike(const LstmPart& a, const LstmPart& b)
{
    return a.quantities == b.quantities && a.dark == b.dark && a.picture->layer == b.picture->layer;
}

} // namespace

LiveLstmImages::LiveLstmImages(QObject* parent)
    : QObject(parent)
    , m_lane(wakeUp(this))
{
}

LstmImages LiveLstmImages::images(const LstmPart& part)
{
    if (m_exact != part && (m_atOnce || valuesIn(part) <= ValuesAtOnce)) {
        m_lane.cancel();
        m_running.reset();
        m_wanted.reset();
        m_images = imagesOf(part);
        m_exact = part;
    }
    if (m_exact != part)
        want(part);
    if (!m_exact || !alike(*m_exact, part))
        return {};
    return { m_images, m_exact->axis };
}

/// A part that is being made is waited for: while the view moves, newer ones come with every frame,
/// and none would ever be finished.
void LiveLstmImages::want(const LstmPart& part)
{
    m_wanted = part;
    const bool soonThere
        = m_running && m_running->picture == part.picture && m_running->pixels == part.pixels;
    if (!soonThere)
        start();
}

void LiveLstmImages::start()
{
    m_running = m_wanted;
    m_lane.start([this, part = *m_running](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        auto images = imagesOf(part, stop);
        if (!images.empty())
            handOver([this, part, images = std::move(images)] { take(part, images); });
    });
}

void LiveLstmImages::take(const LstmPart& part, std::vector<QImage> images)
{
    m_images = std::move(images);
    m_exact = part;
    m_running.reset();
    if (m_wanted != part)
        start();
    emit changed();
}

void LiveLstmImages::customEvent(QEvent* /*event*/) { m_lane.deliver(); }

} // namespace timestep

#include "moc_live_lstm_images.cpp"
