// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/model_folder.h"

#include "engine/error.h"
#include "engine/model/model_config.h"
#include "engine/model/safetensors.h"
#include "engine/model/shallow_json.h"
#include "engine/model/tensor_names.h"
#include "engine/whole_file.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <set>
#include <utility>

namespace timestep {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view prefix = "transformer."; // of GPT2LMHeadModel's tensors
constexpr std::size_t mostWarnings = 5;

std::string_view withoutPrefix(std::string_view name)
{
    return name.starts_with(prefix) ? name.substr(prefix.size()) : name;
}

/// The causal masks `h.N.attn.bias` and `h.N.attn.masked_bias`, which old files of GPT-2 hold.
bool isMask(std::string_view name)
{
    name = withoutPrefix(name);
    if (!name.starts_with("h."))
        return false;
    const char* const begin = name.data() + 2;
    const char* const end = name.data() + name.size();
    int layer = 0;
    const auto [after, error] = std::from_chars(begin, end, layer);
    const std::string_view rest(after, static_cast<std::size_t>(end - after));
    return error == std::errc() && (rest == ".attn.bias" || rest == ".attn.masked_bias");
}

/// Reads tensors by the names of tensor_names.h and knows at the end which were never asked for.
class TensorReader
{
public:
    explicit TensorReader(const fs::path& file)
        : m_file(file)
    {
    }

    bool has(const std::string& name) const { return m_file.has(storedName(name)); }

    void operator()(const std::string& name, Matrix<float>& tensor, int rows, int columns)
    {
        tensor = m_file.matrix(used(name), rows, columns);
    }

    void operator()(const std::string& name, RowVector<float>& tensor, int size)
    {
        tensor = m_file.vector(used(name), size);
    }

    std::vector<std::string> warnings() const
    {
        std::vector<std::string> unknown;
        for (const std::string& name : m_file.names()) {
            if (!m_used.contains(name) && !isMask(name))
                unknown.push_back(m_file.path().string() + ": tensor " + shownName(name)
                    + " is unknown and ignored");
        }
        if (unknown.size() > mostWarnings) {
            const std::size_t more = unknown.size() - mostWarnings;
            unknown.resize(mostWarnings);
            unknown.push_back(m_file.path().string() + ": " + std::to_string(more)
                + " more tensors are unknown and ignored");
        }
        return unknown;
    }

private:
    std::string storedName(const std::string& name) const
    {
        std::string prefixed = std::string(prefix) + name;
        if (!m_file.has(prefixed))
            return name;
        if (m_file.has(name)) {
            throw Error(m_file.path().string() + ": tensor " + name + " is there twice, once as "
                + prefixed + "; leave one");
        }
        return prefixed;
    }

    std::string used(const std::string& name) { return *m_used.insert(storedName(name)).first; }

    SafetensorsFile m_file;
    std::set<std::string> m_used;
};

LstmWeights<float> readLstm(TensorReader& tensors, const ModelShape& shape, const fs::path& file)
{
    LstmWeights<float> weights;
    visitLstmTensors(weights, shape, [&](auto&&... tensor) { tensors(tensor...); });
    if (shape.tied && tensors.has("head.weight")) {
        // PyTorch writes a tied matrix under both names.
        Matrix<float> head;
        tensors("head.weight", head, shape.vocabulary, shape.width);
        if (head != weights.embedding) {
            throw Error(file.string()
                + ": tensor head.weight: expected the numbers of embedding.weight, since "
                  "\"tie_word_embeddings\" is true; found others; correct config.json");
        }
    }
    return weights;
}

AttentionWeights<float> readAttention(TensorReader& tensors, const ModelConfig& config)
{
    AttentionWeights<float> weights;
    visitAttentionTensors(
        weights, config.shape, config.sinusoids, [&](auto&&... tensor) { tensors(tensor...); });
    return weights;
}

/// Collects tensors by the names of tensor_names.h; the numbers stay where they are.
class TensorWriter
{
public:
    void operator()(std::string name, const Matrix<float>& tensor, int rows, int columns)
    {
        add(std::move(name), tensor,
            { static_cast<std::uint64_t>(rows), static_cast<std::uint64_t>(columns) });
    }

