// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_picture.h"

#include "ui/models/window_labels.h"
#include "ui/views/affinity_statistics.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace timestep {

namespace {

using HeadIndex = std::pair<int, int>; // layer, head

/// Empty where nothing was recorded.
std::optional<HeadIndex> nearestRecorded(const Run* run, int layer, int head)
{
    if (!run || !run->attention || run->attention->recording.affinity.empty())
        return std::nullopt;
    const auto& recorded = run->attention->recording.affinity;
    layer = std::clamp(layer, 0, static_cast<int>(recorded.size()) - 1);
    return HeadIndex(layer, std::clamp(head, 0, static_cast<int>(recorded[layer].size()) - 1));
}

} // namespace

AffinityPicturePointer AffinityPicture::of(
    std::shared_ptr<const Run> run, int layer, int head, AffinityShading shading)
{
    auto picture = std::make_shared<AffinityPicture>();
    picture->shading = shading;
    const auto recorded = nearestRecorded(run.get(), layer, head);
    if (!recorded)
        return picture;
    std::tie(picture->layer, picture->head) = *recorded;
    picture->causal = run->attention->plan.shape().causal;
    picture->untrained = run->attention->model->untrained();
    picture->labels = windowLabels(*run);
    picture->run = std::move(run);
    if (picture->tokens() > 0) {
        const Matrix<float>& affinity = picture->affinity();
        picture->fullColor = fullColorShares(affinity, picture->causal, shading);
        picture->spread = attentionSpread(affinity, picture->causal);
        picture->received = attentionReceived(affinity, picture->causal);
    }
    return picture;
}

bool AffinityPicture::shows(int wantedLayer, int wantedHead) const
{
    const auto recorded = nearestRecorded(run.get(), wantedLayer, wantedHead);
    return !recorded || recorded == HeadIndex(layer, head);
}

const Matrix<float>& AffinityPicture::affinity() const
{
    return run->attention->recording.affinity[layer][head];
}

std::span<const float> AffinityPicture::shares(int row) const
{
    return { affinity().row(row).data(), static_cast<std::size_t>(readable(row)) };
}

int AffinityPicture::mostRead(int row) const
{
    const auto shares = this->shares(row);
    return static_cast<int>(std::max_element(shares.begin(), shares.end()) - shares.begin());
}

TokenId AffinityPicture::id(int row) const { return run->tokens[run->window.begin + row].id; }

} // namespace timestep
