// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/operation.h"
#include "engine/execution/plan.h"

namespace timestep {

/// How the parameters of a language model that is trained are numbered, and where their gradients
/// stand: the layers (LstmGradientLayout, AttentionGradientLayout), the bias of the head (V, an
/// LSTM only), the head (V, width), attention's positions (rows, D), the embedding (V, I). Where
/// the head is tied, it is the embedding and stands once.
///
/// Layers and head are summed within each sub-batch. What reads the table of positions and the
/// embedding is known for all rows once they have gone back: that sum needs no copies.
class ParameterLayout
{
public:
    explicit ParameterLayout(const PlanShape& shape);

    int layers() const { return m_layers; } // floats
    int headBias() const { return m_layers; }
    int head() const { return m_layers + m_headBias; }
    int positions() const { return head() + m_vocabulary * m_width; }
    int embedding() const { return m_tied ? head() : afterPositions(); }
    int size() const { return afterPositions() + (m_tied ? 0 : m_vocabulary * m_inputWidth); }

    IndexRange ofHead() const { return { headBias(), positions() }; } // with its bias
    /// What the rows that were read add to: embedding and positions; the head, where it is tied.
    IndexRange ofInputs() const { return { m_tied ? head() : positions(), size() }; }

private:
    int afterPositions() const { return positions() + m_positions * m_width; }

    int m_layers;
    int m_headBias; // V of an LSTM, else 0
    int m_vocabulary; // V
    int m_positions; // rows of the table
    int m_width; // H or D
    int m_inputWidth; // E
    bool m_tied;
};

} // namespace timestep
