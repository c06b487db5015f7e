// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/frame_export.h"

#include "ui/session/playback_clock.h"
#include "ui/views/frame_files.h"

#include <QSaveFile>

#include <algorithm>
#include <cmath>
#include <utility>

namespace timestep {

namespace {

constexpr double picturesPerSecond = 25;
constexpr double mostPictures = 1000;

} // namespace

FrameExport::FrameExport(QObject* parent)
    : QObject(parent)
{
    m_next.setInterval(0); // whatever else is to be done comes between
    connect(&m_next, &QTimer::timeout, this, &FrameExport::writeNext);
}

int FrameExport::framesOf(const PlaybackClock& clock)
{
    const double seconds
        = clock.unitsPerSecond() > 0 ? clock.duration() / clock.unitsPerSecond() : 0;
    return int(std::lround(std::clamp(seconds * picturesPerSecond + 1, 2.0, mostPictures)));
}

void FrameExport::start(
    PictureSource picture, PlaybackClock& clock, const QString& pattern, int frames)
{
    stop();
    const auto format = pictureFormatOf(pattern);
    m_pattern = format ? pattern : pattern + QStringLiteral(".png");
    m_format = format.value_or(PictureFormat::Png);
    m_picture = std::move(picture);
    m_clock = &clock;
    m_frames = frames;
    m_written = 0;
    clock.pause();
    m_timeBefore = clock.time();
    m_next.start();
}

void FrameExport::stop()
{
    if (!running())
        return;
    m_next.stop();
    if (m_clock)
        m_clock->setTime(m_timeBefore);
}

void FrameExport::writeNext()
{
    if (!m_clock)
        return stop();
    const double share = m_frames > 1 ? double(m_written) / (m_frames - 1) : 0;
    m_clock->setTime(share * m_clock->duration());
    const auto file = frameFile(m_pattern.toStdString(), m_written + 1);
    const QString name = file ? QString::fromStdString(*file) : m_pattern;
    if (!file || !write(name)) {
        stop();
        emit failed(file
                ? tr("cannot write %1; choose a folder that can be written to").arg(name)
                : tr("%1 is no pattern for numbered pictures; write steps-%04d.png").arg(name));
        return;
    }
    if (++m_written < m_frames)
        return;
    stop();
    emit finished(m_frames, QString::fromStdString(*frameFile(m_pattern.toStdString(), 1)));
}

bool FrameExport::write(const QString& name)
{
    QSaveFile file(name);
    const QByteArray bytes = m_picture(m_format);
    return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.commit();
}

} // namespace timestep

#include "moc_frame_export.cpp"
