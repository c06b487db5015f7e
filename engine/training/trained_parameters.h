// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/execution/dropout.h"
#include "engine/execution/memory_account.h"
#include "engine/execution/parameter_layout.h"
#include "engine/execution/plan.h"
#include "engine/execution/sequences.h"
#include "engine/kernels/aligned_floats.h"
#include "engine/kernels/kernels.h"
#include "engine/model/model.h"
#include "engine/training/layers_training.h"
#include "engine/training/vocabulary_loss.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace timestep {

/// Some parameters that belong together, in rows, and how what the computations read follows them.
struct TrainedTensor
{
    int begin = 0; // number of its first parameter
    int rows = 0;
    int columns = 0;
    bool decays = false; // matrices do, biases and gains do not
    std::function<void(int row, const float* numbers)> pack; // empty: read where it stands

    int size() const { return rows * columns; }
    /// Rows whose first number is one of `parameters`: where ranges have no gaps, each row is in
    /// one.
    IndexRange rowsBegunIn(IndexRange parameters) const
    {
        const auto rowAtOrAfter = [this](int parameter) {
            return std::clamp((parameter - begin + columns - 1) / columns, 0, rows);
        };
        return { rowAtOrAfter(std::max(parameters.begin, begin)),
            rowAtOrAfter(std::max(parameters.end, begin)) };
    }
};

/// What the layers of a model read and write in training.
struct TrainedEnds
{
    SequenceInput input;
    SequenceOutput output;
    const float* outputGradient = nullptr; // as the layers' training wants it
    float* inputGradient = nullptr; // (B, T, I)
    const Kernels* kernels = nullptr;
    const Dropout* dropout = nullptr; // null: nothing is dropped
};

/// The parameters of a language model that is trained: one array, numbered as ParameterLayout says,
/// and packed copies of them that the computations read. Slices may be changed and packed by
/// several threads at once.
class TrainedParameters
{
public:
    virtual ~TrainedParameters() = default;
    TrainedParameters(const TrainedParameters&) = delete;
    TrainedParameters& operator=(const TrainedParameters&) = delete;

    const ParameterLayout& layout() const { return m_layout; }
    std::span<float> values() { return { m_values.data(), m_values.count() }; }
    std::span<const float> values() const { return { m_values.data(), m_values.count() }; }
    const std::vector<TrainedTensor>& tensors() const { return m_tensors; }
    const float* embedding() const { return m_values.data() + m_layout.embedding(); } // (V, I)
    const PackedHead& head() const { return m_head; }

    /// Packs the rows that begin among `parameters`, after they have changed.
    void pack(IndexRange parameters) noexcept;
    void packAll() noexcept { pack({ 0, m_layout.size() }); }

    /// Of a plan of the shape it was made for; must not outlive this.
    virtual std::unique_ptr<LayersTraining> layersTraining(
        const Plan& plan, const TrainedEnds& ends, int lanes, MemoryAccount& account)
        = 0;

    /// As a model has them.
    virtual std::variant<LstmWeights<float>, AttentionWeights<float>> weights() const = 0;

protected:
    TrainedParameters(const PlanShape& shape, PackedHead head);

    void addTensor(TrainedTensor tensor) { m_tensors.push_back(std::move(tensor)); }
    /// After the layers' tensors: head, positions, embedding.
    void addEnds(const PlanShape& shape, std::function<void(int, const float*)> packPositions);
    Matrix<float> matrixAt(int begin, int rows, int columns) const;
    RowVector<float> vectorAt(int begin, int columns) const;
    template <typename Numbers>
    void put(int begin, const Numbers& numbers)
    {
        std::copy_n(numbers.data(), numbers.size(), m_values.data() + begin);
    }

    const ParameterLayout m_layout;

private:
    AlignedFloats m_values;
    std::vector<TrainedTensor> m_tensors; // in the order of their numbers, without gaps
    PackedHead m_head;
};

/// A copy of a model's parameters, for plans of `shape` (trainingShape).
std::unique_ptr<TrainedParameters> trainedParameters(const Model& model, const PlanShape& shape);

/// What plans of a model's training are made for: B rows of T steps.
PlanShape trainingShape(const Model& model, int rows, int steps);

} // namespace timestep
