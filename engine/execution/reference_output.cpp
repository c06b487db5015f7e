// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/execution/reference_output.h"

#include "engine/execution/plan_analysis.h"
#include "engine/model/reference_lstm.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>

namespace timestep {

namespace {

constexpr int positionsCompared = 256; // a fraction of a second at the widths that are timed

// Two to four seconds at what double precision reaches in plain Eigen, 4 to 8 GFLOP/s.
constexpr double slowFlops = 1.5e10;

std::vector<int> counted(IndexRange range)
{
    std::vector<int> positions(static_cast<std::size_t>(range.count()));
    std::iota(positions.begin(), positions.end(), range.begin);
    return positions;
}

std::vector<int> spreadPositions(int steps)
{
    std::vector<int> positions = counted({ 0, std::min(steps, positionsCompared) });
    const int count = static_cast<int>(positions.size());
    for (int& position : positions)
        position = static_cast<int>(std::int64_t { position } * steps / count);
    return positions;
}

/// How many positions the reference must read.
int positionsRead(const PlanShape& shape)
{
    const bool laterMatter = shape.kind == ModelKind::Attention && !shape.causal;
    return shape.firstStep > 0 || laterMatter ? shape.steps
                                              : std::min(shape.steps, positionsCompared);
}

// One layer at the queries asked for, one query at a time.
Matrix<double> attentionAt(const AttentionLayerWeights<float>& weights, const Matrix<double>& input,
    const PlanShape& shape, const std::vector<int>& queries)
{
    const Eigen::Index width = input.cols();
    const Eigen::Index headWidth = shape.headWidth();
    const int read = static_cast<int>(input.rows());
    Matrix<double> queryKeyValue = input * weights.queryKeyValue.cast<double>(); // (T, 3D)
    queryKeyValue.rowwise() += weights.queryKeyValueBias.cast<double>();
    Matrix<double> mixed(static_cast<Eigen::Index>(queries.size()), width);
    for (int head = 0; head < shape.heads; ++head) {
        const auto part = [&](int which) {
            return queryKeyValue.middleCols(which * width + head * headWidth, headWidth);
        };
        for (std::size_t i = 0; i < queries.size(); ++i) {
            const IndexRange seen = shape.mask().keysSeenBy(queries[i], read);
            const auto ofSeen
                = [&](int which) { return part(which).middleRows(seen.begin, seen.count()); };
            RowVector<double> affinity = part(0).row(queries[i]) * ofSeen(1).transpose()
                / std::sqrt(static_cast<double>(headWidth));
            affinity = (affinity.array() - affinity.maxCoeff()).exp();
            affinity /= affinity.sum();
            mixed.row(static_cast<Eigen::Index>(i)).segment(head * headWidth, headWidth)
                = affinity * ofSeen(2);
        }
    }
    Matrix<double> output = mixed * weights.projection.cast<double>();
    output.rowwise() += weights.projectionBias.cast<double>();
    return output;
}

} // namespace

bool wholeReferenceIsSlow(const PlanShape& shape)
{
    PlanShape whole = shape;
    whole.firstStep = 0;
    whole.rows = 1;
    Cut cut;
    cut.strategy = Strategy::Sequential;
    cut.grain = Grain::Executed;
    return summarize(makePlan(whole, cut)).work > slowFlops;
}

ReferenceOutput bareReference(const PlanShape& shape,
    const std::vector<LstmLayerWeights<float>>& layers, const Matrix<double>& input)
{
    Matrix<double> x = input.topRows(positionsRead(shape));
    for (const LstmLayerWeights<float>& layer : layers) {
        const LstmLayerWeights<double> exact { layer.input.cast<double>(),
            layer.recurrent.cast<double>(), layer.inputBias.cast<double>(),
            layer.recurrentBias.cast<double>() };
        x = lstmLayerForward<double>(exact, x).hidden;
    }
    const int count = static_cast<int>(x.rows()) - shape.firstStep;
    return { counted({ 0, count }), x.bottomRows(count) };
}

ReferenceOutput bareReference(const PlanShape& shape,
    const std::vector<AttentionLayerWeights<float>>& layers, const Matrix<double>& input)
{
    const int read = positionsRead(shape);
    Matrix<double> x = input.topRows(read);
    for (std::size_t layer = 0; layer + 1 < layers.size(); ++layer)
        x = attentionAt(layers[layer], x, shape, counted({ 0, read }));
    std::vector<int> positions
        = shape.firstStep > 0 ? counted({ shape.firstStep, read }) : spreadPositions(read);
    const Matrix<double> values = attentionAt(layers.back(), x, shape, positions);
    for (int& position : positions)
        position -= shape.firstStep;
    return { positions, values };
}

double relativeError(const ReferenceOutput& expected, const float* output)
{
    if (expected.values.size() == 0)
        return 0;
    const Eigen::Index width = expected.values.cols();
    double largest = 0;
    for (Eigen::Index i = 0; i < expected.values.rows(); ++i)
        for (Eigen::Index j = 0; j < width; ++j) {
            const std::size_t place
                = static_cast<std::size_t>(expected.positions[static_cast<std::size_t>(i)])
                    * static_cast<std::size_t>(width)
                + static_cast<std::size_t>(j);
            const double difference = std::abs(output[place] - expected.values(i, j));
            if (std::isnan(difference))
                return std::numeric_limits<double>::infinity();
            largest = std::max(largest, difference);
        }
    return largest / expected.values.cwiseAbs().maxCoeff();
}

} // namespace timestep
