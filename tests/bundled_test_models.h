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

inline constexpr const char* bundledTestSamples = R"([
    { "file": "any.txt", "title": "Any", "purpose": "Of no pair." },
    { "file": "recall.txt", "title": "Recall", "purpose": "Asks for q3.", "pair": "bytes" },
    { "file": "words.txt", "title": "Sentence", "purpose": "Some words.", "pair": "words" },
    { "file": "recall-2.txt", "title": "More", "purpose": "Asks for a9.", "pair": "bytes" }
])";

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

/// Makes FOLDER such resources. The vocabulary is that of the program.
inline void makeBundledTestResources(const std::filesystem::path& folder)
{
    namespace fs = std::filesystem;
    const fs::path models = folder / "models";
    fs::create_directories(models);
    fs::create_directory_symlink(
        fs::canonical(resourceFolder() / "vocabulary"), folder / "vocabulary");
    fs::create_directories(folder / "samples");
    writeWholeFile(folder / "samples/index.json", bundledTestSamples);
    writeWholeFile(folder / "samples/any.txt", "any text");
    writeWholeFile(folder / "samples/recall.txt", "q3=7 a9=1 q3=");
    writeWholeFile(folder / "samples/words.txt", "some words");
    writeWholeFile(folder / "samples/recall-2.txt", "q3=7 a9=1 a9=");
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
