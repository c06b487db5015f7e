// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/affinity_picture.h"

#include <QString>

namespace timestep {

/// What the heatmap means, written from its numbers, for the row of one token (an index into the
/// window).
QString attentionSentence(const AffinityPicture& picture, int row);

/// What one cell says: "“red” copies 0.61 from “key”".
QString affinityCellText(const AffinityPicture& picture, int row, int column);

/// The line below it: the distance, and what an even share would be.
QString affinityCellDetail(const AffinityPicture& picture, int row, int column);

/// How the cell came to its share: "q·k 9.4 → ÷√32 1.66 → softmax 0.61"; empty where the run kept
/// no scores.
QString affinityStagesText(const AffinityPicture& picture, int row, int column);

/// A score with three significant digits and a sign that is a minus: "−1.66".
QString scoreText(double score);

/// What the bar right of a row says: how widely the row reads, and what that means.
QString spreadText(const AffinityPicture& picture, int row);

/// What the bar below a column says: how much is read from it, and what that means.
QString receivedText(const AffinityPicture& picture, int column);

/// A share with two significant digits and at least two decimals: 0.61, 0.0042.
QString shareText(double share);

} // namespace timestep
