// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_predictions.h"

#include "ui/models/token_label.h"
#include "ui/views/attention_sentence.h"

#include <QStringList>

#include <algorithm>
#include <cmath>
#include <numeric>

namespace timestep {

std::vector<Prediction> topPredictions(const ModelRun& run, int row, int count)
{
    const float* logits = run.logits.row(row).data();
    const auto size = static_cast<std::size_t>(run.logits.cols());
    const double largest = size > 0 ? *std::max_element(logits, logits + size) : 0;
    const double sum = std::accumulate(logits, logits + size, 0.0,
        [&](double before, float logit) { return before + std::exp(logit - largest); });

    std::vector<TokenId> ids(size);
    std::iota(ids.begin(), ids.end(), 0);
    const auto kept = ids.begin() + std::min<std::ptrdiff_t>(count, std::ssize(ids));
    std::partial_sort(ids.begin(), kept, ids.end(), [&](TokenId left, TokenId right) {
        return logits[left] != logits[right] ? logits[left] > logits[right] : left < right;
    });

    std::vector<Prediction> predictions;
    for (auto id = ids.begin(); id != kept; ++id)
        predictions.push_back(
            { *id, tokenLabel(run.model->vocabulary->bytes(*id), LeadingSpace::Hidden),
                std::exp(logits[*id] - largest) / sum });
    return predictions;
}

QString predictionText(const std::vector<Prediction>& predictions)
{
    QStringList parts;
    for (const Prediction& prediction : predictions)
        parts.append(
            QStringLiteral("%1 %2").arg(prediction.label, shareText(prediction.probability)));
    return parts.join(QStringLiteral(" · "));
}

} // namespace timestep
