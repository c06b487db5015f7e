// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_grid.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

/// Hidden units or heads, whichever the operation is a part of.
IndexRange partOf(const Operation& operation)
{
    return operation.heads.count() > 0 ? operation.heads : operation.units;
}

struct TierKey
{
    int rowBegin;
    int layer;
    OperationKind kind;
    auto operator<=>(const TierKey&) const = default;
};

/// Where each part of a tier begins, in order: its position is the part's number.
using TierParts = std::map<TierKey, std::vector<int>>;

TierParts partsOf(std::span<const Operation> operations)
{
    TierParts tiers;
    TierKey lastKey {};
    std::vector<int>* last = nullptr;
    for (const Operation& operation : operations) {
        const TierKey key { operation.rows.begin, operation.layer, operation.kind };
        if (!last || key != lastKey)
            last = &tiers[key];
        lastKey = key;
        const int begin = partOf(operation).begin;
        const auto at = std::lower_bound(last->begin(), last->end(), begin);
        if (at == last->end() || *at != begin)
            last->insert(at, begin);
    }
    return tiers;
}

} // namespace

StepsGrid::StepsGrid(const Plan& plan)
    : m_steps(plan.shape().steps)
{
    const auto operations = plan.operations();
    const TierParts tiers = partsOf(operations);

    std::map<TierKey, std::pair<int, int>> tierAt; // strip, tier
    for (const auto& [key, parts] : tiers) {
        const bool newStrip = m_strips.empty() || m_strips.back().layer != key.layer
            || m_strips.back().rows.begin != key.rowBegin;
        if (newStrip)
            m_strips.push_back({ key.layer, { key.rowBegin, key.rowBegin }, {} });
        StepsStrip& strip = m_strips.back();
        tierAt[key] = { int(m_strips.size()) - 1, int(strip.tiers.size()) };
        const int count = int(parts.size());
        strip.tiers.push_back(
            { key.kind, count, std::vector<int>(std::size_t(m_steps) * std::size_t(count), -1) });
    }
    m_layers = int(std::count_if(m_strips.begin(), m_strips.end(), [this](const StepsStrip& strip) {
        return strip.rows.begin == m_strips.front().rows.begin;
    }));

    m_places.resize(operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation& operation = operations[i];
        const TierKey key { operation.rows.begin, operation.layer, operation.kind };
        const auto [strip, tier] = tierAt[key];
        const std::vector<int>& parts = tiers.at(key);
        const int part = int(
            std::lower_bound(parts.begin(), parts.end(), partOf(operation).begin) - parts.begin());
        m_strips[std::size_t(strip)].rows.end = operation.rows.end;
        m_places[i] = { strip, operation.steps.begin, tier, part };
        StepsTier& cells = m_strips[std::size_t(strip)].tiers[std::size_t(tier)];
        for (int step = operation.steps.begin; step < operation.steps.end; ++step)
            cells.operations[std::size_t(step * cells.parts + part)] = int(i);
    }
}

int StepsGrid::operation(const StepsPlace& place) const
{
    if (place.strip < 0 || place.strip >= int(m_strips.size()) || place.step < 0
        || place.step >= m_steps)
        return -1;
    const StepsStrip& strip = m_strips[std::size_t(place.strip)];
    if (place.tier < 0 || place.tier >= int(strip.tiers.size()))
        return -1;
    const StepsTier& tier = strip.tiers[std::size_t(place.tier)];
    if (place.part < 0 || place.part >= tier.parts)
        return -1;
    return tier.operation(place.step, place.part);
}

StepsRelations relationsOf(const Plan& plan, int operation)
{
    StepsRelations relations;
    for (const OperationRange range : plan.needs(operation)) {
        for (int need = range.begin; need < range.end; ++need)
            relations.needs.push_back(need);
    }
    std::sort(relations.needs.begin(), relations.needs.end());
    const int count = int(plan.operations().size());
    for (int later = operation + 1; later < count; ++later) { // needs point backwards only
        const auto needs = plan.needs(later);
        if (std::any_of(needs.begin(), needs.end(), [operation](const OperationRange& range) {
                return operation >= range.begin && operation < range.end;
            }))
            relations.unblocks.push_back(later);
    }
    return relations;
}

} // namespace timestep
