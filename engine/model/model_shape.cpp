// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_shape.h"

namespace timestep {

std::string_view kindName(ModelKind kind) { return kind == ModelKind::Lstm ? "lstm" : "attention"; }

} // namespace timestep
