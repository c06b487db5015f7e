// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_folder.h"
#include "engine/model/untrained_model.h"
#include "engine/resource_folder.h"
#include "engine/whole_file.h"

#include <filesystem>
#include <string>

namespace timestep {

/// What the program's resources are like with trained models among them, small ones: pair `words`
/// (the default) with the bundled vocabulary, pair `bytes` of single bytes, and `byte-lstm-8` that
/// is in no pair.
inline constexpr const char* bundledTestIndex = R"({
    "default": "words",
    "models": [
        { "name": "word-lstm", "vocabulary": "bundled", "title": "Small LSTM", "sentence": "One." },
        { "name": "word-attention", "vocabulary": "bundled", "title": "Small", "sentence": "Two." },
        { "name": "byte-lstm", "vocabulary": "bytes", "title": "Bytes", "sentence": "Three." },
        { "name": "byte-lstm-8", "vocabulary": "bytes", "title": "Eight units", "sentence": "Four." },
        { "name": "byte-attention", "vocabulary": "bytes", "title": "Bytes", "sentence": "Five." }
    ],
    "pairs": [
        { "name": "words", "title": "Words", "sentence": "Reads words.",
          "lstm": "word-lstm", "attention": "word-attention" },
        { "name": "bytes", "title": "Single bytes", "sentence": "Reads bytes, one by one.",
          "lstm": "byte-lstm", "attention": "byte-attention" }
    ]
})";

/// As a bundled model is kept: sizes and weights alone.
inline void saveBundledTestModel(ModelKind kind, int width, int context,
    const std::shared_ptr<const Vocabulary>& vocabulary, const std::filesystem::path& folder)
{
    const ModelShape shape { .kind = kind,
        .vocabulary = static_cast<int>(vocabulary->size()),
        .layers = 1,
        .width = width,
        .embedding = width,
        .heads = kind == ModelKind::Lstm ? 0 : 2,
        .context = context };
    const Positions positions = kind == ModelKind::Lstm ? Positions::Sinusoids : Positions::Learned;
    saveModel(*untrainedModel(shape, positions, vocabulary, 5), folder, NumberFormat::F16);
    std::filesystem::remove(folder / "vocab.json");
    std::filesystem::remove(folder / "merges.txt");
}

/// Makes FOLDER such resources. The vocabulary and the samples are those of the program.
inline void makeBundledTestResources(const std::filesystem::path& folder)
{
    namespace fs = std::filesystem;
    const fs::path models = folder / "models";
    fs::create_directories(models);
    for (const char* name : { "vocabulary", "samples" })
        fs::create_directory_symlink(fs::canonical(resourceFolder() / name), folder / name);
    const auto words = Vocabulary::load(folder / "vocabulary");
    const auto bytes = Vocabulary::singleBytes();
    saveBundledTestModel(ModelKind::Lstm, 16, 0, words, models / "word-lstm");
    saveBundledTestModel(ModelKind::Attention, 16, 64, words, models / "word-attention");
    saveBundledTestModel(ModelKind::Lstm, 16, 0, bytes, models / "byte-lstm");
    saveBundledTestModel(ModelKind::Lstm, 8, 0, bytes, models / "byte-lstm-8");
    saveBundledTestModel(ModelKind::Attention, 16, 48, bytes, models / "byte-attention");
    writeWholeFile(models / "index.json", bundledTestIndex);
}

} // namespace timestep
