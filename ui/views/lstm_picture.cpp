// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/lstm_picture.h"

#include "engine/measurement/unit_order.h"
#include "ui/models/window_labels.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

constexpr double Within = 0.99; // of the values are no larger than full colour

std::vector<int> orderOf(const LstmPicture& picture)
{
    switch (picture.order) {
    case UnitOrder::ForgetGate:
        return unitsByForgetGate(picture.values(LstmQuantity::Forget));
    case UnitOrder::Similarity:
        return unitsBySimilarity(picture.values(LstmQuantity::Hidden));
    case UnitOrder::Activity:
        return unitsByActivity(picture.values(LstmQuantity::Hidden));
    case UnitOrder::Number:
        break;
    }
    std::vector<int> units(static_cast<std::size_t>(picture.values(LstmQuantity::Hidden).cols()));
    std::iota(units.begin(), units.end(), 0);
    return units;
}

struct FullColor
{
    float value;
    bool exceeded;
};

FullColor largeValue(const Matrix<float>& values)
{
    std::vector<float> magnitudes(static_cast<std::size_t>(values.size()));
    std::transform(values.data(), values.data() + values.size(), magnitudes.begin(),
        [](float value) { return std::abs(value); });
    const auto place = magnitudes.begin()
        + static_cast<std::ptrdiff_t>(std::ceil(Within * double(magnitudes.size()))) - 1;
    std::nth_element(magnitudes.begin(), place, magnitudes.end());
    const float largest = *std::max_element(place, magnitudes.end());
    return *place > 0 ? FullColor { *place, largest > *place }
                      : FullColor { largest > 0 ? largest : 1, false };
}

} // namespace

LstmPicturePointer LstmPicture::of(std::shared_ptr<const Run> run, int layer, UnitOrder order,
    const std::stop_token& stop, std::shared_ptr<const InterventionFound> intervention)
{
    auto picture = std::make_shared<LstmPicture>();
    picture->order = order;
    picture->run = std::move(run);
    picture->intervention = std::move(intervention);
    if (picture->intervention)
        picture->reading = { picture->intervention, &picture->intervention->lstm.run };
    else if (picture->run)
        picture->reading = picture->run->lstm;
    picture->fullColor.fill(1);
    if (!picture->run || !picture->run->lstm || picture->run->window.count() == 0)
        return picture;
    picture->layer = std::clamp(layer, 0, picture->layers() - 1);
    picture->labels = windowLabels(*picture->run);
    picture->unitOfRow = orderOf(*picture);
    picture->rowOfUnit.resize(picture->unitOfRow.size());
    for (std::size_t row = 0; row < picture->unitOfRow.size(); ++row)
        picture->rowOfUnit[static_cast<std::size_t>(picture->unitOfRow[row])]
            = static_cast<int>(row);
    if (stop.stop_requested())
        return nullptr;
    const Matrix<float>& forget = picture->values(LstmQuantity::Forget);
    picture->halfLives = picture->intervention
        ? halfLivesOfComputed(forget, picture->intervention->request, picture->layer)
        : timestep::halfLives(forget, { 0, picture->tokens() });
    picture->halfLife = summaryOf(picture->halfLives);
    for (const LstmQuantity quantity : { LstmQuantity::Cell, LstmQuantity::Hidden }) {
        if (stop.stop_requested())
            return nullptr;
        const FullColor full = largeValue(picture->values(quantity));
        picture->fullColor[static_cast<std::size_t>(quantity)] = full.value;
        picture->exceeded[static_cast<std::size_t>(quantity)] = full.exceeded;
    }
    return picture;
}

int LstmPicture::layers() const { return run && run->lstm ? run->lstm->model->shape.layers : 0; }

bool LstmPicture::untrained() const { return run && run->lstm && run->lstm->model->untrained(); }

const Matrix<float>& LstmPicture::values(LstmQuantity quantity) const
{
    return recorded(recording(), layer, quantity);
}

float LstmPicture::value(LstmQuantity quantity, int step, int unit) const
{
    return values(quantity)(step, unit);
}

float LstmPicture::fullColorOf(LstmQuantity quantity) const
{
    return fullColor[static_cast<std::size_t>(quantity)];
}

} // namespace timestep
