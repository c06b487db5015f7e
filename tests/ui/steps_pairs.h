// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/planned_pair.h"
#include "ui/views/steps_picture.h"

#include <QString>

#include <memory>
#include <stop_token>
#include <vector>

namespace timestep::test {

/// Models of one layer and width 64, on 32 rows in 4 sub-batches and 4 workers; tests change what
/// they are about.
inline PlanRequest stepsRequest(int steps)
{
    PlanRequest request;
    request.lstm.kind = ModelKind::Lstm;
    request.lstm.layers = 1;
    request.lstm.width = 64;
    request.lstm.embedding = 64;
    request.attention.kind = ModelKind::Attention;
    request.attention.layers = 1;
    request.attention.width = 64;
    request.attention.embedding = 64;
    request.attention.heads = 4;
    request.steps = steps;
    request.rows = 32;
    request.subBatches = 4;
    request.workers = 4;
    return request;
}

inline PlannedPairPointer plannedPair(const PlanRequest& request)
{
    return std::make_shared<const PlannedPair>(*planPair(request, std::stop_token {}));
}

inline std::shared_ptr<const StepsPicture> stepsPicture(const PlanRequest& request)
{
    return std::make_shared<const StepsPicture>(plannedPair(request));
}

/// "t0", "t1", …
inline std::vector<QString> stepsLabels(int steps)
{
    std::vector<QString> labels;
    for (int step = 0; step < steps; ++step)
        labels.push_back(QStringLiteral("t%1").arg(step));
    return labels;
}

} // namespace timestep::test
