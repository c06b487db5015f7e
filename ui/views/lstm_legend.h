// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_picture.h"

#include <QWidget>

namespace timestep {

/// Both colour scales of the picture with the values that their ends stand for.
class LstmLegend : public QWidget
{
    Q_OBJECT
public:
    explicit LstmLegend(QWidget* parent = nullptr);

    void setPicture(LstmPicturePointer picture);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

    /// "g ±1, c ±4.2 and more, h ±0.76".
    static QString signedText(const LstmPicture& picture);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    LstmPicturePointer m_picture;
};

} // namespace timestep
