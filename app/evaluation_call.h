// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/packed_model.h"
#include "engine/model/model.h"
#include "engine/training/evaluation.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

class Arguments;

/// One call of `timestep evaluate`: what is common to the tasks.
struct EvaluationCall
{
    const Arguments& arguments;
    std::stop_token stop;
    const Kernels& kernels;
    std::vector<ModelPointer> models;
    int rows; // B, at most
    int threads;
    std::size_t memoryBudget;

    /// Throws Error where it would take more than the memory budget.
    std::unique_ptr<Evaluator> evaluator(
        const PackedModel& packed, std::int64_t texts, int steps) const;

    /// `evaluator` for this model; `packed` must outlive it.
    MakeEvaluator evaluatorsOf(const PackedModel& packed) const;

    /// T of a window of text: --length, else what the shortest context holds. One for all models:
    /// losses at different lengths cannot be compared.
    int windowLength() const;
};

/// A line on the terminal that is written over, for a person who waits.
class EvaluationLine
{
public:
    EvaluationLine(std::string model, const char* things);
    ~EvaluationLine();
    EvaluationLine(const EvaluationLine&) = delete;
    EvaluationLine& operator=(const EvaluationLine&) = delete;

    EvaluationProgress shown() const; // while this lives

private:
    const std::string m_model;
    const char* const m_things;
    const bool m_watched;
};

/// Throws Error where weights have led to a loss that is no number.
void refuseUnlessFinite(const Model& model, const Score& score);

} // namespace timestep
