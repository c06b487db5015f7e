// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/training/text_corpus.h"

#include "engine/error.h"

#include <utility>

namespace timestep {

std::optional<TextCorpus> tokenizedCorpus(const std::vector<std::string>& documents,
    const Tokenizer& tokenizer, int heldOutOneIn, const std::stop_token& stop)
{
    if (heldOutOneIn < 0)
        throw Error("one document in " + std::to_string(heldOutOneIn)
            + " cannot be held out; give 0 to hold out none, or 2 or more");
    TokenDocuments training;
    TokenDocuments heldOut;
    training.separator = heldOut.separator = tokenizer.vocabulary()->endOfText();
    for (const std::string& document : documents) {
        const std::vector<Token> tokens = tokenizer.encode(document, stop);
        if (stop.stop_requested())
            return std::nullopt;
        if (tokens.empty())
            continue;
        const bool isTrainedOn = sideOf(document, heldOutOneIn) == DataSide::Training;
        TokenDocuments& side = isTrainedOn ? training : heldOut;
        for (const Token& token : tokens)
            side.tokens.push_back(token.id);
        side.ends.push_back(side.tokens.size());
    }
    if (training.count() == 0) {
        throw Error(heldOut.count() == 0
                ? "the corpus is empty; there is nothing to train on"
                : "all documents of the corpus (" + std::to_string(heldOut.count())
                    + ") are held out; hold out none, or train on more documents");
    }
    return TextCorpus { std::make_shared<const TokenDocuments>(std::move(training)),
        std::make_shared<const TokenDocuments>(std::move(heldOut)) };
}

} // namespace timestep
