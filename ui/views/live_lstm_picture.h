// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/views/lstm_picture.h"

#include <QObject>

#include <memory>

namespace timestep {

/// The picture of the layer that is looked at, made on a thread of its own: units are sorted and
/// all values read for it. Until the wanted one is there, the one before it stays.
class LiveLstmPicture : public QObject
{
    Q_OBJECT
public:
    explicit LiveLstmPicture(QObject* parent = nullptr);

    /// `intervention`: what the text became with something changed, or null.
    void want(std::shared_ptr<const Run> run, int layer, UnitOrder order,
        std::shared_ptr<const InterventionFound> intervention);
    const LstmPicturePointer& picture() const { return m_picture; } // never null
    bool complete() const { return m_complete; } // it is the one that was wanted

signals:
    void changed();

protected:
    void customEvent(QEvent* event) override;

private:
    std::shared_ptr<const Run> m_run; // wanted
    std::shared_ptr<const InterventionFound> m_intervention;
    int m_layer = 0;
    UnitOrder m_order = UnitOrder::Similarity;
    LstmPicturePointer m_picture;
    bool m_complete = true;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
