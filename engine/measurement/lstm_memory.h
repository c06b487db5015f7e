// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/recording.h"
#include "engine/index_range.h"
#include "engine/model/lstm_intervention.h"
#include "engine/model/matrix.h"

#include <span>
#include <vector>

namespace timestep {

// What one LSTM layer remembers, from its recorded gates. A cell is a sum of what was written and
// then faded by the forget gates: from c_t = f_t c_{t−1} + i_t g_t (Hochreiter and Schmidhuber,
// 1997; the forget gate: Gers, Schmidhuber and Cummins, 2000) and c_{−1} = 0 follows
//   c_t = Σ_{i ≤ t} w(i, t),  w(i, t) = i_i g_i Π_{k=i+1…t} f_k,  exactly and unit by unit.
// Products run in double: over a thousand steps they leave the range of a float.

/// (H), in steps: after how many steps each unit has kept half of what it held, at the mean pace of
/// some steps, −ln 2 ÷ mean(ln f). 0 where a gate was 0 in one of them, infinity where it was 1 in
/// all. forget: (T, H); at least one of its T steps.
std::vector<double> halfLives(const Matrix<float>& forget, IndexRange steps);

/// The same of a layer's gates (T, H) of which some were set, not computed: of those alone that
/// were computed; not a number where none of a unit's was.
std::vector<double> halfLivesOfComputed(
    const Matrix<float>& forget, const LstmIntervention& intervention, int layer);

/// Half-lives of a layer in steps; infinity is a value like any other.
struct HalfLifeSummary
{
    double tenth = 0, median = 0, ninetieth = 0; // 10, 50 and 90 % of the units forget faster
    double longest = 0;
    int longestUnit = 0; // of several the lowest
};

/// halfLives: (H), at least one; those that are not numbers are left out, and where all are, so is
/// what is said of them.
HalfLifeSummary summaryOf(std::span<const double> halfLives);

/// Where the cell of one step has its content from.
struct CellContent
{
    Matrix<float> written; // (t + 1, H): w(i, t), which adds up to c_t over i
    std::vector<double> share; // (t + 1): Σ_h |w(i, t)| ÷ Σ_i Σ_h |w(i, t)|; 0 for an empty cell
    std::vector<double> kept; // (t + 1): Σ_h |w(i, t)| ÷ Σ_h |i_i g_i|, of what step i wrote the
                              // part that is still there; 0 where it wrote nothing
};

/// Of step `t`, 0 ≤ t < T, in O(t·H): walks back with one running product of forget gates a unit.
CellContent cellContent(const GateRecording& gates, int t);

/// What became of what one step wrote.
struct Retention
{
    int step = 0; // i
    std::vector<double> kept; // (T − i), of step i + n: Σ_h |w(i, i + n)| ÷ Σ_h |i_i g_i|, from 1
                              // falling; 0 where nothing was written
    int lostAt = -1; // the step that lost most of it, of several the first; −1: none lost any
    double lost = 0; // how much that step lost, of what was written
};

/// Of step `i`, 0 ≤ i < T, over all steps after it.
Retention retention(const GateRecording& gates, int i);

} // namespace timestep
