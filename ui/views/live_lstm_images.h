// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/views/lstm_picture.h"
#include "ui/views/token_axis.h"

#include <QImage>
#include <QObject>
#include <QSize>

#include <optional>
#include <vector>

namespace timestep {

/// The heatmaps in view as they are to be drawn, all of one size.
struct LstmPart
{
    LstmPicturePointer picture;
    std::vector<LstmQuantity> quantities;
    TokenAxis axis;
    QSize pixels; // of each
    bool dark = false; // the theme
    bool operator==(const LstmPart&) const = default;
};

/// Images of some tokens, one a quantity.
struct LstmImages
{
    std::vector<QImage> images; // empty: none yet
    TokenAxis axis;
};

/// Images of the part in view: the exact ones at once where that takes far less than a frame, else
/// those of before until a thread of its own has made them.
class LiveLstmImages : public QObject
{
    Q_OBJECT
public:
    explicit LiveLstmImages(QObject* parent = nullptr);

    /// The images of just this part, or what there is of the same quantities.
    LstmImages images(const LstmPart& part);
    bool exact(const LstmPart& part) const { return m_exact == part; }
    /// The exact ones, however long that takes.
    void setAtOnce(bool atOnce) { m_atOnce = atOnce; }

signals:
    void changed();

protected:
    void customEvent(QEvent* event) override;

private:
    void want(const LstmPart& part);
    void start();
    void take(const LstmPart& part, std::vector<QImage> images);

    bool m_atOnce = false;
    std::optional<LstmPart> m_exact; // what m_images show
    std::vector<QImage> m_images;
    std::optional<LstmPart> m_running, m_wanted;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
