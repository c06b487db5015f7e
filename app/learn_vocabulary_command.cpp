// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/arguments.h"
#include "app/commands.h"
#include "app/interruption.h"
#include "engine/text/corpus_file.h"
#include "engine/text/vocabulary.h"
#include "engine/text/vocabulary_learner.h"

#include <iostream>
#include <iterator>
#include <limits>
#include <unistd.h>

namespace timestep {

namespace {

/// Progress is for a person who waits, not for a log.
void tell(const std::string& line)
{
    if (isatty(STDERR_FILENO) == 1)
        std::cerr << line << '\n';
}

int learn(const Arguments& arguments, std::stop_token stop)
{
    const std::vector<std::string> files = arguments.texts("--corpus");
    if (files.empty() || !arguments.has("--merges") || !arguments.has("-o"))
        throw UsageError("--corpus, --merges and -o are all needed");
    const auto merges = static_cast<int>(
        arguments.integer("--merges", 0, 0, std::numeric_limits<int>::max() - 257));
    std::vector<std::string> documents;
    for (const std::string& file : files) {
        std::vector<std::string> more = readCorpus(file);
        documents.insert(documents.end(), std::make_move_iterator(more.begin()),
            std::make_move_iterator(more.end()));
    }
    tell("learning " + std::to_string(merges) + " merges from " + std::to_string(documents.size())
        + " documents");
    const std::shared_ptr<const Vocabulary> vocabulary
        = learnVocabulary({ documents.begin(), documents.end() }, merges, stop);
    if (!vocabulary || stop.stop_requested())
        throw Interrupted();
    const std::string folder = arguments.text("-o");
    vocabulary->save(folder);
    tell("wrote vocab.json and merges.txt to " + folder);
    return 0;
}

} // namespace

Command learnVocabularyCommand()
{
    return { .name = "learn-vocabulary",
        .purpose = "Learns the pieces of a byte-level BPE from text files",
        .options = {
            { "--corpus", "FILE|DIR", "text to learn from, or a folder of .txt files",
                Option::Takes::Values },
            { "--merges", "N", "how many pairs to merge; the vocabulary has 257 pieces more" },
            { "-o", "DIR", "folder for vocab.json and merges.txt" },
        },
        .notes = "A line that holds <|endoftext|> and nothing else parts two documents of a file. The result depends\n"
                 "on nothing but the documents and N. Both files appear whole or not at all.",
        .run = learn };
}

} // namespace timestep
