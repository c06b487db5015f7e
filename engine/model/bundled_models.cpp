// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/model/bundled_models.h"

#include "engine/error.h"
#include "engine/model/model_config.h"
#include "engine/model/shallow_json.h"
#include "engine/model/untrained_model.h"
#include "engine/resource_folder.h"
#include "engine/whole_file.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace timestep {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr std::string_view untrainedPairName = "untrained";
constexpr std::size_t indexDepth = 3; // object of lists of entries

template <typename Named>
const Named* named(const std::vector<Named>& entries, std::string_view name)
{
    const auto found = std::ranges::find(entries, name, &Named::name);
    return found == entries.end() ? nullptr : &*found;
}

template <typename Named>
std::string listOfNames(const std::vector<Named>& entries)
{
    std::string list;
    for (const Named& entry : entries)
        list += (list.empty() ? "" : ", ") + entry.name;
    return list;
}

} // namespace

/// An entry of the index, or all of it, with errors that name the file.
class BundledModels::Entry
{
public:
    Entry(const json& values, const fs::path& file)
        : m_values(values)
        , m_file(file)
    {
    }

    std::string text(const char* key) const
    {
        const auto found = m_values.is_object() ? m_values.find(key) : m_values.end();
        if (found == m_values.end() || !found->is_string() || found->get<std::string>().empty())
            refuse(std::string("expected \"") + key + "\", a text");
        return found->get<std::string>();
    }

    BundledVocabulary vocabulary() const
    {
        const std::string name = text("vocabulary");
        if (name != "bundled" && name != "bytes")
            refuse(R"("vocabulary": expected "bundled" or "bytes")");
        return name == "bundled" ? BundledVocabulary::Words : BundledVocabulary::Bytes;
    }

    const json& list(const char* key) const
    {
        const auto found = m_values.find(key);
        if (found == m_values.end() || !found->is_array())
            refuse(std::string("expected \"") + key + "\", a list");
        return *found;
    }

    [[noreturn]] void refuse(const std::string& why) const
    {
        throw Error(m_file.string() + ": " + shownName(m_values.dump()) + ": " + why
            + "; restore the file");
    }

private:
    const json& m_values;
    const fs::path& m_file;
};

BundledModels::BundledModels(const fs::path& folder)
    : m_default(untrainedPairName)
{
    addUntrained();
    const auto untrainedModels = std::ssize(m_models);
    const auto untrainedPairs = std::ssize(m_pairs);
    std::error_code unknown;
    if (fs::exists(folder / "index.json", unknown))
        readIndex(folder);
    std::ranges::rotate(m_models, m_models.begin() + untrainedModels);
    std::ranges::rotate(m_pairs, m_pairs.begin() + untrainedPairs);
}

const BundledModels& BundledModels::ofProgram()
{
    static const BundledModels bundled(resourceFolder() / "models");
    return bundled;
}

void BundledModels::readIndex(const fs::path& folder)
{
    const fs::path file = folder / "index.json";
    const json index = parseShallowJson(readWholeFile(file), indexDepth, file.string());
    const Entry whole(index, file);
    for (const json& values : whole.list("models")) {
        const Entry entry(values, file);
        refuseIfTaken(entry);
        m_models.push_back(listedModel(entry, folder));
    }
    for (const json& values : whole.list("pairs")) {
        const Entry entry(values, file);
        refuseIfTaken(entry);
        m_pairs.push_back(listedPair(entry));
    }
    if (index.contains("default"))
        m_default = whole.text("default");
    if (!pair(m_default))
        whole.refuse(R"("default": expected the name of one of the pairs)");
}

void BundledModels::refuseIfTaken(const Entry& entry) const
{
    const std::string name = entry.text("name");
    if (model(name) || pair(name))
        entry.refuse("there are two of this name");
}

BundledModel BundledModels::listedModel(const Entry& entry, const fs::path& folder)
{
    const std::string name = entry.text("name");
    return { .name = name,
        .title = entry.text("title"),
        .sentence = entry.text("sentence"),
        .vocabulary = entry.vocabulary(),
        .folder = folder / name,
        .kind = readModelConfig(folder / name / "config.json").shape.kind };
}

BundledPair BundledModels::listedPair(const Entry& entry) const
{
    BundledPair listed { .name = entry.text("name"),
        .title = entry.text("title"),
        .sentence = entry.text("sentence"),
        .lstm = entry.text("lstm"),
        .attention = entry.text("attention") };
    const BundledModel* const lstm = model(listed.lstm);
    const BundledModel* const attention = model(listed.attention);
    if (!lstm || lstm->kind != ModelKind::Lstm)
        entry.refuse("\"lstm\": expected the name of one of the models, an LSTM");
    if (!attention || attention->kind != ModelKind::Attention)
        entry.refuse("\"attention\": expected the name of one of the models, of attention");
    if (lstm->vocabulary != attention->vocabulary)
        entry.refuse("the models of a pair must have one vocabulary");
    return listed;
}

void BundledModels::addUntrained()
{
    m_models.push_back({ .name = untrainedName(ModelKind::Lstm),
        .title = "Untrained LSTM",
        .sentence = "Random weights: 2 layers of 256.",
        .vocabulary = BundledVocabulary::Words,
        .folder = {},
        .kind = ModelKind::Lstm });
    m_models.push_back({ .name = untrainedName(ModelKind::Attention),
        .title = "Untrained attention",
        .sentence = "Random weights: 4 layers of 160, 5 heads.",
        .vocabulary = BundledVocabulary::Words,
        .folder = {},
        .kind = ModelKind::Attention });
    m_pairs.push_back({ .name = std::string(untrainedPairName),
        .title = "Untrained",
        .sentence = "Random weights: who waits for whom does not depend on training. Reads up to "
                    "16,384 tokens.",
        .lstm = untrainedName(ModelKind::Lstm),
        .attention = untrainedName(ModelKind::Attention) });
}

const BundledModel* BundledModels::model(std::string_view name) const
{
    return named(m_models, name);
}

const BundledPair* BundledModels::pair(std::string_view name) const { return named(m_pairs, name); }

const BundledModel* BundledModels::partner(const BundledModel& alone) const
{
    const auto has = [&](const BundledPair& pair) {
        return pair.lstm == alone.name || pair.attention == alone.name;
    };
    const auto suits
        = [&](const BundledPair& pair) { return model(pair.lstm)->vocabulary == alone.vocabulary; };
    auto found = std::ranges::find_if(m_pairs, has);
    if (found == m_pairs.end())
        found = std::ranges::find_if(m_pairs, suits);
    if (found == m_pairs.end())
        return nullptr;
    return model(alone.kind == ModelKind::Lstm ? found->attention : found->lstm);
}

std::string BundledModels::names() const
{
    return "models: " + listOfNames(m_models) + "; pairs: " + listOfNames(m_pairs);
}

} // namespace timestep
