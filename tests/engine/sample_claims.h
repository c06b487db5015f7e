// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/engine/read_text.h"

#include <nlohmann/json.hpp>

#include <array>

namespace timestep {

/// Whether a claim holds, and what was found, to be told where it does not.
struct ClaimCheck
{
    bool so = false;
    std::string found;
};

/// What a model makes of a text, against what a claim of resources/samples/index.json says:
/// `predicts`: how it most probably goes on; `predicts_not`: how it does not; `likelier`: one way
/// to go on, and another that is less likely; `loss_falls`: two ranges of bytes, the second
/// foretold better. Throws Error for a text that the model cannot read, and for a claim that is
/// none of these.
inline ClaimCheck checkClaim(
    const ModelPointer& model, const std::string& text, const nlohmann::json& claim)
{
    const auto numbers = [](double first, double second) {
        return std::to_string(first) + " and " + std::to_string(second);
    };
    for (const char* key : { "predicts", "predicts_not" }) {
        if (!claim.contains(key))
            continue;
        const std::string said = claim.at(key);
        const std::string likeliest = ReadText(model, text, said).likeliestInstead();
        return { (likeliest == said) == (key == std::string("predicts")), likeliest };
    }
    if (claim.contains("likelier")) {
        const auto ways = claim.at("likelier").get<std::array<std::string, 2>>();
        const double first = ReadText(model, text, ways[0]).continuationLogProbability();
        const double second = ReadText(model, text, ways[1]).continuationLogProbability();
        return { first > second, "log p " + numbers(first, second) };
    }
    if (claim.contains("loss_falls")) {
        const auto ranges = claim.at("loss_falls").get<std::array<std::array<std::size_t, 2>, 2>>();
        const ReadText read(model, text);
        const double first = read.bitsPerByte(ranges[0][0], ranges[0][1]);
        const double second = read.bitsPerByte(ranges[1][0], ranges[1][1]);
        return { second < first, "bits a byte " + numbers(first, second) };
    }
    throw Error("a claim that nobody can check: " + claim.dump());
}

} // namespace timestep
