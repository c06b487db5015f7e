// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/arguments.h"
#include "ui/views/picture_choice.h"

#include <vector>

namespace timestep {

/// What --choose says of a picture, in the order given: NAME=VALUE. Throws UsageError for a name or
/// a value that the picture does not have, and names those that it has, before anything is chosen.
std::vector<std::function<void()>> chosenInPicture(
    const Arguments& arguments, const std::vector<PictureChoice>& choices);

} // namespace timestep
