// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

namespace timestep {

/// Something that can be chosen in a picture, by names that a script can keep.
struct PictureChoice
{
    QString name; // "stage"
    QStringList values; // "scores", "masked", "softmax"
    std::function<void(int)> choose; // one of the values by its place, as a user would
};

} // namespace timestep
