// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/affinity_picture.h"

#include "ui/models/token_label.h"

#include <algorithm>
#include <utility>

namespace timestep {

AffinityPicturePointer AffinityPicture::of(std::shared_ptr<const Run> run, HeadIndex head,
    AffinityShading shading, AffinityStatisticsPointer statistics, AffinityStage stage,
    ScoreOverviewPointer scores)
{
    auto picture = std::make_shared<AffinityPicture>();
    picture->run = std::move(run);
    picture->shading = shading;
    if (!statistics)
        return picture;
    picture->layer = head.layer;
    picture->head = head.head;
    picture->mask = picture->affinities().mask();
    picture->untrained = picture->run->attention->model->untrained();
    picture->fullColor = fullColorShares(statistics->largest, shading);
    picture->statistics = std::move(statistics);
    picture->stage = stage;
    picture->scores = std::move(scores);
    return picture;
}

const Affinities& AffinityPicture::affinities() const
{
    return *run->attention->recording.affinities;
}

QString AffinityPicture::label(int token) const
{
    const Token& place = run->tokens[run->window.begin + token];
    return tokenLabel(std::string_view(run->text).substr(place.begin, place.end - place.begin),
        LeadingSpace::Hidden);
}

float AffinityPicture::share(int row, int column) const
{
    return affinities().share(index(), row, column);
}

std::vector<float> AffinityPicture::shares(int row) const { return affinities().row(index(), row); }

std::optional<float> AffinityPicture::score(int row, int column) const
{
    float score = 0;
    const AffinityTile cell { { row, row + 1 }, { column, column + 1 }, &score, 1 };
    return affinities().readScores(index(), cell) ? std::optional(score) : std::nullopt;
}

int AffinityPicture::headWidth() const
{
    const ModelShape& shape = run->attention->model->shape;
    return shape.width / shape.heads;
}

int AffinityPicture::mostRead(int row) const
{
    const std::vector<float> shares = this->shares(row);
    const IndexRange of = readable(row);
    return static_cast<int>(
        std::max_element(shares.begin() + of.begin, shares.begin() + of.end) - shares.begin());
}

TokenId AffinityPicture::id(int row) const { return run->tokens[run->window.begin + row].id; }

} // namespace timestep
