// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/session/planned_pair.h"

#include <string>

namespace timestep {

// Both plans as files, operation by operation. Times are units of the plan: 1 unit is the average
// cost of one LSTM step of one sub-batch. Layers count from 1 as in the model, everything else from
// 0. Floats are as short as they can be while they read back the same.

/// One line an operation, the LSTM's first, below a head: model,index,operation,layer,first_step,
/// last_step,sub_batch,first_row,last_row,part,phase,flops,earliest_start,start,finish,worker,needs.
/// `index` counts within the model, and `needs` are such: "3-7 9". `part` is the slice of hidden
/// units, the group of heads or the slice of the parameters. `phase` is forward, backward, sum or
/// update. `earliest_start` is when all it needs could be done at the soonest, with workers for
/// everything. What does not apply is empty. Null: the head alone.
std::string stepsCsv(const PlannedPair* pair);

/// {"plan": "reading" | "written" | "training", "unit_flops", "workers", "rows", "models":
/// [{"model", "strategy", "sub_batches", "layers", "steps", "work", "span", "parallelism",
/// "longest_chain", "finish", "operations": [as in the CSV; "needs": [[first, last], …]]}]}. Null:
/// no models.
std::string stepsJson(const PlannedPair* pair);

} // namespace timestep
