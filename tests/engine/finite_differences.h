// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/reference_dropout.h"
#include "engine/model/tensor_names.h"
#include "engine/model/weights.h"
#include "engine/text/token.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace timestep {

/// None, and one whose factors differ from place to place, position to position and unit to unit.
inline std::vector<DropoutFactor> withoutAndWithDropout()
{
    return { {}, [](int place, int position, int unit) {
                return (3 * place + 5 * position + 2 * unit + place * position * unit) % 4 == 0
                    ? 0.0
                    : 4.0 / 3;
            } };
}

/// The first `count` of some tokens.
inline std::vector<TokenId> first(int count, std::vector<TokenId> tokens)
{
    tokens.resize(static_cast<std::size_t>(count));
    return tokens;
}

/// A tensor of weights, or of their gradients, where it lives.
struct NamedNumbers
{
    std::string name;
    std::span<double> numbers;
};

template <typename Tensor>
NamedNumbers named(std::string name, Tensor& tensor)
{
    return { std::move(name), { tensor.data(), static_cast<std::size_t>(tensor.size()) } };
}

inline std::vector<NamedNumbers> numbersOf(LstmWeights<double>& weights, const ModelShape& shape)
{
    std::vector<NamedNumbers> all;
    visitLstmTensors(weights, shape, [&](const std::string& name, auto& tensor, auto...) {
        all.push_back(named(name, tensor));
    });
    return all;
}

inline std::vector<NamedNumbers> numbersOf(
    AttentionWeights<double>& weights, const ModelShape& shape)
{
    std::vector<NamedNumbers> all;
    visitAttentionTensors(weights, shape, weights.positions.size() == 0,
        [&](const std::string& name, auto& tensor, auto...) {
            all.push_back(named(name, tensor));
        });
    return all;
}

/// All numbers of all tensors in one row.
template <typename Weights>
RowVector<double> flattened(Weights weights, const ModelShape& shape)
{
    std::vector<double> all;
    for (const NamedNumbers& tensor : numbersOf(weights, shape))
        all.insert(all.end(), tensor.numbers.begin(), tensor.numbers.end());
    return Eigen::Map<const RowVector<double>>(all.data(), std::ssize(all));
}

/// d objective / d number by five points, (8 (f(h) − f(−h)) − (f(2h) − f(−2h))) / 12h: it errs by
/// h⁴/30 of the fifth derivative, and by about 1.5/h of what the objective errs by (Abramowitz and
/// Stegun, "Handbook of mathematical functions", 1964, table 25.2).
inline double centralDifference(double& number, const std::function<double()>& objective)
{
    constexpr double step = 1.0 / 1024; // about ε^(1/5): both errors are alike
    const double value = number;
    const auto at = [&](int steps) {
        number = value + steps * step;
        return objective();
    };
    const double slope = (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step);
    number = value;
    return slope;
}

/// Compares each gradient with the central difference of `objective` by its parameter. Names the
/// worst number of the first tensor that is wrong; empty where all are right.
///
/// A tensor's numbers may differ by 1e-8 of its largest, which leaves room for fifth derivatives a
/// hundred thousand times the gradient, and by 2e-11, which is what objectives of up to about 20
/// that err by some ε make of themselves.
inline std::string wrongGradient(const std::vector<NamedNumbers>& parameters,
    const std::vector<NamedNumbers>& gradients, const std::function<double()>& objective)
{
    if (parameters.size() != gradients.size())
        return "not as many gradients as parameters";
    for (std::size_t k = 0; k < parameters.size(); ++k) {
        const std::span<const double> found = gradients[k].numbers;
        if (found.size() != parameters[k].numbers.size())
            return parameters[k].name + ": the gradient has another size";
        double largest = 0;
        double worst = 0;
        std::string message;
        for (std::size_t n = 0; n < found.size(); ++n) {
            const double expected = centralDifference(parameters[k].numbers[n], objective);
            largest = std::max(largest, std::abs(expected));
            const double difference = std::isfinite(found[n])
                ? std::abs(found[n] - expected)
                : std::numeric_limits<double>::infinity();
            if (difference <= worst)
                continue;
            worst = difference;
            message = parameters[k].name + "[" + std::to_string(n)
                + "]: " + std::to_string(found[n]) + ", expected " + std::to_string(expected)
                + ", difference " + std::to_string(worst * 1e9) + "e-9";
        }
        if (worst > 1e-8 * largest + 2e-11)
            return message;
    }
    return {};
}

} // namespace timestep
