// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_config.h"

#include "engine/error.h"
#include "engine/model/shallow_json.h"
#include "engine/whole_file.h"

#include <nlohmann/json.hpp>

#include <optional>

namespace timestep {

using nlohmann::json;

namespace {

// Far above every model this program can run, far below where products of sizes overflow.
constexpr int mostVocabulary = 1 << 22;
constexpr int mostWidth = 1 << 16;
constexpr int mostLayers = 1 << 12;
constexpr int mostPositions = 1 << 24;
constexpr std::size_t configDepth = 64; // Hugging Face nests task settings in it
constexpr std::uintmax_t longestConfig = 1 << 20;

/// The keys of one config.json, with errors that name it.
class Config
{
public:
    explicit Config(const std::filesystem::path& file)
        : m_where(file.string())
    {
        std::error_code unreadable;
        const std::uintmax_t size = std::filesystem::file_size(file, unreadable);
        if (unreadable)
            throw Error(m_where + ": cannot be read; name a folder that holds it");
        if (size > longestConfig) {
            throw Error(m_where + ": expected at most " + std::to_string(longestConfig)
                + " bytes, found " + std::to_string(size));
        }
        m_values = parseShallowJson(readWholeFile(file), configDepth, m_where);
    }

    int count(const char* key, int most) const
    {
        const json& value = m_values.value(key, json());
        const std::string wanted = "a whole number from 1 to " + std::to_string(most);
        if (!value.is_number_unsigned() || value.get<std::uint64_t>() < 1
            || value.get<std::uint64_t>() > static_cast<std::uint64_t>(most))
            refuse(key, wanted);
        return value.get<int>();
    }

    /// Likewise, or 0 where the key is absent or null.
    int countOrNone(const char* key, int most) const
    {
        return m_values.value(key, json()).is_null() ? 0 : count(key, most);
    }

    /// The fallback where the key is absent or null.
    bool flag(const char* key, bool fallback) const
    {
        const json& value = m_values.value(key, json());
        if (value.is_null())
            return fallback;
        if (!value.is_boolean())
            refuse(key, "true or false");
        return value.get<bool>();
    }

    std::string text(const char* key, const std::string& fallback) const
    {
        const json& value = m_values.value(key, json());
        if (value.is_null())
            return fallback;
        if (!value.is_string())
            refuse(key, "a text");
        return value.get<std::string>();
    }

    double number(const char* key, double fallback, double most) const
    {
        const json& value = m_values.value(key, json());
        if (value.is_null())
            return fallback;
        if (!value.is_number() || !(value.get<double>() > 0) || value.get<double>() > most)
            refuse(key, "a number above 0, at most " + json(most).dump());
        return value.get<double>();
    }

    /// Where the model would compute something else than this program does.
    void expect(const char* key, const json& only) const
    {
        const json& value = m_values.value(key, json());
        if (!value.is_null() && value != only)
            refuse(key, only.dump());
    }

    [[noreturn]] void refuse(const char* key, const std::string& wanted) const
    {
        const auto found = m_values.find(key);
        throw Error(m_where + ": \"" + key + "\": expected " + wanted + ", found "
            + (found == m_values.end() ? "no such key" : shownName(found->dump()))
            + "; correct the file");
    }

private:
    std::string m_where;
    json m_values;
};

ModelConfig lstmConfig(const Config& config)
{
    ModelConfig result;
    ModelShape& shape = result.shape;
    shape.kind = ModelKind::Lstm;
    shape.vocabulary = config.count("vocab_size", mostVocabulary);
    shape.embedding = config.count("embedding_size", mostWidth);
    shape.width = config.count("hidden_size", mostWidth);
    shape.layers = config.count("num_layers", mostLayers);
    shape.tied = config.flag("tie_word_embeddings", false);
    if (shape.tied && shape.embedding != shape.width) {
        config.refuse("embedding_size",
            std::to_string(shape.width)
                + ", the \"hidden_size\", since \"tie_word_embeddings\" is true");
    }
    return result;
}

ModelConfig attentionConfig(const Config& config)
{
    ModelConfig result;
    ModelShape& shape = result.shape;
    shape.kind = ModelKind::Attention;
    shape.vocabulary = config.count("vocab_size", mostVocabulary);
    shape.width = config.count("n_embd", mostWidth);
    shape.embedding = shape.width;
    shape.layers = config.count("n_layer", mostLayers);
    shape.heads = config.count("n_head", mostWidth);
    shape.context = config.count("n_positions", mostPositions);
    shape.attentionWindow = config.countOrNone("sliding_window", mostPositions);
    shape.layerNormEpsilon = config.number("layer_norm_epsilon", 1e-5, 1);
    if (shape.width % shape.heads != 0)
        config.refuse("n_head", "a divisor of \"n_embd\", " + std::to_string(shape.width));
    config.expect("activation_function", "gelu_new");
    config.expect("n_inner", 4 * shape.width);
    config.expect("scale_attn_weights", true);
    config.expect("scale_attn_by_inverse_layer_idx", false);

    const std::string positions = config.text("position_embedding_type", "absolute");
    if (positions != "absolute" && positions != "sinusoidal")
        config.refuse("position_embedding_type", R"("absolute" or "sinusoidal")");
    result.sinusoids = positions == "sinusoidal";
    return result;
}

} // namespace

ModelConfig readModelConfig(const std::filesystem::path& file)
{
    const Config config(file);
    const std::string type = config.text("model_type", "");
    if (type == "lstm")
        return lstmConfig(config);
    if (type == "gpt2")
        return attentionConfig(config);
    config.refuse("model_type", R"("gpt2" or "lstm")");
}

std::string formatModelConfig(const ModelConfig& config)
{
    const ModelShape& shape = config.shape;
    nlohmann::ordered_json values;
    if (shape.kind == ModelKind::Lstm) {
        values = { { "model_type", "lstm" }, { "vocab_size", shape.vocabulary },
            { "embedding_size", shape.embedding }, { "hidden_size", shape.width },
            { "num_layers", shape.layers }, { "tie_word_embeddings", shape.tied } };
    } else {
        values = { { "model_type", "gpt2" }, { "vocab_size", shape.vocabulary },
            { "n_positions", shape.context }, { "n_embd", shape.width },
            { "n_layer", shape.layers }, { "n_head", shape.heads },
            { "activation_function", "gelu_new" }, { "layer_norm_epsilon", shape.layerNormEpsilon },
            { "tie_word_embeddings", shape.tied } };
        if (shape.attentionWindow > 0)
            values["sliding_window"] = shape.attentionWindow;
        if (config.sinusoids)
            values["position_embedding_type"] = "sinusoidal";
    }
    return values.dump(1) + "\n";
}

} // namespace timestep
