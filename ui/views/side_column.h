// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

#include <optional>

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
    /// As wide as it is, also where its widest parts are not in the picture, and high enough for
    /// all of them as they would like to be.
    void setForPicture(bool forPicture);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void placeSections();

    std::optional<int> m_pictureWidth; // set: laid out for a picture
    QVBoxLayout* m_parts;
    QWidget* m_sections; // a button each
    QHBoxLayout* m_sectionButtons;
};

} // namespace timestep
