// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "ui/views/affinity_image.h"

#include <QStringList>

#include <memory>
#include <span>
#include <vector>

namespace timestep {

/// One head of one run, with all that is drawn of it. Immutable; keeps the run alive.
struct AffinityPicture
{
    std::shared_ptr<const Run> run; // null: nothing yet
    int layer = 0;
    int head = 0;
    bool causal = true; // as the run was, not as the settings are by now
    bool untrained = false;
    AffinityShading shading = AffinityShading::Head;
    QStringList labels; // one a token of the window
    std::vector<float> fullColor; // (T)
    std::vector<double> spread; // (T)
    std::vector<double> received; // (T)

    /// The nearest layer and head that the run recorded.
    static std::shared_ptr<const AffinityPicture> of(
        std::shared_ptr<const Run> run, int layer, int head, AffinityShading shading);

    /// Whether `of` would choose the same head again.
    bool shows(int wantedLayer, int wantedHead) const;
    int tokens() const { return static_cast<int>(labels.size()); } // T
    const Matrix<float>& affinity() const; // (T, T); only where tokens() > 0
    /// Tokens that row t may read: t + 1 under the mask.
    int readable(int row) const { return causal ? row + 1 : tokens(); }
    std::span<const float> shares(int row) const; // of the readable tokens
    int mostRead(int row) const; // ties: the earliest
    TokenId id(int row) const;
};

using AffinityPicturePointer = std::shared_ptr<const AffinityPicture>;

} // namespace timestep
