// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace timestep {

/// A tiny model of tests/golden with the tokens it reads and what it must compute.
struct GoldenModel
{
    Model model;
    std::vector<TokenId> tokens;
    nlohmann::json expected;
};

GoldenModel goldenLstm();
GoldenModel goldenAttention();

/// The same sizes, but a vocabulary of single bytes and as many embedding rows as it needs and one
/// more, so that the model can be saved and can read text.
Model withByteVocabulary(Model model);

/// From nested lists.
Matrix<double> goldenMatrix(const nlohmann::json& rows);

/// Largest absolute difference; infinite where the shapes differ or a number is not finite.
template <typename Scalar>
double worstDifference(const Matrix<Scalar>& computed, const nlohmann::json& rows);

extern template double worstDifference(const Matrix<float>&, const nlohmann::json&);
extern template double worstDifference(const Matrix<double>&, const nlohmann::json&);

} // namespace timestep
