// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/training/document_sequence.h"
#include "engine/training/training_batch.h"

namespace timestep {

/// A corpus to judge a model by: the documents in their order, read as one sequence with a
/// separator between two of them and cut into windows of T tokens. Every token but the very first
/// is a target exactly once. A window begins with an empty state, so its first tokens are foretold
/// from little: the longer the windows, the lower the loss.
class OrderedWindows
{
public:
    /// Windows of `steps` (T), or of as many tokens as there are to foretell from, if they are
    /// fewer. Throws Error where there is nothing to foretell.
    OrderedWindows(std::shared_ptr<const TokenDocuments> documents, int steps);

    int steps() const { return static_cast<int>(m_steps); } // T
    std::size_t targets() const { return m_sequence.length() - 1; }
    std::size_t windows() const { return (targets() + m_steps - 1) / m_steps; }

    /// Row r holds window number · rows + r. What is beyond the end is not counted.
    TrainingBatch batch(std::uint64_t number, int rows) const;

private:
    DocumentSequence m_sequence;
    std::size_t m_steps; // T
};

} // namespace timestep
