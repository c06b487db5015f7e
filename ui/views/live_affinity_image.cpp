// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/live_affinity_image.h"

#include "ui/session/wake_up.h"

#include <utility>

namespace timestep {

namespace {

constexpr double CellsAtOnce = 1024 * 1024; // a third of a frame
constexpr double ScoresAtOnce = 512 * 512; // they have a sign to be compared without
constexpr double CellsToWaitFor = 4096 * 4096; // some hundredths of a second

double cellsIn(const AffinityPart& part) { return part.cells.width() * part.cells.height(); }

double mostAtOnce(const AffinityPart& part)
{
    return part.picture->scores ? ScoresAtOnce : CellsAtOnce;
}

QImage imageOf(const AffinityPart& part, const std::stop_token& stop = {})
{
    const AffinityPicture& picture = *part.picture;
    if (picture.scores) {
        const ScorePairs pairs
            = picture.stage == AffinityStage::Scores ? ScorePairs::All : ScorePairs::Seen;
        return scoreImage(picture.affinities(), picture.index(), part.cells, part.pixels, pairs,
            picture.scores->farthest(), ColorScale::signedBlue(part.dark), stop);
    }
    return affinityImage(picture.affinities(), picture.index(), part.cells, part.pixels,
        picture.fullColor, ColorScale::blue(part.dark), stop);
}

QImage overviewOf(const AffinityPart& part)
{
    const AffinityPicture& picture = *part.picture;
    if (picture.scores)
        return scoresColored(picture.scores->of(picture.stage), picture.scores->farthest(),
            ColorScale::signedBlue(part.dark));
    const auto side = static_cast<int>(picture.statistics->overview.rows());
    return affinityOverview(
        *picture.statistics, QSize(side, side), picture.shading, ColorScale::blue(part.dark));
}

bool sameLook(const AffinityPart& a, const AffinityPart& b)
{
    return a.picture == b.picture && a.dark == b.dark;
}

} // namespace

LiveAffinityImage::LiveAffinityImage(QObject* parent)
    : QObject(parent)
    , m_lane(wakeUp(this))
{
}

std::vector<PlacedImage> LiveAffinityImage::images(const AffinityPart& part)
{
    if (m_exact != part && (m_atOnce || cellsIn(part) <= mostAtOnce(part))) {
        m_lane.cancel();
        m_running.reset();
        m_wanted.reset();
        m_image = imageOf(part);
        m_exact = part;
    }
    if (m_exact == part)
        return { { m_image, part.cells } };
    want(part);
    const auto tokens = static_cast<double>(part.picture->tokens());
    std::vector<PlacedImage> images { { overview(part), QRectF(0, 0, tokens, tokens) } };
    if (m_exact && sameLook(*m_exact, part))
        images.push_back({ m_image, m_exact->cells });
    return images;
}

void LiveAffinityImage::clear()
{
    m_lane.cancel();
    for (std::optional<AffinityPart>* part : { &m_exact, &m_overviewOf, &m_running, &m_wanted })
        part->reset();
}

const QImage& LiveAffinityImage::overview(const AffinityPart& part)
{
    if (!m_overviewOf || !sameLook(*m_overviewOf, part)) {
        m_overview = overviewOf(part);
        m_overviewOf = part;
    }
    return m_overview;
}

void LiveAffinityImage::want(const AffinityPart& part)
{
    m_wanted = part;
    // A part that is soon there is waited for: while the view moves, newer ones come with every
    // frame, and none would ever be finished.
    const bool soonThere = m_running && sameLook(*m_running, part)
        && m_running->pixels == part.pixels && cellsIn(*m_running) <= CellsToWaitFor;
    if (m_running != part && !soonThere)
        start();
}

void LiveAffinityImage::start()
{
    m_running = m_wanted;
    m_lane.start([this, part = *m_running](
                     const std::stop_token& stop, const LatestJob::HandOver& handOver) {
        QImage image = imageOf(part, stop);
        if (!image.isNull())
            handOver([this, part, image] { take(part, image); });
    });
}

void LiveAffinityImage::take(const AffinityPart& part, QImage image)
{
    m_image = std::move(image);
    m_exact = part;
    m_running.reset();
    emit changed();
    if (m_wanted == part)
        m_wanted.reset();
    else if (m_wanted)
        start();
}

void LiveAffinityImage::customEvent(QEvent* /*event*/) { m_lane.deliver(); }

} // namespace timestep

#include "moc_live_affinity_image.cpp"
