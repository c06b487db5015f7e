// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/corpus_sources.h"

#include "app/interruption.h"
#include "engine/error.h"
#include "engine/text/corpus_file.h"

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <optional>

namespace timestep {

namespace fs = std::filesystem;

namespace {

CorpusSource sourceOf(const fs::path& file)
{
    CorpusSource source { .path = file.string(),
        .name = (file.extension() == ".txt" ? file.stem() : file.filename()).string(),
        .documents = readCorpus(file) };
    if (source.documents.empty())
        throw Error(source.path + " holds no text; leave it out of the corpus");
    return source;
}

/// Names that would not tell two sources apart become paths.
void nameApart(std::vector<CorpusSource>& sources)
{
    std::vector<std::string> names;
    names.reserve(sources.size());
    for (const CorpusSource& source : sources)
        names.push_back(source.name);
    for (CorpusSource& source : sources)
        if (std::count(names.begin(), names.end(), source.name) > 1)
            source.name = source.path;
}

std::shared_ptr<const TokenDocuments> tokensOf(const CorpusSource& source,
    const std::shared_ptr<const Vocabulary>& vocabulary, const std::stop_token& stop)
{
    const std::optional<TextCorpus> corpus
        = tokenizedCorpus(source.documents, Tokenizer(vocabulary), 0, stop);
    if (!corpus)
        throw Interrupted();
    return corpus->training; // nothing of it is held out from the judging
}

} // namespace

CorpusSources::CorpusSources(const std::vector<std::string>& filesAndFolders)
{
    for (const std::string& one : filesAndFolders)
        for (const fs::path& file : corpusFiles(one))
            m_sources.push_back(sourceOf(file));
    nameApart(m_sources);
}

std::size_t CorpusSources::documents() const
{
    return std::accumulate(m_sources.begin(), m_sources.end(), std::size_t { 0 },
        [](std::size_t sum, const CorpusSource& source) { return sum + source.documents.size(); });
}

std::vector<OrderedWindows> CorpusSources::windows(
    const std::shared_ptr<const Vocabulary>& vocabulary, int steps, const std::stop_token& stop)
{
    if (m_vocabulary == nullptr || !(*m_vocabulary == *vocabulary)) {
        m_tokens.clear();
        for (const CorpusSource& source : m_sources)
            m_tokens.push_back(tokensOf(source, vocabulary, stop));
        m_vocabulary = vocabulary;
    }
    std::vector<OrderedWindows> windows;
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        try {
            windows.emplace_back(m_tokens[i], steps);
        } catch (const Error& error) {
            throw Error(m_sources[i].path + ": " + error.what());
        }
    }
    return windows;
}

} // namespace timestep
