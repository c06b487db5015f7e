// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/model/model_shape.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace timestep {

/// The vocabularies of models that come with the program. They are part of it, so that the models'
/// folders hold weights and sizes only.
enum class BundledVocabulary
{
    Words, // resources/vocabulary; "bundled" in the index
    Bytes // one token for each byte; "bytes"
};

/// A model that comes with the program.
struct BundledModel
{
    std::string name; // "english-lstm"
    std::string title; // in few words
    std::string sentence; // what it is
    BundledVocabulary vocabulary = BundledVocabulary::Words;
    std::filesystem::path folder; // config.json and model.safetensors; empty: made, not read
    ModelKind kind = ModelKind::Lstm;
};

/// An LSTM and an attention model that are to be seen together.
struct BundledPair
{
    std::string name; // "english"
    std::string title; // in few words
    std::string sentence; // what it shows
    std::string lstm, attention; // names of its models
};

/// What comes with the program: the trained models and pairs that resources/models/index.json
/// lists, then the untrained pair, whose weights follow from a seed.
class BundledModels
{
public:
    /// Reads FOLDER/index.json, where it is there, and the config.json of each model. Throws Error
    /// that names the file and the entry.
    explicit BundledModels(const std::filesystem::path& folder);

    /// Those of the program, read once, by whichever thread asks first.
    static const BundledModels& ofProgram();

    const std::vector<BundledModel>& models() const { return m_models; }
    const std::vector<BundledPair>& pairs() const { return m_pairs; }

    /// What the program opens with where no model is named: the pair the index calls the default,
    /// else the untrained one.
    const BundledPair& defaultPair() const { return *pair(m_default); }

    /// Null where there is none of this name.
    const BundledModel* model(std::string_view name) const;
    const BundledPair* pair(std::string_view name) const;

    /// What a model is seen with where no other is named: the other model of the first pair that it
    /// is in, else of the first pair of its vocabulary; null where there is none.
    const BundledModel* partner(const BundledModel& model) const;

    /// Names one may ask for, for an error: "models: a, b; pairs: c, d".
    std::string names() const;

private:
    class Entry;
    void readIndex(const std::filesystem::path& folder);
    void addUntrained();
    void refuseIfTaken(const Entry& entry) const;
    static BundledModel listedModel(const Entry& entry, const std::filesystem::path& folder);
    BundledPair listedPair(const Entry& entry) const;

    std::vector<BundledModel> m_models;
    std::vector<BundledPair> m_pairs;
    std::string m_default; // name of a pair
};

} // namespace timestep
