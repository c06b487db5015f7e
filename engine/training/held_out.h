// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

namespace timestep {

/// Whether a text is trained on, or kept from training so that a model can be judged by it.
enum class DataSide
{
    Training,
    HeldOut
};

/// One text in `oneIn` is held out; 0 holds out none. Its bytes alone decide: a text stays on its
/// side whatever the seed is and whatever stands beside it in the corpus, and a copy of a text that
/// is held out is not trained on either.
DataSide sideOf(std::string_view text, int oneIn);

} // namespace timestep
