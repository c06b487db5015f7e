// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace timestep {

/// What is told of a dot, beside it, over whatever is there: a dot of a small plot has more to tell
/// than the plot has room for. Lies in the window of its owner and takes no mouse.
class DotNote : public QLabel
{
    Q_OBJECT
public:
    explicit DotNote(QWidget& owner);

    /// Beside a place in pixels of the owner, inside its window. `pinned`: it stays.
    void showAt(const QPoint& place, const QString& text, bool pinned);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QWidget& m_owner;
    bool m_pinned = false;
};

} // namespace timestep
