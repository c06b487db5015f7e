// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/reading_pause.h"

#include "ui/session/session.h"

namespace timestep {

namespace {

constexpr int PauseMs = 60; // longer than between two keys of a burst or of a key held down

} // namespace

ReadingPause::ReadingPause(Session& session, QObject* parent)
    : QObject(parent)
    , m_session(session)
{
    m_pause.setSingleShot(true);
    connect(&session, &Session::readingChanged, this, &ReadingPause::takeReading);
    connect(&m_pause, &QTimer::timeout, this, &ReadingPause::endIfOver);
}

bool ReadingPause::over() const { return !m_session.reading() && !m_pause.isActive(); }

void ReadingPause::takeReading(bool reading)
{
    if (!reading)
        return endIfOver();
    m_pause.start(PauseMs);
    emit began();
}

void ReadingPause::endIfOver()
{
    if (over())
        emit ended();
}

} // namespace timestep

#include "moc_reading_pause.cpp"
