// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/views/affinity_picture.h"

#include <QImage>
#include <QObject>
#include <QRectF>

#include <optional>
#include <vector>

namespace timestep {

/// A part of a heatmap as it is to be drawn.
struct AffinityPart
{
    AffinityPicturePointer picture;
    QRectF cells; // x: columns, y: rows
    QSize pixels;
    bool dark = false; // the theme
    bool operator==(const AffinityPart&) const = default;
};

/// An image of some cells.
struct PlacedImage
{
    QImage image;
    QRectF cells;
};

/// Images of the part in view: the exact one at once where that takes far less than a frame, else
/// what there is, coarser or of another part, until a thread of its own has made it.
class LiveAffinityImage : public QObject
{
    Q_OBJECT
public:
    explicit LiveAffinityImage(QObject* parent = nullptr);

    /// From the lowest to the uppermost. A single one of exactly these cells: the exact image.
    std::vector<PlacedImage> images(const AffinityPart& part);
    bool exact(const AffinityPart& part) const { return m_exact == part; }
    /// Nothing of earlier pictures is wanted any more, or kept alive.
    void clear();
    /// The exact one, however long that takes.
    void setAtOnce(bool atOnce) { m_atOnce = atOnce; }

signals:
    void changed();

protected:
    void customEvent(QEvent* event) override;

private:
    const QImage& overview(const AffinityPart& part);
    void want(const AffinityPart& part);
    void start();
    void take(const AffinityPart& part, QImage image);

    bool m_atOnce = false;
    std::optional<AffinityPart> m_exact; // what m_image shows
    QImage m_image;
    std::optional<AffinityPart> m_overviewOf; // its picture and theme
    QImage m_overview;
    std::optional<AffinityPart> m_running, m_wanted;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
