// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/race_measurement.h"
#include "ui/views/race_pictures.h"

#include <QWidget>

#include <memory>
#include <optional>
#include <vector>

class QGridLayout;

namespace timestep {

class RacePlot;

/// A plot by itself, in no window: what a report shows. `baseline` may be null.
std::unique_ptr<RacePlot> racePlot(
    const RaceMeasurement& measurement, const RaceMeasurement* baseline, RacePicture picture);

/// The plots of one question side by side, or one of them alone.
class RacePlots : public QWidget
{
    Q_OBJECT
public:
    explicit RacePlots(QWidget* parent = nullptr);

    /// `baseline`: pale beside it, where it is of the same question; may be null. `emptyText` is
    /// said where there is nothing to draw. Painted at once.
    void show(const RaceMeasurement& measurement, const RaceMeasurement* baseline,
        const QString& emptyText);
    void setLinear(bool linear);
    /// In so many pixels: where not all rows have room, one of them fills it, and all are scrolled.
    void fitRows(int height);
    /// One plot takes all the room; null: all are there again. False: nothing changes.
    bool showAlone(const RacePlot* plot);

private:
    void build(const RaceRequest& request);
    void place();

    QGridLayout* m_grid;
    std::vector<RacePicture> m_pictures;
    std::vector<RacePlot*> m_plots; // one for each picture
    const RacePlot* m_alone = nullptr;
    std::optional<RaceRequest> m_request; // what the plots were built for
    bool m_linear = false;
    int m_room = 0; // pixels
};

} // namespace timestep
