// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include <memory>

namespace timestep {

class ElidedLabel;
class Session;
struct Run;

/// The line of a run of all rows: that it is under way, then what it measured, until the text or a
/// setting changes. Otherwise it is not there.
class RunBar : public QFrame
{
    Q_OBJECT
public:
    explicit RunBar(Session& session, QWidget* parent = nullptr);

private:
    void showState();
    void forget();

    Session& m_session;
    ElidedLabel* m_line;
    std::weak_ptr<const Run> m_forgotten; // its line is not to come back
};

} // namespace timestep
