// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/evaluate_texts.h"

#include "app/arguments.h"
#include "app/interruption.h"
#include "engine/error.h"
#include "engine/text/corpus_file.h"

#include <algorithm>
#include <iterator>
#include <optional>

namespace timestep {

namespace {

constexpr int longest = 1 << 20;
constexpr int lengthWithoutContext = 256;
constexpr int longestByDefault = 1024; // beyond it attention's time grows faster than what it tells

/// Texts are split into tokens once for models of one vocabulary.
class Corpus
{
public:
    explicit Corpus(const std::vector<std::string>& paths)
    {
        for (const std::string& path : paths) {
            std::vector<std::string> more = readCorpus(path);
            m_texts.insert(m_texts.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
        }
        if (m_texts.empty())
            throw Error("the corpus holds no text; name a file that does");
    }

    std::size_t documents() const { return m_texts.size(); }

    std::shared_ptr<const TokenDocuments> tokens(
        const std::shared_ptr<const Vocabulary>& vocabulary, const std::stop_token& stop)
    {
        if (m_vocabulary == nullptr || !(*m_vocabulary == *vocabulary)) {
            const std::optional<TextCorpus> corpus
                = tokenizedCorpus(m_texts, Tokenizer(vocabulary), 0, stop);
            if (!corpus)
                throw Interrupted();
            m_tokens = corpus->training; // nothing of it is held out from the judging
            m_vocabulary = vocabulary;
        }
        return m_tokens;
    }

private:
    std::vector<std::string> m_texts;
    std::shared_ptr<const Vocabulary> m_vocabulary; // of m_tokens
    std::shared_ptr<const TokenDocuments> m_tokens;
};

/// One for all models: losses at different lengths cannot be compared.
int defaultLength(const std::vector<ModelPointer>& models)
{
    int shortest = 0;
    for (const ModelPointer& model : models) {
        const int context = model->shape.context;
        if (context > 0 && (shortest == 0 || context < shortest))
            shortest = context;
    }
    return shortest == 0 ? lengthWithoutContext : std::min(shortest, longestByDefault);
}

} // namespace

TextReport evaluateTexts(const EvaluationCall& call)
{
    const Arguments& arguments = call.arguments;
    TextReport report;
    report.corpus = arguments.texts("--corpus");
    report.kernel = call.kernels.name;
    Corpus corpus(report.corpus);
    report.documents = corpus.documents();
    const auto length
        = static_cast<int>(arguments.integer("--length", defaultLength(call.models), 1, longest));
    for (const ModelPointer& model : call.models) {
        const OrderedWindows windows(corpus.tokens(model->vocabulary, call.stop), length);
        const PackedModel packed(model, call.kernels);
        const auto evaluator
            = call.evaluator(packed, static_cast<std::int64_t>(windows.windows()), windows.steps());
        const EvaluationLine line(model->name, "tokens");
        const std::optional<TextScore> score
            = evaluateText(*evaluator, windows, *model->vocabulary, call.stop, line.shown());
        if (!score)
            throw Interrupted();
        refuseUnlessFinite(*model, score->tokens);
        report.lines.push_back({ model, windows.steps(), windows.windows(), *score });
    }
    return report;
}

} // namespace timestep
