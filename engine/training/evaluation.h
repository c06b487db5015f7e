// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/packed_model.h"
#include "engine/training/training_batch.h"
#include "engine/training/vocabulary_loss.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

namespace timestep {

/// The sum of several judgements.
struct Score
{
    std::int64_t targets = 0;
    std::int64_t right = 0; // targets that no other token was likelier than
    double loss = 0; // nats, of all targets together; NaN where a logit was no number

    void add(const Judgement& judgement);
    void add(const Score& score);
    double meanLoss() const; // nats a target; NaN without targets
    double shareRight() const; // NaN without targets
};

/// Told after each batch: how many of how many things are done.
using EvaluationProgress = std::function<void(std::int64_t done, std::int64_t all)>;

class Evaluator;

/// Of `texts` texts of T = `steps` tokens, however many it takes at once: for tasks that read texts
/// of several lengths, each at its own. Whoever makes it minds the memory.
using MakeEvaluator = std::function<std::unique_ptr<Evaluator>(std::int64_t texts, int steps)>;

/// Judges a language model by batches of texts that it is not trained on: forward, then for each
/// target its loss. The rows are shared out among the threads; the results are the same bits
/// however many there are.
class Evaluator
{
public:
    /// For batches of `rows` (B) texts of `steps` (T) tokens. `model` must outlive this. Throws
    /// Error where a text is longer than what the model reads.
    Evaluator(const PackedModel& model, int rows, int steps, int threads);
    ~Evaluator();

    /// Bytes that an evaluator allocates.
    static std::size_t bytesNeeded(const PackedModel& model, int rows, int steps, int threads);

    std::size_t bytes() const; // allocated, without the model
    int rows() const; // B
    int steps() const; // T

    /// Of the counted targets, row after row. The batch has B rows of T steps. Nothing when
    /// stopped.
    std::optional<std::vector<Judgement>> run(const TrainingBatch& batch, std::stop_token stop);

private:
    class Judging;
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace timestep
