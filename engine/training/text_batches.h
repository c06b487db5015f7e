// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/text_epoch.h"
#include "engine/training/training_batch.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace timestep {

/// Batches of windows of a text, epoch after epoch. Batch number n is the same for a corpus, seed,
/// T and B, whichever batches were asked for before: a resumed training reads what it would have
/// read. Not for several threads at once: the order of the epoch in use is kept.
class TextBatches
{
public:
    /// Throws Error where the documents have fewer than T + 1 tokens.
    TextBatches(std::shared_ptr<const TokenDocuments> documents, int steps, std::uint64_t seed);

    std::size_t windowsPerEpoch() const { return m_windows; }

    /// Row r holds window (number · rows + r) of all epochs' windows, one epoch after the other.
    /// Every target counts.
    TrainingBatch batch(std::uint64_t number, int rows);

private:
    const TextEpoch& epoch(std::uint64_t number);

    std::shared_ptr<const TokenDocuments> m_documents;
    int m_steps; // T
    std::uint64_t m_seed;
    std::size_t m_windows = 0;
    std::optional<TextEpoch> m_epoch; // the one in use
    std::uint64_t m_epochNumber = 0;
};

} // namespace timestep
