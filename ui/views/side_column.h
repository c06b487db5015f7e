// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

class QVBoxLayout;

namespace timestep {

/// What stands beside a picture: as wide as its parts ask for, as high as the picture. Parts that
/// can shrink do so first; only then it scrolls, and the picture stays whole.
class SideColumn : public QScrollArea
{
    Q_OBJECT
public:
    explicit SideColumn(QWidget* parent = nullptr);

    QVBoxLayout& parts();
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QVBoxLayout* m_parts;
};

} // namespace timestep
