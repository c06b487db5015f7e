// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/steps_grid.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace timestep {

namespace {

/// Hidden units or heads, whichever the operation is a part of.
IndexRange partOf(const Operation& operation)
{
    return operation.heads.count() > 0 ? operation.heads : operation.units;
}

/// After the steps: of all rows, and cut by parameters.
bool isTailKind(OperationKind kind)
{
    return kind == OperationKind::Reduction || kind == OperationKind::GradientNorm
        || kind == OperationKind::Update;
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
        if (isTailKind(operation.kind))
            continue;
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

const StepsTier* StepsStrip::tier(OperationKind kind) const
{
    const auto found = std::find_if(
        tiers.begin(), tiers.end(), [kind](const StepsTier& tier) { return tier.kind == kind; });
    return found == tiers.end() ? nullptr : &*found;
}

const StepsTier& StepsStrip::forwardEnd() const
{
    const auto back = std::find_if(
        tiers.begin(), tiers.end(), [](const StepsTier& tier) { return goesBack(tier.kind); });
    return back == tiers.begin() ? *back : *(back - 1);
}

std::vector<OperationKind> stepsTails(std::span<const Plan* const> plans)
{
    std::set<OperationKind> kinds; // they are numbered in the order in which they follow
    for (const Plan* plan : plans)
        for (const Operation& operation : plan->operations())
            if (isTailKind(operation.kind))
                kinds.insert(operation.kind);
    return { kinds.begin(), kinds.end() };
}

bool goesBack(OperationKind kind)
{
    return kind == OperationKind::RecurrentBackward || kind == OperationKind::BlockBackward
        || kind == OperationKind::InputBackward || kind == OperationKind::WeightGradients;
}

StepsGrid::StepsGrid(const Plan& plan, std::vector<OperationKind> tails)
    : m_tails(std::move(tails))
    , m_steps(plan.shape().steps)
{
    m_places.resize(plan.operations().size());
    placeSteps(plan.operations());
    placeTails(plan.operations());
}

void StepsGrid::placeSteps(std::span<const Operation> operations)
{
    const TierParts tiers = partsOf(operations);

    std::map<TierKey, std::pair<int, int>> tierAt; // strip, tier
    for (const auto& [key, parts] : tiers) {
        const bool newStrip = m_strips.empty() || m_strips.back().layer != key.layer
            || m_strips.back().rows.begin != key.rowBegin;
        if (newStrip)
            m_strips.push_back({ key.layer, { key.rowBegin, key.rowBegin }, {}, {} });
        StepsStrip& strip = m_strips.back();
        tierAt[key] = { int(m_strips.size()) - 1, int(strip.tiers.size()) };
        const int count = int(parts.size());
        strip.tiers.push_back({ key.kind, 0, count,
            std::vector<int>(std::size_t(m_steps) * std::size_t(count), -1) });
    }
    m_layers = int(std::count_if(m_strips.begin(), m_strips.end(), [this](const StepsStrip& strip) {
        return strip.rows.begin == m_strips.front().rows.begin;
    }));

    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation& operation = operations[i];
        if (isTailKind(operation.kind))
            continue;
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

/// Any worker may take any of them: the slices of a layer's parameters are shared out evenly among
/// its strips.
void StepsGrid::placeTails(std::span<const Operation> operations)
{
    for (int tail = 0; tail < int(m_tails.size()); ++tail) {
        const OperationKind kind = m_tails[std::size_t(tail)];
        std::vector<std::vector<int>> ofLayers(static_cast<std::size_t>(m_layers));
        for (int i = 0; i < int(operations.size()); ++i) {
            const Operation& operation = operations[std::size_t(i)];
            if (operation.kind == kind)
                ofLayers[std::size_t(operation.layer)].push_back(i);
        }
        for (int strip = 0; strip < int(m_strips.size()); ++strip) {
            StepsStrip& cells = m_strips[std::size_t(strip)];
            const std::vector<int>& slices = ofLayers[std::size_t(cells.layer)];
            const int count = int(slices.size());
            const int parts = std::max(1, (count + subBatches() - 1) / subBatches());
            StepsTier tier { kind, m_steps + tail, parts,
                std::vector<int>(std::size_t(parts), -1) };
            for (int part = 0; part < parts; ++part) {
                const int slice = strip / m_layers * parts + part;
                if (slice >= count)
                    break;
                const int operation = slices[std::size_t(slice)];
                tier.operations[std::size_t(part)] = operation;
                m_places[std::size_t(operation)] = { strip, m_steps + tail, 0, part };
            }
            cells.tails.push_back(std::move(tier));
        }
    }
}

std::span<const StepsTier> StepsGrid::tiers(int strip, int step) const
{
    const StepsStrip& cells = m_strips[std::size_t(strip)];
    return isTail(step) ? std::span(cells.tails).subspan(std::size_t(step - m_steps), 1)
                        : std::span(cells.tiers);
}

int StepsGrid::operation(const StepsPlace& place) const
{
    if (place.strip < 0 || place.strip >= int(m_strips.size()) || place.step < 0
        || place.step >= stepsAndTails())
        return -1;
    const auto cell = tiers(place.strip, place.step);
    if (place.tier < 0 || place.tier >= int(cell.size()))
        return -1;
    const StepsTier& tier = cell[std::size_t(place.tier)];
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
