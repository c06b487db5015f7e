// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/text/vocabulary.h"
#include "engine/training/ordered_windows.h"

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace timestep {

/// One file of a corpus, read by itself: no window holds tokens of two sources.
struct CorpusSource
{
    std::string path;
    std::string name; // that of the file without .txt; the path where two have the same
    std::vector<std::string> documents; // not empty
};

/// The files that --corpus names or whose folders it names, in their order. They are split into
/// tokens once for models of one vocabulary.
class CorpusSources
{
public:
    /// Throws Error that names a file that cannot be read or holds no text.
    explicit CorpusSources(const std::vector<std::string>& filesAndFolders);

    const std::vector<CorpusSource>& all() const { return m_sources; } // not empty
    std::size_t documents() const; // of all sources

    /// Of each source. Throws Error that names one with nothing to foretell, Interrupted when
    /// stopped.
    std::vector<OrderedWindows> windows(const std::shared_ptr<const Vocabulary>& vocabulary,
        int steps, const std::stop_token& stop);

private:
    std::vector<CorpusSource> m_sources;
    std::shared_ptr<const Vocabulary> m_vocabulary; // of m_tokens
    std::vector<std::shared_ptr<const TokenDocuments>> m_tokens; // of each source
};

} // namespace timestep
