// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/row_reading.h"

#include <QWidget>

namespace timestep {

/// output = affinity · V for one row: of the tokens that pass most on to it the share that is read,
/// and beside it share × ‖v‖, the length of what comes of it.
class PassedOnBars : public QWidget
{
    Q_OBJECT
public:
    explicit PassedOnBars(QWidget* parent = nullptr);

    void setRow(AffinityPicturePointer picture, int row); // a row of it, or none where it is empty
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString lineOf(const TokenRead& read) const; // "token 5 “key”: 0.61 × 1.20 = 0.73"
    int lineHeight() const;

    AffinityPicturePointer m_picture;
    int m_row = 0;
    std::vector<TokenRead> m_tokens;
};

} // namespace timestep
