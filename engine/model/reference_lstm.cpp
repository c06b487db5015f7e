// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/reference_lstm.h"

#include <utility>

namespace timestep {

namespace {

template <typename Scalar>
auto sigmoid(const Eigen::ArrayBase<Scalar>& x)
{
    return (1 + (-x).exp()).inverse();
}

} // namespace

template <typename Scalar>
LstmLayerActivations<Scalar> lstmLayerForward(const LstmLayerWeights<Scalar>& weights,
    const Matrix<Scalar>& input, const LstmIntervention& intervention, int layer)
{
    const Eigen::Index steps = input.rows();
    const Eigen::Index width = weights.recurrent.cols();
    LstmLayerActivations<Scalar> kept;
    kept.input = input;
    for (Matrix<Scalar>* part : { &kept.inputGate, &kept.forgetGate, &kept.candidate,
             &kept.outputGate, &kept.cell, &kept.hidden })
        part->resize(steps, width);

    RowVector<Scalar> hidden = RowVector<Scalar>::Zero(width); // h of the step before
    RowVector<Scalar> cell = RowVector<Scalar>::Zero(width); // c of the step before
    for (Eigen::Index t = 0; t < steps; ++t) {
        // (4H): x Wxᵀ + bx + h Whᵀ + bh, in the order i f g o
        RowVector<Scalar> gates = weights.inputBias + weights.recurrentBias;
        gates.noalias() += input.row(t) * weights.input.transpose();
        if (!intervention.cuts(layer, static_cast<int>(t)))
            gates.noalias() += hidden * weights.recurrent.transpose();
        kept.inputGate.row(t) = sigmoid(gates.segment(0, width).array());
        kept.forgetGate.row(t) = sigmoid(gates.segment(width, width).array());
        for (int unit = 0; unit < width; ++unit)
            if (const auto forced = intervention.forgetGate(layer, static_cast<int>(t), unit))
                kept.forgetGate(t, unit) = *forced;
        kept.candidate.row(t) = gates.segment(2 * width, width).array().tanh();
        kept.outputGate.row(t) = sigmoid(gates.segment(3 * width, width).array());

        cell = kept.forgetGate.row(t).cwiseProduct(cell)
            + kept.inputGate.row(t).cwiseProduct(kept.candidate.row(t));
        hidden = kept.outputGate.row(t).array() * cell.array().tanh();
        kept.cell.row(t) = cell;
        kept.hidden.row(t) = hidden;
    }
    return kept;
}

template <typename Scalar>
std::vector<LstmLayerActivations<Scalar>> lstmForward(
    const std::vector<LstmLayerWeights<Scalar>>& layers, const Matrix<Scalar>& input,
    const DropoutFactor& dropout, const LstmIntervention& intervention)
{
    std::vector<LstmLayerActivations<Scalar>> kept;
    for (const LstmLayerWeights<Scalar>& weights : layers) {
        const int layer = static_cast<int>(kept.size());
        const Matrix<Scalar>& read = kept.empty() ? input : kept.back().hidden;
        kept.push_back(lstmLayerForward(
            weights, withDropout(read, dropout, dropoutOfLayerInput(layer)), intervention, layer));
    }
    return kept;
}

template <typename Scalar>
std::vector<LstmLayerActivations<Scalar>> lstmForward(const LstmWeights<Scalar>& weights,
    std::span<const TokenId> tokens, const DropoutFactor& dropout,
    const LstmIntervention& intervention)
{
    Matrix<Scalar> input(std::ssize(tokens), weights.embedding.cols()); // (T, E)
    for (Eigen::Index t = 0; t < input.rows(); ++t)
        input.row(t) = weights.embedding.row(tokens[t]);
    return lstmForward(weights.layers, input, dropout, intervention);
}

template <typename Scalar>
Matrix<Scalar> lstmLogits(const LstmWeights<Scalar>& weights, const Matrix<Scalar>& hidden)
{
    Matrix<Scalar> logits = hidden * weights.outputHead().transpose();
    logits.rowwise() += weights.headBias;
    return logits;
}

template <typename Scalar>
LstmBackward<Scalar>::LstmBackward(const std::vector<LstmLayerWeights<Scalar>>& layers,
    const std::vector<LstmLayerActivations<Scalar>>& activations, int chains, DropoutFactor dropout)
    : m_layers(layers)
    , m_activations(activations)
    , m_dropout(std::move(dropout))
    , m_gateGradient(activations.size())
{
    for (const LstmLayerActivations<Scalar>& layer : activations) {
        m_hiddenGradient.push_back(Matrix<Scalar>::Zero(chains, layer.hidden.cols()));
        m_cellGradient.push_back(Matrix<Scalar>::Zero(chains, layer.hidden.cols()));
    }
}

template <typename Scalar>
Matrix<Scalar> LstmBackward<Scalar>::step(int t, const Matrix<Scalar>& hiddenGradient)
{
    const Eigen::Index active = hiddenGradient.rows(); // N
    Matrix<Scalar> fromAbove = hiddenGradient; // (N, H), then what a layer hands down
    for (std::size_t l = m_activations.size(); l-- > 0;) {
        const LstmLayerActivations<Scalar>& kept = m_activations[l];
        const Eigen::Index width = kept.hidden.cols();
        const RowVector<Scalar> zero = RowVector<Scalar>::Zero(width);
        const auto i = kept.inputGate.row(t).array();
        const auto f = kept.forgetGate.row(t).array();
        const auto g = kept.candidate.row(t).array();
        const auto o = kept.outputGate.row(t).array();
        const RowVector<Scalar> before = t > 0 ? RowVector<Scalar>(kept.cell.row(t - 1)) : zero;
        const RowVector<Scalar> squashed = kept.cell.row(t).array().tanh();

        // d tanh(c)/dc = 1 − tanh²(c), dσ = σ(1 − σ): what one unit of gradient becomes, (H) each.
        const RowVector<Scalar> hiddenToCell = o * (1 - squashed.array().square());
        const RowVector<Scalar> cellToInput = g * i * (1 - i);
        const RowVector<Scalar> cellToForget = before.array() * f * (1 - f);
        const RowVector<Scalar> cellToCandidate = i * (1 - g.square());
        const RowVector<Scalar> hiddenToOutput = squashed.array() * o * (1 - o);

        Matrix<Scalar>& gates = m_gateGradient[l];
        gates.resize(active, 4 * width);
        for (Eigen::Index n = 0; n < active; ++n) {
            const RowVector<Scalar> hidden = m_hiddenGradient[l].row(n) + fromAbove.row(n);
            const RowVector<Scalar> cell
                = m_cellGradient[l].row(n) + hidden.cwiseProduct(hiddenToCell);
            gates.row(n) << cell.cwiseProduct(cellToInput), cell.cwiseProduct(cellToForget),
                cell.cwiseProduct(cellToCandidate), hidden.cwiseProduct(hiddenToOutput);
            m_cellGradient[l].row(n) = cell.array() * f;
        }
        m_hiddenGradient[l].topRows(active).noalias() = gates * m_layers[l].recurrent;
        fromAbove = gates * m_layers[l].input; // (N, I)
        if (m_dropout)
            for (int n = 0; n < fromAbove.rows(); ++n)
                fromAbove.row(n) = withDropout<Scalar>(
                    fromAbove.row(n), m_dropout, dropoutOfLayerInput(static_cast<int>(l)), t);
    }
    return fromAbove;
}

template LstmLayerActivations<float> lstmLayerForward(
    const LstmLayerWeights<float>&, const Matrix<float>&, const LstmIntervention&, int);
template LstmLayerActivations<double> lstmLayerForward(
    const LstmLayerWeights<double>&, const Matrix<double>&, const LstmIntervention&, int);
template std::vector<LstmLayerActivations<float>> lstmForward(
    const std::vector<LstmLayerWeights<float>>&, const Matrix<float>&, const DropoutFactor&,
    const LstmIntervention&);
template std::vector<LstmLayerActivations<double>> lstmForward(
    const std::vector<LstmLayerWeights<double>>&, const Matrix<double>&, const DropoutFactor&,
    const LstmIntervention&);
template std::vector<LstmLayerActivations<float>> lstmForward(const LstmWeights<float>&,
    std::span<const TokenId>, const DropoutFactor&, const LstmIntervention&);
template std::vector<LstmLayerActivations<double>> lstmForward(const LstmWeights<double>&,
    std::span<const TokenId>, const DropoutFactor&, const LstmIntervention&);
template Matrix<float> lstmLogits(const LstmWeights<float>&, const Matrix<float>&);
template Matrix<double> lstmLogits(const LstmWeights<double>&, const Matrix<double>&);
template class LstmBackward<float>;
template class LstmBackward<double>;

} // namespace timestep