    void operator()(std::string name, const RowVector<float>& tensor, int size)
    {
        add(std::move(name), tensor, { static_cast<std::uint64_t>(size) });
    }

    const std::vector<NamedTensor>& tensors() const { return m_tensors; }

private:
    template <typename Tensor>
    void add(std::string name, const Tensor& tensor, std::vector<std::uint64_t> shape)
    {
        m_tensors.push_back({ std::move(name), std::move(shape),
            { tensor.data(), static_cast<std::size_t>(tensor.size()) } });
    }

    std::vector<NamedTensor> m_tensors;
};

} // namespace

namespace {

constexpr std::string_view folderHolds
    = "config.json, model.safetensors, vocab.json and merges.txt";

void refuseIncompleteFolder(const fs::path& folder, std::initializer_list<const char*> files)
{
    std::error_code unknown;
    if (!fs::is_directory(folder, unknown)) {
        throw Error(
            folder.string() + ": no such folder; name one that holds " + std::string(folderHolds));
    }
    for (const char* name : files) {
        if (!fs::exists(folder / name, unknown)) {
            throw Error((folder / name).string() + ": no such file; a model folder holds "
                + std::string(folderHolds) + ": copy it there, or name another folder");
        }
    }
}

/// `model` has all but what the folder says.
ModelPointer readModel(Model model, const fs::path& folder)
{
    ModelConfig config = readModelConfig(folder / "config.json");
    if (model.vocabulary->size() > config.shape.vocabulary) {
        throw Error((folder / "config.json").string() + ": \"vocab_size\": expected at least "
            + std::to_string(model.vocabulary->size())
            + ", one more than the largest id of the vocabulary, found "
            + std::to_string(config.shape.vocabulary) + "; the files do not belong together");
    }

    const fs::path file = folder / "model.safetensors";
    TensorReader tensors(file);
    model.shape = config.shape;
    if (config.shape.kind == ModelKind::Lstm) {
        model.weights = readLstm(tensors, config.shape, file);
    } else {
        config.shape.tied = !tensors.has("lm_head.weight");
        model.shape.tied = config.shape.tied;
        model.weights = readAttention(tensors, config);
    }
    model.warnings = tensors.warnings();
    return std::make_shared<const Model>(std::move(model));
}

} // namespace

ModelPointer loadModel(const fs::path& folder)
{
    refuseIncompleteFolder(
        folder, { "config.json", "model.safetensors", "vocab.json", "merges.txt" });
    const fs::path place = fs::canonical(folder);
    return readModel({ .name = place.filename().string(),
                         .origin = place.string(),
                         .shape = {},
                         .weights = {},
                         .vocabulary = Vocabulary::load(folder),
                         .warnings = {} },
        folder);
}

ModelPointer loadBundledModel(
    const fs::path& folder, const std::string& name, std::shared_ptr<const Vocabulary> vocabulary)
{
    refuseIncompleteFolder(folder, { "config.json", "model.safetensors" });
    return readModel({ .name = name,
                         .origin = std::string(bundledOrigin),
                         .shape = {},
                         .weights = {},
                         .vocabulary = std::move(vocabulary),
                         .warnings = {} },
        folder);
}

void saveModel(const Model& model, const fs::path& folder, NumberFormat format)
{
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        throw Error(folder.string() + ": cannot be made: " + failed.message());

    ModelConfig config { .shape = model.shape };
    TensorWriter tensors;
    const auto visit = [&](auto&&... tensor) { tensors(tensor...); };
    if (const auto* lstm = std::get_if<LstmWeights<float>>(&model.weights)) {
        visitLstmTensors(*lstm, config.shape, visit);
    } else {
        const auto& attention = std::get<AttentionWeights<float>>(model.weights);
        config.sinusoids = attention.positions.size() == 0;
        visitAttentionTensors(attention, config.shape, config.sinusoids, visit);
    }
    model.vocabulary->save(folder);
    writeSafetensors(folder / "model.safetensors", tensors.tensors(), {}, format);
    writeWholeFile(folder / "config.json", formatModelConfig(config));
}

} // namespace timestep
