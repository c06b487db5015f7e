// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/golden_models.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

namespace timestep {

using nlohmann::json;

namespace {

json readGolden(const char* name)
{
    std::ifstream file(std::filesystem::path(TIMESTEP_TEST_DATA) / name);
    return json::parse(file);
}

Matrix<float> matrix(const json& rows) { return goldenMatrix(rows).cast<float>(); }

RowVector<float> vector(const json& values) { return matrix(json::array({ values })); }

GoldenModel goldenModel(json document)
{
    GoldenModel golden;
    golden.tokens = document["model"]["tokens"].get<std::vector<TokenId>>();
    golden.expected = std::move(document["expected"]);
    golden.model.shape.layers = static_cast<int>(document["model"]["layers"].size());
    golden.model.shape.vocabulary = static_cast<int>(document["model"]["embedding"].size());
    golden.model.shape.embedding = static_cast<int>(document["model"]["embedding"][0].size());
    golden.model.shape.tied = document["model"]["head"].empty();
    return golden;
}

} // namespace

Matrix<double> goldenMatrix(const json& rows)
{
    const auto columns = rows.empty() ? 0 : static_cast<Eigen::Index>(rows[0].size());
    Matrix<double> result(static_cast<Eigen::Index>(rows.size()), columns);
    for (Eigen::Index r = 0; r < result.rows(); ++r) {
        for (Eigen::Index c = 0; c < columns; ++c)
            result(r, c) = rows[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)];
    }
    return result;
}

GoldenModel goldenLstm()
{
    json document = readGolden("lstm_model.json");
    const json source = document["model"];
    GoldenModel golden = goldenModel(std::move(document));
    golden.model.shape.kind = ModelKind::Lstm;
    golden.model.shape.width = source["hidden_size"];

    LstmWeights<float> weights { .embedding = matrix(source["embedding"]),
        .layers = {},
        .head = matrix(source["head"]),
        .headBias = vector(source["head_bias"]) };
    for (const json& layer : source["layers"]) {
        weights.layers.push_back({ .input = matrix(layer["input"]),
            .recurrent = matrix(layer["recurrent"]),
            .inputBias = vector(layer["input_bias"]),
            .recurrentBias = vector(layer["recurrent_bias"]) });
    }
    golden.model.weights = std::move(weights);
    return golden;
}

GoldenModel goldenAttention()
{
    json document = readGolden("attention_model.json");
    const json source = document["model"];
    GoldenModel golden = goldenModel(std::move(document));
    golden.model.shape.kind = ModelKind::Attention;
    golden.model.shape.width = golden.model.shape.embedding;
    golden.model.shape.heads = source["heads"];
    golden.model.shape.context = static_cast<int>(source["positions"].size());
    golden.model.shape.layerNormEpsilon = source["epsilon"];

    AttentionWeights<float> weights { .embedding = matrix(source["embedding"]),
        .positions = matrix(source["positions"]),
        .layers = {},
        .finalNormGain = vector(source["final_norm_gain"]),
        .finalNormBias = vector(source["final_norm_bias"]),
        .head = matrix(source["head"]) };
    for (const json& layer : source["layers"]) {
        weights.layers.push_back({ .attentionNormGain = vector(layer["attention_norm_gain"]),
            .attentionNormBias = vector(layer["attention_norm_bias"]),
            .queryKeyValue = matrix(layer["query_key_value"]),
            .queryKeyValueBias = vector(layer["query_key_value_bias"]),
            .projection = matrix(layer["projection"]),
            .projectionBias = vector(layer["projection_bias"]),
            .feedForwardNormGain = vector(layer["feed_forward_norm_gain"]),
            .feedForwardNormBias = vector(layer["feed_forward_norm_bias"]),
            .expand = matrix(layer["expand"]),
            .expandBias = vector(layer["expand_bias"]),
            .contract = matrix(layer["contract"]),
            .contractBias = vector(layer["contract_bias"]) });
    }
    golden.model.weights = std::move(weights);
    return golden;
}

Model withByteVocabulary(Model model)
{
    model.vocabulary = Vocabulary::fromMerges({});
    const int rows = model.vocabulary->size() + 1;
    model.shape.vocabulary = rows;
    std::visit(
        [&](auto& weights) {
            weights.embedding.setRandom(rows, weights.embedding.cols());
            if (weights.head.size() > 0)
                weights.head.setRandom(rows, weights.head.cols());
        },
        model.weights);
    if (auto* lstm = std::get_if<LstmWeights<float>>(&model.weights))
        lstm->headBias.setRandom(rows);
    return model;
}

template <typename Scalar>
double worstDifference(const Matrix<Scalar>& computed, const json& rows)
{
    const Matrix<double> wanted = goldenMatrix(rows);
    if (wanted.rows() != computed.rows() || wanted.cols() != computed.cols()
        || !computed.allFinite())
        return std::numeric_limits<double>::infinity();
    return (computed.template cast<double>() - wanted).cwiseAbs().maxCoeff();
}

template double worstDifference(const Matrix<float>&, const json&);
template double worstDifference(const Matrix<double>&, const json&);

} // namespace timestep
