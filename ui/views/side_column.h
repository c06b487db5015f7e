// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

class QHBoxLayout;
class QVBoxLayout;

namespace timestep {

/// What stands beside a picture: as wide as its parts ask for, as high as the picture. Parts that
/// can shrink do so first; only then it scrolls, and the picture stays whole. While it scrolls,
/// buttons above it lead to where its sections begin.
class SideColumn : public QScrollArea
{
    Q_OBJECT
public:
    explicit SideColumn(QWidget* parent = nullptr);

    QVBoxLayout& parts();
    /// A section that begins with `first`, one of the parts.
    void addSection(const QString& name, QWidget* first);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeSections();

    QVBoxLayout* m_parts;
    QWidget* m_sections; // a button each
    QHBoxLayout* m_sectionButtons;
};

} // namespace timestep
