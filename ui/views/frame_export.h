// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/picture_format.h"

#include <QObject>
#include <QPointer>
#include <QString>
#include <QTimer>

namespace timestep {

class PlaybackClock;

/// Writes the animation of a view as numbered pictures, from the first moment of its clock to the
/// last; one at a time, so that the window stays of use. The clock then stands where it stood.
class FrameExport : public QObject
{
    Q_OBJECT
public:
    explicit FrameExport(QObject* parent = nullptr);

    /// As many as show it at the clock's present speed with 25 pictures a second, 2 … 1,000.
    static int framesOf(const PlaybackClock& clock);

    /// `pattern` as of frameFile(). One that is under way is stopped.
    void start(PictureSource picture, PlaybackClock& clock, const QString& pattern, int frames);
    void stop(); // what is written stays
    bool running() const { return m_next.isActive(); }

signals:
    void finished(int frames, const QString& first); // name of the first file
    void failed(const QString& message); // one line: what, what to do

private:
    void writeNext();
    bool write(const QString& file);

    PictureSource m_picture;
    QPointer<PlaybackClock> m_clock;
    QString m_pattern;
    PictureFormat m_format = PictureFormat::Png;
    int m_frames = 0;
    int m_written = 0;
    double m_timeBefore = 0; // of the clock
    QTimer m_next;
};

} // namespace timestep
