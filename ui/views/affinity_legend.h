// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_picture.h"

#include <QWidget>

namespace timestep {

/// The colour scale of the heatmap with the shares its ends stand for.
class AffinityLegend : public QWidget
{
    Q_OBJECT
public:
    explicit AffinityLegend(QWidget* parent = nullptr);

    void setPicture(AffinityPicturePointer picture);
    QSize sizeHint() const override;

    /// What the full colour stands for: "0.61", "0.09 and more", "largest of the row".
    static QString fullColorText(const AffinityPicture& picture);
    /// What the scale is of and what stands at its left end: "share copied" and "0".
    static QString quantityText(const AffinityPicture& picture);
    static QString leftEndText(const AffinityPicture& picture);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    AffinityPicturePointer m_picture;
};

} // namespace timestep
