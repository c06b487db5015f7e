// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

namespace timestep {

/// All keys of the window on one sheet that lies over it while it is open.
class KeySheet : public QFrame
{
    Q_OBJECT
public:
    explicit KeySheet(QWidget* parent);

    /// Shows it in the middle of its parent, or hides it.
    void toggle();

protected:
    void mousePressEvent(QMouseEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void updateFonts();

    QList<QWidget*> m_keys;
};

} // namespace timestep
