// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/latest_job.h"
#include "ui/views/data_format.h"
#include "ui/views/picture_format.h"

#include <QObject>
#include <QString>

#include <vector>

class QWidget;

namespace timestep {

class PlaybackClock;

/// Asks where a view is to be saved, and writes it: its picture, or the numbers behind it. Numbers
/// are written on a lane of their own, for there may be a million of them; whole or not at all.
class ViewExport : public QObject
{
    Q_OBJECT
public:
    /// `window` is asked over.
    explicit ViewExport(QWidget& window);

    /// `name` is that of the file proposed, without an ending. With a clock an animation is
    /// offered, too.
    void choose(const PictureSource& picture, const QString& name,
        const std::vector<DataFormat>& formats, PlaybackClock* clock = nullptr);
    /// Without asking. An ending that is not known is taken for that of a picture: .png is added.
    void save(
        const PictureSource& picture, const QString& file, const std::vector<DataFormat>& formats);

signals:
    /// Numbered pictures are wanted; the pattern is as of frameFile().
    void framesChosen(const QString& pattern);
    void saved(const QString& file);
    void failed(const QString& message); // one line: what, why, what to do

protected:
    void customEvent(QEvent* event) override;

private:
    void tell(const QString& file, const QString& failure); // empty: all is well

    QWidget& m_window;
    LatestJob m_lane; // last: it stops before the rest goes
};

} // namespace timestep
