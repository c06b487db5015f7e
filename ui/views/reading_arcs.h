// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/row_reading.h"

#include <QWidget>

namespace timestep {

/// The text in a line, and arcs over it from one token to those it reads: the wider and the
/// stronger, the larger the share.
class ReadingArcs : public QWidget
{
    Q_OBJECT
public:
    explicit ReadingArcs(QWidget* parent = nullptr);

    void setRow(AffinityPicturePointer picture, int row); // a row of it, or none where it is empty
    QPointF placeOf(int token) const; // where its arcs end, in pixels
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int labelHeight() const;
    void paintArcs(QPainter& painter) const;
    void paintLabels(QPainter& painter) const;

    AffinityPicturePointer m_picture;
    int m_row = 0;
    std::vector<TokenRead> m_reads; // the most read first
};

} // namespace timestep
