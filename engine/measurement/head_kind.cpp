// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/head_kind.h"

#include <algorithm>

namespace timestep {

namespace {

constexpr std::array kindsWithAJob { HeadKind::PreviousToken, HeadKind::FirstToken,
    HeadKind::Induction };

HeadFigure mean(const HeadFigure& sum)
{
    if (sum.positions == 0)
        return {};
    const auto count = static_cast<double>(sum.positions);
    return { sum.score / count, sum.even / count, sum.positions };
}

} // namespace

const HeadFigure& HeadFigures::of(HeadKind kind) const
{
    switch (kind) {
    case HeadKind::PreviousToken:
        return previousToken;
    case HeadKind::FirstToken:
        return firstToken;
    case HeadKind::Induction:
        return induction;
    case HeadKind::Wide:
        break;
    }
    return spread;
}

bool isClear(HeadKind kind, const HeadFigures& figures)
{
    const HeadFigure& figure = figures.of(kind);
    if (figure.positions < fewestPositionsOfAKind)
        return false;
    return kind == HeadKind::Wide ? figure.score >= wideSpread : figure.excess() >= clearExcess;
}

std::optional<HeadKind> kindOf(const HeadFigures& figures)
{
    std::optional<HeadKind> kind;
    for (const HeadKind job : kindsWithAJob)
        if (isClear(job, figures)
            && (!kind || figures.of(job).excess() > figures.of(*kind).excess()))
            kind = job;
    if (!kind && isClear(HeadKind::Wide, figures))
        return HeadKind::Wide;
    return kind;
}

void addPosition(HeadFigures& sums, std::span<const TokenId> tokens, int query, IndexRange seen,
    const float* row)
{
    const auto add = [&](HeadJob job, HeadFigure& figure) {
        const std::vector<int> keys = keysOfJob(job, tokens, query);
        const auto found = std::count_if(
            keys.begin(), keys.end(), [seen](int key) { return seen.contains(key); });
        if (keys.empty() || 2 * found > seen.count())
            return;
        ++figure.positions;
        figure.even += static_cast<double>(found) / seen.count();
        for (const int key : keys)
            figure.score += row[key];
    };
    add(HeadJob::PreviousToken, sums.previousToken);
    add(HeadJob::FirstToken, sums.firstToken);
    add(HeadJob::Induction, sums.induction);
}

HeadFigures meanOf(const HeadFigures& sums)
{
    return { mean(sums.previousToken), mean(sums.firstToken), mean(sums.induction),
        mean(sums.spread) };
}

} // namespace timestep
