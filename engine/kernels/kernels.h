// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/packed_matrix.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace timestep {

/// C[rows x columns] = start + A[rows x K] · B[:, firstColumn … firstColumn + columns).
/// Every element of C is one chain of multiply-adds from its start value in ascending k, whatever
/// rows and columns are asked for: a product cut in any way is the same bits as in one piece.
struct Product
{
    const float* a = nullptr; // (rows, K)
    std::size_t aStride = 0; // floats from one row to the next
    std::ptrdiff_t aDepthStride = 1; // floats from one k to the next, below zero where k runs
                                     // backwards through A; with aStride 1: A is transposed
    PackedView b; // (K, N)
    int firstColumn = 0; // a multiple of 16
    int columns = 0;
    int rows = 0;
    const float* start
        = nullptr; // (rows, columns); null: zero. May be `c` itself: the chains go on
    std::size_t startStride = 0; // 0: one row of biases for all rows
    float* c = nullptr; // (rows, columns): column 0 is B's `firstColumn`
    std::size_t cStride = 0;
};

/// The pointwise half of one LSTM step, for units in groups of 16. The gates before their
/// nonlinearity stand interleaved: 16 of i, 16 of f, 16 of g, 16 of o, then the next 16 units.
///   c ← σ(f) c + σ(i) tanh(g),  h ← σ(o) tanh(c)
struct LstmStep
{
    float* gates = nullptr; // (rows, 4 · units)
    std::size_t gatesStride = 0;
    float* cell = nullptr; // (rows, units), updated
    std::size_t cellStride = 0;
    float* hidden = nullptr; // (rows, units), written
    std::size_t hiddenStride = 0;
    int rows = 0;
    int units = 0; // a multiple of 16
    bool keepGates = false; // `gates` then holds them after their nonlinearity
};

/// One step of the online softmax (Milakov and Gimelshein, arXiv:1805.02867): a tile of scores
/// becomes weights, 2^(score − largest so far), and what was gathered under a smaller maximum is
/// scaled down to the new one. Scores are logarithms to base 2.
struct SoftmaxTile
{
    float* scores = nullptr; // (rows, keys), −∞ weighs nothing; then the weights, exact zeros where
                             // not visible
    std::size_t scoresStride = 0;
    int rows = 0;
    int keys = 0; // a multiple of 16
    int visible = 0; // keys that the first row may see, also fewer than none or more than there are
    int visibleMore = 0; // how many more each row sees than the one before
    float* largest = nullptr; // (rows), −∞ before the first tile
    float* laneSums = nullptr; // (rows, 16): lane j adds the weights of keys j, j + 16, …
    float* mixed = nullptr; // (rows, mixedStride): sums of weight · value so far
    int mixedStride = 0; // a multiple of 16
};

/// One row of layer norm: y = (x − mean) ÷ √(variance + ε) · gain + bias. `y` may be `x`.
struct LayerNormRow
{
    const float* x = nullptr; // (count)
    const float* gain = nullptr; // (count)
    const float* bias = nullptr; // (count)
    float* y = nullptr; // (count)
    int count = 0;
    float epsilon = 1e-5F;
    float* normalized = nullptr; // (count), where wanted: (x − mean) ÷ √(variance + ε)
    float* inverseDeviation = nullptr; // where wanted: 1 ÷ √(variance + ε)
};

/// The way back through LstmStep, for units in groups of 16: from the gradients of h and c of a
/// step to those of its gates before their nonlinearity and of the c it began with. Gates are
/// interleaved as in LstmStep. A stride of 0: all rows walk back through the same step.
struct LstmStepBackward
{
    const float* gates = nullptr; // (rows, 4 · units), after their nonlinearity
    std::size_t gatesStride = 0;
    const float* cell = nullptr; // (rows, units), of this step
    const float* cellBefore = nullptr; // (rows, units), of the step before; null: zero
    std::size_t cellStride = 0; // of both
    const float* hiddenGradient = nullptr; // (rows, units), handed back by the step after
    std::size_t hiddenGradientStride = 0;
    const float* fromAbove = nullptr; // (rows, units), added to it; null: nothing
    std::size_t fromAboveStride = 0;
    float* cellGradient = nullptr; // (rows, units), of this step's c; then of the c before
    std::size_t cellGradientStride = 0;
    float* gateGradient = nullptr; // (rows, 4 · units), written; may be `gates`
    std::size_t gateGradientStride = 0;
    int rows = 0;
    int units = 0; // a multiple of 16
};

