// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/attention_predictions.h"

#include "ui/models/token_label.h"
#include "ui/views/attention_sentence.h"

#include <QStringList>

namespace timestep {

QString predictionText(const std::vector<Prediction>& predictions, const Vocabulary& vocabulary)
{
    QStringList parts;
    for (const Prediction& prediction : predictions)
        parts.append(QStringLiteral("%1 %2").arg(
            tokenLabel(vocabulary.bytes(prediction.id), LeadingSpace::Hidden),
            shareText(prediction.probability)));
    return parts.join(QStringLiteral(" · "));
}

} // namespace timestep
