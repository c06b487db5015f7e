// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/run.h"
#include "engine/measurement/lstm_memory.h"
#include "ui/session/probe_result.h"
#include "ui/views/lstm_quantity.h"

#include <QStringList>

#include <array>
#include <memory>
#include <stop_token>
#include <vector>

namespace timestep {

/// How the units of a layer stand below each other.
enum class UnitOrder
{
    Similarity, // what behaves alike over the text side by side, by hidden state
    ForgetGate, // the longest memory first: mean of f
    Activity, // mean of |h|
    Number, // as the weights have them
};

/// One layer of one run of an LSTM, with all that is drawn of it. Immutable; keeps the run alive.
struct LstmPicture
{
    std::shared_ptr<const Run> run; // null: nothing yet
    std::shared_ptr<const ModelRun> reading; // of the LSTM, whose numbers these are: that of the
                                             // run, or one of the same text with something changed
    std::shared_ptr<const InterventionFound> intervention; // what was; null: nothing
    int layer = 0;
    UnitOrder order = UnitOrder::Similarity;
    std::vector<int> unitOfRow; // (H): the order of the units from above; empty: no tokens
    std::vector<int> rowOfUnit; // (H)
    /// What full colour stands for: 1 of gates and candidate; of the signed states what 99 % of
    /// their values stay within, so that a few large ones do not dim all others.
    std::array<float, lstmQuantities.size()> fullColor {};
    std::array<bool, lstmQuantities.size()> exceeded {}; // some values are larger
    std::vector<double> halfLives; // (H), in steps, over the whole window; of gates that were
                                   // computed, not a number where none was
    HalfLifeSummary halfLife; // of them
    QStringList labels; // one a token (T)

    /// Null when stopped. For a run without tokens, an empty picture. `intervention`: what the
    /// text became with something changed; null for the run's own reading.
    static std::shared_ptr<const LstmPicture> of(std::shared_ptr<const Run> run, int layer,
        UnitOrder order, const std::stop_token& stop = {},
        std::shared_ptr<const InterventionFound> intervention = nullptr);

    int tokens() const { return static_cast<int>(labels.size()); } // T
    int units() const { return static_cast<int>(unitOfRow.size()); } // H
    int layers() const;
    bool untrained() const;
    bool changed() const { return intervention != nullptr; } // not what the text gives
    const Recording& recording() const { return reading->recording; } // only where tokens() > 0
    const Matrix<float>& values(LstmQuantity quantity) const; // (T, H)
    float value(LstmQuantity quantity, int step, int unit) const;
    float fullColorOf(LstmQuantity quantity) const;
};

using LstmPicturePointer = std::shared_ptr<const LstmPicture>;

} // namespace timestep