/// The way back through one row of layer norm, added to what the residual stream hands back:
/// x gradient += (γ∘dy − mean(γ∘dy) − x̂ · mean(γ∘dy∘x̂)) ÷ deviation.
struct LayerNormBackwardRow
{
    const float* normalized = nullptr; // (count), x̂
    float inverseDeviation = 0;
    const float* gain = nullptr; // (count), γ
    const float* gradient = nullptr; // (count), of y
    float* inputGradient = nullptr; // (count), added to; not `gradient`
    int count = 0;
};

/// The way back through softmax(scale · scores), transposed: a column is a query, so that sums run
/// down the columns, each one chain in ascending keys.
/// ds = scale · p∘(dp − Σ p∘dp); exact zeros where p is zero.
struct SoftmaxBackward
{
    const float* affinity = nullptr; // (keys, columns), p
    std::size_t affinityStride = 0;
    float* gradient = nullptr; // (keys, columns): dp, then ds
    std::size_t gradientStride = 0;
    int keys = 0;
    int columns = 0; // a multiple of 16
    float scale = 1;
};

/// Some numbers of a row through dropout: y = 0 where a hash of `key` and the number's place in the
/// row, 31 bits, is below `threshold`, else scale · x. `y` may be `x`.
struct DropoutRow
{
    const float* x = nullptr; // (count)
    float* y = nullptr; // (count)
    int first = 0; // place of x[0] in the row
    int count = 0;
    std::uint64_t key = 0; // of the row
    std::uint32_t threshold = 0; // share to be dropped · 2³¹
    float scale = 1;
};

/// The hot loops for one instruction set, as a table of functions: "reference", "sse4", "avx2",
/// "avx512" or "neon". Chosen once at start-up and passed along, never global.
/// Sums of softmax and layer norm run in 16 virtual lanes (lane j adds elements j, j + 16, …) that
/// are then folded by one fixed tree, so that all vector widths round alike. "avx2" and "avx512"
/// agree bit for bit; "sse4" has no fused multiply-add and "reference" is the readable twin: both
/// agree within rounding.
struct Kernels
{
    std::string_view name;

    void (*multiply)(const Product& product) noexcept;
    void (*lstmStep)(const LstmStep& step) noexcept;
    void (*lstmStepBackward)(const LstmStepBackward& step) noexcept;
    void (*layerNorm)(const LayerNormRow& row) noexcept;
    void (*layerNormBackward)(const LayerNormBackwardRow& row) noexcept;

    void (*softmaxTile)(const SoftmaxTile& tile) noexcept;
    /// y = 2^(x − shift), exact zeros where that is no normal number: affinities from scores. `y`
    /// may be `x`.
    void (*powersOfTwo)(const float* x, float* y, std::size_t count, float shift) noexcept;
    void (*softmaxBackward)(const SoftmaxBackward& softmax) noexcept;
    /// The same for some keys of one query, whose Σ p∘dp is known: dp becomes scale · p∘(dp − sum).
    void (*scoreGradients)(
        const float* affinity, float* gradient, std::size_t count, float sum, float scale) noexcept;

    /// Element by element; `y` may be `x`.
    void (*exp)(const float* x, float* y, std::size_t count) noexcept;
    void (*sigmoid)(const float* x, float* y, std::size_t count) noexcept;
    void (*tanh)(const float* x, float* y, std::size_t count) noexcept;
    /// GPT-2's form: x/2 · (1 + tanh(√(2/π) (x + 0.044715 x³))).
    void (*gelu)(const float* x, float* y, std::size_t count) noexcept;
    void (*geluDerivative)(const float* x, float* y, std::size_t count) noexcept;
    /// y ← x · y
    void (*multiplyElements)(const float* x, float* y, std::size_t count) noexcept;

    /// The same bits in all tables.
    void (*dropout)(const DropoutRow& row) noexcept;
};

/// The names a table can have, slowest first. Which of them a machine can run is another matter.
inline constexpr std::array<std::string_view, 5> knownKernelNames { "reference", "sse4", "avx2",
    "avx512", "neon" };

/// All that this machine can run, slowest first; `reference` is always there.
std::vector<const Kernels*> availableKernels();

/// The fastest. TIMESTEP_KERNEL overrides it; throws Error as kernelsNamed() does.
const Kernels& defaultKernels();

/// Whether TIMESTEP_KERNEL names the default.
bool defaultKernelsAreNamed();

/// Throws Error for an unknown name, and for one that this machine cannot run, listing what would
/// be right.
const Kernels& kernelsNamed(std::string_view name);

} // namespace timestep
