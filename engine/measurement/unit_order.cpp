// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/measurement/unit_order.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace timestep {

namespace {

/// (H, steps compared): each unit's values less their mean, scaled to length 1; zeros for a unit
/// that never changes.
Matrix<float> standardized(const Matrix<float>& values)
{
    const Eigen::Index steps = values.rows();
    const Eigen::Index compared = std::min<Eigen::Index>(steps, mostStepsCompared);
    Matrix<float> rows(values.cols(), compared);
    for (Eigen::Index i = 0; i < compared; ++i)
        rows.col(i) = values.row(compared > 1 ? i * (steps - 1) / (compared - 1) : 0);
    for (Eigen::Index unit = 0; unit < rows.rows(); ++unit) {
        auto row = rows.row(unit);
        if (row.size() == 0 || (row.array() == row(0)).all()) {
            row.setZero();
            continue;
        }
        const RowVector<double> exact = row.cast<double>();
        row = (exact.array() - exact.mean()).matrix().normalized().cast<float>();
    }
    return rows;
}

/// (H, H): 1 − r.
Matrix<float> distancesOf(const Matrix<float>& values)
{
    const Matrix<float> rows = standardized(values);
    Matrix<float> distances = Matrix<float>::Ones(rows.rows(), rows.rows());
    if (rows.size() > 0)
        distances.selfadjointView<Eigen::Lower>().rankUpdate(rows, -1);
    distances.triangularView<Eigen::StrictlyUpper>() = distances.transpose();
    return distances;
}

/// Average-linkage clusters that grow together until one is left, each with its units in order.
class Clusters
{
public:
    explicit Clusters(const Matrix<float>& values)
        : m_ofUnits(distancesOf(values))
        , m_distances(m_ofUnits)
        , m_orders(static_cast<std::size_t>(values.cols()))
    {
        for (std::size_t unit = 0; unit < m_orders.size(); ++unit)
            m_orders[unit] = { static_cast<int>(unit) };
    }

    /// Follows nearest neighbours until two are each other's nearest, and merges these: the same
    /// tree as merging the closest pair of all each time, in O(H²) (Murtagh, "A survey of recent
    /// advances in hierarchical clustering algorithms", 1983).
    std::vector<int> mergeAll()
    {
        std::vector<int> chain;
        for (std::size_t left = m_orders.size(); left > 1; --left) {
            if (chain.empty())
                chain.push_back(firstCluster());
            int nearest = nearestTo(chain);
            while (chain.size() < 2 || nearest != chain[chain.size() - 2]) {
                chain.push_back(nearest);
                nearest = nearestTo(chain);
            }
            const int last = chain.back();
            chain.resize(chain.size() - 2);
            merge(std::min(last, nearest), std::max(last, nearest));
        }
        return m_orders.empty() ? std::vector<int> {} : std::move(m_orders.front());
    }

private:
    int firstCluster() const
    {
        return static_cast<int>(std::find_if(m_orders.begin(), m_orders.end(), [](const auto& o) {
            return !o.empty();
        }) - m_orders.begin());
    }

    /// Of equally near ones the one the chain comes from, or it would go round in a ring.
    int nearestTo(const std::vector<int>& chain) const
    {
        const int from = chain.back();
        int nearest = chain.size() > 1 ? chain[chain.size() - 2] : -1;
        for (int other = 0; other < static_cast<int>(m_orders.size()); ++other) {
            if (other == from || m_orders[static_cast<std::size_t>(other)].empty())
                continue;
            if (nearest < 0 || m_distances(from, other) < m_distances(from, nearest))
                nearest = other;
        }
        return nearest;
    }

    /// `b` goes into `a`.
    void merge(int a, int b)
    {
        std::vector<int>& into = m_orders[static_cast<std::size_t>(a)];
        std::vector<int>& from = m_orders[static_cast<std::size_t>(b)];
        const auto all = static_cast<float>(into.size() + from.size());
        const float share = static_cast<float>(into.size()) / all;
        m_distances.row(a) = share * m_distances.row(a) + (1 - share) * m_distances.row(b);
        m_distances.col(a) = m_distances.row(a).transpose();
        turn(into, from);
        into.insert(into.end(), from.begin(), from.end());
        from.clear();
    }

    /// So that the closest of their ends meet, where the second follows the first.
    void turn(std::vector<int>& first, std::vector<int>& second) const
    {
        const auto distance = [this](int a, int b) { return m_ofUnits(a, b); };
        const float meets[]
            = { distance(first.back(), second.front()), distance(first.back(), second.back()),
                  distance(first.front(), second.front()), distance(first.front(), second.back()) };
        const auto closest = std::min_element(std::begin(meets), std::end(meets)) - meets;
        if (closest >= 2)
            std::reverse(first.begin(), first.end());
        if (closest % 2 == 1)
            std::reverse(second.begin(), second.end());
    }

    const Matrix<float> m_ofUnits; // (H, H)
    Matrix<float> m_distances; // (H, H): between clusters, each known by its lowest unit
    std::vector<std::vector<int>> m_orders; // (H): units of each cluster, none once it was merged
};

/// Unit numbers by falling score (H).
std::vector<int> byFalling(const RowVector<double>& scores)
{
    std::vector<int> units(static_cast<std::size_t>(scores.size()));
    std::iota(units.begin(), units.end(), 0);
    std::stable_sort(
        units.begin(), units.end(), [&](int a, int b) { return scores(a) > scores(b); });
    return units;
}

} // namespace

std::vector<int> unitsBySimilarity(const Matrix<float>& values)
{
    std::vector<int> units = Clusters(values).mergeAll();
    if (!units.empty() && units.front() > units.back())
        std::reverse(units.begin(), units.end());
    return units;
}

std::vector<int> unitsByForgetGate(const Matrix<float>& forget)
{
    return byFalling(forget.cast<double>().colwise().sum());
}

std::vector<int> unitsByActivity(const Matrix<float>& hidden)
{
    return byFalling(hidden.cast<double>().cwiseAbs().colwise().sum());
}

} // namespace timestep
