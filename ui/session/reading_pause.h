// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>

namespace timestep {

class Session;

/// From the moment a session begins to read a text until a short while after: what costs more than
/// reading the text does not begin at every key.
class ReadingPause : public QObject
{
    Q_OBJECT
public:
    explicit ReadingPause(Session& session, QObject* parent = nullptr);

    /// Nothing is being read, and no key was pressed a moment ago.
    bool over() const;

signals:
    void began(); // also where it had not ended
    void ended();

private:
    void takeReading(bool reading);
    void endIfOver();

    Session& m_session;
    QTimer m_pause; // active: a key was pressed a moment ago
};

} // namespace timestep
