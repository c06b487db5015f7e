// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/affinities.h"
#include "engine/measurement/head_kind.h"

#include <QString>

namespace timestep {

/// One word: "previous", "first", "induction", "wide".
QString kindWord(HeadKind kind);

/// What a head of the kind reads: "what followed the last times".
QString kindMeaning(HeadKind kind);

/// "previous token 0.40, an even spread 0.08".
QString kindFigureText(HeadKind kind, const HeadFigures& figures);

/// The figure of the head's own kind; of a head without one that it is a mixture, and its greatest.
QString headFiguresText(const HeadFigures& figures);

/// "layer 2, head 3".
QString headPlaceText(HeadIndex head);

} // namespace timestep
