// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/lstm_picture.h"

#include <QWidget>

#include <array>

class QLabel;

namespace timestep {

/// How long the units of a layer remember: 10, 50, 90 % and the longest half-life.
class HalfLifeFigures : public QWidget
{
    Q_OBJECT
public:
    explicit HalfLifeFigures(QWidget* parent = nullptr);

    void setPicture(const LstmPicture& picture);

private:
    std::array<QLabel*, 4> m_values {};
};

} // namespace timestep
