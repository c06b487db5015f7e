// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/head_scores.h"

#include <algorithm>
#include <cassert>

namespace timestep {

namespace {

constexpr int queriesAtOnce = 64; // a block of 16,384 keys is 4 MiB, and a stop waits for one block

/// What a block of queries looks for, one job after the other.
struct WantedKeys
{
    struct Want
    {
        HeadJob job;
        int query;
        std::vector<int> keys; // not empty
    };
    std::vector<Want> wants;

    WantedKeys(std::span<const HeadJob> jobs, std::span<const TokenId> tokens, IndexRange queries)
    {
        for (const HeadJob job : jobs)
            for (int query = queries.begin; query < queries.end; ++query)
                if (std::vector<int> keys = keysOfJob(job, tokens, query); !keys.empty())
                    wants.push_back({ job, query, std::move(keys) });
    }
};

} // namespace

std::string_view headJobName(HeadJob job)
{
    switch (job) {
    case HeadJob::PreviousToken:
        return "previous_token";
    case HeadJob::Induction:
        return "induction";
    case HeadJob::FirstToken:
        return "first_token";
    case HeadJob::RepeatedInduction:
        return "repeated_induction";
    }
    return {};
}

std::vector<int> keysOfJob(HeadJob job, std::span<const TokenId> tokens, int query)
{
    const int repeated = static_cast<int>(tokens.size() / 2); // n
    std::vector<int> keys;
    switch (job) {
    case HeadJob::PreviousToken:
        if (query > 0)
            keys.push_back(query - 1);
        break;
    case HeadJob::Induction:
        for (int key = 0; key < query; ++key)
            if (tokens[static_cast<std::size_t>(key)] == tokens[static_cast<std::size_t>(query)])
                keys.push_back(key + 1);
        break;
    case HeadJob::FirstToken:
        if (query > 0)
            keys.push_back(0);
        break;
    case HeadJob::RepeatedInduction:
        if (query >= repeated)
            keys.push_back(query - repeated + 1);
        break;
    }
    return keys;
}

HeadScores::HeadScores(int layers, int heads)
    : m_layers(layers)
    , m_heads(heads)
{
    for (Sums& sums : m_sums)
        sums.affinity.resize(static_cast<std::size_t>(layers) * static_cast<std::size_t>(heads));
}

bool HeadScores::add(std::span<const HeadJob> jobs, const Affinities& affinities,
    std::span<const TokenId> tokens, const std::stop_token& stop)
{
    assert(affinities.layers() == m_layers && affinities.heads() == m_heads);
    assert(affinities.tokens() == static_cast<int>(tokens.size()));
    const int steps = affinities.tokens();
    std::vector<float> shares(static_cast<std::size_t>(queriesAtOnce) * tokens.size());
    for (int first = 0; first < steps; first += queriesAtOnce) {
        const IndexRange queries { first, std::min(first + queriesAtOnce, steps) };
        const WantedKeys wanted(jobs, tokens, queries);
        for (const WantedKeys::Want& want : wanted.wants) {
            Sums& sums = m_sums[static_cast<std::size_t>(want.job)];
            ++sums.positions;
            const IndexRange seen = affinities.seenBy(want.query);
            const auto found = std::count_if(want.keys.begin(), want.keys.end(),
                [seen](int key) { return seen.contains(key); });
            sums.even += static_cast<double>(found) / seen.count();
        }
        for (int place = 0; place < m_layers * m_heads; ++place) {
            if (stop.stop_requested())
                return false;
            const HeadIndex head { place / m_heads, place % m_heads };
            affinities.read(head,
                { .queries = queries,
                    .keys = { 0, steps },
                    .shares = shares.data(),
                    .stride = tokens.size() });
            for (const WantedKeys::Want& want : wanted.wants) {
                const float* row
                    = shares.data() + static_cast<std::size_t>(want.query - first) * tokens.size();
                double& sum = m_sums[static_cast<std::size_t>(want.job)].affinity[at(head)];
                for (const int key : want.keys)
                    sum += row[key];
            }
        }
    }
    return true;
}

std::int64_t HeadScores::positions(HeadJob job) const { return of(job).positions; }

double HeadScores::score(HeadJob job, HeadIndex head) const
{
    assert(positions(job) > 0);
    return of(job).affinity[at(head)] / static_cast<double>(positions(job));
}

double HeadScores::evenSpread(HeadJob job) const
{
    assert(positions(job) > 0);
    return of(job).even / static_cast<double>(positions(job));
}

HeadIndex HeadScores::best(HeadJob job) const
{
    const std::vector<double>& sums = of(job).affinity;
    const auto place = static_cast<int>(std::max_element(sums.begin(), sums.end()) - sums.begin());
    return { place / m_heads, place % m_heads };
}

std::size_t HeadScores::at(HeadIndex head) const
{
    return static_cast<std::size_t>(head.layer) * static_cast<std::size_t>(m_heads)
        + static_cast<std::size_t>(head.head);
}

} // namespace timestep
